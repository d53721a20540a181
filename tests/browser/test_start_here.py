"""The first notebook in a real browser: every cell runs, and the threshold moves by key."""

import re
import time

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


def press(page, view, key, expected):
    """Press a key on the slider and wait until the counts are as expected: a key may move it in two steps."""
    view.locator(".noUi-handle").focus()
    page.keyboard.press(key)
    end = time.monotonic() + 20
    while not expected(*counts(view)):
        assert time.monotonic() < end, f"after {key} the view still says {counts(view)}"
        time.sleep(0.1)


def test_every_cell_runs_and_the_threshold_moves_by_key(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    (start, *_), shown = counts(view), view.locator(PICTURE).get_attribute("src")
    press(page, view, "ArrowRight", lambda threshold, *_: threshold > start)
    press(page, view, "End", lambda _, false_alarms, hits: (false_alarms, hits) == (0, 0))
    press(page, view, "Home", lambda _, false_alarms, hits: false_alarms > 0 and hits > 0)
    assert view.locator(PICTURE).get_attribute("src") != shown
