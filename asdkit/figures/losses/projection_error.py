"""How far centers that are only random stay from Lemma 2, by size of embedding and of subspace."""

from fractions import Fraction

import numpy as np
from matplotlib import colormaps

from ... import given
from ..style import GRAY, Picture, finite, plain

MARKERS = "osDv^P*X"
LEAST = 1e-6  # below it an error is rounding in float32, as for J = 1


def predicted_error(dim, subspace_dim):
    r"""What $1 - \cos(x, P(x))$ is about, for x drawn evenly inside the span of J random unit
    centers.

    $$1 - \cos(x, P(x)) \approx 1 - \sqrt{1 - \frac{J}{J + 2} \cdot \frac{a}{1 + a}}, \qquad
    a = \frac{J - 1}{D}$$

    On the span P has the eigenvalues of the centers' Gram matrix G, whose mean is 1, and whose mean
    square is $1 + a$ on average. So $E \|P(x)\|^2 = 1 + a$, and $E \langle x, P(x) \rangle^2 =
    (2 (1 + a) + J) / (J + 2)$: the squared cosine is about their ratio.

    Paper: none; it answers the remark after [AP] Lemma 2. At a fixed J/D the error does not fall
        with D; at a fixed J it does.
    Shapes: numbers, or arrays of one shape -> the same.
    Example:
        >>> figures.predicted_error(np.array([64, 1024]), np.array([8, 128])).round(3)  # J/D = 1/8
        array([0.04 , 0.056])
    Notebook: 10_adaproj
    """
    dim, subspace_dim = given.array(dim, "dim"), given.array(subspace_dim, "subspace_dim")
    a = (subspace_dim - 1) / dim
    return 1 - np.sqrt(1 - subspace_dim / (subspace_dim + 2) * a / (1 + a))


def projection_error(dims, shares, error, title="Random centers: the error of Lemma 2"):
    r"""Draw $1 - \cos(x, P(x))$ of embeddings inside the span of random unit centers against D: a
    line of means for each J/D, a band of the middle half of the draws, and ``predicted_error``.

    Shapes: ``dims`` (K,), growing; ``shares`` (M,), the J/D; ``error`` (K, M, n draws), NaN where a
        D has no such J.
    Raises: ValueError for lengths that differ, a D or J/D that is not positive, more shares than
        markers, or a share without a number.
    Choices: both axes are logarithmic. With one center (J = 1) the error is 0 up to rounding, which
        such an axis does not have: it is left out.
    Notebook: 10_adaproj
    """
    dims, shares, error = finite(dims, "dims"), finite(shares, "shares"), np.asarray(error, float)
    _check(dims, shares, error)
    figure = Picture(height=3.9)
    ax = figure.subplots()
    for number in np.argsort(shares)[::-1]:
        color = colormaps["cividis"](0.8 * number / max(len(shares) - 1, 1))
        look = {"marker": MARKERS[number], "color": color}
        _line(ax, dims, shares[number], error[:, number], look)
    ax.plot([], [], ":", color="black", label="predicted_error(D, J)")
    ax.fill_between([], [], [], color=GRAY, alpha=0.3, label="middle half of the draws")
    ax.set(xscale="log", yscale="log", xlabel="size of an embedding D (log axis)")
    ax.set_ylabel("1 - cos(x, P(x)), x inside\nthe span (log axis)")
    ax.set_xticks(dims, [f"{dim:g}" for dim in dims])
    ax.set_xticks([], minor=True)
    ax.set_title(f"{title} (n = {error.shape[2]} draws a point)")
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    plain(ax)
    return figure


def _line(ax, dims, share, error, look):
    """Draw one J/D where it has an error, and its name at the end."""
    mean = error.mean(axis=1)
    kept = mean > LEAST
    low, high = np.quantile(error[kept], [0.25, 0.75], axis=1)
    dims, mean = dims[kept], mean[kept]
    ax.fill_between(dims, low, high, color=look["color"], alpha=0.25, linewidth=0)
    ax.plot(dims, mean, "-", markersize=5, linewidth=1.2, **look)
    ax.plot(dims, predicted_error(dims, share * dims), ":", color="black", linewidth=1.2, zorder=3)
    ax.annotate(
        f"J/D = {_fraction(share)}", (dims[-1], mean[-1]), xytext=(9, 0), va="center", fontsize=9,
        textcoords="offset points", annotation_clip=False,
    )  # fmt: skip


def _fraction(share):
    return str(Fraction(float(share)).limit_denominator(4096))


def _check(dims, shares, error):
    if error.ndim != 3 or error.shape[:2] != (len(dims), len(shares)) or not error.shape[2]:
        raise ValueError(
            f"error {error.shape} for {len(dims)} sizes and {len(shares)} shares: "
            "give (sizes, shares, draws)"
        )
    if min(dims.min(), shares.min()) <= 0 or len(shares) > len(MARKERS):
        raise ValueError(
            f"{len(shares)} shares from {shares.min():.3g}, sizes from {dims.min():.3g}: "
            f"give positive ones, and at most {len(MARKERS)} shares"
        )
    for share, values in zip(shares, np.moveaxis(error, 1, 0)):
        if not (values.mean(axis=1) > LEAST).any():
            raise ValueError(f"J/D = {_fraction(share)} holds no error above 0: leave it out")
