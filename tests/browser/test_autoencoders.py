"""Lesson 04 in a real browser: bottleneck, clip and sound of the view move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(r"([\w ]+), bottleneck (\d+): score ([\d.e+]+) in dB²")


def told(view):
    """The clip, the size of the bottleneck and the score."""
    return LINE.search(view.words).groups()


def test_it_is_shown_and_the_bottleneck_moves_by_key(opened):
    view = opened("04_autoencoders", ", bottleneck ", seconds=240)
    first = told(view)
    assert first[:2] == ("missed fault", "16")  # where the driver cell left it
    assert view.box.locator("audio").count() == 1  # the clip
    view.press("Home")
    moved = told(view)
    assert moved[:2] == ("missed fault", "2") and moved[2] != first[2]
    view.press("End")
    assert told(view)[1] == "640"
    view.choose("whole fan")
    other = told(view)
    assert other[:2] == ("whole fan", "640")
    view.box.get_by_role("checkbox").press("Space")
    view.page.wait_for_function(
        "box => box.querySelectorAll('audio').length === 2",  # and what was rebuilt of it
        arg=view.box.element_handle(),
        timeout=120_000,  # librosa compiles when it is first loaded
    )
