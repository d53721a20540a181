"""Lesson 07 in a real browser: every cell runs, and the view of the scale moves by key and click."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='batches of'][src^='data:image/png']"
READOUT = re.compile(r"(\d+) classes, batches of (\d+), D = (\d+), (with|without) mixup: scale from")
REDRAWN = "([selector, shown]) => window.atRest(selector, shown)"


@pytest.fixture
def page(opened, lab):
    _, _, folder = lab
    if not (folder / "07_adacos.ipynb").exists():
        pytest.skip("there is no notebook 07_adacos yet")
    return opened("07_adacos.ipynb")


def after(page, view, act):
    """The settings in the line of the view once ``act`` has given it another picture."""
    shown = view.locator(PICTURE).get_attribute("src")
    act()
    page.wait_for_function(REDRAWN, arg=[f".widget-vbox {PICTURE}", shown], timeout=30_000)
    return READOUT.search(view.inner_text()).groups()


def test_every_cell_runs_and_the_scale_follows_key_and_click(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    start = READOUT.search(view.inner_text()).groups()
    assert start == ("3", "4", "32", "with")  # where the driver cell left it
    assert after(page, view, view.get_by_role("checkbox").uncheck) == ("3", "4", "32", "without")

    def more_classes():
        view.locator(".noUi-handle").first.focus()
        page.keyboard.press("ArrowRight")

    assert after(page, view, more_classes) == ("6", "4", "32", "without")
