"""Lesson 03 in a real browser: the threshold view moves by key."""

import re

import pytest

pytestmark = pytest.mark.browser

COUNTS = re.compile(
    r"threshold (\S+): false alarms (\d+) of \d+ .*hits (\d+) of \d+ .*pAUC up to p = (\S+): (\S+)"
)


def told(view):
    """Threshold, false alarms, hits, p and pAUC."""
    return [float(value) for value in COUNTS.search(view.words).groups()]


def test_it_is_shown_and_both_sliders_move_by_key(opened):
    view = opened("03_scores_and_metrics", "correct rejections")
    start = told(view)
    assert (start[0], start[3]) == (0.0, 0.1)  # the best state, where the driver cell left it
    view.press("Home", slider=1)
    narrow = told(view)
    assert narrow[3] == 0.01 and narrow[:3] == start[:3] and narrow[4] != start[4]
    view.press("ArrowRight")
    step = told(view)
    assert step[0] > narrow[0] and step[3:] == narrow[3:]
    view.press("End")
    assert told(view)[1:3] == [0, 0]
    view.press("Home")
    _, false_alarms, hits, *_ = told(view)
    assert false_alarms > 0 and hits > 0
