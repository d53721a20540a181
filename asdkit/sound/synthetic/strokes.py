"""Machines that strike and stroke, a valve and a slider: impacts, friction and resonances."""

from typing import NamedTuple

import numpy as np

from .noise import cycles, harmonics, pulses, ring, shaped, spectrum, strengths, wander

VALVE_FAULTS = ("sluggish", "leak", "loose_part")
SLIDER_FAULTS = ("dry_rail", "loose_belt", "rail_damage")


class Valve(NamedTuple):
    """A solenoid valve: period in s, share of it open, body resonances in Hz, their decay in s."""

    period: float = 0.9
    duty: float = 0.4
    body: tuple = (1900.0, 3600.0, 5200.0, 6800.0)
    decay: float = 0.003
    closing: float = 0.6
    rush: float = 0.05
    hum: float = 0.02


class Slider(NamedTuple):
    """A linear slide: seconds a stroke, rest at its ends, screw tone and rail resonances in Hz."""

    stroke: float = 1.1
    rest: float = 0.25
    ramp: float = 0.15
    screw: float = 320.0
    tones: float = 0.5
    drive: float = 0.4
    corner: float = 120.0
    slope: float = 0.75
    rail: tuple = (620.0, 1700.0, 3400.0)
    stop: float = 2.0


def valve(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make the impacts of an armature, each ringing the body, and the air while the valve is open.

    $$x = \sum_i g_i h_i(t - t_i), \qquad h_i(t) = \sum_k g_{ik} e^{-t/\tau_k} \sin 2\pi f_k t$$

    ``sluggish``: closing comes late, softly and irregularly. ``leak``: air hisses through the
    closed seat. ``loose_part``: each impact is followed by rattling of another, lighter part.

    Shapes: a ``Valve``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a valve does not have, and a strength outside [0, 1].
    Choices: times scatter by 8 ms and heights by 20 %, no two impacts ring alike, and the control
        may pause the valve for some strokes, as it does in recordings. A higher load (pressure)
        rings the higher modes more.
    """
    sluggish, leak, loose = strengths(VALVE_FAULTS, fault, strength)
    period, extra = make.period / state.speed, rng.spawn(1)[0]
    opening = _openings(period, rng, n / sr)
    count = len(opening)
    late = sluggish * period * (0.15 + 0.06 * extra.standard_normal(count))
    closing = opening + make.duty * period + rng.normal(0, 0.008, count) + late
    heights = np.exp(0.2 * rng.standard_normal(2 * count))
    heights[count:] *= make.closing * (1 - 0.5 * sluggish)
    times = np.concatenate([opening, closing])
    wave = _strikes(make, state, times, heights, rng, n, sr)
    opened, decay = _opened(opening, make.duty * period, n, sr)
    air = shaped(rng, n, spectrum(n, sr, 1800.0, 0.4, 9000.0))
    wave = wave + make.rush * state.load * decay * air
    hum = cycles(rng, np.full(n, 100.0), sr)
    wave = wave + make.hum * opened * harmonics(hum, np.array([1.0, 0.4, 0.2]))
    if leak:
        jet = shaped(extra, n, spectrum(n, sr, 3000.0, 0.3, 7500.0))
        wave = wave + 0.05 * leak * (1 - opened) * jet
    if loose:
        wave = wave + loose * _rattle(times, heights, extra, n, sr)
    return wave.astype(np.float32)


def slider(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make strokes to and fro: friction and the screw's tone follow the velocity, clicks end it.

    $$x = (d + |v|^{0.8})\, b(t) + T |v| \sum_k a_k \sin 2\pi k \phi(t) + \text{clicks}, \qquad
    \dot\phi = f_0 |v(t)|$$

    ``dry_rail``: rough friction that squeals near a rail resonance. ``loose_belt``: flutter of the
    drive and a slap at each start. ``rail_damage``: a blow at one place of the rail.

    Shapes: a ``Slider``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a slider does not have, and a strength outside [0, 1].
    Choices: the velocity is a trapezoid; its drive d is heard at rest too.
    """
    dry, belt, damage = strengths(SLIDER_FAULTS, fault, strength)
    strokes, place = _carriage(make, state, rng, n, sr)
    speed = (np.minimum(place, 1 - place) / make.ramp).clip(0, 1).astype(np.float32)
    peaks = tuple((center, 0.07 * center, 1.2) for center in make.rail)
    friction = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    friction = friction * (0.5 + 0.8 * state.load)
    turns, extra = cycles(rng, make.screw * state.speed * speed, sr), rng.spawn(1)[0]
    tone = make.tones * harmonics(turns, np.arange(1, 9) ** -1.3)
    ends = np.flatnonzero(np.diff(strokes.astype(np.int64))) / sr
    blows = make.stop * pulses(ends, 1 + 0.15 * rng.standard_normal(len(ends)), n, sr)
    if dry:
        friction = friction * (1 + dry * np.abs(wander(extra, n, sr, 60.0)))
        friction = friction + dry * _squeal(make, extra, n, sr)
    if belt:
        flutter = wander(extra, n, sr, 24.0)
        slaps = pulses(ends + make.rest, 14 * belt * extra.uniform(0.6, 1.4, len(ends)), n, sr)
        slaps = ring(slaps, [(140.0, 0.03, 1.0), (310.0, 0.02, 0.6)], sr)
        tone = tone * (1 + 0.8 * belt * flutter) + slaps
        friction = friction * (1 + 0.5 * belt * flutter)
    if damage:
        position = np.abs(place - (strokes.astype(np.int64) % 2))
        passing = np.flatnonzero(np.diff(position > 0.35)) / sr
        blows = blows + pulses(passing, 20 * damage * extra.uniform(0.7, 1.3, len(passing)), n, sr)
    clicks = ring(blows, [(center, 6 / center, 1.0) for center in make.rail], sr)
    return ((make.drive + speed**0.8) * friction + speed * tone + clicks).astype(np.float32)


def _openings(period, rng, seconds):
    # The control leaves out a run of strokes in two of three clips; the stroke before the clip
    # still closes in it.
    openings = np.arange(-1, seconds / period + 1) * period + rng.uniform(0, period)
    openings = openings + rng.normal(0, 0.008, len(openings))
    first, run, pauses = rng.integers(1, len(openings)), rng.integers(1, 4), rng.random() < 0.66
    kept = np.ones(len(openings), bool)
    kept[first : first + run] = not pauses
    kept[[0, len(openings) // 2]] = True
    return openings[kept]


def _strikes(make, state, times, heights, rng, n, sr):
    # An impact is eight blows within some 4 ms, shared by a low and a bright spot: no two of them
    # sound alike.
    gaps = rng.gamma(2.0, 0.001, (8, len(times)))
    gains = 0.4 * heights * rng.standard_normal((8, len(times)))
    bright, share = 0.8 + 0.8 * state.load, rng.uniform(0.2, 0.8, (8, len(times)))
    modes = [
        (center * detune, make.decay * (2000 / center) ** 0.5, bright**k)
        for k, center in enumerate(make.body) for detune in (0.91, 1.0, 1.06)
    ]  # fmt: skip
    places = (times + gaps).ravel()
    low = ring(pulses(places, (gains * (1 - share)).ravel(), n, sr), modes[:8], sr)
    return low + ring(pulses(places, (gains * share).ravel(), n, sr), modes[6:], sr)


def _opened(opening, length, n, sr):
    t = np.arange(n) / sr
    after = t - opening[np.searchsorted(opening, t).clip(1) - 1]
    opened = ((after >= 0) & (after < length)).astype(np.float32)
    return opened, opened * np.exp(-after.clip(0) / 0.06).astype(np.float32)


def _rattle(times, heights, rng, n, sr):
    gaps = rng.uniform(0.01, 0.03, (5, len(times))).cumsum(axis=0)
    gains = 2.5 * heights * 0.7 ** np.arange(5)[:, None] * rng.uniform(0.5, 1.5, gaps.shape)
    return ring(
        pulses((times + gaps).ravel(), gains.ravel(), n, sr),
        [(1900.0, 0.004, 0.6), (3900.0, 0.003, 0.8)],
        sr,
    )


def _carriage(make, state, rng, n, sr):
    # `strokes` counts strokes and rests together; `place` is the share of the stroke done, 1 while
    # resting.
    time = make.stroke / state.speed
    rate = (1 + 0.004 * wander(rng, n, sr, 1.0)) / (time + make.rest)
    strokes = cycles(rng, rate, sr) + rng.integers(2)
    return strokes, np.minimum(strokes % 1 * (time + make.rest) / time, 1)


def _squeal(make, rng, n, sr):
    near = ((1.07 * make.rail[1], 10.0, 60.0),)
    return 0.5 * shaped(rng, n, spectrum(n, sr, 200.0, 1.0, peaks=near))
