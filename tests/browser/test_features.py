"""Lesson 02 in a real browser: the microscope follows keys and clicks."""

import re

import pytest

pytestmark = pytest.mark.browser

READOUT = re.compile(
    r"window (\d+), hop (\d+), .*?(every frame|temporal m\w+).*: the fault shows by ([\d.]+) "
    r"scatters"
)


def readout(view):
    window, hop, summary, faulty = READOUT.search(view.words).groups()
    return int(window), int(hop), summary, float(faulty)


def test_it_is_shown_and_the_microscope_follows_its_controls(opened):
    view = opened("02_features", "the fault shows by")
    window, hop, summary, most = readout(view)
    assert (window, summary) == (512, "temporal max")  # the pair that convinces
    view.choose("temporal mean")
    *_, summary, mean = readout(view)
    assert summary == "temporal mean" and mean < most
    view.press("ArrowLeft")
    smaller, half, _, _ = readout(view)
    assert smaller == window // 2 and half == hop // 2
    view.after(view.box.get_by_role("checkbox").check)  # without its mean, a mean is nothing
    assert readout(view)[-1] == 0
