"""Lesson 14 in a real browser: the explorer moves by key and plays."""

import pytest

pytestmark = pytest.mark.browser


def test_it_is_shown_and_the_explorer_moves_by_key(desk, ran):
    ran("14_embedding_explorer", seconds=300)
    stage = desk.locator(".stage").first
    stage.scroll_into_view_if_needed()
    box = desk.locator(".widget-vbox", has=stage).first
    assert "AdaCos, epoch 12" in box.inner_text()  # where the last solution left it
    stage.focus()
    desk.keyboard.press("Escape")
    before = desk.locator(".words").first.inner_text()
    desk.keyboard.press("ArrowRight")
    desk.wait_for_function(
        "(was) => document.querySelector('.words').innerText !== was", arg=before
    )
    desk.keyboard.press("Space")
    desk.wait_for_function("() => document.querySelector('audio').currentTime > 0")
