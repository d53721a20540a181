"""A spectrum with the frequencies marked at which physics expects lines."""

import numpy as np

from ..style import SERIES, Picture, finite, plain


def line_spectrum(frequency, level, marks, title="spectrum", limit=None):
    """Draw a spectrum in dB and mark expected frequencies: the reader sees whether a line stands at each.

    Shapes: frequency (K,) in Hz, level (K,) in dB; ``marks`` maps a name to a frequency in Hz or to several; up to
        ``limit`` Hz is drawn, else all.
    Raises: ValueError where lengths differ, nothing lies below the limit, or a value is not finite.
    Example:
        >>> import numpy as np
        >>> from asdkit import figures
        >>> wave = np.sin(2 * np.pi * 50 * np.arange(1000) / 1000)
        >>> level = 20 * np.log10(abs(np.fft.rfft(wave)) + 1)
        >>> figures.line_spectrum(np.fft.rfftfreq(1000, 1 / 1000), level, {"hum": 50}).axes[0].get_xlabel()
        'frequency in Hz'
    Notebook: 01_machine_sounds
    """
    frequency, level = finite(frequency, "frequency"), finite(level, "level")
    if len(frequency) != len(level):
        raise ValueError(f"{len(frequency)} frequencies and {len(level)} levels: pass one level a frequency")
    shown = frequency <= (frequency.max() if limit is None else limit)
    if not shown.any():
        raise ValueError(f"no frequency lies below the limit of {limit} Hz: raise it")
    figure = Picture()
    ax = figure.subplots()
    ax.plot(frequency[shown], level[shown], color=SERIES[0].color, linewidth=0.8)
    for (name, places), look in zip(marks.items(), SERIES[1:] * len(marks)):
        for place in finite(places, name):
            ax.axvline(place, color=look.color, linestyle=look.line, linewidth=2, alpha=0.7, zorder=0)
        ax.plot([], [], color=look.color, linestyle=look.line, linewidth=2, label=f"{name}, {_listed(places)} Hz")
    ax.set(xlabel="frequency in Hz", ylabel="level in dB", title=title, xlim=(frequency.min(), frequency[shown].max()))
    ax.legend(fontsize=9, loc="upper right", framealpha=0.85, edgecolor="none")
    plain(ax)
    return figure


def _listed(places):
    """The first two of the frequencies, and dots for more."""
    places = np.atleast_1d(places)
    return ", ".join(f"{place:.1f}" for place in places[:2]) + (" ..." if len(places) > 2 else "")
