"""Thresholds of groups: the scores of normal clips that set them, and those of new ones."""

import numpy as np

from ... import given
from ..style import LOOKS, SERIES, Picture, finite, plain

BINS = 24
MOST, COLUMNS = 12, 3  # groups of one picture, and of one row of it


def threshold_histograms(normal, thresholds, rate=None, fresh=None):
    """Draw the scores of normal training clips of each group, its threshold, which a rate of false
    alarms sets, and the scores of other normal clips.

    Shapes: ``normal`` a dict of group -> (N,); ``thresholds`` a dict of group -> number; ``fresh``
        a dict of group -> (M,), of some groups or none.
    Raises: ValueError for no group, one without a threshold, and values that are not finite.
    Choices: the title of a group tells the share of its fresh clips that alarm, at or above the
        threshold; the first twelve groups are shown. Scores of groups differ, and so do the axes.
    Example:
        >>> shown = figures.threshold_histograms(
        ...     {"fan/00": [1, 2, 3, 4]}, {"fan/00": 4}, 0.25, {"fan/00": [1, 5]}
        ... )
        >>> shown.alt.split(". ")[:2]
        ['Thresholds at a rate of 25 %', 'fan/00: 1 of 2 new alarm (50 %)']
    """
    asked = "" if rate is None else f" at a rate of {100 * given.share(rate, 'rate'):g} %"
    names, fresh = list(normal)[:MOST], fresh or {}
    if not names:
        raise ValueError("normal is empty: give the scores of normal clips of one group or more")
    if missing := [name for name in names if name not in thresholds]:
        raise ValueError(f"{missing[0]} has no threshold: give one of each group")
    rows = -(-len(names) // COLUMNS)
    figure = Picture(width=9.0, height=1.0 + 2.2 * rows)
    columns = min(COLUMNS, len(names))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax, name in zip(axes, names):
        _draw(ax, name, finite(normal[name], name), float(thresholds[name]), fresh.get(name))
    for ax in axes[len(names) :]:
        ax.set_visible(False)
    more = f", first {MOST} of {len(normal)} groups" if len(normal) > MOST else ""
    figure.suptitle(f"Thresholds{asked}{more}")
    entries = max((ax.get_legend_handles_labels() for ax in axes), key=lambda own: len(own[1]))
    figure.legend(*entries, loc="outside lower center", ncols=3)
    return figure


def _draw(ax, name, score, limit, new):
    look, line = LOOKS["normal"], SERIES[2]
    new = np.zeros(0) if new is None or not len(new) else finite(new, name)
    values = np.concatenate([score, new, [limit]])
    slack = max(np.ptp(values), 1e-6 * max(np.abs(values).max(), 1.0)) / 50  # of equal scores too
    edges = np.linspace(values.min() - slack, values.max() + slack, BINS + 1)
    counts, _ = np.histogram(score, edges)
    ax.stairs(counts, edges, fill=True, color=look.color, alpha=0.35, label="normal, training")
    ax.axvline(limit, color=line.color, linestyle=line.line, linewidth=2, label="threshold")
    title = f"{name}: no new normal clips"
    if len(new):
        alarms = int(np.sum(new >= limit))
        counts, _ = np.histogram(new, edges)
        ax.stairs(counts, edges, color="black", linewidth=1.4, label="normal, new")
        title = f"{name}: {alarms} of {len(new)} new alarm ({100 * alarms / len(new):.0f} %)"
    ax.set_title(title, fontsize=9)
    ax.set(xlabel=f"score (n = {len(score)})", ylabel="clips")
    plain(ax)
