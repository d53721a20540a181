"""What normal clips and anomalies cost an auto-encoder, by the size of its bottleneck."""

import numpy as np

from ... import given
from ..style import GRAY, LOOKS, SERIES, Picture, entry, finite, plain

LOW = 0.4  # where the axis of the AUC begins
NAMES = ("normal clips", "anomalies", "AUC")


def error_by_bottleneck(
    sizes, normal, anomaly, auc, pca=None, unit="dB²", title="Error against the bottleneck"
):
    """Draw the squared error of held-out normal clips and of anomalies against the bottleneck, and
    the AUC below it.

    A line joins the means of the seeds at the sizes tried, its band reaches from the lowest to the
    highest of them; what PCA of as many numbers gives is dotted.

    Shapes: ``sizes`` (K,), growing; ``normal``, ``anomaly`` and ``auc`` (R seeds, K); ``pca``
        (3, K): these three of PCA, with gaps of NaN, or None.
    Raises: ValueError for sizes that do not grow from above 0, other shapes, numbers that are not
        finite, an error below 0 or an AUC that is no share.
    Choices: errors stand on an axis that begins at 0, as PCA of as many numbers as the input leaves
        none; the AUC on one from 0.4 to 1, which grows where an AUC lies below.
    Notebook: 04_autoencoders
    """
    sizes, told = finite(sizes, "sizes"), {"normal": normal, "anomaly": anomaly, "auc": auc}
    trained = [given.array(values, name) for name, values in told.items()]
    pca = None if pca is None else np.asarray(pca, dtype=float)
    _check(sizes, trained, pca)
    figure = Picture(height=4.8)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    lines = ((above, LOOKS["normal"]), (above, LOOKS["anomaly"]), (below, SERIES[0]))
    for (ax, look), name, values in zip(lines, NAMES, trained):
        _line(ax, sizes, values, look, name)
    for (ax, look), name, values in zip(lines, NAMES, [] if pca is None else pca):
        ax.plot(
            sizes, values, ":", marker=look.marker, color=look.color, linewidth=1.3, markersize=5,
            markerfacecolor="white", label=entry(f"{name}, PCA"),
        )  # fmt: skip
    above.set(ylabel=f"squared error\nin {unit}", ylim=(0, None))
    areas = trained[2] if pca is None else np.vstack([trained[2], pca[2]])
    _axis(below, sizes, min(LOW, np.nanmin(areas) - 0.02))
    for ax in (above, below):
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=9)
        plain(ax)
    above.set_title(f"{title} (n = {len(trained[0])} seeds)")
    return figure


def _axis(ax, sizes, low):
    ax.axhline(0.5, color=GRAY, linestyle="--", linewidth=1.0, label="chance, 0.5")
    ax.set(ylabel="AUC", ylim=(low, 1.02), xscale="log")
    ax.set_xlabel("size of the bottleneck (log axis); lines only join the sizes tried")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.set_xticks([], minor=True)


def _line(ax, sizes, values, look, label):
    ax.fill_between(
        sizes, values.min(axis=0), values.max(axis=0), color=look.color, alpha=0.2, linewidth=0
    )
    ax.plot(
        sizes, values.mean(axis=0), marker=look.marker, linestyle=look.line, color=look.color,
        linewidth=1.6, markersize=5, label=entry(label),
    )  # fmt: skip


def _check(sizes, trained, pca):
    if sizes.min() <= 0 or (np.diff(sizes) <= 0).any():
        raise ValueError(f"the sizes are {sizes.tolist()}: give growing ones above 0")
    shapes = [values.shape for values in trained]
    seeds = shapes[0][0] if shapes[0] else 0
    if not seeds or set(shapes) != {(seeds, len(sizes))}:
        told = ", ".join(map(str, shapes))
        raise ValueError(
            f"normal, anomaly and auc are {told}: give (seeds, {len(sizes)}) of 1 seed or more"
        )
    if pca is not None and pca.shape != (len(NAMES), len(sizes)):
        raise ValueError(f"pca is {pca.shape}: give (3, {len(sizes)}), errors and AUC")
    *errors, areas = trained if pca is None else [np.vstack(two) for two in zip(trained, pca)]
    if min(np.nanmin(values) for values in errors) < 0:
        raise ValueError("a squared error lies below 0: give means of squares")
    if np.nanmin(areas) < 0 or np.nanmax(areas) > 1:
        raise ValueError("an AUC lies outside 0 to 1: give shares, not percent")
