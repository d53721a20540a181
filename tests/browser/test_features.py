"""Lesson 02 in a real browser: the microscope and the second microphone follow keys and clicks."""

import re

import pytest

pytestmark = pytest.mark.browser

READOUT = re.compile(
    r"window (\d+), hop (\d+), .*?(every frame|temporal m\w+).*: the fault shows by ([\d.]+) "
    r"scatters"
)
SHARE = re.compile(r"share ([\d.]+) of the far power taken: AUC fan [\d.]+, pump [\d.]+")


def readout(view):
    window, hop, summary, faulty = READOUT.search(view.words).groups()
    return int(window), int(hop), summary, float(faulty)


def test_both_views_are_shown_and_follow_their_controls(opened):
    """The microscope of one clip, and the share of the far microphone that is taken."""
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
    pair = view.beside("AUC against share taken")
    before = float(SHARE.search(pair.words)[1])
    pair.press("ArrowRight")
    assert float(SHARE.search(pair.words)[1]) == pytest.approx(before + 0.05)
    pair.press("ArrowLeft")
    pair.press("ArrowLeft")
    assert float(SHARE.search(pair.words)[1]) == pytest.approx(before - 0.05)
