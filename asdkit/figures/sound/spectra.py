"""Third-octave spectra of several clips: what a microphone hears, and how far clips differ."""

import numpy as np

from ... import given
from ..style import SERIES, Picture, entry, plain

LOWEST, HIGHEST = -15, 9  # 31.25 Hz to 8 kHz in steps of a third of an octave about 1 kHz
TICKS_HZ = (31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000)


def third_octaves(waves, sr=16000):
    r"""Compute the power of each clip in third-octave bands, in dB of its total power.

    $$L_b = 10 \log_{10} \frac{\sum_{f_b 2^{-1/6} \le f < f_b 2^{1/6}} |X(f)|^2}{\sum_f |X(f)|^2},
      \qquad f_b = 2^{b/3} \cdot 1\,\text{kHz}$$

    Shapes: waves (N, T) -> centers (B,) in Hz and levels (N, B) in dB.
    Raises: ValueError for waves that are not (N, T), not finite, silent, or shorter than a second.
    Choices: rectangular bands on the spectrum of the whole clip, from 31.5 Hz to half the sampling
        rate; the mean is no sound and does not count.
    Example:
        >>> tone = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
        >>> centers, levels = figures.third_octaves(tone[None])
        >>> round(centers[levels[0].argmax()]), round(float(levels.max()), 1) + 0.0
        (1000, 0.0)
    Notebook: 15_train_on_gpu
    """
    waves = given.array(waves, "waves")
    if waves.ndim != 2 or waves.shape[1] < sr:
        raise ValueError(f"waves is {waves.shape}: pass (clips, samples) of at least a second each")
    power = np.square(np.abs(np.fft.rfft(waves - waves.mean(axis=1, keepdims=True))))[
        :, 1:
    ]  # (N, F)
    total = power.sum(axis=1, keepdims=True)
    if not (np.isfinite(total).all() and total.min() > 0):
        raise ValueError("waves holds a silent clip, NaN or infinite samples: leave it out")
    f = np.fft.rfftfreq(waves.shape[1], 1 / sr)[1:]
    centers = 1000.0 * 2.0 ** (np.arange(LOWEST, HIGHEST + 1) / 3)
    centers = centers[centers < sr / 2 * 2 ** (1 / 6)]
    band = np.rint(3 * np.log2(f / 1000)).astype(int) - LOWEST
    inside = (band >= 0) & (band < len(centers))
    levels = np.stack([np.bincount(band[inside], row[inside], len(centers)) for row in power])
    return centers, 10 * np.log10(levels / total + 1e-12)


def spectra(levels, centers, title="Third-octave spectra"):
    """Draw the spectra of groups of clips: a line at the median, a band over 10 to 90 % of the
    clips.

    Shapes: ``levels`` a dict, name -> (N, B) in dB of each clip's total power; centers (B,) in Hz.
    Raises: ValueError where there is no group, or one is not (N, B) and finite.
    Choices: the frequency axis is logarithmic: a third of an octave is as wide everywhere.
    Notebook: 15_train_on_gpu
    """
    if not levels:
        raise ValueError("there is no spectrum to draw: pass a dict such as {'normal': levels}")
    figure = Picture()
    ax = figure.subplots()
    for number, (name, values) in enumerate(levels.items()):
        values, look = _checked(name, values, len(centers)), SERIES[number % len(SERIES)]
        low, middle, high = np.percentile(values, [10, 50, 90], axis=0)
        band = {"color": look.color, "alpha": 0.2, "hatch": look.hatch, "linewidth": 0}
        ax.fill_between(centers, low, high, **band)
        ax.plot(
            centers, middle, color=look.color, linestyle=look.line, marker=look.marker,
            markersize=4, label=entry(f"{name}, n = {len(values)} clips"),
        )  # fmt: skip
    ax.set_xscale("log")
    ticks = [tick for tick in TICKS_HZ if centers[0] * 0.9 <= tick <= centers[-1] * 1.1]
    ax.set_xticks(ticks, [f"{tick:g}" if tick < 1000 else f"{tick / 1000:g}k" for tick in ticks])
    ax.minorticks_off()
    ax.set(xlabel="center of the third-octave band in Hz", ylabel="level in dB of the total")
    ax.set_title(f"{title} (n = {sum(len(values) for values in levels.values())} clips)")
    told = "median and 10 to 90 % of the clips"
    ax.legend(frameon=False, fontsize=9, title=told, title_fontsize=9)
    plain(ax)
    return figure


def _checked(name, levels, bands):
    levels = given.array(levels, "levels")
    if levels.ndim != 2 or levels.shape[1] != bands or not levels.size:
        raise ValueError(f"{name} is {levels.shape}: pass finite levels (clips, {bands}), in dB")
    if not np.isfinite(levels).all():
        raise ValueError(f"{name} holds NaN or infinite levels: pass finite levels")
    return levels
