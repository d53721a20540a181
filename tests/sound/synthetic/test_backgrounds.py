"""Backgrounds: five kinds with marks of their own, RMS 1, never stationary, and the same by name as
by number.
"""

import numpy as np
import pytest

from asdkit.sound.synthetic.backgrounds import BACKGROUNDS, Place, background, place

RATE = 16_000


def heard(which, seed=0, seconds=10):
    return background(place(which), np.random.default_rng(seed), seconds * RATE, RATE)


def bands(wave):
    power = np.square(np.abs(np.fft.rfft(wave)))
    f = np.fft.rfftfreq(len(wave), 1 / RATE)
    edges = [20, 100, 500, 2000, 8000]
    return 10 * np.log10(
        [power[(f >= low) & (f < high)].mean() for low, high in zip(edges, edges[1:])]
    )


@pytest.mark.parametrize("kind", BACKGROUNDS)
def test_each_is_finite_of_rms_one_and_loud_below(kind):
    for seed in range(3):
        wave = heard(kind, seed)
        assert wave.dtype == np.float32 and wave.shape == (160_000,) and np.isfinite(wave).all()
        assert np.isclose(np.sqrt(np.mean(wave**2)), 1, atol=1e-3)
        levels = bands(wave)
        assert levels[0] > levels[2] > levels[3]  # dB per Hz fall toward high frequencies


@pytest.mark.parametrize("kind", BACKGROUNDS)
def test_no_two_clips_are_alike_and_none_is_stationary(kind):
    first, second = heard(kind, 0), heard(kind, 1)
    assert np.array_equal(first, heard(kind, 0))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.2
    # Of stationary noise of the same spectrum the levels of half seconds scatter less.
    phases = np.exp(2j * np.pi * np.random.default_rng(2).random(80_001))
    scatters = []
    for wave in (first, np.fft.irfft(np.abs(np.fft.rfft(first)) * phases)):
        high = np.fft.irfft(np.fft.rfft(wave) * (np.fft.rfftfreq(160_000, 1 / RATE) > 300))
        scatters.append(np.log(np.square(high).reshape(20, -1).mean(axis=1)).std())
    assert scatters[0] > 1.3 * scatters[1]


def test_a_name_is_the_first_place_of_its_kind():
    for number, kind in enumerate(BACKGROUNDS):
        assert place(kind) == place(number) and place(number).kind == place(number + 5).kind == kind
        assert place(number) != place(number + 5) and place(number) != place(number, seed=2)


def test_voices_swing_at_the_rate_of_syllables():
    def swing(kind):
        frames = np.abs(np.fft.rfft(heard(kind).reshape(-1, 160) * np.hanning(160)))[:, 5:30].mean(
            axis=1
        )
        bins = np.square(np.abs(np.fft.rfft(frames / frames.mean() - 1)))
        return bins[20:80].sum()  # 2 to 8 Hz

    assert swing("babble") > 3 * swing("air")


def test_wrong_places_are_told():
    with pytest.raises(
        ValueError,
        match="'street'.*take one of factory, air, neighbors, babble, traffic, or a number",
    ):
        place("street")
    with pytest.raises(ValueError, match="is -1: give a number from 0"):
        place(-1)
    assert Place().kind == "factory"
