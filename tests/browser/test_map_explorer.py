"""The explorer in JupyterLab: what is named is what is heard, seen, counted and saved."""

import hashlib
import secrets

import nbformat
import numpy as np
import pytest
from map_hand import drag, heard, places

pytestmark = pytest.mark.browser

PANEL = "window.jupyterapp.shell.currentWidget"
NOTEBOOK = """import hashlib
import numpy as np
import pandas as pd
import asdkit
rng = np.random.default_rng(1)
n, count = np.arange(8000), 200
waves = [0.2 * np.sin(2 * np.pi * (150 + 20 * row) * n / 16000) for row in range(count)]
clips = pd.DataFrame({"name": [f"<b>clip {row}</b>" for row in range(count)], "machine": "fan",
                      "section": np.where(np.arange(count) % 2, "00", "02"),
                      "label": np.arange(count) % 4 // 3})
xy = rng.normal(size=(count, 2))
view = asdkit.views.MapExplorer(xy, clips, score=rng.normal(size=count), audio=waves, x=xy)
view
#
print(*(hashlib.sha256(view.sounds.ogg(row)).hexdigest() for row in range(count)))"""
SPOTS = np.random.default_rng(1).normal(size=(200, 2))
ODD = np.arange(200) % 2 == 1


@pytest.fixture
def explorer(new_desk, ran, lab):
    """The explorer in JupyterLab, and the digests of its sounds by the kernel."""
    cells = [nbformat.v4.new_code_cell(text.strip()) for text in NOTEBOOK.split("#\n")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    name = f"explorer_{secrets.token_hex(4)}"  # a kernel that ends must not be taken for the next
    nbformat.write(notebook, lab[2] / "notebooks" / f"{name}.ipynb")
    outputs = ran(name, whole=True)
    new_desk.locator(".stage").scroll_into_view_if_needed()
    new_desk.wait_for_timeout(500)
    return new_desk, outputs[-1]["text"].split()


def sounding(page):
    """Wait for a sound, and return what is named beside it and the digest of what is played."""
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    words, data = heard(page)
    return words.split(": ", 1)[1], hashlib.sha256(data).hexdigest()


def alone(shown=slice(None)):
    """Rows of points that stand apart from all others that are shown, far ones first."""
    away = np.hypot(*(SPOTS[:, None] - SPOTS[None]).transpose(2, 0, 1)) + 9 * np.eye(200)
    rows = np.argsort(-away.min(1))
    return [row for row in rows.tolist() if row in np.arange(200)[shown]]


def test_in_jupyterlab_what_is_named_is_what_is_heard_seen_and_counted(explorer):
    page, digests = explorer
    spots, box = places(page, SPOTS), page.locator(".widget-vbox", has=page.locator(".stage")).first
    row = alone()[0]
    page.mouse.click(*spots[row].tolist())
    assert sounding(page) == (f"<b>clip {row}</b>", digests[row])
    box.locator(f"img[alt*='clip {row}</b>: ']").wait_for()
    assert f"<b>clip {row}</b>: " in box.locator(".widget-html").first.inner_text()
    page.get_by_role("button", name="fan/02").click()  # of even rows
    low, high = spots.min(0) - 4, spots.mean(0)
    low, high = low.tolist(), high.tolist()
    drag(page, [low, (high[0], low[1]), high, (low[0], high[1])])
    inside = ODD & (spots < high).all(1)
    count = f"{inside.sum()} of 200"
    assert page.locator(".count").inner_text() == f"{count} selected" and inside.sum() > 10
    box.get_by_text(f"{count} clips selected").wait_for()
    assert box.locator("table tr").last.locator("td").nth(2).inner_text() == f"{inside.sum()}"
    for row in alone(ODD)[:3]:
        page.mouse.click(*spots[row].tolist())
        page.wait_for_function(
            "(name) => document.querySelector('.sounding').textContent.includes(name)",
            arg=f"playing: <b>clip {row}</b>",
        )
        assert sounding(page) == (f"<b>clip {row}</b>", digests[row])
        box.locator(f"img[alt*='clip {row}</b>: ']").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="save the selection").click()
    lines = saved.value.path().read_text().splitlines()
    assert [int(line.split(",")[0]) for line in lines[1:]] == np.flatnonzero(inside).tolist()
    assert page.locator(".asdkit-map b").count() == 0
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.reload()  # the kernel holds what was selected
    page.locator(".count", has_text=f"{count} selected").wait_for(timeout=60_000)


def test_in_jupyterlab_keys_stay_on_the_map(explorer):
    page, digests = explorer
    active = f"() => {PANEL}.content.activeCellIndex"
    page.locator(".stage").focus()
    before = page.evaluate(active)
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "PageDown"):
        page.keyboard.press(key)
    words = page.locator(".words").inner_text()
    page.keyboard.press("Space")
    name, digest = sounding(page)
    assert words.startswith(name) and digests.index(digest) == int(name[8:-4])
    cells = f"() => [{PANEL}.content.model.cells.length, {PANEL}.content.activeCellIndex]"
    for key in ("a", "b", "x", "ArrowDown", "k", "Enter"):  # JupyterLab's own, which change cells
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert page.evaluate(cells) == [2, before], key
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className !== 'stage'")


def test_in_jupyterlab_a_lost_kernel_is_told(explorer):
    page, _ = explorer
    assert not page.locator(".gone").is_visible()
    page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
    page.locator(".gone").wait_for(timeout=20_000)
    assert "The kernel is gone" in page.locator(".gone").inner_text()
