"""Lesson 11 in a real browser: the mixing laboratory moves by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(
    r"lambda ([\d.]+): cross entropy, mixed ([\d.]+) .* ArcMix ([\d.]+) .* Noisy-ArcMix ([\d.]+)"
)


def told(view):
    """Lambda, and the losses of cross entropy, ArcMix and Noisy-ArcMix."""
    return [float(value) for value in LINE.search(view.words).groups()]


def test_it_is_shown_and_the_mixture_moves_by_key(opened):
    view = opened("11_noisy_arcmix", "one mixed clip (n = 1): lambda", seconds=240)
    lam, entropy, arcmix, noisy = told(view)
    assert lam == 0.1 and entropy < noisy < arcmix  # where the driver cell left it
    view.press("End")
    lam, entropy, arcmix, noisy = told(view)
    assert lam == 1.0 and entropy < arcmix == noisy
    view.press("Home")
    assert told(view)[0] == 0.0
