"""Embeddings of two numbers at their true lengths, with the ray of each class."""

import numpy as np

from ..style import CLASSES, GRAY, LOOKS, Picture


def rays(panels, names, title="Embeddings with their lengths"):
    """Draw 2-d embeddings at their true lengths, a panel for each loss, with a ray to each center.

    Shapes: ``panels``, a dict of a title -> (x (N, 2), y (N,) class indices, centers (C, 2),
        anomaly (M, 2)); C names.
    Raises: ValueError for no panel, more classes than looks, or embeddings that are not (N, 2) and
        finite.
    Choices: each panel has its own axes, equal in both directions, since lengths differ by orders
        of magnitude; an anomaly is drawn without its class. The dotted circle has the median length
        of the normal clips.
    Example:
        >>> x, centers = np.array([[3.0, 0.0], [0.0, 5.0]]), np.eye(2)
        >>> figures.rays({"softmax": (x, [0, 1], centers, -x)}, ["fan", "pump"]).axes[0].get_title()
        'softmax, median length 4.0'
    Notebook: 05_classify_to_detect
    """
    if not panels or not 2 <= len(names) <= len(CLASSES):
        raise ValueError(
            f"{len(panels)} panels and {len(names)} classes: "
            f"draw a panel or more, of 2 to {len(CLASSES)}"
        )
    figure = Picture(height=4.6)
    for ax, (name, panel) in zip(np.atleast_1d(figure.subplots(1, len(panels))), panels.items()):
        x, centers, anomaly = (_plane(panel[part], name) for part in (0, 2, 3))
        _panel(ax, x, np.asarray(panel[1]), centers, anomaly, names)
        ax.set_title(f"{name}, median length {np.median(np.hypot(*x.T)):.1f}", fontsize=10)
    figure.suptitle(f"{title} (n = {len(x)} normal, {len(anomaly)} anomalies a panel)", fontsize=11)
    handles, words = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=9
    )
    return figure


def _panel(ax, x, y, centers, anomaly, names):
    reach = 1.08 * max(np.hypot(*x.T).max(), np.hypot(*anomaly.T).max(initial=0))
    for number, (name, look) in enumerate(zip(names, CLASSES)):
        tip = reach * centers[number] / np.hypot(*centers[number])
        ax.plot([0, tip[0]], [0, tip[1]], color=look.color, linestyle=look.line, linewidth=1.6)
        own = x[y == number]
        ax.plot(*own.T, look.marker, color=look.color, markersize=4, alpha=0.5, label=name)
    look = LOOKS["anomaly"]
    ax.plot(
        *anomaly.T, look.marker, color=look.color, markerfacecolor="none", markersize=5, alpha=0.6,
        label="anomaly",
    )  # fmt: skip
    around, length = np.linspace(0, 2 * np.pi, 361), np.median(np.hypot(*x.T))
    ax.plot(
        length * np.cos(around), length * np.sin(around), ":", color=GRAY, linewidth=1.4,
        label="median length",
    )  # fmt: skip
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set(xlabel="first coordinate", ylabel="second coordinate")


def _plane(rows, name):
    rows = np.asarray(rows, dtype=float)
    if rows.ndim != 2 or rows.shape[1] != 2 or not np.isfinite(rows).all():
        raise ValueError(
            f"{name} holds embeddings {rows.shape}: give finite ones of two numbers, (N, 2)"
        )
    return rows
