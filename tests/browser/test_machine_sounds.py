"""Notebook 01 in a real browser: every cell runs, a fault grows by key, and another machine brings its own faults."""

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='mean changes by'][src^='data:image/png']"


def redrawn(page, view, act):
    """Do something and wait for another picture; its alternative text and the line above it."""
    picture = view.locator(PICTURE)
    shown = picture.get_attribute("src")
    act()
    page.wait_for_function(
        "([selector, shown]) => window.atRest(selector, shown)",
        arg=[f".widget-vbox {PICTURE}", shown],
        timeout=30_000,
    )
    return picture.get_attribute("alt"), view.inner_text()


def test_every_cell_runs_and_a_fault_grows_by_key(opened):
    page = opened("01_machine_sounds.ipynb")
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    strength = view.locator(".noUi-handle").first

    def press(key):
        strength.focus()
        page.keyboard.press(key)

    silent, _ = redrawn(page, view, lambda: press("Home"))
    assert "mean changes by 0.0 dB" in silent
    plain, words = redrawn(page, view, lambda: press("End"))
    assert "mean changes by 0.0 dB" not in plain and "at strength 1" in words
    _, words = redrawn(page, view, lambda: view.locator("select").first.select_option("valve"))
    assert (
        words.count("valve") >= 1 and view.locator("select").nth(1).locator("option").all_inner_texts()[0] == "sluggish"
    )
    assert view.locator("audio").count() == 2
