"""Lesson 06 in a real browser: the loss laboratory moves by key."""

import re

import pytest

pytestmark = pytest.mark.browser

READOUT = re.compile(r"(\w+) at (\d+)°: probability (\S+) in training, (\S+) in testing")


def told(view):
    kind, angle, training, testing = READOUT.search(view.words).groups()
    return kind, int(angle), float(training), float(testing)


def test_it_is_shown_and_the_laboratory_moves_by_key(opened):
    view = opened("06_angles_and_margins", "one clip (n = 1)")
    kind, angle, training, testing = told(view)
    assert (kind, angle) == ("ArcFace", 34)  # where the driver cell left it:
    assert training < 0.1 < 0.99 < testing  # testing is sure, training says no
    view.press("ArrowRight")
    farther = told(view)
    assert farther[1] == 35 and farther[2] < training
    view.choose("softmax")
    softmax = told(view)
    assert softmax[0] == "softmax" and softmax[2] == softmax[3] == farther[3]
