"""Lesson 12 in a real browser: every cell runs, and the region laboratory follows its sliders and
its choices.
"""

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


def test_every_cell_runs_and_the_laboratory_follows_its_controls(opened):
    view = opened("12_backends", "accepts")
    assert told(view)[0] == "CosineToMean" and told(view)[2] == 30  # as the driver cell left it
    view.press("Home", slider=1)
    *_, alarms, wide = told(view)
    assert alarms <= 1
    view.choose("GaussianMixture")
    name, chosen, _, same = told(view)
    assert name == "GaussianMixture" and chosen == "spherical, components 1" and same == wide
    view.choose("full")
    assert told(view)[3] < wide
    view.press("ArrowRight")
    assert told(view)[1] == "full, components 2"
