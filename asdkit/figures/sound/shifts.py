"""How far apart clips lie when one thing changes: the take, the place, the id, or a fault."""

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from ... import given
from ..style import GRAY, LOOKS, Picture, plain

COLUMNS = 4


def shifts(table):
    """Draw the distances of normal and faulty clips, a panel for each machine, a row for each
    change.

    Shapes: a DataFrame with the columns ``machine change kind distance``, a row a pair of clips;
        ``kind`` is "normal" or "anomaly", ``distance`` in dB. Changes are drawn from top to bottom
        in the order of the table; a column ``note``, where there is one, is written beside its row.
    Raises: ValueError where a column is missing, a kind is neither of the two, or a distance is
        not above 0.
    Choices: the axis is logarithmic, since a shift of domain may be ten times a faint fault. The
        gray line is the largest normal distance: what lies right of it no normal change explains.
    Notebook: 01_machine_sounds
    """
    _check(table)
    machines, changes = list(table["machine"].unique()), list(table["change"].unique())
    rows = -(-len(machines) // COLUMNS)
    figure = Picture(width=9.5, height=0.5 + rows * (0.7 + 0.2 * len(changes)))
    axes = figure.subplots(
        rows, min(COLUMNS, len(machines)), sharex=True, sharey=True, squeeze=False
    )
    for ax in axes.flat[len(machines) :]:
        ax.set_visible(False)
    middle = np.sqrt(table["distance"].min() * table["distance"].max())
    for ax, machine in zip(axes.flat, machines):
        some = table[table["machine"] == machine]
        _panel(ax, some, changes)
        if "note" in table:
            _notes(ax, some[some["note"] != ""], changes, middle)
        ax.set_title(f"{machine}, n = {np.sum(table['machine'] == machine)}", fontsize=10)
    for ax in axes[-1]:
        ax.set_xlabel("distance in dB")
    return figure


def _check(table):
    if not hasattr(table, "columns"):
        raise ValueError(f"table is {given.told(table)}: give a table, a row a pair of clips")
    if missing := {"machine", "change", "kind", "distance"} - set(table.columns):
        raise ValueError(f"the table lacks {missing}")
    if strange := set(table["kind"]) - {"normal", "anomaly"}:
        raise ValueError(f"a kind is normal or anomaly, not {strange}")
    if not len(table) or not given.column(table["distance"], "distance").min() > 0.0:
        raise ValueError("the distances of a table are above 0, and there is at least one: add it")


def _panel(ax, table, changes):
    normal = table[table["kind"] == "normal"]["distance"]
    if len(normal):
        ax.axvline(normal.max(), color=GRAY, linewidth=1)
    for kind, some in table.groupby("kind", sort=False):
        look = LOOKS[kind]
        place = [-changes.index(change) for change in some["change"]]
        ax.plot(
            some["distance"], place, look.marker, color=look.color, alpha=0.6, markersize=5,
            linestyle="none",
        )  # fmt: skip
    ax.set(xscale="log", yticks=-np.arange(len(changes)), yticklabels=changes)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.tick_params(labelsize=8)
    plain(ax)


def _notes(ax, table, changes, middle):
    """Write each note on that side of its points where there is room."""
    for change, some in table.groupby("change"):
        side = 1 if some["distance"].median() < middle else -1
        edge = some["distance"].max() if side > 0 else some["distance"].min()
        ax.annotate(
            some["note"].iloc[0], (edge, -changes.index(change)), xytext=(6 * side, 0),
            textcoords="offset points",
            fontsize=7, verticalalignment="center",
            horizontalalignment="left" if side > 0 else "right",
        )  # fmt: skip
