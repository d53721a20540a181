"""The ranks that systems have over many draws: how often each has each."""

import numpy as np

from ... import given
from ..style import LOOKS, Picture

TOLD = 0.05  # a share that is smaller is drawn, and not written


def rank_shares(drawn, published=None, source="published"):
    """Draw how often each system has each rank, a panel for each table of ``metrics.rank_draws``.

    A field is the darker the more draws have this rank, a triangle is the mean rank. Only one
    dark field a row would be an order that seeds and clips cannot change.

    Shapes: ``drawn``, a dict of a panel's title -> DataFrame (samples, K) of ranks, a column a
        name; ``published``, a dict of a name -> its rank in a paper, with or without all names.
    Raises: ValueError for no table, tables of different names, or a published name that has no row.
    Choices: rows in the order of the mean ranks of the last panel. A rank that is shared counts
        half for each of the two nearest.
    Notebook: 13_compare_losses
    """
    names = _checked(drawn, published or {})
    figure = Picture(height=1.5 + 0.28 * len(names))
    panels = np.atleast_1d(figure.subplots(1, len(drawn), sharex=True, sharey=True))
    for ax, (title, ranks) in zip(panels, drawn.items()):
        _panel(ax, ranks[names])
        ax.set_title(f"{title}\n(n = {len(ranks):,} draws)", fontsize=10)
        ax.set_xlabel("rank by mean AUC, 1 is best")
    panels[0].set_yticks(range(len(names)), names)
    if published:
        _column(panels[-1], names, published, source)
    handles, words = panels[0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", frameon=False, fontsize=9)
    return figure


def shares(ranks):
    """How often each system has each rank.

    Shapes: ranks (samples, K) -> (K, K), a row a system, which sums to 1.
    """
    ranks = given.array(ranks, "ranks")
    places = np.arange(1, ranks.shape[1] + 1)
    return np.stack([
        np.clip(1.0 - np.abs(column[:, None] - places), 0.0, None).mean(axis=0)
        for column in ranks.T
    ])  # fmt: skip


def _panel(ax, ranks):
    found = shares(ranks)
    count = len(found)
    edges = np.arange(count + 1) + 0.5
    ax.pcolormesh(edges, np.arange(count + 1) - 0.5, found, cmap="Greys", vmin=0.0, vmax=1.0)
    for row, column in np.argwhere(found >= TOLD):
        share = found[row, column]
        ax.text(
            column + 1, row - 0.08, f"{100 * share:.0f}", fontsize=7, ha="center", va="center",
            color="white" if share > 0.5 else "black",
        )  # fmt: skip
    ax.plot(
        ranks.mean(), np.arange(count) + 0.34, "^", color=LOOKS["anomaly"].color, markersize=6,
        linestyle="", label="mean rank; numbers: % of the draws",
    )  # fmt: skip
    ax.set_xticks(range(1, count + 1))
    ax.set_ylim(count - 0.5, -0.5)
    ax.tick_params(length=0)


def _column(ax, names, published, source):
    """Write the published ranks at the right of a panel."""
    beside = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "va": "center"}
    ax.text(1.03, -0.9, source, **beside)
    for place, name in enumerate(names):
        if name in published:
            ax.text(1.03, place, f"{published[name]:g}", **beside)


def _checked(drawn, published):
    sets = {frozenset(table.columns) for table in drawn.values()}
    if len(sets) != 1:
        raise ValueError(f"there are {len(drawn)} tables of {len(sets)} sets of names: give one")
    last = list(drawn.values())[-1]
    strange = [name for name in published if name not in last]
    if strange:
        raise ValueError(f"{strange[0]!r} is published and has no row here: leave it out")
    return list(last.mean().sort_values(kind="stable").index)
