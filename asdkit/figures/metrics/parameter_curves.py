"""How detectors fare as one parameter of the machines moves: AUC, or lead, level by level."""

import numpy as np

from ..style import GRAY, SERIES, Picture, plain

LABELS = {  # of the parameters of data/traces/summaries.csv
    "drift": "spectra move from clip to clip, dB",
    "clips": "training clips an id",
    "spread": "share kept of differences of ids",
    "ids": "ids of a type trained on",
    "places": "places an id is recorded in",
    "snr": "SNR against the set large, dB",
    "states": "states an id runs at",
    "snr_range": "range of an id's SNR, dB",
}
VALUES = {  # columns, name of the axis, reference
    "auc": (("auc", "low", "high"), "AUC", 0.5),
    "lead": (("lead", "lead_low", "lead_high"), "lead in AUC over the mean Gaussian", 0.0),
}
APART = 0.1  # of the way to the next level, between detectors
ACROSS = 4  # panels


def parameter_curves(table, names, value="auc", title="One parameter at a time", note=""):
    """Draw the AUC of several detectors at the levels of each parameter, a panel a parameter, or
    how far each leads the mean Gaussian on the same clips.

    A marker is the mean of the seeds, a bar the 95 % interval over clips, a dot a seed.

    Paper: none of the five; [SCA] Table V compares a trained network with summaries of the log-mel
        on one data set.
    Shapes: ``table`` has a row a parameter, level, detector and seed, with the columns ``parameter
        level detector seed`` and ``auc low high`` or ``lead lead_low lead_high``; ``names``, a dict
        of a short name -> a detector of the table; ``note`` says of how many clips.
    Raises: ValueError for a value that is neither, no name, more names than looks, and a detector
        that the table does not have.
    Choices: levels stand at equal steps in their order, as some double and some do not. The bar is
        the mean of the seeds' own intervals: all are judged on the same clips, so more seeds do
        not make it shorter.
    """
    _check(table, names, value)
    parameters = sorted(set(table["parameter"]), key=[*LABELS, *table["parameter"]].index)
    rows, across = -(-len(parameters) // ACROSS), min(len(parameters), ACROSS)
    figure = Picture(width=max(across * 2.4, 4.6) + 0.8, height=2.5 * rows + 1.1)
    axes = figure.subplots(rows, across, sharey=True, squeeze=False).ravel()
    for ax in axes[len(parameters) :]:
        ax.remove()
    for ax, name in zip(axes, parameters):
        _panel(ax, table[table["parameter"] == name], names, value)
        ax.set_xlabel(LABELS.get(name, name), fontsize=9)
    for ax in axes[: len(parameters) : ACROSS]:
        ax.set_ylabel(VALUES[value][1], fontsize=9)
    seeds = table.groupby("detector")["seed"].nunique()
    counts = [f", n = {seeds[name]} seeds" if seeds[name] > 1 else "" for name in names.values()]
    told = [name + count for name, count in zip(names, counts)]
    lines = axes[0].get_lines()[1 : 1 + len(names)]
    figure.legend(lines, told, loc="outside lower center", ncols=across, frameon=False, fontsize=9)
    under = "; ".join(filter(None, [note, "bars: 95 % interval over clips, dots: seeds"]))
    figure.suptitle(f"{title}\n{under}", fontsize=10)
    return figure


def level_means(table, value="auc"):
    """The mean over seeds at each level of each parameter, with its interval over clips.

    Shapes: ``table`` as ``parameter_curves`` takes it -> DataFrame, a row a parameter, detector and
        level: ``mean low high seeds``.
    Choices: the ends are means of the seeds' own ends.
    """
    keys, columns = ["parameter", "detector", "level"], list(VALUES[value][0])
    grouped = table.groupby(keys)
    means = grouped[columns].mean().set_axis(["mean", "low", "high"], axis=1)
    return means.assign(seeds=grouped["seed"].nunique()).reset_index()


def _check(table, names, value):
    if value not in VALUES:
        raise ValueError(f"value is {value!r}: give one of {', '.join(map(repr, VALUES))}")
    if not 1 <= len(names) <= len(SERIES):
        raise ValueError(f"there are {len(names)} names: give 1 to {len(SERIES)}")
    known = sorted(set(table["detector"]))
    for name in names.values():
        if name not in known:
            raise ValueError(f"the table has no detector {name!r}: it has {', '.join(known)}")


def _panel(ax, table, names, value):
    levels, column = sorted(set(table["level"])), VALUES[value][0][0]
    ax.axhline(VALUES[value][2], color=GRAY, linestyle=":", linewidth=1.2)
    curves = level_means(table, value)
    drawn = []
    for number, (look, stored) in enumerate(zip(SERIES, names.values())):
        own = curves[curves["detector"] == stored]
        at = np.searchsorted(levels, own["level"]) + APART * (number - (len(names) - 1) / 2)
        ax.plot(
            at, own["mean"], marker=look.marker, linestyle=look.line, color=look.color,
            markersize=5, linewidth=1.4,
        )  # fmt: skip
        drawn.append((look, stored, at, own))
    for look, stored, at, own in drawn:
        ax.vlines(at, own["low"], own["high"], color=look.color, linewidth=1.1, alpha=0.8)
        for place, level in zip(at, own["level"]):
            seeds = table[(table["detector"] == stored) & (table["level"] == level)][column]
            ax.plot(np.full(len(seeds), place), seeds, ".", color=look.color, markersize=3)
    ax.set_xticks(range(len(levels)), [f"{level:g}" for level in levels])
    ax.set_xlim(-0.5, len(levels) - 0.5)
    plain(ax)
