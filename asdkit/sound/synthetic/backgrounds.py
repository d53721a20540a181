"""What else is heard where a machine stands: five kinds of background, none of them stationary."""

from typing import NamedTuple

import numpy as np

from .draws import draw, generator
from .machines import MACHINES, State, parameters
from .noise import (
    activity,
    cycles,
    frequencies,
    harmonics,
    pulses,
    ring,
    shaped,
    spectrum,
    unit,
    wander,
)


class Place(NamedTuple):
    """A place with its own background: kind, floor of noise, tones in Hz, clatter, and neighbors.

    Shapes: ``hump`` and ``rumble`` are (center, width, height) of rises of the floor; the rest are
        numbers and names.
    Choices: the ranges follow what spectra of halls look like: a maximum below 100 Hz, 15 to 25 dB
        lower at 1 kHz.
    """

    corner: float = 20.0
    slope: float = 0.8
    rolloff: float = 7000.0
    hump: tuple = (400.0, 150.0, 0.8)
    rumble: tuple = (70.0, 20.0, 1.0)
    lines: tuple = (100.0, 233.0, 590.0, 1180.0)
    clatter: float = 1.0
    kind: str = "factory"
    beside: tuple = ("fan", "pump")
    number: int = 0


RANGES = {
    "corner": (16.0, 38.0), "slope": (0.6, 0.9), "rolloff": (5500.0, 8500.0),
    "hump": ((250.0, 900.0), (80.0, 300.0), (0.3, 1.2)),
    "rumble": ((55.0, 90.0), (15.0, 30.0), (0.5, 1.5)),
    "lines": (
        (90.0, 110.0), (140.0, 260.0), (280.0, 480.0), (520.0, 900.0), (950.0, 1700.0),
        (1800.0, 3200.0),
    ),
    "clatter": (0.5, 2.0),
}  # fmt: skip


def place(which, seed=1):
    """Return the place of that number or kind, as the recipe of that seed draws it.

    Shapes: a number, of which ``number % 5`` says the kind, or the name of a kind -> a ``Place``.
    Raises: ValueError for a name that is no kind of background, and a number below 0.
    Choices: the name of a kind is the place of that kind with the smallest number.
    """
    if isinstance(which, str) and which not in BACKGROUNDS:
        raise ValueError(
            f"no background is called {which!r}: take one of {', '.join(BACKGROUNDS)}, or a number"
        )
    number = BACKGROUNDS.index(which) if isinstance(which, str) else which
    if number < 0:
        raise ValueError(
            f"the background is {number}: give a number from 0, or one of {', '.join(BACKGROUNDS)}"
        )
    rng = generator(seed, "noise", number)
    base = draw(Place, RANGES, rng)
    beside = tuple(
        map(
            str,
            rng.choice(
                ["fan", "pump", "slider", "conveyor", "gearbox", "bearing"], 2, replace=False
            ),
        )
    )
    return base._replace(kind=BACKGROUNDS[number % len(BACKGROUNDS)], beside=beside, number=number)


def background(place, rng, n, sr):
    """Make the background of one clip at that place: a floor of noise and what the kind brings.

    ``factory``: tones of distant machines, one that starts and stops, clatter. ``air``: a
    ventilation in gusts. ``neighbors``: two machines of this kit, each on and off. ``babble``: four
    voices. ``traffic``: vehicles pass by.

    Shapes: (n,) float32, RMS 1.
    Choices: the middle of the floor swells most, as in recordings; what the kind brings has
        -8 to 2 dB of the floor, in a factory 6 dB less.
    """
    floor = _floor(place, rng, n, sr)
    source = _KINDS[place.kind](place, rng, n, sr)
    gain = 10 ** (rng.uniform(-8, 2) / 20) * (0.5 if place.kind == "factory" else 1.0)
    return unit(floor + np.float32(gain) * source)


def _floor(place, rng, n, sr):
    gain = spectrum(n, sr, place.corner, place.slope, place.rolloff, (place.hump, place.rumble))
    gain = gain * frequencies(n, sr).clip(50.0) ** np.float32(rng.uniform(-0.15, 0.15))
    octaves = np.log2(frequencies(n, sr).clip(1.0) / 700)
    # the share of power that swells, two octaves about 700 Hz
    middle = np.exp(-0.5 * octaves**2, dtype=np.float32)
    wave = np.zeros(n, np.float32)
    for share, depth in ((middle, rng.uniform(0.1, 0.35)), (1 - middle, rng.uniform(0.02, 0.12))):
        part = gain * np.sqrt(share)
        level = np.sqrt(np.sum(np.square(part, dtype=np.float64)))
        wave += np.float32(level) * (1 + depth * wander(rng, n, sr, 1.5)) * shaped(rng, n, part)
    return unit(wave)


def _factory(place, rng, n, sr):
    wave = _lines(place, rng, n, sr) + _clatter(place, rng, n, sr)
    center = rng.uniform(500, 5000)
    hiss = shaped(
        rng, n, spectrum(n, sr, 0.5 * center, 0.8, 9000.0, ((center, 0.2 * center, 2.0),))
    )
    return wave + max(0.0, rng.uniform(-0.5, 0.5)) * activity(rng, n, sr, 5.0) * hiss


def _lines(place, rng, n, sr):
    # A distant machine's tone is noise about 1 Hz wide; some are barely there, a few as strong as
    # the floor.
    step, gain = sr / n, np.zeros(n // 2 + 1, np.float32)
    for center in place.lines:
        share, detune = 10 ** rng.uniform(-2.0, 0.0), rng.normal(1, 0.004)
        width = rng.uniform(0.3, 1.5)
        if rng.random() < 0.5:
            start = int((center * detune - 5 * width) / step)
            bins = np.arange(max(start, 0), min(start + int(10 * width / step) + 2, len(gain)))
            line = np.exp(-0.5 * ((bins * step - center * detune) / width) ** 2)
            gain[bins] += np.sqrt(share / np.sum(line**2)) * line
    level = np.sqrt(float(np.sum(np.square(gain))))
    return np.float32(level) * shaped(rng, n, gain)


def _clatter(place, rng, n, sr):
    count = rng.poisson(place.clatter * n / sr / 10)
    times, heights = rng.uniform(0, n / sr, count), np.exp(rng.normal(1.2, 0.6, count))
    modes = [
        (rng.uniform(400, 7000), rng.uniform(0.003, 0.012), rng.uniform(0.3, 1.0))
        for _ in range(16)
    ]
    return ring(pulses(times, heights, n, sr), modes, sr)


def _air(place, rng, n, sr):
    duct = spectrum(
        n, sr, 45.0, 1.1, 6000.0, ((place.lines[1], 60.0, 1.5), (place.lines[3], 200.0, 0.8))
    )
    gusts = (1 + 0.35 * wander(rng, n, sr, 0.7) + 0.1 * wander(rng, n, sr, 4.0)).clip(0.1)
    blades = cycles(rng, np.full(n, place.lines[1] / 2), sr)
    return unit(
        gusts * shaped(rng, n, duct) + 0.3 * harmonics(blades, np.array([0.3, 1.0, 0.2, 0.4]))
    )


def _neighbors(place, rng, n, sr):
    wave = np.zeros(n, np.float32)
    for number, name in enumerate(place.beside):
        make = parameters(name, 90 + number, place.number)
        state = State(rng.uniform(0.9, 1.1), rng.uniform(0.4, 0.8))
        running = 0.2 + 0.8 * activity(rng, n, sr, 6.0)
        wave += running * unit(MACHINES[name].model(make, state, None, 0.0, rng.spawn(1)[0], n, sr))
    return unit(wave)


def _babble(place, rng, n, sr):
    # Syllables come about 4 times a second; formants wander from vowel to vowel only between
    # voices, not in one.
    wave = np.zeros(n, np.float32)
    for pitch in (105.0, 125.0, 190.0, 220.0):
        formants = rng.uniform([400, 1100, 2200], [800, 1900, 3000])
        turns = cycles(rng, pitch * np.exp(0.12 * wander(rng, n, sr, 2.5)), sr)
        orders = pitch * np.arange(1, int(3800 / pitch))
        peaks = sum(1 / (1 + ((orders - center) / 90) ** 2) for center in formants)
        voice = harmonics(turns, (0.05 + peaks) * (200 / (200 + orders)))
        voice += (
            0.03
            * shaped(rng, n, spectrum(n, sr, 3000.0, 0.5, 9000.0))
            * wander(rng, n, sr, 6.0).clip(0)
        )
        wave += unit(voice) * wander(rng, n, sr, 8.0).clip(0) * activity(rng, n, sr, 2.0)
    return unit(wave)


def _traffic(place, rng, n, sr):
    wave, t = np.zeros(n, np.float32), np.arange(n, dtype=np.float32) / sr
    for _ in range(1 + rng.poisson(n / sr / 6)):
        nearest, width = rng.uniform(0, n / sr), rng.uniform(0.8, 2.5)
        tires = shaped(
            rng, n, spectrum(n, sr, 60.0, 0.7, 4000.0, ((rng.uniform(700, 1100), 300.0, 1.5),))
        )
        engine = harmonics(
            cycles(rng, np.full(n, rng.uniform(25, 45)), sr),
            np.array([0.3, 1.0, 0.4, 0.6, 0.2, 0.3]),
        )
        wave += (tires + 0.7 * engine) * rng.uniform(0.4, 1.0) / (1 + ((t - nearest) / width) ** 2)
    return unit(wave)


_KINDS = {
    "factory": _factory,
    "air": _air,
    "neighbors": _neighbors,
    "babble": _babble,
    "traffic": _traffic,
}
BACKGROUNDS = tuple(_KINDS)
