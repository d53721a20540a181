"""What a training costs before it starts: hours by the speed of a short trial, and memory."""

import numpy as np

from ... import given
from ..style import GRAY, SERIES, Picture, plain

LANDMARKS = {"a night": 10.0, "a week": 168.0}
GIB = 2**30
BLANK = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}


def cost_state(rates, sizes, clips, epochs, faster=1.0, room=16.0):
    r"""Compute how long trainings last, and whether their inputs fit on a GPU.

    $$T = \frac{E N}{r}, \qquad M = N b$$

    Paper: [SCA] IV-B trains 400 epochs, [NAM] 300, [AP] 10.
    Shapes: ``rates`` a dict of a network -> clips a second r of a short trial, ``sizes`` the same
        of the bytes b that its inputs take a clip; N ``clips``, E ``epochs``, how many times
        ``faster`` another machine is, its ``room`` in GiB -> dict of ``hours``, ``gibibytes`` and
        ``fits``, each a dict of a network, and what was asked.
    Raises: ValueError for other networks in the two dicts, none, or numbers that are not positive.
    Example:
        >>> state = figures.cost_state({"ResNet": 125.0}, {"ResNet": 160_256}, 20_000, 400)
        >>> round(state["hours"]["ResNet"], 1), state["fits"]["ResNet"]
        (17.8, True)
    Notebook: 15_train_on_gpu
    """
    if not isinstance(rates, dict) or not isinstance(sizes, dict):
        raise ValueError("rates or sizes is no dict: give a network and its number for each")
    if not rates or set(rates) != set(sizes):
        raise ValueError(
            f"rates are of {sorted(rates)} and sizes of {sorted(sizes)}: give both for each network"
        )
    asked = {"clips": clips, "epochs": epochs, "faster": faster, "room": room}
    for name, value in [*asked.items(), *rates.items(), *sizes.items()]:
        if not given.number(value, name) > 0:
            raise ValueError(f"{name} is {value!r}: give a number above 0")
    gibibytes = {name: clips * size / GIB for name, size in sizes.items()}
    return asked | {
        "hours": {name: epochs * clips / (rate * faster) / 3600 for name, rate in rates.items()},
        "gibibytes": gibibytes,
        "fits": {name: size <= room for name, size in gibibytes.items()},
    }


def cost_figure(state):
    """Draw the hours of each training beside a night and a week, and its inputs beside the room.

    Shapes: the dict of ``cost_state``.
    Choices: both axes are logarithmic and stay where they are, so that a mark can be followed.
    Notebook: 15_train_on_gpu
    """
    figure = Picture(height=1.6 + 0.42 * len(state["hours"]))
    left, right = figure.subplots(1, 2, sharey=True)
    names, places = list(state["hours"]), np.arange(len(state["hours"]))
    for panel, ax, span in (("hours", left, (1e-3, 3e4)), ("gibibytes", right, (1e-3, 1e4))):
        for place, name, look in zip(places, names, SERIES):
            value = state[panel][name]
            ax.hlines(place, span[0], value, color=look.color, linestyle=look.line, linewidth=1.4)
            ax.plot(value, place, look.marker, color=look.color, markersize=8)
            ax.annotate(
                _told(value), (value, place), (8, 0), textcoords="offset points",
                va="center", fontsize=9, bbox=BLANK, zorder=3,
            )  # fmt: skip
        ax.set(xscale="log", xlim=span)
        plain(ax)
    for word, hours in LANDMARKS.items():
        _line(left, hours, len(names), word, color=GRAY, linestyle=":")
    _line(right, state["room"], len(names), f"room, {state['room']:g} GiB", color="black", ls="--")
    left.set(xlabel="time in hours", ylabel="network", ylim=(-0.5, len(names) - 0.1))
    left.set_yticks(places, names)
    right.set(xlabel="inputs of all clips in GiB")
    left.set_title(
        f"{state['epochs']} epochs (n = {state['clips']:,} clips)"
        + (f", {state['faster']:g} times as fast" if state["faster"] != 1 else ""), fontsize=10,
    )  # fmt: skip
    whole = [name for name in names if state["fits"][name]]
    right.set_title(f"{len(whole)} of {len(names)} lie on the GPU whole", fontsize=10)
    return figure


def _line(ax, value, rows, word, **look):
    ax.axvline(value, linewidth=1.3, **look)
    ax.text(value, rows - 0.45, word, ha="center", va="bottom", fontsize=8, bbox=BLANK)


def _told(value):
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"
