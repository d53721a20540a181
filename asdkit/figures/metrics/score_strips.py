"""Scores id by id: where each id has its zero, and why pooling all ids gives another AUC."""

import numpy as np

from ... import given
from ...metrics import auc
from ..style import LOOKS, Picture, plain
from .score_axis import beyond, score_ends
from .threshold_lab import scored

SPREAD = 0.16


def score_strips(label, score, group, title="Scores of each machine"):
    """Draw the scores of each machine on a line of its own, with its AUC.

    Normal clips lie above anomalies. The title compares their mean with the AUC of the pot.

    Shapes: label (N,), score (N,), group (N,) of names.
    Raises: ValueError as ``threshold_state`` does, and for an id with one class only.
    Choices: dots are moved up and down by a fixed pattern. An axis with a long tail is cut: what
        lies beyond stands at its edge.
    Example:
        >>> group = ["fan/00", "fan/00", "fan/02", "fan/02"]
        >>> figures.score_strips([0, 1, 0, 1], [1, 2, 11, 12], group).alt
        'Scores of each machine (n = 2): averaged AUC 1.000, pooled AUC 0.750. ...'
    Notebook: 03_scores_and_metrics
    """
    label, score = scored(label, score)
    group = given.names(group, "group", like=label)
    names = list(np.unique(group))
    areas = [_area(name, label[group == name], score[group == name]) for name in names]
    figure = Picture(height=1.6 + 0.55 * len(names))
    ax = figure.subplots()
    _, high, count = score_ends(score)
    for kind, side in (("normal", -1), ("anomaly", 1)):
        look, own = LOOKS[kind], label == int(kind == "anomaly")
        place = np.array([names.index(name) for name in group[own]])
        jitter = side * (0.2 + SPREAD * (np.arange(own.sum()) * 0.618 % 1 - 0.5))
        ax.plot(
            np.minimum(score[own], high), place + jitter, look.marker, color=look.color,
            markersize=4.5, alpha=0.7, label=f"{kind}, n = {own.sum()}",
        )  # fmt: skip
    ax.set_yticks(range(len(names)), [*map("{}\nAUC {:.3f}".format, names, areas)])
    beyond(ax, count)
    ax.set(ylim=(len(names) - 0.4, -0.6), xlabel="anomaly score", ylabel="machine")
    words = f"averaged AUC {np.mean(areas):.3f}, pooled AUC {auc(label, score):.3f}"
    ax.set_title(f"{title} (n = {len(names)}): {words}", fontsize=11)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    plain(ax)
    return figure


def _area(name, label, score):
    if len(set(label)) < 2:
        raise ValueError(
            f"{name} has clips of one label only: an AUC needs normal clips and anomalies"
        )
    return auc(label, score)
