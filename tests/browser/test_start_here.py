"""The first notebook in a real browser: every cell runs, and the threshold moves by key."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='false alarms'][src^='data:image/png']"
COUNTS = re.compile(r"threshold (\S+): false alarms (\d+) of \d+ .*hits (\d+) of \d+")


@pytest.fixture
def page(opened, lab):
    _, _, folder = lab
    if not (folder / "00_start_here.ipynb").exists():
        pytest.skip("there is no notebook 00_start_here yet")
    return opened("00_start_here.ipynb")


def counts(view):
    threshold, false_alarms, hits = COUNTS.search(view.inner_text()).groups()
    return float(threshold), int(false_alarms), int(hits)


def press(page, view, key):
    """Press a key on the slider and wait for the picture; the counts before and after, and both pictures."""
    picture = view.locator(PICTURE)
    before, shown = counts(view), picture.get_attribute("src")
    view.locator(".noUi-handle").focus()
    page.keyboard.press(key)
    page.wait_for_function(
        "([selector, shown]) => [...document.querySelectorAll(selector)].every(picture => picture.src !== shown)",
        arg=[f".widget-vbox {PICTURE}", shown],
        timeout=10_000,
    )
    return before, counts(view), shown, picture.get_attribute("src")


def test_every_cell_runs_and_the_threshold_moves_by_key(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    (start, *_), (step, *_), shown, redrawn = press(page, view, "ArrowRight")
    assert step > start and redrawn != shown
    _, (_, false_alarms, hits), _, _ = press(page, view, "End")
    assert (false_alarms, hits) == (0, 0)
    _, (_, false_alarms, hits), _, _ = press(page, view, "Home")
    assert false_alarms > 0 and hits > 0
