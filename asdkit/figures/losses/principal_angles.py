"""The principal angles between the subspaces of each two classes."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ... import given
from ..style import GRAY, SERIES, Picture, entry, plain
from .angle_histogram import degrees


def principal_angles(angles, names, title="Principal angles between class subspaces"):
    """Draw the principal angles of each pair of classes, smallest first: a thin line a pair, their
    median at each place, and 90 degrees.

    Shapes: ``angles``, one array (C, C, J) in radians for each name, as ``losses.principal_angles``
        gives them.
    Raises: ValueError for no array, other counts, another shape, fewer than 2 classes, or what are
        no radians.
    Choices: the panels share their axis of degrees. Each pair counts once.
    Example:
        >>> axes = losses.principal_angles(torch.eye(6).reshape(3, 2, 6))  # three planes, no line
        >>> figures.principal_angles([axes], ["axes"]).axes[0].get_title()
        'axes\\nsmallest 90.0°, median 90.0°\\nJ = 2, n = 3 pairs'
    Notebook: 10_adaproj
    """
    if not len(names) or len(angles) != len(names):
        raise ValueError(f"{len(angles)} arrays for {len(names)} names: give one each, 1 or more")
    pairs = {name: _pairs(values, name) for name, values in zip(names, angles)}
    figure = Picture(height=3.6)
    panels = np.atleast_1d(figure.subplots(1, len(pairs), sharey=True))
    for ax, (name, rows) in zip(panels, pairs.items()):
        _panel(ax, rows)
        told = f"smallest {rows.min():.1f}°, median {np.median(rows):.1f}°"
        ax.set_title(f"{name}\n{told}\nJ = {rows.shape[1]}, n = {len(rows)} pairs", fontsize=9)
    panels[0].set_ylabel("principal angle in degrees")
    figure.suptitle(title, fontsize=11)
    handles, words = panels[0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure


def _panel(ax, rows):
    place, look = np.arange(1, rows.shape[1] + 1), SERIES[5]
    ax.axhline(90, color=GRAY, linestyle=":", linewidth=1.4, label="right angle, 90°")
    faint = float(np.clip(16 / len(rows), 0.2, 0.8))
    labels = ["a pair of classes", *[None] * (len(rows) - 1)]
    aside = np.linspace(-0.25, 0.25, len(rows)) * (len(place) == 1)  # dots, side by side
    for label, row, shift in zip(labels, rows, aside):
        ax.plot(
            place + shift, row, ".-", color=look.color, markersize=3, linewidth=0.7, alpha=faint,
            label=entry(label),
        )  # fmt: skip
    one = len(place) == 1
    ax.plot(
        [0.75, 1.25] if one else place, np.median(rows, axis=0).repeat(1 + one), "--",
        color="black", linewidth=1.2, label="median of the pairs",
    )  # fmt: skip
    ax.set(ylim=(0, 96), xlim=(0.5, len(place) + 0.5), xlabel="number, smallest angle first")
    ax.set_yticks(range(0, 91, 15))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
    plain(ax)


def _pairs(values, name):
    """Return the angles of each two classes in degrees, (C (C - 1) / 2, J), smallest first."""
    values = given.array(values, name)
    if values.ndim != 3 or values.shape[0] != values.shape[1] or len(values) < 2:
        raise ValueError(
            f"{name} has the shape {values.shape}: give (C, C, J) of 2 classes or more"
        )
    rows = values[np.triu_indices(len(values), 1)]
    return np.sort(degrees(rows, name).reshape(rows.shape), axis=1)
