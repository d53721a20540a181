"""Lesson 08 in a real browser: every cell runs, and both sliders of the sphere view move by key."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt^='Epoch'][src^='data:image/png']"
LINE = re.compile(r"epoch (\d+): (\d+) of (\d+) clips in their own cone")
REDRAWN = "([selector, shown]) => window.atRest(selector, shown)"


@pytest.fixture
def page(opened, lab):
    _, _, folder = lab
    if not (folder / "08_subcluster_adacos.ipynb").exists():
        pytest.skip("there is no notebook 08_subcluster_adacos yet")
    return opened("08_subcluster_adacos.ipynb", seconds=240)


def told(view):
    """Epoch, clips in their own cone and clips of the line below the sliders."""
    return [int(value) for value in LINE.search(view.inner_text()).groups()]


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
    last = told(view)
    assert last[0] > 0  # where the driver cell left it
    before = press(page, view, 0, "ArrowLeft")
    assert 0 < before[0] < last[0] and before[2] == last[2]
    assert press(page, view, 1, "ArrowLeft") == before  # the eye changes nothing but the picture
    assert press(page, view, 0, "Home")[0] == 0
    assert press(page, view, 0, "End") == last
