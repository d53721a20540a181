"""Lesson 07 in a real browser: the view of the scale moves."""

import re

import pytest

pytestmark = pytest.mark.browser

READOUT = re.compile(
    r"(\d+) classes, batches of (\d+), D = (\d+), (with|without) mixup: scale from"
)


def told(view):
    return READOUT.search(view.words).groups()


def test_it_is_shown_and_the_scale_follows_key_and_click(opened):
    view = opened("07_adacos", "batches of")
    assert told(view) == ("12", "64", "32", "without")  # where the driver cell left it
    view.after(view.box.get_by_role("checkbox").check)
    assert told(view) == ("12", "64", "32", "with")
    view.press("ArrowRight")
    assert told(view) == ("24", "64", "32", "with")
