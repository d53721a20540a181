"""Embeddings of two numbers at their true lengths, with the ray of each class."""

import numpy as np
from matplotlib.lines import Line2D

from ... import given
from ..style import CLASSES, GRAY, LOOKS, Picture, entry


def rays(panels, names, title="Embeddings with their lengths"):
    """Draw 2-d embeddings at their true lengths, a panel for each loss, with a ray to each center.

    Shapes: ``panels``, a dict of a title -> (x (N, 2), y (N,) class indices, centers (C, 2),
        anomaly (M, 2), y_anomaly (M,) class indices); C names.
    Raises: ValueError for no panel, more classes than looks, embeddings that are not (N, 2) and
        finite, or anomalies without a class each.
    Choices: four panels stand two by two, others in a row. Each has its own axes, equal in both
        directions, since lengths differ by orders of magnitude. An anomaly has its own marker,
        empty and in the color of its class, so that it stands out from the normal clips of that
        class. The dotted circle has the median length of the normal clips.
    Example:
        >>> x, y = np.array([[3.0, 0.0], [0.0, 5.0]]), [0, 1]
        >>> picture = figures.rays({"softmax": (x, y, np.eye(2), -x, y)}, ["fan", "pump"])
        >>> picture.axes[0].get_title()
        'softmax, median length 4.0'
    Notebook: 05_classify_to_detect
    """
    if not panels or not 2 <= len(names) <= len(CLASSES):
        raise ValueError(
            f"{len(panels)} panels and {len(names)} classes: "
            f"draw a panel or more, of 2 to {len(CLASSES)}"
        )
    deep, height = (2, 8.2) if len(panels) == 4 else (1, 4.8)
    figure = Picture(height=height)
    places = figure.subplots(deep, len(panels) // deep, squeeze=False).flat
    for ax, (name, panel) in zip(places, panels.items()):
        x, y, centers, anomaly, y_anomaly = _checked(panel, name, len(names))
        reach = 1.08 * max(np.hypot(*x.T).max(), np.hypot(*anomaly.T).max(initial=0))
        _classes(ax, x, y, centers, names, reach)
        _anomalies(ax, anomaly, y_anomaly)
        _median(ax, np.median(np.hypot(*x.T)))
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set(xlabel="first coordinate", ylabel="second coordinate")
        ax.set_title(f"{name}, median length {np.median(np.hypot(*x.T)):.1f}", fontsize=10)
    figure.suptitle(f"{title} (n = {len(x)} normal, {len(anomaly)} anomalies a panel)", fontsize=11)
    _legend(figure)
    return figure


def _classes(ax, x, y, centers, names, reach):
    for number, (name, look) in enumerate(zip(names, CLASSES)):
        tip = reach * centers[number] / np.hypot(*centers[number])
        ax.plot([0, tip[0]], [0, tip[1]], color=look.color, linestyle=look.line, linewidth=1.6)
        own = x[y == number]
        ax.plot(*own.T, look.marker, color=look.color, markersize=4, alpha=0.35, label=entry(name))


def _anomalies(ax, anomaly, y):
    marker = LOOKS["anomaly"].marker
    for number in np.unique(y):
        color, own = CLASSES[number].color, anomaly[y == number]
        ax.plot(
            *own.T, marker, color=color, markerfacecolor="white", markersize=5, markeredgewidth=1.1
        )


def _median(ax, length):
    around = np.linspace(0, 2 * np.pi, 361)
    ax.plot(
        length * np.cos(around), length * np.sin(around), ":", color=GRAY, linewidth=1.4,
        label="median length",
    )  # fmt: skip


def _legend(figure):
    """The classes as their normal clips have them, and one entry for the anomalies of all."""
    handles, words = figure.axes[0].get_legend_handles_labels()
    looks = {"markerfacecolor": "white", "markeredgecolor": GRAY, "markersize": 6}
    anomaly = Line2D([], [], linestyle="none", marker=LOOKS["anomaly"].marker, **looks)
    handles.insert(-1, anomaly)
    words.insert(-1, "anomaly, in the color of its class")
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=9
    )


def _checked(panel, name, classes):
    x, centers, anomaly = (_plane(panel[part], name) for part in (0, 2, 3))
    y, y_anomaly = (given.array(panel[part], name).astype(int) for part in (1, 4))
    if y.shape != x.shape[:1] or len(centers) != classes:
        told = f"{len(x)} clips and {y.shape} classes of them, and {len(centers)} centers"
        raise ValueError(f"{name} holds {told}: give one class each, and {classes} centers")
    if y_anomaly.shape != anomaly.shape[:1]:
        told = f"{len(anomaly)} anomalies and {y_anomaly.shape} classes of them"
        raise ValueError(f"{name} holds {told}: give one class each")
    return x, y, centers, anomaly, y_anomaly


def _plane(rows, name):
    rows = given.array(rows, name)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise ValueError(
            f"{name} holds embeddings {rows.shape}: give finite ones of two numbers, (N, 2)"
        )
    return rows
