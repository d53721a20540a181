"""How the AUC grows with a handful of true anomalies, with what the test clips leave open."""

import numpy as np
import scipy

from ... import given
from ...metrics.intervals import VARIANCES
from ..style import GRAY, SERIES, Picture, entry, plain

LEVEL = scipy.stats.norm.ppf(0.975)
NAMES = {"hanley": "Hanley and McNeil's", "delong": "DeLong's"}
APART = 0.09  # of a doubling of k, between losses


def auc_by_anomalies(
    label, scores, group=None, beside=None, untrained=None, title="AUC against true anomalies"
):
    """Draw the AUC of several losses against the number k of true anomalies in training, with 95 %
    intervals over the test clips.

    Paper: [DDC] Fig. 2, whose intervals are Hanley and McNeil's.
    Shapes: ``label`` (N,) of clips that no training saw, the same for each k; ``scores``, the name
        of a loss -> dict of k -> (draws, N) or (N,); ``group`` (N,) names, or None; ``beside``, the
        name of the loss that has DeLong's interval beside the other; ``untrained``, the name of a
        control -> its scores (N,), one level line, or None.
    Raises: ValueError for no loss, one that is not there, other lengths, and as ``anomaly_curve``
        does.
    Choices: a line joins means over draws, dots are the draws; losses stand side by side.
    Notebook: 09_binary_and_centroids
    """
    _check(scores, beside)
    label = given.column(label, "label")
    figure = Picture(width=8.5, height=4.6)
    ax, kept = figure.subplots(), set()
    ax.axhline(0.5, color=GRAY, linestyle=":", linewidth=1.2)
    for number, (look, (name, of_k)) in enumerate(zip(SERIES, scores.items())):
        curve = anomaly_curve(label, of_k, group)
        kept.update(curve["k"].tolist())
        side = APART * (number - (len(scores) - 1) / 2)
        _draw_curve(ax, curve, side, look, name)
        if name == beside:
            other = anomaly_curve(label, of_k, group, "delong")
            _draw_ends(ax, other, side + APART / 2, look, (0, (1, 1)))
            ax.plot([], [], color=look.color, linestyle=(0, (1, 1)), label=f"DeLong's, {name}")
    for name, score in (untrained or {}).items():
        _draw_level(ax, anomaly_curve(label, {0: score}, group), name)
    _name_axes(ax, sorted(kept))
    anomalies = int((label == 1).sum())
    counts = f"n = {len(label) - anomalies} normal and {anomalies} anomalous test clips"
    ax.set_title(f"{title}\n{counts}; bars: {NAMES['hanley']} 95 % interval", fontsize=10)
    figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    return figure


def _check(scores, beside):
    if not isinstance(scores, dict):
        raise ValueError(f"scores is {given.told(scores)}: give a dict of a loss and its scores")
    if not scores or len(scores) > len(SERIES):
        raise ValueError(f"there are {len(scores)} losses: give 1 to {len(SERIES)}")
    if beside is not None and beside not in scores:
        raise ValueError(f"there is no loss {beside!r}: beside is one of {', '.join(scores)}")


def anomaly_curve(label, scores, group=None, method="hanley"):
    r"""The AUC at each number of true anomalies, its mean over draws, and an interval of it.

    $$\bar A \pm z \frac1G \sqrt{\textstyle\sum_g \mathrm{var}(A_g)}$$

    Paper: [DDC] Fig. 2 and its reference 20, Hanley and McNeil 1982.
    Shapes: ``label`` (N,), ``scores``, a dict of k -> (draws, N) or (N,), ``group`` (N,) names or
        None -> dict of ``k`` (K,), growing; ``auc``, K arrays (draws,); ``mean low high`` (K,).
    Raises: ValueError for a method that is not "hanley" or "delong", a k below 0, lengths that
        differ, and as ``auc`` does for each group.
    Choices: an AUC is that of each group of clips, averaged over the G groups. The variance is that
        of one draw, averaged over draws: all draws are judged on the same clips, so more draws do
        not make these more. The interval is cut at 0 and 1.
    Example:
        >>> curve = figures.anomaly_curve([0, 0, 1, 1], {0: [1, 3, 2, 4], 8: [1, 2, 3, 4]})
        >>> curve["k"], curve["mean"]
        (array([0, 8]), array([0.75, 1.  ]))
    Notebook: 09_binary_and_centroids
    """
    given.choice(method, "method", NAMES)
    if not isinstance(scores, dict) or not scores:
        raise ValueError("scores is no dict of k: give a number of anomalies and its scores")
    if min(scores) < 0:
        raise ValueError(f"k is one of {sorted(scores)}: give one k or more, none below 0")
    label = given.column(label, "label")
    group = np.zeros(len(label)) if group is None else given.names(group, "group", like=label)
    areas, reach = [], []
    for k in sorted(scores):
        drawn = np.atleast_2d(given.array(scores[k], f"the score of k = {k}"))
        found = np.array([_mean_area(label, one, group, VARIANCES[method]) for one in drawn])
        areas.append(found[:, 0])
        reach.append(LEVEL * np.sqrt(found[:, 1].mean()))
    mean = np.array([some.mean() for some in areas])
    return {
        "k": np.array(sorted(scores)), "auc": areas, "mean": mean,
        "low": np.maximum(mean - reach, 0.0), "high": np.minimum(mean + reach, 1.0),
    }  # fmt: skip


def _mean_area(label, score, group, variance):
    """Return the AUC averaged over groups, and its variance."""
    if not len(label) == len(score) == len(group):
        raise ValueError(
            f"there are {len(label)} labels, {len(score)} scores and {len(group)} groups: "
            "give one of each a clip"
        )
    own = [variance(label[group == name], score[group == name]) for name in np.unique(group)]
    area, spread = np.array(own).T
    return area.mean(), np.maximum(spread, 0.0).sum() / len(own) ** 2


def _draw_curve(ax, curve, side, look, name):
    place = _moved(curve["k"], side)
    ax.plot(
        place, curve["mean"], marker=look.marker, linestyle=look.line, color=look.color,
        markersize=6, linewidth=1.5, label=entry(name),
    )  # fmt: skip
    _draw_ends(ax, curve, side, look, "-")
    for at, drawn in zip(place, curve["auc"]):
        ax.plot(np.full(len(drawn), at), drawn, ".", color=look.color, markersize=3, alpha=0.8)


def _draw_level(ax, curve, name):
    ax.axhline(curve["mean"][0], color=GRAY, linestyle="-.", linewidth=1.4, label=name)


def _draw_ends(ax, curve, side, look, line):
    ax.vlines(
        _moved(curve["k"], side), curve["low"], curve["high"], color=look.color, linestyle=line,
        linewidth=1.2, alpha=0.8,
    )  # fmt: skip


def _moved(k, side):
    """Return places beside k, by a share of a doubling; between 0 and 1 the axis is linear."""
    at = np.where(k < 1, k, 1.0 + np.log2(np.maximum(k, 1))) + side
    return np.where(at < 1.0, at, 2.0 ** (at - 1.0))


def _name_axes(ax, kept):
    ax.set_xscale("symlog", base=2, linthresh=1, linscale=0.5)  # 0 to 1 is as wide as a doubling
    ax.set(xlim=_moved(np.array([0, kept[-1]]), np.array([-0.5, 0.5])))
    ax.set_xticks(kept, [str(k) for k in kept])
    ax.set_xticks([], minor=True)
    ax.set(xlabel="number k of true anomalies in training (log axis above 1)", ylabel="AUC")
    ax.set_ylim(top=1.02)
    plain(ax)
