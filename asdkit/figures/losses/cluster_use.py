"""Which of its sub-clusters a class uses."""

import numpy as np
from matplotlib.colors import PowerNorm

from ..style import Picture


def cluster_counts(cosine, y):
    r"""Count how often each sub-cluster is the nearest one of its class.

    $n_{jk} = \#\{i : y_i = j,\ \arg\max_l \cos\theta_{ijl} = k\}$

    Shapes: cosine (N, C, S), y (N,) class indices -> (C, S) counts; the rows sum to the clips of
        each class.
    Raises: ValueError where cosine is not (N, C, S) and finite, or lengths differ.
    Example:
        >>> figures.cluster_counts([[[0.9, 0.1], [0.0, 0.0]], [[0.2, 0.8], [0.0, 0.0]]], y=[0, 0])
        array([[1, 1], [0, 0]])
    Notebook: 08_subcluster_adacos
    """
    cosine, y = np.asarray(cosine, dtype=float), np.asarray(y)
    if cosine.ndim != 3 or not len(cosine) or not np.isfinite(cosine).all():
        raise ValueError(
            f"cosine has the shape {cosine.shape}: give finite ones (clips, classes, sub-clusters)"
        )
    if len(y) != len(cosine) or y.min() < 0 or y.max() >= cosine.shape[1]:
        raise ValueError(
            f"{len(y)} labels for {len(cosine)} clips of {cosine.shape[1]} classes: "
            "give an index a clip"
        )
    counts = np.zeros(cosine.shape[1:], dtype=int)
    np.add.at(counts, (y, cosine[np.arange(len(y)), y].argmax(axis=1)), 1)
    return counts


def cluster_use(cosine, y, names=None, title="Sub-clusters in use"):
    """Draw the share of the clips of each class that each of its sub-clusters is nearest to.

    Shapes: cosine (N, C, S), y (N,) class indices, names (C,) of the classes.
    Raises: ValueError as ``cluster_counts`` does, or for names of another number.
    Choices: the order within a class carries nothing, so each row is sorted; the title counts the
        sub-clusters that are nearest to at least one clip. Colors run with the square root of the
        share, always up to 1; what is never nearest is white.
    Notebook: 08_subcluster_adacos
    """
    counts = -np.sort(-cluster_counts(cosine, y), axis=1)
    classes, clusters = counts.shape
    if names is not None and len(names) != classes:
        raise ValueError(f"there are {len(names)} names for {classes} classes: give one each")
    figure = Picture(height=min(1.6 + 0.22 * classes, 9.0))
    ax = figure.subplots()
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shades = PowerNorm(0.5, vmin=0, vmax=1)
    image = ax.imshow(np.where(counts, share, np.nan), norm=shades, cmap="viridis", aspect="auto")
    figure.colorbar(
        image, ax=ax, label="share of the class' clips", pad=0.02, ticks=[0.01, 0.1, 0.25, 0.5, 1]
    )
    if names is not None:
        ax.set_yticks(range(classes), names, fontsize=8)
    ax.set_xticks(range(clusters), range(1, clusters + 1), fontsize=8)
    ax.set(xlabel="sub-clusters of a class, the busiest first", ylabel="class")
    used = f"{(counts > 0).sum()} of {counts.size} are nearest to a clip"
    ax.set_title(f"{title} (n = {len(y)} clips): {used}")
    return figure
