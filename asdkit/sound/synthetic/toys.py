"""Two toys, a car and a conveyor: motors, gears, wheels over joints, a belt over rollers."""

from typing import NamedTuple

import numpy as np

from .noise import (
    activity,
    cycles,
    harmonics,
    impacts,
    series,
    shaped,
    spectrum,
    strengths,
    sway,
    wander,
)

TOYCAR_FAULTS = ("bent_axle", "worn_gears", "damaged_rail", "worn_brushes")
CONVEYOR_FAULTS = ("slipping_belt", "jammed_roller", "worn_splice", "tight_belt")


class ToyCar(NamedTuple):
    """A car on a track: motor speed, teeth, gear ratio, joints and seconds a lap, resonances.

    Choices: the car slows by 1 % in two curves; the rear axle lags by 0.3 of a joint.
    """

    rpm: float = 7800.0
    teeth: int = 9
    reduction: float = 4.5
    joints: int = 14
    lap: float = 4.5
    mesh: float = 0.5
    joint: float = 1.5
    corner: float = 130.0
    slope: float = 1.2
    body: tuple = (150.0, 380.0, 1200.0)


class Conveyor(NamedTuple):
    """A belt conveyor: motor, roller and belt speed, tones, splice, frame resonances in Hz."""

    motor: float = 58.0
    roller: float = 5.5
    belt: float = 3.2
    tones: float = 1.0
    rolloff: float = 1.0
    splice: float = 1.0
    corner: float = 120.0
    slope: float = 1.6
    frame: tuple = (140.0, 370.0, 2900.0)


def toycar(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make the whine of motor and gears, rolling wheels, and both axles over each joint.

    $$x = T(t) \sum_k a_k \sin 2\pi k z \phi + R(t)\, b(t) + \sum_i g_i h(t - t_i)$$

    with z teeth on the motor's gear. ``bent_axle``: all swings with the wheels, which knock.
    ``worn_gears``: the whine swings with the motor and rasps. ``damaged_rail``: one joint a lap
    strikes hard. ``worn_brushes``: six sparks a motor's turn.

    Shapes: a ``ToyCar``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a toy car does not have, and a strength outside [0, 1].
    """
    bent, worn, damaged, brushes = strengths(TOYCAR_FAULTS, fault, strength)
    pace, extra = state.speed * (1 + 0.01 * wander(rng, n, sr, 1.5)), rng.spawn(1)[0]
    laps = cycles(rng, pace / make.lap, sr)
    turns = cycles(rng, make.rpm / 60 * pace * (1 + 0.01 * sway(2 * laps)), sr)
    wheels = turns / make.reduction
    peaks = tuple((center, 0.15 * center, 2.0) for center in make.body)
    rolling = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    swing = 1 + 0.3 * sway(2 * laps) + 0.1 * sway(wheels)
    rolling = rolling * (swing + 0.25 * wander(rng, n, sr, 4.0))
    whine = _whine(make, state, 1 + 0.15 * wander(rng, n, sr, 5.0), turns, sr)
    modes = [*((center, 5 / center, 1.0) for center in make.body), (4200.0, 0.002, 0.5)]
    passed = [(make.joints * laps + lag, gain) for lag, gain in ((0.0, 1.0), (0.3, 0.8))]
    joints = sum(impacts(at, gain * make.joint, 0.002, modes, rng, sr) for at, gain in passed)
    if bent:
        whine = whine * (1 + 0.5 * bent * sway(wheels))
        rolling = rolling * (1 + 0.7 * bent * sway(wheels))
        joints = joints + impacts(wheels, 2 * bent, 0.001, modes, extra, sr)
    if worn:
        rasp = shaped(extra, n, spectrum(n, sr, 1500.0, 0.8, 7000.0))
        whine = whine * (1 + worn * sway(turns)) + 0.2 * worn * (1 + sway(turns)) * rasp
    if damaged:
        hard = [*modes, (2600.0, 0.002, 1.0)]
        joints = joints + impacts(laps, 8 * damaged, 0.002, hard, extra, sr)
    if brushes:
        sparks = [(3500.0, 0.0005, 1.0), (5600.0, 0.0004, 1.0)]
        loaded = 1 + wander(extra, n, sr, 8.0)
        whine = whine + impacts(6 * turns, 0.25 * brushes, 0.0002, sparks, extra, sr, loaded)
    return (rolling + whine + joints).astype(np.float32)


def _whine(make, state, swell, turns, sr):
    mesh = make.mesh * (0.5 + 0.8 * state.load) * swell
    teeth = series(make.rpm / 60 * make.teeth, 1, 2.0, 0.0, make.body, sr)
    motor = series(make.rpm / 60, 3, 1.2, 0.4, make.body, sr)
    return mesh * harmonics(turns * make.teeth, teeth) + 0.4 * harmonics(turns, motor)


def conveyor(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make the hum of a geared motor, a belt that rustles over rollers, and its knocking splice.

    $$x = T \sum_k a_k \sin 2\pi k \phi + (1 + m \sin 2\pi\phi_r)\, b(t) + \sum_i g_i h(t - t_i)$$

    with the rollers at phase $\phi_r$. ``slipping_belt``: it squeals, and the rollers slow.
    ``jammed_roller``: a scrape and a knock once a roller's turn. ``worn_splice``: its knock grows
    and rattles. ``tight_belt``: the motor strains, its even harmonics grow, and the belt rumbles.

    Shapes: a ``Conveyor``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a conveyor does not have, and a strength outside [0, 1].
    Choices: goods lie on the belt for about a second at a time and rustle; a belt that slips does
        so once a turn, and squeals a tenth below the frame's highest resonance.
    """
    slipping, jammed, splice, tight = strengths(CONVEYOR_FAULTS, fault, strength)
    extra = rng.spawn(1)[0]
    pace = state.speed * (1 + 0.003 * wander(rng, n, sr, 2.0))
    turns, belt = cycles(rng, make.motor * pace, sr), cycles(rng, pace / make.belt, sr)
    spells = (0.3 + sway(belt)).clip(0, 1)
    rollers = cycles(rng, make.roller * pace * (1 - 0.15 * slipping * spells), sr)
    rustle = _rustle(make, state, 1 + 0.2 * sway(rollers) + 0.3 * sway(belt), rng, n, sr)
    amplitudes = series(make.motor * state.speed, 4, make.rolloff, 0.25, make.frame, sr)
    amplitudes = amplitudes * (1 + 1.5 * tight * (np.arange(len(amplitudes)) % 2))
    hum = make.tones * harmonics(turns, amplitudes) * (1 + 0.2 * wander(rng, n, sr, 3.0))
    modes = [(center, 5 / center, 1.0) for center in make.frame]
    knocks = impacts(belt, make.splice * (1 + 4 * splice), 0.003, modes, rng, sr)
    if slipping:
        rustle = rustle + 0.7 * slipping * spells * _squeal(make, extra, n, sr)
    if jammed:
        scrape = shaped(extra, n, spectrum(n, sr, 900.0, 0.8, 7000.0))
        rustle = rustle + 0.1 * jammed * (1 + sway(rollers)) ** 2 * scrape
        knocks = knocks + impacts(rollers, 0.8 * jammed, 0.002, modes, extra, sr)
    if splice:
        rattle = [(1700.0, 0.005, 1.0), (3300.0, 0.004, 0.8)]
        twice = [impacts(belt - lag, 3 * splice, 0.012, rattle, extra, sr) for lag in (0.0, 0.02)]
        knocks = knocks + sum(twice)
    if tight:
        rustle = rustle + 0.6 * tight * shaped(extra, n, spectrum(n, sr, 200.0, 1.5, 4000.0))
    return (rustle + hum + knocks).astype(np.float32)


def _rustle(make, state, swing, rng, n, sr):
    peaks = tuple((center, 0.12 * center, 2.0) for center in make.frame)
    belt = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    goods = activity(rng, n, sr, 1.0) * shaped(rng, n, spectrum(n, sr, 700.0, 1.2, 5000.0))
    return (0.4 + 0.9 * state.load) * swing * belt + 0.3 * state.load * goods


def _squeal(make, rng, n, sr):
    return shaped(rng, n, spectrum(n, sr, 200.0, 1.0, 9000.0, ((0.9 * make.frame[2], 15.0, 60.0),)))
