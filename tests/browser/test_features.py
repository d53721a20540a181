"""Lesson 02 in a real browser: the microscope and the second microphone follow keys and clicks."""

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


def test_the_share_of_the_far_microphone_follows_keys(opened):
    view = opened("02_features", "AUC against share taken")
    share = re.compile(r"share ([\d.]+) of the far power taken: AUC fan [\d.]+, pump [\d.]+")
    before = float(share.search(view.words)[1])
    view.press("ArrowRight")
    assert float(share.search(view.words)[1]) == pytest.approx(before + 0.05)
    view.press("ArrowLeft")
    view.press("ArrowLeft")
    assert float(share.search(view.words)[1]) == pytest.approx(before - 0.05)
