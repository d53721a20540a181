"""Lesson 05 in a real browser: every cell runs, alpha and angle move by key, and classes by choice."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='off class 0'][src^='data:image/png']"
TOLD = re.compile(r"alpha (\S+), .*the bound (\S+): own class (\S+) \(on its center (\S+)\), loss (\S+)")
REDRAWN = "([selector, shown]) => window.atRest(selector, shown)"


def after(page, view, act):
    """Act, wait for the new picture, and read alpha, bound, own and best probability, and loss."""
    shown = view.locator(PICTURE).get_attribute("src")
    act()
    page.wait_for_function(REDRAWN, arg=[f".widget-vbox {PICTURE}", shown], timeout=30_000)
    return [float(value) for value in TOLD.search(view.inner_text()).groups()]


def test_every_cell_runs_and_the_controls_move_by_key(opened):
    page = opened("05_classify_to_detect.ipynb")
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()

    def press(slider, key):
        def act():
            view.locator(".noUi-handle").nth(slider).focus()
            page.keyboard.press(key)

        return after(page, view, act)

    longest = press(0, "End")
    assert longest[0] == 30.0 and longest[3] == 1.0
    shortest = press(0, "Home")
    assert shortest[0] == 0.1 and shortest[3] < 0.3
    opposite = press(1, "End")
    assert opposite[2] < shortest[2] and opposite[3] == shortest[3]
    three = after(page, view, lambda: view.locator("select").select_option("3"))
    assert three[1] == 2.2
