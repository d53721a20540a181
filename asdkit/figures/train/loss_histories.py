"""The loss of several trainings by step, with the place where they were stopped."""

import numpy as np

from ..style import GRAY, SERIES, Picture, entry, plain


def loss_histories(losses, stop=None, title="Loss of each training", since=1):
    """Draw the loss of each training over its steps, and how far each is from the first one.

    Shapes: ``losses`` a dict of a name -> (S,) of equal length; ``stop`` a number of steps;
        ``since`` the first step that is drawn.
    Raises: ValueError for no training, more than there are looks, other lengths, or a step
        that is none of them.
    Choices: the distance is drawn from zero up on a symmetric logarithm, so that none at all and a
        rounding differ in sight.
    Notebook: 15_train_on_gpu
    """
    count = _steps(losses, since)
    figure = Picture(height=3.2)
    left, right = figure.subplots(1, 2)
    steps, first = np.arange(since, count + 1), np.asarray(next(iter(losses.values())))
    for number, (name, values) in enumerate(losses.items()):
        look, values = SERIES[number], np.asarray(values, dtype=float)
        apart = np.abs(values - first)
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        style |= {"markersize": 9 - 2 * number, "linewidth": 1.4, "fillstyle": "none"}
        left.plot(steps, values[since - 1 :], label=entry(name), **style)
        if number:
            right.plot(steps, apart[since - 1 :], **style)
    for ax in (left, right):
        if stop is not None:
            ax.axvline(stop + 0.5, color=GRAY, linestyle=":", linewidth=1.2, label="stop")
        ax.set_xlabel("step")
        plain(ax)
    left.set_ylabel("loss (no unit)")
    right.set_ylabel("difference of the loss (no unit)")
    right.set_yscale("symlog", linthresh=1e-6)
    right.set_ylim(bottom=-2e-7)
    left.set_title(f"{title} (n = {len(steps)} steps)", fontsize=10)
    right.set_title(f"how far from '{next(iter(losses))}'", fontsize=10)
    handles = left.get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=5, frameon=False, fontsize=9)
    return figure


def _steps(losses, since):
    """How many steps all trainings have."""
    lengths = {len(values) for values in losses.values()}
    if len(lengths) != 1 or len(losses) > len(SERIES):
        raise ValueError(
            f"there are {len(losses)} trainings of {sorted(lengths)} steps: give 1 to "
            f"{len(SERIES)} of equal length"
        )
    count = lengths.pop()
    if not 1 <= since <= count:
        raise ValueError(f"since is {since!r}: give a step from 1 to {count}")
    return count
