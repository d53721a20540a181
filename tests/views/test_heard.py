"""A sound in words: what they say is true of sounds whose pitch and course are known."""

import re

import numpy as np
import pytest

from asdkit.views.heard import heard
from asdkit.views.player import encode

RATE = 16_000
TIME = np.arange(2 * RATE) / RATE


def tone(hertz):
    return 0.3 * np.sin(2 * np.pi * hertz * TIME)


def told(wave):
    return heard(encode(wave, RATE))


@pytest.mark.parametrize("hertz", [200, 1000, 4000])
def test_a_tone_is_told_by_its_pitch(hertz):
    assert told(tone(hertz)) == (
        f"2.0 s, heard from {hertz} to {hertz} Hz, half of it below {hertz} Hz, steady"
    )


def test_the_ear_hears_little_of_a_low_tone():
    """Both are as strong, and the ear takes 26 dB from the low one (IEC 61672, 63 Hz)."""
    assert "heard from 1000 to 1000 Hz" in told(0.5 * (tone(63) + tone(1000)))
    assert "half of it below 63 Hz" in told(tone(63) + tone(1000) / 100)


def test_pulses_are_not_steady_and_noise_is_broad():
    noise = 0.1 * np.random.default_rng(0).normal(size=len(TIME))
    assert "steady" in told(noise)
    low, high = re.search(r"from (\d+) to (\d+) Hz", told(noise)).groups()
    assert int(low) < 2000 and int(high) > 6000
    change = re.search(r"rising and falling by (\d+) dB$", told(noise * (TIME % 0.5 < 0.1) + 1e-3))
    assert 20 < int(change[1]) < 50


def test_silence_and_a_click_are_told_too():
    assert told(np.zeros(RATE)) == "1.0 s, silent"
    assert told(np.r_[0.9, np.zeros(99)] + 0.01).startswith("0.0 s, ")
