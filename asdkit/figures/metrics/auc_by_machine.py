"""AUC and pAUC of several systems on each machine type, with the spread of their seeds."""

import numpy as np

from ... import given
from ..style import GRAY, SERIES, Picture, plain

PANELS = ("AUC", "pAUC")
APART = 0.8  # that the dots of a machine share, of the way to the next


def auc_by_machine(machines, auc, pauc, title="AUC and pAUC of each machine type"):
    """Draw AUC and pAUC of several systems on each machine type, a panel each.

    A dot is the mean of the seeds, its line reaches from the lowest to the highest of them.

    Paper: [L2S] Figures 1 to 4 compare its systems so, without seeds.
    Shapes: M ``machines``; ``auc`` and ``pauc``, dicts of a system -> (R seeds, M), or (M,) where
        nothing is drawn by chance.
    Raises: ValueError for no machine, other systems in the two, more systems than looks, other
        shapes, or what are no shares.
    Choices: both panels share their axis of 0.3 to 1, which grows where a dot lies below. Chance
        is 0.5 in both, for the pAUC too, as it is standardized.
    Example:
        >>> two = {"baseline": [0.6, 0.7], "tuned": [[0.6, 0.8], [0.7, 0.8]]}
        >>> figures.auc_by_machine(["fan", "pump"], two, two).legends[0].get_texts()[2]
        Text(0, 0, 'tuned, n = 2 seeds, mean AUC 0.725, pAUC 0.725')
    Notebook: 04_autoencoders
    """
    both = _checked(machines, auc, pauc)
    names, places = list(auc), np.arange(len(machines))
    figure = Picture(height=max(2.6, 1.3 + 0.22 * len(names)) + 0.13 * len(machines) * len(names))
    axes = figure.subplots(1, 2, sharex=True, sharey=True)
    for ax, values, panel in zip(axes, both, PANELS):
        ax.axvline(0.5, color=GRAY, linestyle=":", linewidth=1.2, label="chance, 0.5")
        for number, (name, look) in enumerate(zip(names, SERIES)):
            at = places + APART * ((number + 0.5) / len(names) - 0.5)
            rows = values[name]
            ax.hlines(at, rows.min(axis=0), rows.max(axis=0), color=look.color, linewidth=1.6)
            ax.plot(rows.mean(axis=0), at, look.marker, color=look.color, markersize=5.5)
        ax.set_xlabel(panel)
        ax.set_title(f"{panel} (n = {len(machines)} machine types)", fontsize=10)
        plain(ax)
    low = min(values.min() for each in both for values in each.values())
    axes[0].set_yticks(places, machines)
    axes[0].set(ylim=(len(machines) - 0.5, -0.5), xlim=(min(0.3, low - 0.02), 1.01))
    axes[0].set_ylabel("machine type")
    figure.suptitle(title, fontsize=11)
    _legend(figure, axes[0], names, both)
    return figure


def _legend(figure, ax, names, both):
    lines = [ax.lines[0]]
    words = ["chance, 0.5"]
    for name, look in zip(names, SERIES):
        lines += ax.plot([], [], "-", marker=look.marker, color=look.color, markersize=5.5)
        areas = ", ".join(f"{panel} {each[name].mean():.3f}" for panel, each in zip(PANELS, both))
        seeds = len(both[0][name])
        drawn = f"n = {seeds} seeds, mean" if seeds > 1 else "mean"
        words.append(f"{name}, {drawn} {areas}")
    figure.legend(lines, words, loc="outside lower center", frameon=False, fontsize=9)


def _checked(machines, auc, pauc):
    """Return both dicts with arrays (R, M)."""
    if not isinstance(auc, dict) or not isinstance(pauc, dict):
        raise ValueError("auc or pauc is no dict: give a system and its areas for each")
    if not len(machines) or not auc or set(auc) != set(pauc):
        raise ValueError(
            f"there are {len(machines)} machines, AUCs of {', '.join(auc) or 'nothing'} and pAUCs "
            f"of {', '.join(pauc) or 'nothing'}: give the same systems in both"
        )
    if len(auc) > len(SERIES):
        raise ValueError(f"{len(auc)} systems cannot be told apart: show up to {len(SERIES)}")
    both = [
        {name: np.atleast_2d(given.array(some[name], name)) for name in auc} for some in (auc, pauc)
    ]
    for name in auc:
        for each in both:
            rows = each[name]
            if rows.ndim != 2 or not len(rows) or rows.shape[1] != len(machines):
                raise ValueError(
                    f"{name} is {rows.shape}: give (seeds, {len(machines)}) of 1 seed or more"
                )
            if not ((rows >= 0) & (rows <= 1)).all():
                raise ValueError(f"{name} holds what is no share: give AUCs from 0 to 1")
    return both
