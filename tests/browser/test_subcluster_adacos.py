"""Lesson 08 in a real browser: every cell runs, and both sliders of the sphere view move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(r"epoch (\d+): (\d+) of (\d+) clips in their own cone")


def told(view):
    """Epoch, clips in their own cone, and clips."""
    return [int(value) for value in LINE.search(view.words).groups()]


def test_every_cell_runs_and_both_sliders_move_by_key(opened):
    view = opened("08_subcluster_adacos", "Epoch ", seconds=240)
    first = told(view)
    assert first[0] == 0  # where the driver cell left it
    view.press("End")
    last = told(view)
    assert last[0] > 0 and last[2] == first[2]
    view.press("ArrowLeft")
    before = told(view)
    assert 0 < before[0] < last[0]
    view.press("ArrowLeft", slider=1)
    assert told(view) == before  # the eye changes nothing but the picture
    view.press("Home")
    assert told(view) == first
