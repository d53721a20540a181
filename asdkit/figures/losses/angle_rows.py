"""Angles to the own center, one row for each training: what a setting of the loss changes."""

import math

import numpy as np

from ..style import LOOKS, Picture, finite, histograms, plain
from .angle_histogram import degrees


def angle_rows(rows, title="Angle to the own center", limit=90, bins=60):
    """Draw the angles of normal clips and anomalies, with medians and overlap, a row a training.

    Paper: [NAM] Fig. 1.
    Shapes: a dict, name -> (normal (N,), anomaly (M,)) in radians; drawn in degrees.
    Raises: ValueError for no row, an empty group, or an angle that does not lie in 0 to pi.
    Choices: one angle beyond ``limit`` degrees widens the axis of all rows to the next 30. The
        overlap is that of ``overlap``, whose bins hold equally many clips; those drawn do not.
    Example:
        >>> rows = {"m = 0": ([0.9, 1.0], [1.0, 1.1]), "m = 0.7": ([0.3, 0.4], [0.5, 0.6])}
        >>> figures.angle_rows(rows).axes[1].get_title()
        'm = 0.7: medians 20.1° and 31.5°, overlap 0 %'
    Notebook: 06_angles_and_margins, 11_noisy_arcmix
    """
    if not rows:
        raise ValueError("there is no row to draw: pass a dict of a name -> (normal, anomaly)")
    rows = {name: [degrees(values, name) for values in pair] for name, pair in rows.items()}
    largest = max(values.max() for pair in rows.values() for values in pair)
    if largest > limit:
        limit = min(30 * math.ceil(largest / 30), 180)
    figure = Picture(height=1.0 + 1.35 * len(rows))
    panels = figure.subplots(len(rows), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for ax, (name, (normal, anomaly)) in zip(panels, rows.items()):
        histograms(ax, normal, anomaly, np.linspace(0, limit, bins + 1))
        for group, values in (("normal", normal), ("anomaly", anomaly)):
            look = LOOKS[group]
            ax.axvline(np.median(values), color=look.color, linestyle=look.line, linewidth=1.4)
        medians = f"medians {np.median(normal):.1f}° and {np.median(anomaly):.1f}°"
        shared = f"overlap {100 * overlap(normal, anomaly):.0f} %"
        ax.set_title(f"{name}: {medians}, {shared}", fontsize=10)
        ax.set_ylabel("share per degree", fontsize=8)
        plain(ax)
    highest = max(stairs.get_data().values.max() for ax in panels for stairs in ax.patches)
    panels[-1].set(xlim=(0, limit), ylim=(0, 1.05 * highest), xticks=range(0, limit + 1, 15))
    panels[-1].set_xlabel("angle to the own center in degrees")
    counts = "n = {} normal, {} anomalies a row".format(*map(len, next(iter(rows.values()))))
    figure.suptitle(f"{title} ({counts})", fontsize=11)
    handles, names = panels[0].get_legend_handles_labels()[0], ["normal", "anomaly"]
    figure.legend(handles, names, loc="outside right upper", frameon=False, fontsize=9)
    return figure


def overlap(normal, anomaly, bins=10):
    r"""How much of two distributions is shared: 1 where they are one, 0 where they lie apart.

    $$\int \min(p(\theta), q(\theta)) \, d\theta \approx \sum_b \min\left(\frac{n_b}{N},
    \frac{m_b}{M}\right)$$

    What it lacks to 1 is the largest lead of hit rate over false-alarm rate that any rule on the
    angle can have.

    Shapes: normal (N,) and anomaly (M,), in one unit -> a number.
    Raises: ValueError where a group is empty or not finite, or for fewer than 2 bins.
    Choices: each of the ``bins`` holds the same share of all N + M angles. So the number depends on
        the order of the angles alone, and losses compare whose angles have another spread. Few
        clips make it too small: two samples of one distribution read about $1 - \sqrt{b / (\pi
        N)}$ for b bins and N = M. Few bins make it too large: 10 by at most .03 down to a true
        overlap of .13 of two normal distributions.
    Example:
        >>> round(figures.overlap(np.linspace(0, 1, 1001), np.linspace(0.5, 1.5, 1001)), 2)
        0.5
    Notebook: 11_noisy_arcmix
    """
    if bins < 2:
        raise ValueError(f"bins is {bins!r}: give 2 or more, since in one bin everything overlaps")
    groups = [finite(normal, "normal"), finite(anomaly, "anomaly")]
    edges = np.quantile(np.concatenate(groups), np.arange(1, bins) / bins)
    shares = [
        np.bincount(np.searchsorted(edges, values, side="right"), minlength=bins) / len(values)
        for values in groups
    ]
    return float(np.minimum(*shares).sum())
