"""The first notebook in a real browser: every cell runs, and the threshold moves by key."""

import re

import pytest

pytestmark = pytest.mark.browser

COUNTS = re.compile(r"threshold (\S+): false alarms (\d+) of \d+ .*hits (\d+) of \d+")


def counts(view):
    threshold, false_alarms, hits = COUNTS.search(view.words).groups()
    return float(threshold), int(false_alarms), int(hits)


def test_every_cell_runs_and_the_threshold_moves_by_key(opened):
    view = opened("00_start_here", "false alarms", whole=True)
    start, *_ = counts(view)
    view.press("ArrowRight")
    assert counts(view)[0] > start
    view.press("End")
    assert counts(view)[1:] == (0, 0)
    view.press("Home")
    _, false_alarms, hits = counts(view)
    assert false_alarms > 0 and hits > 0
