"""Where an adaptive scale goes from each value: it grows, it shrinks, or it rests."""

import numpy as np

from ..style import GRAY, SERIES, Picture, entry, finite, plain

TICKS = (0.5, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.7, 2, 3, 5)


def scale_map(scale, following, title="One step of the scale"):
    """Draw the factor $s^{(t)} / s^{(t-1)}$ of one step against the scale before the step.

    The scale rests where the factor is 1.

    Paper: [SCA] eq. 2, 6 and 10.
    Shapes: ``scale`` (K,), growing; ``following``, a dict of a name -> (K,), the scale one step
        later.
    Raises: ValueError for no name, lengths that differ, or a scale that is not positive.
    Choices: both axes are logarithmic, so that a factor and its inverse lie as far from 1.
    Notebook: 07_adacos, 08_subcluster_adacos
    """
    if not following:
        raise ValueError("there is no batch to draw: pass a dict, name -> the next scale")
    scale = finite(scale, "scale")
    if scale.min() <= 0:
        raise ValueError(f"scale reaches {scale.min():.3g}: give positive ones")
    figure = Picture(height=3.4)
    ax = figure.subplots()
    for number, (name, values) in enumerate(following.items()):
        values, look = finite(values, name), SERIES[number % len(SERIES)]
        if len(values) != len(scale):
            counts = f"{len(values)} values for {len(scale)} scales"
            raise ValueError(f"{name} has {counts}: give one each")
        factor = values / scale
        ax.plot(
            scale, factor, color=look.color, linestyle=look.line, marker=look.marker,
            markevery=[len(scale) - 1], label=entry(f"{name}, ends at {factor[-1]:.3g}"),
        )  # fmt: skip
    ax.axhline(1, color=GRAY, linestyle=":", linewidth=1.2, label="at rest")
    ax.set(xscale="log", yscale="log")
    ax.set(xlabel="scale s before the step", ylabel="factor of one step")
    low, high = (float(np.round(limit, 2)) for limit in ax.get_ylim())
    ax.set_yticks([tick for tick in TICKS if low <= tick <= high], minor=False)
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")
    ax.set_title(f"{title} (n = {len(scale)} scales)")
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return figure
