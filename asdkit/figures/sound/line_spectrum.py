"""A spectrum with the frequencies marked at which physics expects lines."""

import numpy as np

from ..style import SERIES, Picture, entry, finite, plain


def line_spectrum(frequency, level, marks, title="spectrum", limit=None):
    """Draw a spectrum in dB and mark the frequencies at which lines are expected.

    Shapes: frequency (K,) in Hz, level (K,) in dB; ``marks`` maps a name to a frequency in Hz or to
        several; up to ``limit`` Hz is drawn, else all.
    Raises: ValueError where lengths differ, nothing lies below the limit, or a value is not finite.
    Notebook: 01_machine_sounds
    """
    frequency, level = finite(frequency, "frequency"), finite(level, "level")
    if len(frequency) != len(level):
        raise ValueError(
            f"{len(frequency)} frequencies and {len(level)} levels: pass one level a frequency"
        )
    shown = frequency <= (frequency.max() if limit is None else limit)
    if not shown.any():
        raise ValueError(f"no frequency lies below the limit of {limit} Hz: raise it")
    figure = Picture()
    ax = figure.subplots()
    ax.plot(frequency[shown], level[shown], color=SERIES[0].color, linewidth=0.8)
    for (name, places), look in zip(marks.items(), SERIES[1:] * len(marks)):
        for place in finite(places, name):
            ax.axvline(
                place, color=look.color, linestyle=look.line, linewidth=2, alpha=0.7, zorder=0
            )
        ax.plot(
            [], [], color=look.color, linestyle=look.line, linewidth=2,
            label=entry(f"{name}, {_listed(places)} Hz"),
        )  # fmt: skip
    ax.set(
        xlabel="frequency in Hz", ylabel="level in dB", title=title,
        xlim=(frequency.min(), frequency[shown].max()),
    )  # fmt: skip
    ax.legend(fontsize=9, loc="upper right", framealpha=0.85, edgecolor="none")
    plain(ax)
    return figure


def _listed(places):
    """Name the first two frequencies, and put dots for more."""
    places = np.atleast_1d(places)
    return ", ".join(f"{place:.1f}" for place in places[:2]) + (" ..." if len(places) > 2 else "")
