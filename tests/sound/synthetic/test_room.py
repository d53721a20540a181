"""The room: near sound stays, reverberation decays in its time, and the microphone colors both."""

import numpy as np
import pytest
from scipy import signal

from asdkit.sound.synthetic.room import Microphone, microphone, recorded, recorded_far

RATE = 16_000


def test_without_far_sound_and_color_the_machine_is_heard_as_it_is():
    wave = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    wave -= wave.mean()
    heard = recorded(wave, np.zeros_like(wave), Microphone(near=1.0), RATE)
    assert heard.dtype == np.float32
    np.testing.assert_allclose(heard, wave, atol=1e-4)


@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_an_impulse_dies_away_by_60_db_in_the_reverberation_time(seconds):
    impulse = np.zeros(2 * RATE, np.float32)
    impulse[0] = 1.0
    tail = recorded(impulse, np.zeros_like(impulse), Microphone(near=0.0, seconds=seconds), RATE)
    # where the time is the longer one
    low = signal.sosfilt(signal.butter(4, 400, fs=RATE, output="sos"), tail)
    left = np.cumsum(np.square(low)[::-1])[::-1]
    level = 10 * np.log10(left / left[0])
    start, stop = (np.argmax(level < drop) for drop in (-5, -25))
    assert np.isclose(3 * (stop - start) / RATE, seconds, rtol=0.25)


def test_near_and_far_sound_keep_the_power():
    rng = np.random.default_rng(1)
    for number in range(4):
        mic = microphone(number)._replace(tilt=0.0, height=0.0)
        machine, background = (rng.standard_normal(4 * RATE).astype(np.float32) for _ in range(2))
        for parts in ((machine, 0 * machine), (0 * machine, background)):
            assert np.isclose(recorded(*parts, mic, RATE).std(), 1, atol=0.1)


def test_a_far_microphone_hears_the_machine_weaker_and_later_and_the_hall_as_loud():
    impulse = np.zeros(4 * RATE, np.float32)
    impulse[0], still = 1.0, np.zeros(4 * RATE, np.float32)
    straight = recorded_far(impulse, still, Microphone(near=1.0), 8.0, 0.0, RATE)
    straight -= straight.mean()
    assert np.isclose(np.argmax(straight) / RATE, 7 / 343, atol=1 / RATE)  # 7 m later
    assert np.isclose(np.linalg.norm(straight), 1 / 8, rtol=1e-3)
    rng, mic = np.random.default_rng(1), microphone(3)._replace(tilt=0.0, height=0.0)
    machine, background = (rng.standard_normal(4 * RATE).astype(np.float32) for _ in range(2))
    around = recorded_far(still, background, mic, 4.0, 6.0, RATE)
    assert np.isclose(20 * np.log10(around.std()), 6, atol=0.5)
    heard = recorded_far(machine, still, mic, 4.0, 6.0, RATE)
    assert np.isclose(np.square(heard).mean(), mic.near**2 / 16 + 1 - mic.near**2, rtol=0.15)


def test_the_microphone_colors_by_its_tilt():
    wave = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    heard = recorded(wave, 0 * wave, Microphone(tilt=6.0, near=1.0), RATE)
    ratio = np.abs(np.fft.rfft(heard)) / np.abs(np.fft.rfft(wave))
    assert np.isclose(
        20 * np.log10(np.median(ratio[4950:5050]) / np.median(ratio[495:505])), 6, atol=0.2
    )


def test_a_high_pass_takes_half_the_amplitude_at_its_corner_and_leaves_what_is_above():
    wave = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    heard = recorded(wave, 0 * wave, Microphone(near=1.0, lowcut=85.0), RATE)
    ratio = np.abs(np.fft.rfft(heard)) / np.abs(np.fft.rfft(wave))
    assert np.isclose(ratio[85], 0.5, atol=0.01) and ratio[40] < 0.012 and ratio[400:].min() > 0.99


def test_microphones_differ_by_number_and_recipe():
    assert (
        microphone(1) == microphone(1)
        and microphone(1) != microphone(2)
        and microphone(1) != microphone(1, seed=2)
    )
