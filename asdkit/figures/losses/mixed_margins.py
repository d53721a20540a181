"""What rules of the margin give to both classes of a mixed clip, and where it comes to rest."""

import numpy as np

from ... import given
from ..style import GRAY, SERIES, Picture, entry, plain


def mixed_margins(lam, margins, rests, title="A mixed clip between its two centers"):
    r"""Draw the margins of both classes against the share of the first clip, a panel a rule, and
    beside them the angles at which the clip comes to rest.

    Shapes: ``lam`` (K,) ascending from 0 to 1; ``margins``, a dict of a rule -> (2, K) in radians,
        the first clip's class first; ``rests``, a dict of a rule -> K arrays of angles to the first
        center in radians, none, one or several each.
    Raises: ValueError for no rule, rules that differ between the two, or shapes that do not fit.
    Choices: where a rule has several places of rest, all are drawn, so points stand for lines. A
        gray line is the share itself, from 90 to 0 degrees.
    Notebook: 16_your_own_loss
    """
    lam = _checked(lam, margins, rests)
    figure = Picture(width=9.5, height=2.2 + 0.9 * len(margins))
    grid = figure.add_gridspec(len(margins), 2, width_ratios=[1, 1.5])
    rows = [figure.add_subplot(grid[row, 0]) for row in range(len(margins))]
    most = max(np.degrees(given.array(pair, name)).max() for name, pair in margins.items())
    for ax, (name, pair), look in zip(rows, margins.items(), SERIES):
        _pair(ax, lam, np.degrees(given.array(pair, name)), look)
        ax.set_title(name, fontsize=10)
        ax.set_ylim(-3, 1.15 * max(1.0, most))
    for ax in rows[:-1]:
        ax.tick_params(labelbottom=False)
    rows[-1].set_xlabel("lambda")
    rows[len(rows) // 2].set_ylabel("margin in degrees")
    rows[0].legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(0.0, 0.5))
    _places(figure.add_subplot(grid[:, 1]), lam, rests)
    figure.suptitle(f"{title} (n = {len(lam)} shares)", fontsize=11)
    return figure


def _pair(ax, lam, pair, look):
    for values, line, name in zip(pair, ("-", "--"), "ij"):
        label = f"class of {name}"
        ax.plot(lam, values, color=look.color, linestyle=line, linewidth=1.8, label=entry(label))
    for at, name, side in ((-1, "i", "left"), (0, "j", "right")):  # each at an end of its line
        ax.annotate(
            name, (lam[at], pair["ij".index(name)][at]), (3 if at else -3, 0), ha=side, va="center",
            textcoords="offset points", fontsize=9,
        )  # fmt: skip
    ax.set(xlim=(0, 1), xticks=[0, 0.5, 1])
    plain(ax)


def _places(ax, lam, rests):
    ax.plot([0, 1], [90, 0], color=GRAY, linewidth=0.8, label="the share itself")
    for number, ((name, places), look) in enumerate(zip(rests.items(), SERIES)):
        at = np.repeat(lam, [len(some) for some in places])
        found = np.degrees(np.concatenate([given.array(some, name) for some in places]))
        ax.plot(
            at, found, look.marker, color=look.color, fillstyle="none", label=entry(name),
            markersize=max(8 - 1.5 * number, 3),  # rings, so that none hides another
        )  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 90), yticks=range(0, 91, 15))
    ax.set_xlabel("lambda, the share of the first clip")
    ax.set_ylabel("rest: angle to the first center in degrees")
    ax.legend(fontsize=8, frameon=False, loc="lower left")
    plain(ax)


def _checked(lam, margins, rests):
    lam = given.array(lam, "lam").reshape(-1)
    if not margins or list(margins) != list(rests):
        raise ValueError(f"margins has {list(margins)}, rests {list(rests)}: give the same rules")
    if len(lam) < 2 or not (np.diff(lam) > 0).all() or lam[0] < 0 or lam[-1] > 1:
        raise ValueError("lam is to ascend from 0 to 1: give two shares or more")
    for name in margins:
        if np.shape(margins[name]) != (2, len(lam)) or len(rests[name]) != len(lam):
            raise ValueError(
                f"{name} has margins {np.shape(margins[name])} and {len(rests[name])} places: give "
                f"(2, {len(lam)}) and {len(lam)}"
            )
    return lam
