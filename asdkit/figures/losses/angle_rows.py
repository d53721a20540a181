"""Angles to the own center, one row for each training: what a setting of the loss changes."""

import math

import numpy as np

from ..style import LOOKS, Picture, histograms, plain
from .angle_histogram import degrees


def angle_rows(rows, title="Angle to the own center", limit=90, bins=60):
    """Draw the angles of normal clips and anomalies, with their medians, a row for each training.

    Shapes: a dict, name -> (normal (N,), anomaly (M,)) in radians; drawn in degrees.
    Raises: ValueError for no row, an empty group, or an angle that does not lie in 0 to pi.
    Choices: one angle beyond ``limit`` degrees widens the axis of all rows to the next 30.
    Example:
        >>> rows = {"m = 0": ([0.9, 1.0], [1.0, 1.1]), "m = 0.7": ([0.3, 0.4], [0.4, 0.6])}
        >>> figures.angle_rows(rows).axes[1].get_title()
        'm = 0.7: medians 20.1° and 28.6°'
    Notebook: 06_angles_and_margins
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
        medians = f"{np.median(normal):.1f}° and {np.median(anomaly):.1f}°"
        ax.set_title(f"{name}: medians {medians}", fontsize=10)
        ax.set_ylabel("share per degree", fontsize=8)
        plain(ax)
    highest = max(stairs.get_data().values.max() for ax in panels for stairs in ax.patches)
    panels[-1].set(xlim=(0, limit), ylim=(0, 1.05 * highest), xticks=range(0, limit + 1, 15))
    panels[-1].set_xlabel("angle to the own center in degrees")
    normal, anomaly = next(iter(rows.values()))
    counts = f"n = {len(normal)} normal, {len(anomaly)} anomalies a row"
    figure.suptitle(f"{title} ({counts})", fontsize=11)
    handles, names = panels[0].get_legend_handles_labels()[0], ["normal", "anomaly"]
    figure.legend(handles, names, loc="outside right upper", frameon=False, fontsize=9)
    return figure
