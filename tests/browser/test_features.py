"""Lesson 02 in a real browser: every cell runs, and the microscope follows a key and a click."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='the fault shows by'][src^='data:image/png']"
READOUT = re.compile(r"window (\d+), hop (\d+), .*?(every frame|temporal m\w+).*: the fault shows by ([\d.]+) scatters")


@pytest.fixture
def page(opened):
    return opened("02_features.ipynb")


def readout(view):
    window, hop, summary, faulty = READOUT.search(view.inner_text()).groups()
    return int(window), int(hop), summary, float(faulty)


def after(page, view, act):
    """What the view says once ``act`` has given it another picture."""
    shown = view.locator(PICTURE).get_attribute("src")
    act()
    page.wait_for_function(
        "([selector, shown]) => window.atRest(selector, shown)",
        arg=[f".widget-vbox {PICTURE}", shown],
        timeout=30_000,
    )
    return readout(view)


def test_every_cell_runs_and_the_microscope_follows_a_key_and_a_click(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    window, hop, _, _ = readout(view)

    def smaller_window():
        view.locator(".noUi-handle").first.focus()
        page.keyboard.press("ArrowLeft")

    smaller, half, _, _ = after(page, view, smaller_window)
    assert smaller == window // 2 and half == hop // 2
    *_, summary, largest = after(page, view, view.get_by_role("button", name="temporal max").click)
    assert summary == "temporal max"
    view.get_by_role("checkbox").uncheck()  # the driver cell left it checked
    *_, summary, mean = after(page, view, view.get_by_role("button", name="temporal mean").click)
    assert summary == "temporal mean" and mean < largest
