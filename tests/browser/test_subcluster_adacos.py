"""Lesson 08 in a real browser: both sliders of the view move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(r"epoch (\d+): of (\d+) sub-clusters .* fan/00 (\d+), .* two settings (\d+)%")


def told(view):
    """Epoch, S, sub-clusters in use by the first fan, and pairs of two settings that share one."""
    return [int(value) for value in LINE.search(view.words).groups()]


def test_it_is_shown_and_both_sliders_move_by_key(opened):
    view = opened("08_subcluster_adacos", "fan, S = ", seconds=240)
    first = told(view)
    assert first[:2] == [1, 32]  # as the lesson draws it last
    view.press("End", slider=1)
    last = told(view)
    assert first[0] < last[0] and last[1] == 32 and 1 <= last[2] <= 32
    view.press("Home", slider=1)
    assert told(view) == first
    view.press("Home")  # one center, which all clips share
    assert told(view) == [1, 1, 1, 100]
    view.press("End")
    assert told(view) == first
