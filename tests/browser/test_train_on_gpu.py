"""Lesson 15 in a real browser: clips, epochs and room move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(r"(\d+) clips, (\d+) epochs: ResNet \[SCA\] \S+ h, ([\d.]+) GiB( \(streamed\))?;")


def told(view):
    """Clips, epochs, memory, and whether the inputs of the first network are streamed."""
    clips, epochs, memory, streamed = LINE.search(view.words).groups()
    return int(clips), int(epochs), float(memory), streamed is not None


def test_it_is_shown_and_the_cost_moves_by_key(opened):
    view = opened("15_train_on_gpu", "lie on the GPU whole", seconds=300)
    assert told(view)[:2] == (50_000, 400) and told(view)[3]  # where the driver cell left it
    view.press("Home")
    clips, _, memory, streamed = told(view)
    assert clips == 100 and memory < 0.1 and not streamed
    view.press("ArrowLeft", slider=1)
    assert told(view)[1] == 300
    view.press("End")
    assert told(view)[0] == 50_000 and told(view)[3]
    view.choose("80")
    assert not told(view)[3]
