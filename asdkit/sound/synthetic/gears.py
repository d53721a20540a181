"""Machines of gears and balls: a gearbox and a bearing, with rates that follow from geometry."""

from typing import NamedTuple

import numpy as np

from .noise import cycles, harmonics, impacts, series, shaped, spectrum, strengths, sway, wander

GEARBOX_FAULTS = ("chipped_tooth", "worn_teeth", "misalignment", "dry_gears")
BEARING_FAULTS = ("outer_race", "inner_race", "ball", "cage")


class Gearbox(NamedTuple):
    """A pair of gears: shaft speed, teeth, RMS of the mesh tones, depth of their swing, housing."""

    rpm: float = 1480.0
    pinion: int = 23
    wheel: int = 61
    mesh: float = 0.8
    rolloff: float = 1.0
    swing: float = 0.15
    corner: float = 60.0
    slope: float = 0.7
    housing: tuple = (520.0, 1300.0, 2900.0)


class Bearing(NamedTuple):
    """A ball bearing: shaft speed, balls, ball over pitch diameter, contact angle, housing."""

    rpm: float = 1750.0
    balls: int = 9
    ratio: float = 0.2
    contact: float = 0.2
    shaft: float = 0.4
    corner: float = 70.0
    slope: float = 0.5
    housing: tuple = (900.0, 2700.0, 4300.0)


class Rates(NamedTuple):
    """The rates of a bearing in Hz: balls over the outer and the inner race, ball spin, cage."""

    bpfo: float
    bpfi: float
    bsf: float
    ftf: float


def bearing_rates(make, speed=1.0):
    r"""Return the rates at which faults of a bearing repeat, from its geometry.

    No tone of a healthy machine lies there.

    $$\text{BPFO} = \tfrac N2 f(1 - r), \quad \text{BPFI} = \tfrac N2 f(1 + r), \quad
      \text{BSF} = \tfrac{D}{2d} f(1 - r^2), \quad \text{FTF} = \tfrac12 f(1 - r), \qquad
    r = \tfrac dD \cos\alpha$$

    Shapes: a ``Bearing``, or any parameters with ``rpm balls ratio contact``, and its speed as a
        share of the nominal one -> ``Rates`` in Hz; N balls of diameter d on a pitch circle of
        diameter D, contact angle $\alpha$, shaft rate f in Hz.
    Choices: the outer race stands still, the balls roll without slip.
    Example:
        >>> make = sound.parameters("bearing")
        >>> rates = sound.bearing_rates(make)
        >>> round((rates.bpfo + rates.bpfi) / (make.rpm / 60 * make.balls), 6)
        1.0
    Notebook: 01_machine_sounds
    """
    f, r = make.rpm / 60 * speed, make.ratio * np.cos(make.contact)
    half = make.balls / 2 * f
    return Rates(
        bpfo=float(half * (1 - r)), bpfi=float(half * (1 + r)),
        bsf=float(f / (2 * make.ratio) * (1 - r * r)), ftf=float(f / 2 * (1 - r)),
    )  # fmt: skip


def gearbox(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make tones at the rate of meshing teeth, which swing with the turns of both shafts.

    $$x = (1 + m \sin 2\pi\phi + m' \sin 2\pi\phi') \sum_k a_k \sin 2\pi k z \phi + b(t), \qquad
    \phi' = \phi z / z'$$

    with z teeth on the pinion and z' on the wheel. ``chipped_tooth``: a blow once a turn of the
    pinion. ``worn_teeth``: every tooth of the pinion sounds different, and the higher mesh tones
    grow. ``misalignment``: the second mesh tone and a swing twice a turn. ``dry_gears``: a hiss of
    high frequencies, swinging with the wheel.

    Shapes: a ``Gearbox``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a gearbox does not have, and a strength outside [0, 1].
    Choices: the wheel swings 0.6 as much as the pinion; mesh tones grow with the load.
    """
    chipped, worn, misaligned, dry = strengths(GEARBOX_FAULTS, fault, strength)
    shaft = make.rpm / 60 * state.speed
    turns = cycles(rng, shaft * (1 + 0.001 * wander(rng, n, sr, 2.0)), sr)
    wheel, extra = turns * (make.pinion / make.wheel), rng.spawn(1)[0]
    amplitudes = series(shaft * make.pinion, 1, make.rolloff, 0.0, make.housing, sr)
    swing = 1 + make.swing * (sway(turns) + 0.6 * sway(wheel)) + 0.08 * wander(rng, n, sr, 4.0)
    peaks = tuple((center, 0.1 * center, 1.5) for center in make.housing)
    noise = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    amplitudes = amplitudes * (1 + 1.5 * worn * (np.arange(len(amplitudes)) > 0))
    if misaligned:
        amplitudes[1] += 0.9 * misaligned
        swing = swing + 0.5 * misaligned * sway(2 * turns)
    if worn:
        teeth = extra.normal(0, 0.6, make.pinion).astype(np.float32)
        swing = swing + worn * teeth[(turns * make.pinion).astype(np.int64) % make.pinion]
    tone = make.mesh * (0.5 + 0.8 * state.load) * swing * harmonics(turns * make.pinion, amplitudes)
    if dry:
        hiss = shaped(extra, n, spectrum(n, sr, 2500.0, 0.3, 7500.0))
        noise = noise + 0.5 * dry * (1 + 0.6 * sway(wheel)) * hiss
    if chipped:
        modes = [(center, 8 / center, 1.0) for center in make.housing]
        tone = tone + impacts(turns, 3 * chipped, 0.0003, modes, extra, sr)
    return (noise * (0.6 + 0.4 * state.speed) + tone).astype(np.float32)


def bearing(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make a motor's shaft and the rolling of its balls; a fault strikes at a bearing rate.

    $$x = T \sum_k a_k \sin 2\pi k \phi + b(t) + \sum_i g_i h(t - t_i)$$

    with the housing's ring h. ``outer_race``: blows at BPFO. ``inner_race``: blows at BPFI, loud
    where the spot is loaded, once a turn. ``ball``: blows at twice BSF, swinging with FTF.
    ``cage``: the rolling noise swings with FTF.

    Shapes: a ``Bearing``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a bearing does not have, and a strength outside [0, 1].
    Choices: a spot strikes 0.2 ms early or late, since balls slip; the motor hums at twice a mains
        of 50 Hz.
    """
    outer, inner, ball, cage = strengths(BEARING_FAULTS, fault, strength)
    shaft = make.rpm / 60 * state.speed
    turns = cycles(rng, shaft * (1 + 0.001 * wander(rng, n, sr, 2.0)), sr)
    extra = rng.spawn(1)[0]
    peaks = tuple((center, 0.1 * center, 2.0) for center in make.housing)
    rolling = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    rolling = rolling * ((0.5 + 0.8 * state.load) * (1 + 0.1 * wander(rng, n, sr, 3.0)))
    tone = make.shaft * harmonics(turns, np.array([1.0, 0.6, 0.4, 0.2, 0.15]))
    hum = cycles(rng, np.full(n, 100.0), sr)
    tone = tone + 0.3 * harmonics(hum, np.array([1.0, 0.5, 0.3, 0.1]))
    rates = [rate / (make.rpm / 60) for rate in bearing_rates(make)]  # a turn of the shaft
    modes = [(center, 0.0022 * (1000 / center) ** 0.3, 1.0) for center in make.housing]
    if outer:
        tone = tone + impacts(turns * rates[0], 3 * outer, 0.0002, modes, extra, sr)
    if inner:
        loaded = 1 + 0.9 * sway(turns)
        tone = tone + impacts(turns * rates[1], 3 * inner, 0.0002, modes, extra, sr, loaded)
    if ball:
        loaded = 1 + 0.7 * sway(turns * rates[3])
        tone = tone + impacts(turns * 2 * rates[2], 3 * ball, 0.0002, modes, extra, sr, loaded)
    if cage:
        swing = sway(turns * rates[3])
        rolling = rolling * (1 + 0.9 * cage * swing)
        rattle = shaped(extra, n, spectrum(n, sr, 1500.0, 0.6, 8000.0))
        tone = tone + 0.5 * cage * (1 + swing) * rattle
    return (rolling + tone).astype(np.float32)
