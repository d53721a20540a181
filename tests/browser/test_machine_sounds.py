"""Lesson 01 in a real browser: a fault grows by key, and another machine brings its own faults."""

import pytest

pytestmark = pytest.mark.browser


def test_it_is_shown_and_a_fault_grows_by_key(opened):
    view = opened("01_machine_sounds", "mean changes by")
    view.press("Home")
    assert "mean changes by 0.0 dB" in view.alt
    view.press("End")
    assert "mean changes by 0.0 dB" not in view.alt and "at strength 1" in view.words
    view.choose("valve")
    assert view.box.get_by_role("button", name="sluggish").count() == 1
    assert "valve, sluggish" in view.words and view.box.locator("audio").count() == 2
