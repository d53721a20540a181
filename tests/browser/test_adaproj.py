"""Lesson 10 in a real browser: clip, J and D of the view move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(r"D = (\d+), J = (\d+), (\w+) centers: cosines (.+), loss ([\d.]+)")


def told(view):
    """D, J, the kind of centers, the three cosines and the loss."""
    return LINE.search(view.words).groups()


def test_it_is_shown_and_the_clip_moves_by_key(opened):
    view = opened("10_adaproj", "one clip of class 0", seconds=240)
    first = told(view)
    assert first[:3] == ("3", "2", "random")  # as the lesson draws it last
    view.press("Home", slider=2)
    moved = told(view)
    assert moved[:3] == first[:3] and moved[3] != first[3]
    view.choose("orthonormal")
    assert told(view)[2] == "orthonormal"
    view.press("Home", slider=1)
    assert told(view)[:2] == ("3", "1")
    view.press("End")
    assert told(view)[:2] == ("64", "1")
