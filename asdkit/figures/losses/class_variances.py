"""How far clips of one class spread, and how far two classes lie apart, one column a loss."""

import numpy as np

from ... import given
from ..style import LOOKS, SERIES, Picture, entry, plain

PARTS = {"within": LOOKS["source"], "between": LOOKS["target"]}


def class_variances(pairs, title="Variance within and between classes"):
    """Draw the variance within and between the two classes for several losses, and below it the
    second over the first.

    Paper: [DDC] I and III: the loss makes the one small and the other large.
    Shapes: ``pairs``, the name of a loss -> (S, 2), a pair of ``within_and_between`` a seed.
    Raises: ValueError for no loss, or pairs that are not (S, 2) of positive numbers.
    Choices: log axes, since a loss without distances leaves the size of an embedding open: what
        compares is the ratio. Small marks are seeds, bars their median, which is printed.
    Example:
        >>> pairs = {"DSAD": [(0.5, 1.0)], "DDCSAD": [(0.5, 4.0), (0.5, 6.0)]}
        >>> [text.get_text() for text in figures.class_variances(pairs).axes[1].texts]
        ['2.0', '10.0']
    Notebook: 09_binary_and_centroids
    """
    pairs = _checked(pairs)
    figure = Picture(height=4.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for number, values in enumerate(pairs.values()):
        for side, (part, look) in zip((-0.15, 0.15), PARTS.items()):
            _dots(above, number + side, values[part], look, part if not number else None)
        ratio = values["between"] / values["within"]
        _dots(below, number, ratio, SERIES[0], None)
        below.text(
            number + 0.17, np.median(ratio), f"{np.median(ratio):.1f}", va="center", fontsize=9
        )
    for ax, words in ((above, "variance\nin squared units of z"), (below, "between\nover within")):
        ax.set(yscale="log", ylabel=words)
        ax.minorticks_off()  # whose labels would collide
        plain(ax)
    below.set_xticks(range(len(pairs)), pairs)
    below.set_xlim(-0.5, len(pairs) - 0.5)
    below.set_xlabel("loss")
    above.legend(frameon=False, fontsize=9, ncols=2)
    seeds = sorted({len(values["within"]) for values in pairs.values()})
    above.set_title(f"{title} (n = {' or '.join(map(str, seeds))} seeds)", fontsize=11)
    return figure


def within_and_between(x, own):
    r"""The variance of embeddings within the two classes, and between them.

    $$W = \frac12 \sum_{k} \frac{1}{N_k} \sum_{i \in k} \|z_i - m_k\|^2, \qquad
    B = \frac14 \|m_1 - m_2\|^2$$

    Paper: [DDC] I and III name both, and give no formula.
    Shapes: ``x`` (N, D), ``own`` (N,) of bool, the normal clips of the machine -> two numbers.
    Raises: ValueError for NaN, lengths that differ, or a class without a clip.
    Choices: both classes count alike, however many clips they have. So W + B is the variance of
        all clips, each class drawn with probability one half.
    Example:
        >>> x = np.array([[0.0, 0.0], [0.0, 2.0], [4.0, 1.0]])
        >>> figures.within_and_between(x, own=np.array([True, True, False]))
        (0.5, 4.0)
    Notebook: 09_binary_and_centroids
    """
    x, own = given.array(x, "x"), given.array(own, "own").astype(bool)
    if x.ndim != 2 or own.shape != (len(x),):
        raise ValueError(f"x is {x.shape} and own {own.shape}: pass finite (N, D) and bool (N,)")
    if own.all() or not own.any():
        raise ValueError("all clips are of one class: pass normal clips and others")
    parts = x[own], x[~own]
    within = np.mean([part.var(axis=0).sum() for part in parts])
    apart = parts[0].mean(axis=0) - parts[1].mean(axis=0)
    return float(within), float(apart @ apart / 4.0)


def _checked(pairs):
    if not pairs:
        raise ValueError("there is no loss to draw: pass a dict of a name -> pairs, one a seed")
    found = {}
    for name, values in pairs.items():
        values = given.array(values, f"the pairs of {name}")
        if values.ndim != 2 or values.shape[1] != 2 or not len(values):
            raise ValueError(f"the pairs of {name} are {values.shape}: pass (seeds, 2)")
        if not (values > 0.0).all():
            raise ValueError(
                f"the pairs of {name} hold what is not positive: a class of one clip, or equal "
                "embeddings, have no log axis"
            )
        found[name] = dict(zip(PARTS, values.T))
    return found


def _dots(ax, place, values, look, label):
    ax.plot(
        np.full(len(values), place), values, linestyle="none", marker=look.marker,
        color=look.color, markersize=4, alpha=0.6, label=entry(label),
    )  # fmt: skip
    ax.hlines(np.median(values), place - 0.12, place + 0.12, color=look.color, linewidth=2.5)
