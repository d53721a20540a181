"""A faulty machine beside the healthy one: two spectrograms, and what changed in each band."""

import numpy as np

from ..features.log_mels import centers, checked, name_frequencies
from ..style import GRAY, SERIES, Picture, plain

REACH = (-15.0, 35.0)
HEADROOM = 6.0
TICKS = 4


def fault_state(healthy, faulty, sr=16000):
    r"""Measure how a fault changes the mean and the maximum over time of each log-mel band.

    $$\Delta_b = \frac1T \sum_t (X'_{bt} - X_{bt}), \qquad
    \text{change} = \sqrt{\tfrac1B \sum_b \Delta_b^2}$$

    Shapes: healthy and faulty (B, T) in dB -> dict of ``mean_change max_change`` (RMS over the
        bands, dB), and of the ``band hertz largest`` where the mean changes most (number, Hz, dB).
    Raises: ValueError where the two differ in shape or hold NaN or infinite values.
    Example:
        >>> healthy, faulty = np.zeros((128, 10)), np.zeros((128, 10))
        >>> faulty[40] = 6.0  # one band is 6 dB louder
        >>> state = figures.fault_state(healthy, faulty)
        >>> state["band"], round(state["hertz"]), state["largest"]
        (40, 959, 6.0)
    Notebook: 01_machine_sounds
    """
    mean, peak = _changes(*_pair(healthy, faulty))
    band = int(np.abs(mean).argmax())
    return {
        "mean_change": float(np.sqrt(np.mean(mean**2))),
        "max_change": float(np.sqrt(np.mean(peak**2))),
        "band": band,
        "hertz": float(centers(len(mean), sr)[band]),
        "largest": float(mean[band]),
    }


def fault_figure(healthy, faulty, title="with the fault", sr=16000, hop=512):
    """Draw the healthy machine, the faulty one, and the change of each band.

    Shapes: healthy and faulty (B, T) in dB, of one machine at one moment.
    Raises: ValueError as ``fault_state`` does.
    Choices: the colors are those of the healthy machine with 6 dB of headroom, and the axis of the
        change is fixed, so that nothing but the fault moves. A change beyond the axis is drawn at
        its end.
    Notebook: 01_machine_sounds
    """
    healthy, faulty = _pair(healthy, faulty)
    low, high = np.percentile(healthy, [1, 99.9])
    figure = Picture(width=9.0, height=3.4)
    *pictures, change = figure.subplots(1, 3, width_ratios=[3, 3, 2], sharey=True)
    for ax, x, name in zip(pictures, (healthy, faulty), ("healthy", title)):
        image = ax.imshow(
            x, origin="lower", aspect="auto", extent=(0, x.shape[1] * hop / sr, -0.5, len(x) - 0.5),
            cmap="viridis",
            vmin=low, vmax=high + HEADROOM, interpolation="nearest",
        )  # fmt: skip
        ax.set(title=name, xlabel="time in s")
    pictures[0].set_ylabel("mel band")
    bar = figure.colorbar(image, ax=pictures, label="level in dB", extend="both", pad=0.02)
    _draw_change(change, *_changes(healthy, faulty))
    for ax in (*pictures, change, bar.ax):  # a tick costs a millisecond of each redraw
        ax.locator_params(nbins=TICKS)
    name_frequencies(change, len(healthy), sr)
    return figure


def _draw_change(ax, mean, peak):
    ax.axvline(0, color=GRAY, linewidth=1)
    for values, name, look in ((mean, "mean over time", SERIES[0]), (peak, "maximum", SERIES[2])):
        ax.plot(
            values.clip(*REACH), np.arange(len(values)), color=look.color, linestyle=look.line,
            label=name,
        )  # fmt: skip
    ax.set(
        xlim=REACH,
        xlabel="change in dB",
        title=f"mean changes by {np.sqrt(np.mean(mean**2)):.1f} dB",
    )
    ax.figure.legend(loc="outside lower right", ncols=2, frameon=False, fontsize=9)
    plain(ax)


def _pair(healthy, faulty):
    healthy, faulty = checked(healthy), checked(faulty)
    if healthy.shape != faulty.shape:
        raise ValueError(
            f"healthy is {healthy.shape} and faulty {faulty.shape}: compare clips of one length"
        )
    return healthy, faulty


def _changes(healthy, faulty):
    return (faulty - healthy).mean(axis=1), faulty.max(axis=1) - healthy.max(axis=1)
