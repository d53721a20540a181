"""What axe, the checker of Deque, finds wrong with our pages and views: nothing; and the way of the
keys through a view.
"""

import nbformat
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from asdkit import views

pytestmark = pytest.mark.browser

COUNT = 40
CELLS = [
    "import numpy as np, pandas as pd\nfrom asdkit import figures, views\n"
    "rng = np.random.default_rng(0)\nviews.AlphaView()",
    "table = pd.DataFrame({'loss': ['a', 'b'], 'auc': [0.6, 0.7], 'low': 0.5, 'high': 0.8})\n"
    "views.TableView(table)",
    "table",
    "figures.null_histogram([0.4, 0.5], 0.8)",
    "views.listen({'noise': rng.normal(size=8000), 'other': rng.normal(size=8000)})",
    "clips = pd.DataFrame({'name': list('abcd'), 'label': [0, 0, 1, 1]})\n"
    "views.MapExplorer(rng.normal(size=(4, 2)), clips, score=rng.normal(size=4))",
]
FOCUSED = """() => { const own = document.activeElement;
    return own.getAttribute('aria-label') ?? own.labels?.[0]?.textContent ?? own.textContent; }"""


def faults(page, within=None):
    """What axe finds wrong, a line a fault with the first element that has it."""
    found = Axe().run(page, context=within).response["violations"]
    return [f"{own['id']}: {own['help']}: {own['nodes'][0]['html'][:200]}" for own in found]


def test_a_page_that_works_alone_has_no_fault(browser, tmp_path):
    rng = np.random.default_rng(0)
    clips = pd.DataFrame({"name": [f"clip {row}" for row in range(COUNT)], "machine": "fan",
                          "section": ["00", "01"] * 20, "label": [0, 0, 0, 1] * 10})  # fmt: skip
    scenes = {
        epoch: views.Scene(rng.normal(size=(COUNT, 2)), x=rng.normal(size=(COUNT, 4)),
                           score=rng.normal(size=COUNT), angle=rng.uniform(size=COUNT))
        for epoch in (0, 5)
    }  # fmt: skip
    waves = [*rng.normal(size=(COUNT, 4000))]
    explorer = views.MapExplorer.from_scenes(scenes, clips, audio=waves, seconds=0.25)
    path = explorer.set(picked=3, selected=[1, 2, 3]).to_html(tmp_path / "map.html")
    page = browser.new_page(bypass_csp=True)  # its policy lets no script but its own run
    try:
        page.goto(path.as_uri())
        page.locator("#seen img").wait_for()
        assert faults(page) == []
        page.locator(".stage").evaluate("stage => stage.removeAttribute('aria-label')")
        page.locator("#seen img").evaluate("image => image.removeAttribute('alt')")
        assert [fault.split(":")[0] for fault in faults(page)] == ["image-alt"]
    finally:
        page.close()


def test_what_a_lesson_shows_has_no_fault_and_keys_reach_all_of_it(desk, ran, lab):
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab[2] / "notebooks" / "accessibility.ipynb")
    ran("accessibility", whole=True)
    alpha = desk.get_by_role("slider", name="alpha", exact=True)
    alpha.wait_for()
    desk.locator(".asdkit-map .stage").wait_for()
    assert faults(desk, ".jp-OutputArea-output") == []
    words = desk.get_by_role("status").filter(has_text="own class")
    before = words.inner_text()
    alpha.press("ArrowRight")
    desk.wait_for_function("before => !document.body.innerText.includes(before)", arg=before)
    assert alpha.get_attribute("aria-valuetext") == "1.1" and "alpha 1.1" in words.inner_text()
    group = desk.get_by_role("group", name="classes")
    group.get_by_role("button", name="5", pressed=False).press("Space")
    group.get_by_role("button", name="5", pressed=True).wait_for()
    assert group.get_by_role("button", pressed=True).count() == 1
    alpha.focus()
    way = []
    for _ in range(10):
        way.append(desk.evaluate(FOCUSED).removesuffix(" ▼"))
        desk.keyboard.press("Tab")
    told = "2 of 2 rows, sorted by auc, falling; first b, 0.7, 0.5, 0.8"
    assert way[:9] == ["alpha", "alpha", "angle in °", "angle in °", "3", "4", "5", "words", told]
