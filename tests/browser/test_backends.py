"""Lesson 12 in a real browser: the region laboratory follows its sliders and its choices."""

import re

import pytest

pytestmark = pytest.mark.browser

READOUT = re.compile(
    r"(\w+)(?: \(([^)]*)\))?: AUC ([\d.]+), false alarms (\d+), hits (\d+), accepts (\d+)% of the "
    r"sphere"
)


def told(view):
    """Backend, what it counts, false alarms, and the share it accepts."""
    name, chosen, _, alarms, _, accepts = READOUT.search(view.words).groups()
    return name, chosen, int(alarms), int(accepts)


def test_it_is_shown_and_the_laboratory_follows_its_controls(opened):
    view = opened("12_backends", "accepts")
    name, chosen, alarms, three = told(view)
    assert (name, chosen, alarms) == ("GaussianMixture", "spherical, components 3", 6)
    view.press("ArrowLeft")
    view.press("ArrowLeft")
    _, chosen, _, one = told(view)
    assert chosen == "spherical, components 1" and one > three
    view.choose("CosineToMean")
    assert told(view)[3] == one  # one spherical mode orders clips as the mean does
    view.choose("Gaussian")
    view.choose("full")
    assert told(view)[1] == "full" and told(view)[3] < one
    view.press("Home", slider=1)
    assert told(view)[2] <= 1
