"""How far the normal clips of a machine lie apart, in several sets of clips."""

from ... import given
from ..style import SERIES, Picture, entry, plain

MEASURES = {  # columns, and the name of the axis
    "trace": "trace of covariance, dB²",
    "first three": "share of first three components",
    "rank": "effective rank",
}
FEWEST = 10  # clips, of which more than the trace is drawn


def normal_spread(table, title="Spread of the mean log-mel of normal clips"):
    """Draw trace, share of the first components, and effective rank of the covariance of normal
    clips within a machine, a row a set and a marker a machine.

    Shapes: ``table`` has a row a set and machine with the columns ``set machine clips``, ``trace``
        in dB squared, ``first three`` and ``rank``.
    Raises: ValueError for a column that is missing, numbers that are not finite, or more types of
        machine than looks.
    Choices: the trace has a log axis. Of n clips a rank is at most n - 1, and the first three
        components of 3 clips are all there are: where fewer than 10 clips are at hand only their
        trace is drawn, which depends on no n.
    """
    machines, sets = _machines_and_sets(table)
    figure = Picture(width=9.6, height=0.34 * len(sets) + 1.6)
    for ax, (column, name) in zip(figure.subplots(1, 3, sharey=True), MEASURES.items()):
        for number, (machine, look) in enumerate(zip(machines, SERIES)):
            own = table[(table["machine"] == machine)]
            own = own if column == "trace" else own[own["clips"] >= FEWEST]
            at = own["set"].map(sets.index) + 0.6 * ((number + 0.5) / len(machines) - 0.5)
            ax.plot(
                own[column], at, look.marker, color=look.color, markersize=5, label=entry(machine)
            )
        ax.set_xlabel(name, fontsize=9)
        plain(ax)
    first = figure.axes[0]
    first.set_xscale("log")
    counts = table.groupby("set")["clips"].agg(["min", "max"])
    told = [f"{name} (n = {_span(*counts.loc[name])})" for name in sets]
    first.set_yticks(range(len(sets)), told, fontsize=8)
    first.set(ylim=(len(sets) - 0.5, -0.5), ylabel="set (n clips a machine)")
    figure.legend(*first.get_legend_handles_labels(), loc="outside right upper", frameon=False)
    if (table["clips"] < FEWEST).any():
        title += f"\nsets of fewer than {FEWEST} clips: trace alone"
    figure.suptitle(title, fontsize=10)
    return figure


def _machines_and_sets(table):
    columns = ["set", "machine", "clips", *MEASURES]
    if not hasattr(table, "columns") or not len(table) or set(columns) - set(table):
        raise ValueError(f"table is {given.told(table)}: give a table of {', '.join(columns)}")
    for column in ("clips", "trace"):
        given.column(table[column], column)
    machines, sets = list(dict.fromkeys(table["machine"])), list(dict.fromkeys(table["set"]))
    if len(machines) > len(SERIES):
        raise ValueError(f"there are {len(machines)} machines: give {len(SERIES)} at most")
    return machines, sets


def _span(low, high):
    return f"{low}" if low == high else f"{low} to {high}"
