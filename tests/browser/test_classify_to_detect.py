"""Lesson 05 in a real browser: the view of alpha moves."""

import re

import pytest

pytestmark = pytest.mark.browser

TOLD = re.compile(
    r"alpha (\S+), .*the bound (\S+): own class (\S+) \(on its center (\S+)\), loss (\S+)"
)


def told(view):
    """Alpha, bound, own and best probability, and loss."""
    return [float(value) for value in TOLD.search(view.words).groups()]


def test_it_is_shown_and_the_controls_move_by_key(opened):
    view = opened("05_classify_to_detect", "off class 0")
    view.press("End")
    longest = told(view)
    assert longest[0] == 30.0 and longest[3] == 1.0
    view.press("Home")
    shortest = told(view)
    assert shortest[0] == 0.1 and shortest[3] < 0.3
    view.press("End", slider=1)
    opposite = told(view)
    assert opposite[2] < shortest[2] and opposite[3] == shortest[3]
    view.choose("3")
    assert told(view)[1] == 2.2
