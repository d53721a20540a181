"""A threshold on the score: what it catches, what it alarms wrongly, and where that lies on the ROC curve."""

import numpy as np
from sklearn.metrics import roc_curve

from ..metrics import auc, pauc
from .style import GRAY, LOOKS, Picture, finite, histograms, plain

BINS = 30
P = 0.1


def threshold_state(label, score, threshold):
    r"""Count what a threshold does: an alarm is a score at or above it, $s \ge t$.

    False alarm rate $= \#\{s_n \ge t\} / \#\{s_n\}$ over normal clips, hit rate $= \#\{s_a \ge t\} / \#\{s_a\}$ over
    anomalies, precision = hits / alarms.

    Shapes: label (N,) 0 normal, 1 anomaly; score (N,), larger is more anomalous -> dict of ``threshold
        false_alarm_rate hit_rate false_alarms hits misses correct_rejections precision``.
    Raises: ValueError where a label is neither 0 nor 1, a class is missing, or a score or the threshold is NaN.
    Choices: without any alarm the precision is NaN, since 0 of 0 is no share.
    Notebook: 00_start_here
    """
    label, score = scored(label, score)
    if np.isnan(threshold):
        raise ValueError("the threshold is NaN: pass a number")
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
    }


def threshold_figure(label, score, threshold):
    """Draw a threshold among the scores (left) and the operating point it is on the ROC curve (right).

    Left, the region right of the threshold is shaded: normal clips in it are false alarms. Right, the region of false
    alarm rates up to p = 0.1, over which the pAUC is taken, is shaded.

    Shapes: label (N,), score (N,).
    Raises: ValueError as ``threshold_state`` does.
    Choices: bins and axes do not depend on the threshold, so that nothing but the threshold moves.
    Notebook: 00_start_here
    """
    label, score = scored(label, score)
    state = threshold_state(label, score, threshold)
    figure = Picture()
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    _scores(left, score[label == 0], score[label == 1], state)
    _roc(right, label, score, state)
    return figure


def scored(label, score):
    """``label`` and ``score`` as flat arrays that a threshold can be put on.

    Shapes: (N,), (N,) -> (N,) int, (N,) float64.
    Raises: ValueError where lengths differ, a label is neither 0 nor 1, a class is missing, or a score is not finite.
    Notebook: 00_start_here
    """
    score = finite(score, "score")
    label = np.asarray(label).reshape(-1)
    if len(label) != len(score):
        raise ValueError(f"there are {len(label)} labels for {len(score)} scores: pass one label a score")
    if not np.isin(label, (0, 1)).all():
        raise ValueError("a label is 0 (normal) or 1 (anomaly): leave out clips whose label is missing")
    label = label.astype(int)
    if label.min() == label.max():
        raise ValueError(f"all {len(label)} labels are {label[0]}: a threshold is judged on normal clips and anomalies")
    return label, score


def _scores(ax, normal, anomaly, state):
    low, high = min(normal.min(), anomaly.min()), max(normal.max(), anomaly.max())
    margin = 0.05 * (high - low) or 1.0
    threshold = state["threshold"]
    reach = (low, high) if high > low else (low - 1, high + 1)
    histograms(ax, normal, anomaly, np.linspace(*reach, BINS + 1))
    ax.set(xlim=(low - margin, high + margin), xlabel="anomaly score", ylabel="density")
    ax.set_ylim(0, 1.2 * ax.get_ylim()[1])
    ax.axvline(threshold, color="black", linewidth=2)
    ax.axvspan(max(threshold, low - margin), max(threshold, high + margin), color=GRAY, alpha=0.18, linewidth=0)
    ax.set_title(
        f"n = {len(normal)} normal, {len(anomaly)} anomalies\n"
        f"false alarms {state['false_alarms']} of {len(normal)} ({state['false_alarm_rate']:.1%}),"
        f" hits {state['hits']} of {len(anomaly)} ({state['hit_rate']:.1%})",
        fontsize=10,
    )
    ax.legend(fontsize=9, loc="upper left", ncols=2, framealpha=0.85, edgecolor="none")
    plain(ax)


def _roc(ax, label, score, state):
    false_alarm_rate, hit_rate, _ = roc_curve(label, score, drop_intermediate=False)
    ax.axvspan(0, P, color=GRAY, alpha=0.18, linewidth=0)
    ax.plot([0, 1], [0, 1], color=GRAY, linestyle=":", linewidth=1)
    ax.plot(false_alarm_rate, hit_rate, color="black", linewidth=1.6)
    ax.plot(
        state["false_alarm_rate"], state["hit_rate"], LOOKS["anomaly"].marker, color=LOOKS["anomaly"].color,
        markersize=10, markeredgecolor="black", clip_on=False, zorder=3,
    )  # fmt: skip
    ax.text(0.98, 0.03, f"gray: pAUC, p = {P}", fontsize=8, horizontalalignment="right")
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="false alarm rate", ylabel="hit rate", aspect="equal")
    ax.set_title(f"AUC {auc(label, score):.3f}, pAUC {pauc(label, score, p=P):.3f}", fontsize=10)
    plain(ax)
