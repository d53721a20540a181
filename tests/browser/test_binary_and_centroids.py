"""Lesson 09 in a real browser: outliers, anomalies and alpha move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(
    r"outliers: (\w+), true anomalies k = (\d+), alpha = ([\d.]+): AUC ([\d.]+) "
    r"\(distance alone ([\d.]+), probability alone ([\d.]+)\)"
)


def told(view):
    """Outliers, k, alpha, the AUC, and that of distance and probability alone."""
    return LINE.search(view.words).groups()


def test_it_is_shown_and_the_view_moves_by_key(opened):
    view = opened("09_binary_and_centroids", ", true anomalies k = ", seconds=300)
    assert told(view)[:3] == ("all", "0", "0.50")  # where the driver cell left it
    view.press("End", slider=1)
    _, _, alpha, auc, _, probability = told(view)
    assert alpha == "1.00" and auc == probability
    view.press("Home", slider=1)
    _, _, alpha, auc, distance, _ = told(view)
    assert alpha == "0.00" and auc == distance
    view.press("End")
    assert int(told(view)[1]) > 0
    view.choose("noise")
    assert told(view)[0] == "noise"
