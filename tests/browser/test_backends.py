"""Lesson 12 in a real browser: every cell runs, and the region laboratory follows its sliders and its choices."""

import re

import pytest

pytestmark = pytest.mark.browser

OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""
PICTURE = "img[alt*='accepts'][src^='data:image/png']"
READOUT = re.compile(
    r"(\w+)(?: \(([^)]*)\))?: AUC ([\d.]+), false alarms (\d+), hits (\d+), accepts (\d+)% of the sphere"
)
REDRAWN = "([selector, shown]) => window.atRest(selector, shown)"


@pytest.fixture
def page(opened, lab):
    _, _, folder = lab
    if not (folder / "12_backends.ipynb").exists():
        pytest.skip("there is no notebook 12_backends yet")
    return opened("12_backends.ipynb")


def readout(view):
    """Backend, what it counts, false alarms, and the share it accepts."""
    name, chosen, _, alarms, _, accepts = READOUT.search(view.inner_text()).groups()
    return name, chosen, int(alarms), int(accepts)


def after(page, view, act):
    """What the view says once ``act`` has given it another picture."""
    shown = view.locator(PICTURE).get_attribute("src")
    act()
    page.wait_for_function(REDRAWN, arg=[f".widget-vbox {PICTURE}", shown], timeout=30_000)
    return readout(view)


def test_every_cell_runs_and_the_laboratory_follows_its_controls(page):
    errors = [output for output in page.evaluate(OUTPUTS) if output["output_type"] == "error"]
    assert errors == []
    assert page.get_by_text("Click to show javascript error").count() == 0

    view = page.locator(".widget-vbox", has=page.locator(PICTURE)).first
    view.scroll_into_view_if_needed()
    view.locator(PICTURE).wait_for()
    assert readout(view)[0] == "CosineToMean" and readout(view)[2] == 30  # as the driver cell left it

    def press(slider, key):
        view.locator(".noUi-handle").nth(slider).focus()
        page.keyboard.press(key)

    *_, alarms, wide = after(page, view, lambda: press(1, "Home"))
    assert alarms <= 1
    choose = view.locator("select").nth(0)
    name, chosen, _, same = after(page, view, lambda: choose.select_option("GaussianMixture"))
    assert name == "GaussianMixture" and chosen == "spherical, components 1" and same == wide
    *_, narrow = after(page, view, lambda: view.locator("select").nth(1).select_option("full"))
    assert narrow < wide
    assert after(page, view, lambda: press(0, "ArrowRight"))[1] == "full, components 2"
