"""Toy car and conveyor: whine, joints, rollers and splice come at the rates that their parameters
say.
"""

import numpy as np
import pytest

from asdkit.sound.synthetic.machines import State
from asdkit.sound.synthetic.toys import Conveyor, ToyCar, conveyor, toycar

RATE, SECONDS = 16_000, 12


def run(model, make, fault=None, strength=0.0, seed=0):
    return model(make, State(), fault, strength, np.random.default_rng(seed), SECONDS * RATE, RATE)


def outline(wave, low, high):
    """The spectrum of the power in a band of frequencies, frame by frame at 200 frames a second:
    what swings in it.
    """
    frames = np.abs(np.fft.rfft(wave.reshape(-1, 80) * np.hanning(80)))
    band = np.square(frames[:, round(low * 80 / RATE) : round(high * 80 / RATE)]).sum(axis=1)
    return np.abs(np.fft.rfft((band - band.mean()) * np.hanning(len(band))))


def at(bins, hertz, share=0.03):
    reach = max(1, round(hertz * share * SECONDS))
    return bins[round(hertz * SECONDS) - reach : round(hertz * SECONDS) + reach + 1].max()


def test_the_gears_of_the_car_whine_at_teeth_times_turns():
    make = ToyCar(mesh=1.0)
    bins = np.abs(np.fft.rfft(run(toycar, make) * np.hanning(SECONDS * RATE)))
    expected = make.rpm / 60 * make.teeth
    near = bins[round(0.97 * expected * SECONDS) : round(1.03 * expected * SECONDS)].max()
    assert near > 8 * np.median(
        bins[round(0.9 * expected * SECONDS) : round(1.1 * expected * SECONDS)]
    )


def test_the_wheels_pass_a_joint_as_often_as_a_lap_has_joints():
    make = ToyCar(joint=6.0, joints=12, lap=4.0)
    bins = outline(run(toycar, make), 3000, 6000)
    assert at(bins, make.joints / make.lap) > 3 * np.median(bins[SECONDS : 20 * SECONDS])


@pytest.mark.parametrize(
    ("fault", "rate", "band"),
    [
        ("bent_axle", lambda make: make.rpm / 60 / make.reduction, (400, 2000)),
        ("damaged_rail", lambda make: 1 / make.lap, (2000, 4000)),
    ],
)
def test_the_car_knocks_at_the_rate_of_its_fault(fault, rate, band):
    make = ToyCar()
    heights = [
        at(outline(run(toycar, make, fault, strength), *band), rate(make))
        for strength in (0.0, 0.5, 1.0)
    ]
    assert heights[0] < min(heights[1:]) and heights[-1] > 3 * heights[0]


@pytest.mark.parametrize("fault", ["worn_gears", "worn_brushes"])
def test_worn_parts_of_the_car_rasp_at_high_frequencies(fault):
    def high(strength):
        return np.square(np.abs(np.fft.rfft(run(toycar, ToyCar(), fault, strength))))[
            3000 * SECONDS :
        ].sum()

    powers = [high(strength) for strength in (0.0, 0.3, 0.6, 1.0)]
    assert powers == sorted(powers) and powers[-1] > 3 * powers[0]


@pytest.mark.parametrize(
    ("fault", "rate", "band"),
    [
        ("jammed_roller", lambda make: make.roller, (1000, 5000)),
        ("slipping_belt", lambda make: 1 / make.belt, (2300, 3000)),
    ],
)
def test_the_conveyor_sounds_at_the_rate_of_its_fault(fault, rate, band):
    make = Conveyor()
    heights = [
        at(outline(run(conveyor, make, fault, strength), *band), rate(make))
        for strength in (0.0, 0.5, 1.0)
    ]
    assert heights[0] < min(heights[1:]) and heights[-1] > 2 * heights[0]


def test_the_splice_knocks_once_a_turn_of_the_belt():
    make = Conveyor()

    def knocks(strength):
        bins = outline(run(conveyor, make, "worn_splice", strength), 1500, 4000)
        # what is sharp, not what only swells
        return sum(at(bins, order / make.belt, 0.005) for order in range(8, 21))

    heights = [knocks(strength) for strength in (0.0, 0.5, 1.0)]
    assert heights == sorted(heights) and heights[-1] > 3 * heights[0]


def test_a_tight_belt_strains_the_even_harmonics_of_the_motor():
    make = Conveyor()

    def ratio(strength):
        bins = np.abs(
            np.fft.rfft(run(conveyor, make, "tight_belt", strength) * np.hanning(SECONDS * RATE))
        )
        tones = [at(bins, make.motor * order, 0.01) for order in range(1, 13)]
        return sum(tones[1::2]) / sum(tones[::2])

    ratios = [ratio(strength) for strength in (0.0, 0.5, 1.0)]
    assert ratios == sorted(ratios) and ratios[-1] > 1.5 * ratios[0]
