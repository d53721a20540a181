"""Lesson 03 in a real browser: every cell runs, and both sliders of the threshold view move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='correct rejections'][src^='data:image/png']"
COUNTS = re.compile(r"threshold (\S+): false alarms (\d+) of \d+ .*hits (\d+) of \d+ .*pAUC up to p = (\S+): (\S+)")
REDRAWN = "([selector, shown]) => window.atRest(selector, shown)"


@pytest.fixture
def page(opened, lab):
    _, _, folder = lab
    if not (folder / "03_scores_and_metrics.ipynb").exists():
        pytest.skip("there is no notebook 03_scores_and_metrics yet")
    return opened("03_scores_and_metrics.ipynb")


def told(view):
    """Threshold, false alarms, hits, p and pAUC of the line below the sliders."""
    return [float(value) for value in COUNTS.search(view.inner_text()).groups()]


def press(page, view, slider, key):
    """Press a key on one of the sliders, wait for the new picture, and read the line."""
    shown = view.locator(PICTURE).get_attribute("src")
    view.locator(".noUi-handle").nth(slider).focus()
    page.keyboard.press(key)
    page.wait_for_function(REDRAWN, arg=[f".widget-vbox {PICTURE}", shown], timeout=30_000)
    return told(view)


def test_every_cell_runs_and_both_sliders_move_by_key(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    start = told(view)
    assert start[3] == 1.0  # where the driver cell left it
    narrow = press(page, view, 1, "Home")
    assert narrow[3] == 0.01 and narrow[:3] == start[:3] and narrow[4] != start[4]
    step = press(page, view, 0, "ArrowRight")
    assert step[0] > narrow[0] and step[3:] == narrow[3:]
    assert press(page, view, 0, "End")[1:3] == [0, 0]
    nothing_missed = press(page, view, 0, "Home")
    assert nothing_missed[1] > 0 and nothing_missed[2] > 0
