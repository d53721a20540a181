"""Machines that turn, a fan and a pump: shaft, blades or vanes, and the flow they drive."""

from typing import NamedTuple

import numpy as np

from .noise import (
    cycles,
    harmonics,
    impacts,
    pulses,
    ring,
    series,
    shaped,
    spectrum,
    strengths,
    sway,
    wander,
)

FAN_FAULTS = ("imbalance", "worn_bearing", "clogging", "rubbing")
PUMP_FAULTS = ("cavitation", "leak", "clogging", "misalignment")


class Fan(NamedTuple):
    """An axial fan: shaft speed, blades, RMS of their tones against the air, casing resonances in
    Hz.
    """

    rpm: float = 1450.0
    blades: int = 7
    tones: float = 0.6
    rolloff: float = 1.2
    uneven: float = 0.1
    corner: float = 70.0
    slope: float = 0.8
    casing: tuple = (420.0, 1150.0, 2600.0)
    balls: int = 8
    housing: float = 3300.0


class Pump(NamedTuple):
    """A centrifugal pump: shaft speed, vanes, slots, RMS of pulsation and motor, resonances."""

    rpm: float = 2850.0
    vanes: int = 6
    slots: int = 28
    pulsation: float = 0.6
    motor: float = 0.35
    corner: float = 80.0
    slope: float = 0.65
    pipe: tuple = (260.0, 780.0, 1900.0)


def fan(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make blade-pass tones and the noise of the air; a fault adds a line, impacts or a stall.

    $$x = b(t) + T \sum_k a_k \sin 2\pi k \phi(t), \qquad \dot\phi = \text{rpm} / 60$$

    with $a_k$ large where $k$ is a multiple of the number of blades. ``imbalance``: a line at the
    shaft's speed that modulates the rest. ``worn_bearing``: an impact each time a ball passes the
    worn spot. ``clogging``: less air, so the fan turns faster and its rumble comes in stalls.
    ``rubbing``: a blade scrapes the casing once a turn.

    Shapes: a ``Fan``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a fan does not have, and a strength outside [0, 1].
    Choices: a stall turns at 0.35 of the shaft's speed, and stands for any unsteady flow.
    Notebook: 01_machine_sounds
    """
    imbalance, worn, clogging, rubbing = strengths(FAN_FAULTS, fault, strength)
    shaft = make.rpm / 60 * state.speed * (1 + 0.05 * clogging)
    turns = cycles(rng, shaft * (1 + 0.002 * wander(rng, n, sr, 3.0)), sr)
    peaks = tuple((center, 0.08 * center, 0.9) for center in make.casing)
    air = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    air = air * (0.5 + 0.8 * state.load)
    amplitudes = series(shaft, make.blades, make.rolloff, make.uneven, make.casing, sr)
    tone = make.tones * harmonics(turns, amplitudes) * (1 + 0.15 * wander(rng, n, sr, 4.0))
    extra = rng.spawn(1)[0]
    if imbalance:
        swing, line = sway(turns), harmonics(turns, np.array([1, 0.5, 0.2]))
        tone = tone * (1 + 0.7 * imbalance * swing) + 0.8 * imbalance * line
        air = air * (1 + 0.5 * imbalance * swing)
    if worn:
        tone = tone + _worn(make, worn, turns, extra, sr)
    if clogging:
        stall, rumble = 1 + sway(0.35 * turns), spectrum(n, sr, 60.0, 1.2, 2000.0)
        air = air * (1 - 0.3 * clogging) + clogging * stall * shaped(extra, n, rumble)
    if rubbing:
        scrape = shaped(extra, n, spectrum(n, sr, 1800.0, 0.6, 8000.0))
        tone = tone + 0.7 * rubbing * (0.5 + 0.5 * sway(turns)) ** 4 * scrape
    return (air + tone).astype(np.float32)


def pump(make, state, fault, strength, rng, n=160_000, sr=16_000):
    r"""Make the pressure pulsation of the vanes, tones of the motor and the noise of the flow.

    $$x = (1 + m \sin 2\pi\phi) \sum_k a_k \sin 2\pi k V \phi + \text{motor} + b(t)$$

    ``cavitation``: bubbles collapse at random. ``leak``: a jet hisses and the pulsation drops.
    ``clogging``: the flow surges a few times a second and loses its high frequencies.
    ``misalignment``: tones at the shaft's speed and twice that, which modulate the motor.

    Shapes: a ``Pump``, a ``State``, a fault or None, its strength in [0, 1] -> (n,) float32.
    Raises: ValueError for a fault that a pump does not have, and a strength outside [0, 1].
    Choices: the motor hums at twice a mains frequency of 50 Hz.
    Notebook: 01_machine_sounds
    """
    cavitation, leak, clogging, misaligned = strengths(PUMP_FAULTS, fault, strength)
    shaft = make.rpm / 60 * state.speed * (1 + 0.02 * clogging)
    turns = cycles(rng, shaft * (1 + 0.001 * wander(rng, n, sr, 2.0)), sr)
    peaks = tuple((center, 0.1 * center, 0.9) for center in make.pipe)
    flow = shaped(rng, n, spectrum(n, sr, make.corner, make.slope, 9000.0, peaks))
    flow = flow * (0.4 + 0.9 * state.load)
    amplitudes = series(shaft, make.vanes, 1.4, 0.06, make.pipe, sr)
    beat = make.pulsation * (1 + 0.25 * sway(turns)) * harmonics(turns, amplitudes)
    motor = make.motor * _motor(make, turns, rng, sr) * (1 + 0.1 * wander(rng, n, sr, 5.0))
    extra = rng.spawn(1)[0]
    if cavitation:
        flow = flow + _bubbles(cavitation, make.vanes * turns, extra, sr)
    if leak:
        jet = shaped(extra, n, spectrum(n, sr, 2500.0, 0.5, 7500.0))
        flow, beat = flow + 0.6 * leak * jet, beat * (1 - 0.5 * leak)
    if clogging:
        surge = 1 + 0.5 * clogging * wander(extra, n, sr, 5.0)
        rumble = shaped(extra, n, spectrum(n, sr, 50.0, 1.5, 1500.0))
        flow = flow * (1 - 0.4 * clogging) + 0.7 * clogging * surge * rumble
        beat = beat * (1 + 0.5 * clogging) * surge
    if misaligned:
        beat = beat + misaligned * harmonics(turns, np.array([0.5, 1.0, 0.3, 0.2]))
        motor = motor * (1 + 0.8 * misaligned * sway(2 * turns))
    return (flow + beat + motor).astype(np.float32)


def _worn(make, strength, turns, rng, sr):
    # A ball passes a spot of the outer race about 0.4 times a turn, hardest where the shaft
    # presses.
    modes = [(make.housing, 0.0015, 1.0), (1.6 * make.housing, 0.001, 0.6)]
    return impacts(
        0.4 * make.balls * turns, 2.5 * strength, 0.0004, modes, rng, sr, 1 + 0.5 * sway(turns)
    )


def _motor(make, turns, rng, sr):
    slots = np.zeros(make.slots + 2)
    slots[[make.slots - 3, make.slots - 1, make.slots + 1]] = 0.2, 1.0, 0.3
    hum = cycles(rng, np.full(len(turns), 100.0), sr)
    return harmonics(turns, slots) + 0.5 * harmonics(hum, np.array([1.0, 0.4, 0.2]))


def _bubbles(strength, passes, rng, sr):
    # A bubble collapses where the pressure behind a vane is low, up to 900 times a second; more
    # strength, more bubbles.
    draws = rng.random(len(passes), dtype=np.float32)
    places = np.flatnonzero(draws < 900 / sr * (1 + sway(passes)))
    heights = rng.exponential(1.0, len(places)) * (rng.random(len(places)) < strength)
    modes = [(2600.0, 0.0008, 1.0), (4300.0, 0.0005, 1.2), (6100.0, 0.0004, 1.0)]
    return 0.6 * np.sqrt(strength) * ring(pulses(places / sr, heights, len(passes), sr), modes, sr)
