"""Lesson 16 in a real browser: the margins of the mixture move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(r"lambda ([\d.]+): .* MixedMargin ([\d.]+) .* ArcMix ([\d.]+) .* Noisy-ArcMix")


def told(view):
    """Lambda, and the losses of MixedMargin and ArcMix."""
    return [float(value) for value in LINE.search(view.words).groups()]


def test_it_is_shown_and_the_mixture_moves_by_key(opened):
    view = opened("16_your_own_loss", "one mixed clip (n = 1): lambda", seconds=240)
    lam, ours, arcmix = told(view)
    assert lam == 0.75 and ours < arcmix  # where the driver cell left it
    for key, end in (("End", 1.0), ("Home", 0.0)):
        view.press(key)
        lam, ours, arcmix = told(view)
        assert lam == end and ours == arcmix  # a clip that is whole
