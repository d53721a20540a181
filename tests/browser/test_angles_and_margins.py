"""Lesson 06 in a real browser: every cell runs, and the loss laboratory moves by key."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='one clip (n = 1)'][src^='data:image/png']"
READOUT = re.compile(r"(\w+) at (\d+)°: probability (\S+) in training, (\S+) in testing")
REDRAWN = "([selector, shown]) => window.atRest(selector, shown)"


@pytest.fixture
def page(opened, lab):
    _, _, folder = lab
    if not (folder / "06_angles_and_margins.ipynb").exists():
        pytest.skip("there is no notebook 06_angles_and_margins yet")
    return opened("06_angles_and_margins.ipynb")


def told(view):
    kind, angle, training, testing = READOUT.search(view.inner_text()).groups()
    return kind, int(angle), float(training), float(testing)


def after(page, view, act):
    """The line of the view once ``act`` has given it another picture."""
    shown = view.locator(PICTURE).get_attribute("src")
    act()
    page.wait_for_function(REDRAWN, arg=[f".widget-vbox {PICTURE}", shown], timeout=30_000)
    return told(view)


def test_every_cell_runs_and_the_laboratory_moves_by_key(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    kind, angle, training, testing = told(view)
    assert (kind, angle) == ("ArcFace", 30) and training < testing  # where the driver cell left it

    def press(key):
        view.locator(".noUi-handle").first.focus()
        page.keyboard.press(key)

    farther = after(page, view, lambda: press("ArrowRight"))
    assert farther[1] == 31 and farther[2] < training
    softmax = after(page, view, lambda: view.locator("select").select_option("softmax"))
    assert softmax[0] == "softmax" and softmax[2] == softmax[3] == farther[3]
