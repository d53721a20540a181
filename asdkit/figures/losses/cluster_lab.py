"""Which of its sub-clusters a class uses, and whether its settings share them."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from ... import given
from ..style import CLASSES, Picture

RANKS = ["the busiest sub-cluster of the class", "second", "third", "fourth", "fifth", "any other"]
OTHERS = "#C9C9C9"
PIXELS = 400


def cluster_state(x, centers, y, setting):
    r"""Count the sub-clusters that are nearest to a clip of their class, and how often two clips
    share one.

    $n_{rk} = \#\{i \text{ of the setting } r : \arg\max_l \cos\theta_{i y_i l} = k\}$

    Shapes: ``x`` (N, D), ``centers`` (C, S, D), ``y`` (N,) class indices, ``setting`` (N,) names
        of what a class is made of -> dict with ``clips``; ``used`` (C,), the sub-clusters of each
        class that are nearest to one of its clips, and their mean ``in_use``; ``one_setting`` and
        ``two_settings``, the share of the pairs of clips of a class, of one setting or of two,
        that have the same nearest sub-cluster (NaN where there is no such pair).
    Raises: ValueError where lengths differ, or rows are not finite.
    Example:
        >>> centers = [[[1, 0], [0, 1]]]  # one class of two sub-clusters
        >>> figures.cluster_state([[2, 1], [2, 0], [1, 2]], centers, [0, 0, 0], list("aab"))["used"]
        array([2])
    Notebook: 08_subcluster_adacos
    """
    counts, owner, _ = _counted(x, centers, y, setting)
    total = np.stack([counts[owner == c].sum(axis=0) for c in range(len(centers))])  # (C, S)
    rows, squares = counts.sum(axis=1), np.square(counts).sum()
    classes = np.square(total.sum(axis=1)).sum() - np.square(rows).sum()
    return {
        "clips": int(counts.sum()),
        "used": (total > 0).sum(axis=1),
        "in_use": float((total > 0).sum(axis=1).mean()),
        "one_setting": _share(squares - rows.sum(), np.square(rows).sum() - rows.sum()),
        "two_settings": _share(np.square(total).sum() - squares, classes),
    }


def cluster_figure(x, centers, y, setting, title="Nearest sub-clusters"):
    """Draw a bar for each setting: the shares of its clips by their nearest sub-cluster.

    Shapes: as ``cluster_state`` takes them.
    Raises: ValueError as ``cluster_state`` does.
    Choices: a color means one sub-cluster within a class, and only there: the order in a class is
        that of all its clips, busiest first. The sixth and all others share a gray.
    Notebook: 08_subcluster_adacos
    """
    counts, owner, names = _counted(x, centers, y, setting)
    figure = Picture(height=min(1.5 + 0.21 * len(names), 9.0))
    ax = figure.subplots()
    colors = np.array([to_rgb(color) for color in [*(look.color for look in CLASSES), OTHERS]])
    image = np.stack([_bar(row, counts[owner == own]) for row, own in zip(counts, owner)])
    ax.imshow(
        colors[image], extent=(0, 1, len(names) - 0.5, -0.5), aspect="auto",
        interpolation="nearest", label="bars",
    )  # fmt: skip
    for row in range(1, len(names)):
        apart = owner[row] != owner[row - 1]
        ax.axhline(row - 0.5, color="white", linewidth=5 if apart else 1)
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="share of the setting's clips", xlim=(0, 1), ylabel="setting")
    ax.spines[:].set_visible(False)
    used = sum((counts[owner == own].sum(axis=0) > 0).sum() for own in np.unique(owner))
    of = len(np.unique(owner)) * counts.shape[1]
    told = f"{used} of {of} sub-clusters are nearest to a clip"
    ax.set_title(f"{title} (n = {counts.sum()} clips): {told}", fontsize=11)
    ranks = min(image.max() + 1, len(RANKS))
    handles = [Patch(color=colors[rank], label=RANKS[rank]) for rank in range(ranks)]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=6, frameon=False, fontsize=8,
        handlelength=1.2,
    )  # fmt: skip
    return figure


def _bar(row, of_class):
    """Return the rank of the sub-cluster at each pixel of one bar."""
    order = np.argsort(-of_class.sum(axis=0), kind="stable")
    edges = np.round(PIXELS * np.cumsum(row[order]) / row.sum()).astype(int)
    ranks = np.minimum(np.arange(len(order)), len(RANKS) - 1)
    return np.repeat(ranks, np.diff(edges, prepend=0))


def _share(part, whole):
    return float(part / whole) if whole else float("nan")


def _counted(x, centers, y, setting):
    """Return the counts (R, S) of the R settings, the class of each, and their names."""
    x, centers = given.rows(x, "x"), given.array(centers, "centers")
    y, setting = given.column(y, "y"), given.names(setting, "setting")
    if centers.ndim != 3 or x.shape[1] != centers.shape[2]:
        raise ValueError(
            f"x {x.shape} and centers {centers.shape}: give finite rows (N, D) and (C, S, D)"
        )
    if not len(x) == len(y) == len(setting):
        raise ValueError(
            f"{len(x)} clips, {len(y)} class indices and {len(setting)} settings: give one each"
        )
    y = y.astype(int)
    if y.min() < 0 or y.max() >= len(centers):
        most = len(centers) - 1
        raise ValueError(f"y holds {y.min()} to {y.max()}: give classes from 0 to {most}")
    unit = centers / np.linalg.norm(centers, axis=2, keepdims=True)
    nearest = np.einsum("nd,nsd->ns", x, unit[y]).argmax(axis=1)  # lengths of x change no order
    names, first, row = np.unique(
        [f"{own:04} {name}" for own, name in zip(y, setting)],
        return_index=True, return_inverse=True,
    )  # fmt: skip
    counts = np.zeros((len(names), centers.shape[1]), dtype=int)
    np.add.at(counts, (row, nearest), 1)
    return counts, y[first], setting[first]
