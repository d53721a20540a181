"""Lesson 14 in a real browser: every cell runs, and the explorer moves by key and plays."""

import pytest

pytestmark = pytest.mark.browser


def test_every_cell_runs_and_the_explorer_moves_by_key(page, ran):
    ran("14_embedding_explorer", seconds=300)
    stage = page.locator(".stage").first
    stage.scroll_into_view_if_needed()
    box = page.locator(".widget-vbox", has=stage).first
    assert "AdaProj, epoch 12" in box.inner_text()  # where the driver cell left it
    stage.focus()
    page.keyboard.press("Escape")
    before = page.locator(".words").first.inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "(was) => document.querySelector('.words').innerText !== was", arg=before
    )
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
