"""Maps side by side: two seeds, two ways, epochs, or the clips beside pure noise."""

import numpy as np

from ..style import Picture
from .embedding_map import draw_map, map_state, name_groups

ACROSS = 4  # panels
LIMITS = 0.05  # of the width, kept free around the points


def map_row(maps, group=None, label=None, below=0.75, one_frame=False, told=True, title="Maps"):
    """Draw maps side by side, each with its own numbers.

    Shapes: ``maps``, a panel's name -> Map of N points; ``group`` and ``label`` (N,) as in
        ``embedding_map``, for all panels.
    Raises: ValueError for no map, more than four, or as ``embedding_map`` does.
    Choices: with ``one_frame`` all panels show the same square, for maps of epochs that were turned
        onto each other; without it each has its own, since a place on one map of UMAP says nothing
        of another. With ``told`` False there are points and names alone, for a question.
    Notebook: 14_embedding_explorer
    """
    if not 1 <= len(maps) <= ACROSS:
        raise ValueError(f"{len(maps)} maps were given: a row has from 1 to {ACROSS}")
    below = below if told else 0.0
    states = [map_state(made, group, label, below) for made in maps.values()]
    figure = Picture(height=2.0 + 7.9 / len(maps))
    panels = np.atleast_1d(figure.subplots(1, len(maps)))
    for ax, (name, made), shown in zip(panels, maps.items(), states):
        draw_map(ax, shown)
        ax.set_title(f"{name}\n{_numbers(made)}" if told else name, fontsize=9)
        ax.set_box_aspect(1.0)
    if one_frame:
        _share(panels, np.concatenate([made.xy for made in maps.values()]))
    counts = sorted({len(made) for made in maps.values()})
    figure.suptitle(f"{title} (n = {' and '.join(map(str, counts))})", fontsize=11)
    if told:
        name_groups(figure, states, below)
    return figure


def _numbers(made):
    numbers = made.overall
    return (
        f"{numbers['agreement']:.0%} of {made.k} neighbors\nagree (chance "
        f"{numbers['chance']:.1%})\ntrustworthiness {numbers['trustworthiness']:.2f}"
    )


def _share(panels, xy):
    """Give all panels one square around all points."""
    middle, half = (xy.min(axis=0) + xy.max(axis=0)) / 2, np.ptp(xy, axis=0).max() / 2
    low, high = middle - half * (1 + LIMITS), middle + half * (1 + LIMITS)
    for ax in panels:
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
