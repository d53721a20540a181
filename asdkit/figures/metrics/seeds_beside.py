"""Own AUCs of several seeds beside published ones: an order that seeds change is no order."""

import numpy as np

from ..style import GRAY, LOOKS, Picture, finite, plain

WIDTH = 0.3


def seeds_beside(seeds, published=None, title="AUC of each backend", kind="backend", control=None):
    """Draw the AUC of each seed, a line for each name, with the mean, and write the published AUC
    beside it.

    Shapes: ``seeds``, a dict of a name -> (K,) AUCs; ``published``, a dict of a name -> AUC, with
        or without all names; ``kind`` says what the names name; ``control`` the AUC of the
        strongest score without training.
    Raises: ValueError for no name, an AUC outside 0 and 1, names with different numbers of seeds,
        or a published name that has no line.
    Choices: AUCs as shares, not in percent. Seeds lie below one another in their order, the first
        on top, so that one seed can be followed from line to line. Published AUCs, of other data,
        are a column of text: as dots they would squeeze ours together. The dotted line is the
        control, or else chance.
    Notebook: 12_backends
    """
    drawn, published = _checked(seeds, published or {}, control)
    names, count = list(drawn), len(next(iter(drawn.values())))
    figure = Picture(height=1.5 + 0.34 * len(names))
    ax = figure.subplots()
    line, told = (0.5, "chance, 0.5") if control is None else (control, f"control, {control:.3f}")
    ax.axvline(line, color=GRAY, linestyle=":", linewidth=1.6, label=told)
    rows, values = np.arange(len(names)), np.array(list(drawn.values()))
    look = LOOKS["normal"]
    for number, place in enumerate(np.linspace(-WIDTH, WIDTH, count) if count > 1 else [0.0]):
        ax.plot(
            values[:, number], rows + place, look.marker, color=look.color, markersize=4, alpha=0.7,
            label=None if number else "one seed",
        )  # fmt: skip
    reach, told = (rows - WIDTH, rows + WIDTH), "mean of the seeds"
    ax.vlines(values.mean(axis=1), *reach, color="black", linewidth=2, label=told)
    ax.set_yticks(rows, names)
    ax.set(xlabel="AUC, mean over machines", ylabel=kind)
    ax.set_ylim(len(names) - 0.5, -0.5)
    if published:
        _beside(ax, names, published)
    ax.set_title(f"{title} (n = {count} seeds)")
    figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=9)
    plain(ax)
    return figure


def _beside(ax, names, published):
    """Write the published AUCs as a second column of labels."""
    column = ax.secondary_yaxis("right")
    told = [f"{published[name]:.3f}" if name in published else "" for name in names]
    column.set_yticks(range(len(names)), told)
    column.set_ylabel("published, other data")
    column.tick_params(length=0)
    column.spines["right"].set_visible(False)


def _checked(seeds, published, control):
    drawn = {name: finite(values, name) for name, values in seeds.items()}
    counts = {len(values) for values in drawn.values()}
    if len(counts) != 1:
        raise ValueError(
            f"there are {len(drawn)} names with {sorted(counts)} seeds: "
            "give each the same number of AUCs"
        )
    strange = [name for name in published if name not in drawn]
    if strange:
        raise ValueError(
            f"{strange[0]!r} is published and has no line here: leave it out, or give its AUCs"
        )
    others = {} if control is None else {"the control": control}
    for name, value in [*drawn.items(), *published.items(), *others.items()]:
        if np.min(value) < 0.0 or np.max(value) > 1.0:
            raise ValueError(
                f"an AUC of {name} is {np.max(value):g}: give shares between 0 and 1, not percent"
            )
    return drawn, published
