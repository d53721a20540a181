"""Where a machine stands and what it is recorded with: the noise of a factory hall and the color of a microphone."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import fft

from .noise import frequencies, shaped, spectrum, unit, wander


class Place(NamedTuple):
    """A factory hall as a microphone hears it: a floor of noise and the tones of other machines.

    Shapes: ``lines`` holds K frequencies in Hz; ``hump`` is (center, width, height) of a broad rise.
    Choices: the ranges follow what spectra of halls look like: a maximum below 100 Hz, 15 to 25 dB lower at 1 kHz.
    Notebook: 00_start_here
    """

    corner: float = 35.0
    slope: float = 0.8
    rolloff: float = 6000.0
    hump: tuple = (400.0, 150.0, 0.8)
    lines: tuple = (100.0, 233.0, 590.0, 1180.0)
    clatter: float = 0.7


PLACES = {
    "corner": (20.0, 50.0), "slope": (0.65, 0.95), "rolloff": (4500.0, 7000.0),
    "hump": ((250.0, 900.0), (80.0, 300.0), (0.3, 1.2)),
    "lines": ((90.0, 110.0), (140.0, 260.0), (280.0, 480.0), (520.0, 900.0), (950.0, 1700.0), (1800.0, 3200.0)),
    "clatter": (0.3, 1.0),
}  # fmt: skip


class Microphone(NamedTuple):
    """The coloration of a microphone and the room around it: a tilt in dB a decade and one resonance.

    Notebook: 00_start_here
    """

    tilt: float = 0.0
    center: float = 1500.0
    width: float = 600.0
    height: float = 0.0


MICROPHONES = {"tilt": (-3.0, 3.0), "center": (700.0, 4000.0), "width": (300.0, 1200.0), "height": (0.1, 0.8)}


def factory(place, rng, n, sr):
    """The background of one clip in that hall: floor, some of the hall's tones, slow swell and now and then clatter.

    Shapes: (n,) float32, RMS about 1.
    Choices: a tone of another machine is noise about 1 Hz wide; its power is 3 to 20 % of the floor, if it runs at all.
    Notebook: 00_start_here
    """
    floor = spectrum(n, sr, place.corner, place.slope, place.rolloff, (place.hump,))
    gain = floor * frequencies(n, sr).clip(50.0) ** np.float32(rng.uniform(-0.15, 0.15))
    power, step = float(np.sum(gain * gain)), sr / n
    for center in place.lines:
        share, detune, width = rng.uniform(0.03, 0.2), rng.normal(1, 0.004), rng.uniform(0.3, 1.5)
        if rng.random() < 0.5:
            start = int((center * detune - 5 * width) / step)
            bins = np.arange(max(start, 0), min(start + int(10 * width / step) + 2, len(gain)))
            line = np.exp(-0.5 * ((bins * step - center * detune) / width) ** 2)
            gain[bins] += np.sqrt(share * power / np.sum(line**2)) * line
    wave = shaped(rng, n, gain) * (1 + rng.uniform(0.05, 0.2) * wander(rng, n, sr, 1.5)).clip(0.2)
    for _ in range(rng.poisson(place.clatter)):
        length = int(sr * rng.uniform(0.05, 0.3))
        start = int(rng.integers(0, max(1, n - length)))
        burst = unit(np.diff(rng.standard_normal(length + 1, dtype=np.float32)))[: n - start]
        wave[start : start + length] += rng.uniform(0.1, 0.5) * burst * np.linspace(1, 0, length)[: len(burst)] ** 2
    return wave


def colored(wave, microphone, sr):
    """``wave`` as that microphone records it.

    Shapes: (n,) -> (n,) float32.
    Notebook: 00_start_here
    """
    return fft.irfft(fft.rfft(wave) * _response(len(wave), sr, microphone), len(wave), overwrite_x=True)


@lru_cache(maxsize=16)
def _response(n, sr, microphone):
    f = frequencies(n, sr)
    tilt = (f.clip(30.0) / 1000) ** np.float32(microphone.tilt / 20)
    peak = 1 + microphone.height / (1 + ((f - microphone.center) / microphone.width) ** 2)
    return (tilt * peak * (f > 0)).astype(np.float32)
