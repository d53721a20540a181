"""The floor under the loss of a softmax whose embeddings and centers have given lengths."""

import numpy as np

from ... import given
from ..style import GRAY, SERIES, Picture, entry, finite, plain


def smallest_loss(length, classes):
    r"""Return the smallest mean cross entropy of C equally frequent classes at given lengths.

    $\ln(1 + (C - 1) e^{-\ell C / (C - 1)})$,

    $\ell = \alpha w$ with embeddings of length $\alpha$ (or shorter) and centers whose root mean
    square length is w. Biases do not lower it. It is reached where the centers form a regular
    simplex and each clip lies on its own one.

    Paper: none; it completes the bound on alpha of Ranjan, Castillo and Chellappa, [L2S] reference
        6.
    Shapes: any of lengths -> the same.
    Raises: ValueError for fewer than 2 classes, or a negative length.
    Example:
        >>> figures.smallest_loss(np.array([0.0, 3.0]), classes=4).round(3)  # ln 4, and little
        array([1.386, 0.053])
    Notebook: 05_classify_to_detect
    """
    length, classes = given.array(length, "length"), given.count(classes, "classes", 2)
    if not (length >= 0).all():
        raise ValueError(f"length holds {length.min():g}: give no length below 0")
    return np.log1p((classes - 1) * np.exp(-length * classes / (classes - 1)))


def loss_floor(runs, classes, title="Loss above its floor"):
    """Draw losses against the product of both lengths, and the floor that no loss can pass.

    Shapes: ``runs``, a dict of a name -> a dict of alpha -> length and loss of one run.
    Raises: ValueError where there is no run, a number is not positive and finite, or rows are no
        pairs.
    Choices: both axes are logarithmic; what falls below a ten-thousandth is drawn there. Each run
        has its alpha beside it.
    Notebook: 05_classify_to_detect
    """
    if not runs:
        raise ValueError(
            "there is no run to draw: pass a dict of a name to pairs of length and loss"
        )
    pairs = {name: np.array([*rows.values()], dtype=float) for name, rows in runs.items()}
    for name, rows in pairs.items():
        if rows.ndim != 2 or rows.shape[1] != 2 or finite(rows, name).min() <= 0:
            raise ValueError(
                f"{name} holds {rows.shape} numbers: give positive pairs (K, 2) of length and loss"
            )
    figure = Picture(height=3.6)
    ax = figure.subplots()
    lengths = np.concatenate([rows[:, 0] for rows in pairs.values()])
    grid = np.geomspace(0.5 * lengths.min(), 1.6 * lengths.max(), 300)
    ax.fill_between(
        grid, 1e-5, smallest_loss(grid, classes), color=GRAY, alpha=0.25, linewidth=0,
        label="impossible",
    )  # fmt: skip
    for number, ((name, rows), look) in enumerate(zip(pairs.items(), SERIES)):
        ax.plot(
            rows[:, 0], rows[:, 1].clip(1e-4), look.marker, color=look.color, markersize=7,
            alpha=0.8, label=entry(f"{name}, n = {len(rows)}"),
        )  # fmt: skip
        _alphas(ax, rows, runs[name], above=number % 2 == 0)
    ax.set(xscale="log", yscale="log", xlim=(grid[0], grid[-1]), ylim=(5e-5, 2.5))
    ax.set(xlabel="length of embeddings times length of centers", ylabel="mean cross entropy")
    ax.set_title(f"{title} (n = {len(lengths)} runs, {classes} classes)")
    ax.legend(frameon=False, fontsize=9, loc="lower left")
    plain(ax)
    return figure


def _alphas(ax, rows, alphas, above):
    """Write alpha beside each run: to the upper right, or to the lower left, in turn of series."""
    shift, side = ((7, 4), "left") if above else ((-7, -12), "right")
    for alpha, (length, loss) in zip(alphas, rows):
        ax.annotate(
            f"alpha {alpha:g}", (length, max(loss, 1e-4)), xytext=shift, ha=side,
            textcoords="offset points", fontsize=8,
        )  # fmt: skip
