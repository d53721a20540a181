"""How far systems lead one of them, with what seeds and what clips could change of it."""

import numpy as np

from ..style import GRAY, LOOKS, Picture, plain

POINTS = 100.0  # of AUC: a share of 0.01 is a point


def leads(tables, published=None, source="published"):
    """Draw how far each system leads one of them in mean AUC, a panel a table of
    ``metrics.paired``.

    A thick bar is the interval over seeds, a thin one with ends that over clips: a lead is shown
    where both lie on one side of 0.

    Shapes: ``tables``, a dict of a panel's title -> DataFrame of ``metrics.paired``; ``published``,
        a dict of a name -> lead in points, with or without all names; ``source`` heads its column.
    Raises: ValueError for no table, tables of different rows, or a published name without a row.
    Choices: published leads are text: they are of other clips, and would squeeze the axis. The
        panels share it.
    Notebook: 08_subcluster_adacos, 12_backends, 13_compare_losses
    """
    names, against, published = _checked(tables, published or {})
    figure = Picture(height=1.7 + 0.28 * len(names))
    panels = np.atleast_1d(figure.subplots(1, len(tables), sharex=True, sharey=True))
    for ax, (title, table) in zip(panels, tables.items()):
        _panel(ax, table)
        ax.set_title(f"{title}\n(n = {_seeds(table)} seeds)", fontsize=10)
        ax.set_xlabel(f"AUC minus that of\n{against}, in points")
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    if published:
        _column(panels[-1], names, published, source)
    handles, words = panels[0].get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=9
    )
    return figure


def _seeds(table):
    """Read from "9 of 10" how many seeds were compared."""
    return max(int(ahead.split()[-1]) for ahead in table["ahead"].dropna())


def _panel(ax, table):
    place, lead = np.arange(len(table)), POINTS * table["lead"]
    ax.axvline(0.0, color=GRAY, linestyle=":", linewidth=1.2)
    clips = POINTS * table[["clips_low", "clips_high"]].to_numpy(float)
    seeds = POINTS * table[["seeds_low", "seeds_high"]].to_numpy(float)
    look = LOOKS["normal"]
    ax.hlines(place, *clips.T, color="black", linewidth=1.0, label="interval over clips")
    for ends in clips.T:
        ax.plot(ends, place, "|", color="black", markersize=7)
    ax.hlines(
        place, *seeds.T, color=look.color, linewidth=5, alpha=0.6, label="interval over seeds"
    )
    ax.plot(lead, place, look.marker, color=look.color, markersize=5, label="lead, mean of seeds")
    plain(ax)


def _column(ax, names, published, source):
    """Write the published leads at the right of a panel."""
    beside = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "va": "center"}
    ax.text(1.03, -0.9, source, **beside)
    for place, name in enumerate(names):
        if name in published:
            ax.text(1.03, place, f"{published[name]:+.2f}", **beside)


def _checked(tables, published):
    rows = {tuple(table.index) for table in tables.values()}
    if len(rows) != 1:
        raise ValueError(f"there are {len(tables)} tables of {len(rows)} sets of names: give one")
    names = list(rows.pop())
    strange = [name for name in published if name not in names]
    if strange:
        raise ValueError(f"{strange[0]!r} is published and has no row here: leave it out")
    first = next(iter(tables.values()))
    return names, first.index[first["ahead"].isna()][0], published
