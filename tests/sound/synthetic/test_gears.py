"""Gearbox and bearing: rates of a catalog's bearing, and lines in spectra and envelopes where teeth
and balls say.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from asdkit.sound.synthetic.gears import Bearing, Gearbox, bearing, bearing_rates, gearbox
from asdkit.sound.synthetic.machines import State

RATE, SECONDS = 16_000, 8


def run(model, make, fault=None, strength=0.0, state=State(), seed=0):  # noqa: B008
    return model(make, state, fault, strength, np.random.default_rng(seed), SECONDS * RATE, RATE)


def lines(wave):
    """The amplitude spectrum against the median around it, so that a line stands out by its own
    height.
    """
    bins = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return bins / signal.medfilt(bins, 401).clip(1e-12)


def envelope(wave, low=2200, high=6000):
    """The spectrum of the wave's envelope in a band, in which blows at a rate make a line at that
    rate.
    """
    band = signal.sosfiltfilt(signal.butter(4, (low, high), "band", fs=RATE, output="sos"), wave)
    outline = np.abs(signal.hilbert(band))
    return np.abs(np.fft.rfft((outline - outline.mean()) * np.hanning(len(wave)))) / outline.mean()


def at(bins, hertz, share=0.004):
    """The largest value within a share of that frequency."""
    reach = max(2, round(hertz * share * SECONDS))
    return bins[round(hertz * SECONDS) - reach : round(hertz * SECONDS) + reach + 1].max()


def test_rates_of_a_bearing_from_a_catalog():
    # The deep groove ball bearing 6205 as its makers tabulate it, in multiples of the shaft's rate.
    rates = bearing_rates(Bearing(rpm=60.0, balls=9, ratio=7.94 / 39.04, contact=0.0))
    np.testing.assert_allclose(rates, [3.585, 5.415, 2.357, 0.3983], rtol=1e-3)


@given(
    st.floats(600, 3000),
    st.integers(6, 16),
    st.floats(0.1, 0.3),
    st.floats(0, 0.6),
    st.floats(0.5, 2),
)
def test_rates_obey_their_identities(rpm, balls, ratio, contact, speed):
    rates = bearing_rates(Bearing(rpm=rpm, balls=balls, ratio=ratio, contact=contact), speed)
    shaft = rpm / 60 * speed
    assert np.isclose(rates.bpfo + rates.bpfi, balls * shaft)  # each ball passes both races
    assert np.isclose(rates.bpfo, balls * rates.ftf)  # balls pass the outer race with the cage
    assert rates.ftf < shaft / 2 < rates.bpfi


@pytest.mark.parametrize(
    ("fault", "rate"), [("outer_race", "bpfo"), ("inner_race", "bpfi"), ("ball", "bsf")]
)
def test_a_worn_spot_strikes_at_its_own_rate(fault, rate):
    make, state = Bearing(), State(speed=1.1)
    expected = getattr(bearing_rates(make, 1.1), rate) * (2 if fault == "ball" else 1)
    heights = [
        at(envelope(run(bearing, make, fault, s, state, seed=1)), expected)
        for s in (0.0, 0.3, 0.6, 1.0)
    ]
    assert heights == sorted(heights) and heights[-1] > 5 * heights[0]
    bins = envelope(run(bearing, make, fault, 1.0, state, seed=1))[: 400 * SECONDS]
    around = bins[round(0.9 * expected * SECONDS) : round(1.1 * expected * SECONDS)]
    assert (
        abs((np.argmax(around) + round(0.9 * expected * SECONDS)) / SECONDS - expected)
        < 0.01 * expected
    )


def test_the_inner_race_swings_with_the_shaft_and_the_cage_with_its_own_rate():
    make = Bearing()
    rates, shaft = bearing_rates(make), make.rpm / 60
    inner = envelope(run(bearing, make, "inner_race", 1.0))
    assert min(at(inner, rates.bpfi - shaft), at(inner, rates.bpfi + shaft)) > 5 * np.median(
        inner[: 400 * SECONDS]
    )
    cages = [
        at(envelope(run(bearing, make, "cage", strength)), rates.ftf, 0.02)
        for strength in (0.0, 0.5, 1.0)
    ]
    assert cages == sorted(cages) and cages[-1] > 4 * cages[0]


@settings(max_examples=8, deadline=None)
@given(st.integers(17, 29), st.floats(1300, 1700), st.floats(0.9, 1.1))
def test_gears_mesh_at_teeth_times_turns_with_sidebands(pinion, rpm, speed):
    make = Gearbox(rpm=rpm, pinion=pinion, swing=0.2, mesh=1.0)
    bins = lines(run(gearbox, make, state=State(speed)))
    shaft = rpm / 60 * speed
    assert at(bins, pinion * shaft) > 10
    assert min(at(bins, (pinion + side) * shaft) for side in (-1, 1)) > 2.5


@pytest.mark.parametrize("seed", range(2))
def test_a_chipped_tooth_strikes_once_a_turn(seed):
    make = Gearbox()
    heights = [
        at(envelope(run(gearbox, make, "chipped_tooth", s, seed=seed)), make.rpm / 60)
        for s in (0, 0.5, 1)
    ]
    assert heights == sorted(heights) and heights[-1] > 3 * heights[0]


def test_misalignment_raises_the_second_mesh_tone_and_dry_gears_the_high_frequencies():
    make = Gearbox()
    second = 2 * make.pinion * make.rpm / 60
    heights = [
        at(np.abs(np.fft.rfft(run(gearbox, make, "misalignment", s))), second) for s in (0, 0.5, 1)
    ]
    assert heights == sorted(heights) and heights[-1] > 1.5 * heights[0]
    powers = [
        np.square(np.abs(np.fft.rfft(run(gearbox, make, "dry_gears", s))))[-3000 * SECONDS :].sum()
        for s in (0, 1)
    ]
    assert powers[1] > 4 * powers[0]


def test_worn_teeth_put_more_power_beside_the_mesh_tone():
    make = Gearbox()
    turns = make.rpm / 60

    def sidebands(strength):
        bins = np.square(
            np.abs(
                np.fft.rfft(run(gearbox, make, "worn_teeth", strength) * np.hanning(SECONDS * RATE))
            )
        )
        return sum(
            at(bins, (make.pinion + side) * turns, 0.002) for side in (-5, -4, -3, -2, 2, 3, 4, 5)
        )

    powers = [sidebands(strength) for strength in (0.0, 0.5, 1.0)]
    assert powers == sorted(powers) and powers[-1] > 3 * powers[0]
