"""A threshold on the score: hits, false alarms, and the point on the ROC curve."""

import numpy as np
from matplotlib.patches import Rectangle
from sklearn.metrics import roc_curve

from ... import given
from ...metrics import auc, pauc
from ..style import GRAY, LOOKS, Picture, finite, histograms, plain
from .score_axis import beyond, score_ends

BINS = 30
P = 0.1
ALARM = "#FBF3C0"  # a light yellow: gray is the strip of the pAUC
CELLS = (  # of the 2 x 2 table: count, row from above (alarms), column
    ("false_alarms", 0, 0), ("hits", 0, 1), ("correct_rejections", 1, 0), ("misses", 1, 1),
)  # fmt: skip


def threshold_state(label, score, threshold, p=None):
    r"""Count what a threshold does: an alarm is a score at or above it, $s \ge t$.

    False alarm rate $= \#\{s_n \ge t\} / \#\{s_n\}$ over normal clips, hit rate
    $= \#\{s_a \ge t\} / \#\{s_a\}$ over anomalies, precision = hits / alarms.

    Shapes: label (N,) 0 normal, 1 anomaly; score (N,), larger is more anomalous -> dict of
        ``threshold false_alarm_rate hit_rate false_alarms hits misses correct_rejections
        precision``, with p also ``p pauc``.
    Raises: ValueError where a label is neither 0 nor 1, a class is missing, or a score or the
        threshold is NaN.
    Choices: without any alarm the precision is NaN, since 0 of 0 is no share.
    Example:
        >>> state = figures.threshold_state([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], threshold=0.35)
        >>> state["false_alarms"], state["hits"]
        (1, 2)
    """
    label, score = scored(label, score)
    if not (isinstance(threshold, float) and np.isinf(threshold)):
        threshold = given.number(threshold, "threshold")  # beyond all scores it may be infinite
    alarm = score >= threshold
    false_alarms, hits = int(alarm[label == 0].sum()), int(alarm[label == 1].sum())
    normals, anomalies = int((label == 0).sum()), int((label == 1).sum())
    return {
        "threshold": float(threshold),
        "false_alarm_rate": false_alarms / normals,
        "hit_rate": hits / anomalies,
        "false_alarms": false_alarms,
        "hits": hits,
        "misses": anomalies - hits,
        "correct_rejections": normals - false_alarms,
        "precision": hits / (hits + false_alarms) if hits + false_alarms else float("nan"),
        **({} if p is None else {"p": float(p), "pauc": pauc(label, score, p)}),
    }


def threshold_figure(label, score, threshold, p=None):
    """Draw a threshold among the scores, and beside it the operating point on the ROC curve.

    Left, the region right of the threshold is yellow: clips in it alarm. Right, the strip of false
    alarm rates up to p = 0.1, over which the pAUC is taken, is gray. With ``p`` given, that strip
    ends at p, the area under the curve in it is filled, and a third picture holds the four counts.

    Shapes: label (N,), score (N,).
    Raises: ValueError as ``threshold_state`` does.
    Choices: bins and axes do not depend on the threshold, so that nothing but the threshold moves.
        Where few scores lie far above all others, the axis is cut, and its last bin holds them.
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    label, score = scored(label, score)
    state = threshold_state(label, score, threshold, p)
    figure = Picture()
    left, right, *table = figure.subplots(
        1, 2 if p is None else 3, width_ratios=[3, 2] if p is None else [3, 2, 1.3]
    )
    _scores(left, score[label == 0], score[label == 1], state)
    _roc(right, label, score, state, P if p is None else p, filled=p is not None)
    for ax in table:
        _counts(ax, state)
    return figure


def scored(label, score):
    """Return ``label`` and ``score`` as flat arrays that a threshold can be put on.

    Shapes: (N,), (N,) -> (N,) int, (N,) float64.
    Raises: ValueError where lengths differ, a label is neither 0 nor 1, a class is missing, or a
        score is not finite.
    """
    given.in_order(score, "score", like=label)
    score, label = finite(score, "score"), given.array(label, "label").reshape(-1)
    if len(label) != len(score):
        raise ValueError(
            f"there are {len(label)} labels for {len(score)} scores: pass one label a score"
        )
    if not np.isin(label, (0, 1)).all():
        raise ValueError(
            "a label is 0 (normal) or 1 (anomaly): leave out clips whose label is missing"
        )
    label = label.astype(int)
    if label.min() == label.max():
        raise ValueError(
            f"all {len(label)} labels are {label[0]:g}: "
            "a threshold is judged on normal clips and anomalies"
        )
    return label, score


def _scores(ax, normal, anomaly, state):
    low, high, count = score_ends(np.concatenate([normal, anomaly]))
    margin = 0.05 * (high - low) or 1.0
    reach = (low, high) if high > low else (low - 1, high + 1)
    shown = [np.minimum(some, high) for some in (normal, anomaly)]
    histograms(ax, *shown, np.linspace(*reach, BINS + 1))
    ax.set(xlim=(low - margin, high + margin), xlabel="anomaly score", ylabel="density")
    ax.set_ylim(0, 1.5 * ax.get_ylim()[1])
    beyond(ax, count, height=0.74)
    _alarms(ax, state["threshold"], low - margin, high + margin)
    counted = "p" in state  # then the counts have a picture of their own
    of_all = [f" {state['false_alarms']} of {len(normal)}", f" {state['hits']} of {len(anomaly)}"]
    rates = [f"{state['false_alarm_rate']:.1%}", f"{state['hit_rate']:.1%}"]
    told = [f" {rate}" if counted else f"{count} ({rate})" for count, rate in zip(of_all, rates)]
    ax.set_title(
        f"n = {len(normal)} normal, {len(anomaly)} anomalies\nfalse alarms{told[0]}, hits{told[1]}",
        fontsize=9 if counted else 10,
    )
    ax.legend(
        fontsize=8 if counted else 9, loc="upper left", ncols=2, framealpha=0.85, edgecolor="none"
    )
    plain(ax)


def _alarms(ax, threshold, left, right):
    """Draw the threshold with its name, and the region in which clips alarm."""
    ax.axvspan(max(threshold, left), max(threshold, right), color=ALARM, zorder=0, linewidth=0)
    ax.axvline(threshold, color="black", linewidth=2)
    place = (min(max(threshold, left), right) - left) / (right - left)
    side = "right" if place > 0.7 else "left"
    words = "threshold " if side == "right" else " alarm from here on →"
    ax.text(place, 0.83, words, transform=ax.transAxes, fontsize=8, ha=side, va="center")


def _roc(ax, label, score, state, p, filled):
    false_alarm_rate, hit_rate, _ = roc_curve(label, score, drop_intermediate=False)
    ax.axvspan(0, p, color=GRAY, alpha=0.18, linewidth=0)
    if filled:
        area = ax.fill_between(false_alarm_rate, hit_rate, color=GRAY, alpha=0.5, linewidth=0)
        area.set_clip_path(Rectangle((0, 0), p, 1, transform=ax.transData))
    ax.plot([0, 1], [0, 1], color=GRAY, linestyle=":", linewidth=1)
    ax.plot(false_alarm_rate, hit_rate, color="black", linewidth=1.6)
    ax.plot(
        state["false_alarm_rate"], state["hit_rate"], LOOKS["anomaly"].marker,
        color=LOOKS["anomaly"].color,
        markersize=10, markeredgecolor="black", clip_on=False, zorder=3,
    )  # fmt: skip
    ax.text(0.98, 0.03, f"gray: pAUC, p = {p:.3g}", fontsize=8, horizontalalignment="right")
    ax.set(
        xlim=(0, 1), ylim=(0, 1.02), xlabel="false alarm rate", ylabel="hit rate", aspect="equal"
    )
    ax.set_title(
        f"AUC {auc(label, score):.3f}, pAUC {pauc(label, score, p=p):.3f}",
        fontsize=10 if not filled else 9,
    )
    plain(ax)


def _counts(ax, state):
    for name, row, column in CELLS:
        ax.add_patch(
            Rectangle((column, row), 1, 1, facecolor="white" if row else ALARM, edgecolor="black")
        )
        ax.text(
            column + 0.5, row + 0.66, name.replace("_", "\n"), fontsize=7.5, ha="center",
            va="center",
        )  # fmt: skip
        ax.text(
            column + 0.5, row + 0.25, f"{state[name]}", fontsize=12, weight="bold", ha="center",
            va="center",
        )  # fmt: skip
    ax.set(
        xlim=(0, 2), ylim=(2, 0), xticks=[0.5, 1.5], yticks=[0.5, 1.5], xlabel="the clip is",
        ylabel="the detector says",
    )  # fmt: skip
    ax.set_xticklabels(["normal", "anomaly"], fontsize=9)
    ax.set_yticklabels(["alarm", "none"], fontsize=9, rotation=90, va="center")
    ax.set_title(f"precision {state['precision']:.0%}\nrecall {state['hit_rate']:.0%}", fontsize=9)
    ax.tick_params(length=0)
