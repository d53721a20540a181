"""Every view, player and picture with hostile names on one page of JupyterLab, and the page that
works alone: nothing of a name runs, and all of it is read as text.
"""

import nbformat
import pytest

pytestmark = pytest.mark.browser

RUNS = "<img src=x onerror=window.pwned=1>"
MATH = r"$x^2$ $\href{javascript:window.pwned=1}{y}$ \(z\)"
NAME = f"=_{RUNS}{MATH} &lt;b&gt; \"' \u2028"
TAGS = f"{NAME}</script><script>window.pwned=1</script><svg onload=window.pwned=1>"
CODE = f"""
import numpy as np, pandas as pd, torch
import asdkit
from asdkit import encoders, figures, projection, views
from IPython.display import display, Markdown

NAME, TAGS, BYTES = {NAME!r}, {TAGS!r}, "a\\udcffb\\x1b[31m"
rng = np.random.default_rng(0)
wave = 0.1 * torch.randn(16000, generator=torch.Generator().manual_seed(0))
x, y, label = rng.normal(size=(40, 4)), np.arange(40) % 2, np.arange(40) % 3 // 2


def centroid(name):
    run = x[:, :2], np.where(y, 1, 0), x[:9, :2], rng.uniform(size=9), np.eye(2)
    return views.CentroidView({{(name, 0): run, (BYTES, 0): run}}, [0, 1, 0, 1, 0, 1, 0, 1, 0])


def cluster(name):
    runs = {{2: {{1: (x, rng.normal(size=(2, 2, 4)))}}}}
    setting = np.array([f"{{name}} {{BYTES}} {{one}}" for one in y])
    return views.ClusterView(runs, y, setting, [f"{{name}}/00", f"{{name}}/01"])


def rebuilt(name):
    network = encoders.AutoEncoder(widths=(4,), bottleneck=2).eval()
    return views.ReconstructionView({{2: network}}, {{name: wave, BYTES: wave}}, {{2: [1.0, 2.0]}})


def table(name):
    rows = pd.DataFrame({{name: [name, BYTES, "c"], "auc": [0.6, 0.7, 0.8]}})
    rows = rows.assign(low=0.5, high=0.9)
    return views.TableView(rows, filters=[name], title=name)


def explorer(name):
    part = name.replace("/", "|")  # a slash parts machine and section
    clips = pd.DataFrame({{"name": [f"{{name}} {{row}}" for row in range(40)], "label": label,
                          "machine": [part, BYTES] * 20, "section": part, "domain": name,
                          "attributes": f"{{name}}_{{name}}"}})
    made = projection.pca_map(x)
    first = views.Scene(made, x, x[:, 0], cluster=[name] * 40)
    scenes = {{name: {{0: first, 5: views.Scene(made, x)}}}}
    view = views.MapExplorer.from_scenes(scenes, clips, audio=[wave.numpy()] * 39 + [f"/{{name}}"])
    return view.set(picked=39, selected=[0, 1, 39])


def region(name):
    parts = [rng.normal(size=(20, 2)) for _ in range(4)]
    return views.RegionView(*parts[:3], others={{name: parts[3]}}, backend="PLDA")


made = [centroid(NAME), cluster(NAME), rebuilt(TAGS), table(TAGS), explorer(TAGS), region(TAGS),
        views.CostView({{TAGS: 100.0}}, {{TAGS: 1000}}),
        views.MixingView(wave, wave, names=(TAGS, BYTES)),
        views.listen({{TAGS: wave, BYTES: wave}}),
        figures.scale_history({{TAGS: [3, 2, 1], BYTES: [2, 1, 1]}}, title=TAGS),
        figures.sphere(x[:, :3], y, np.eye(3)[:2], names=[TAGS, BYTES], title=TAGS)]
display(*made)
made[4].to_html("hostile.html", TAGS + BYTES, [TAGS])
"""
PWNED = "() => window.pwned"


@pytest.fixture
def watched(desk):
    """What went wrong on the page: errors, dialogs, and errors on its console."""
    wrong = []
    listeners = {
        "pageerror": lambda error: wrong.append(str(error)),
        "dialog": lambda dialog: wrong.append(dialog.message) or dialog.dismiss(),
        "console": lambda said: wrong.append(said.text) if said.type == "error" else None,
    }
    for event, act in listeners.items():
        desk.on(event, act)
    yield wrong
    for event, act in listeners.items():
        desk.remove_listener(event, act)


def test_names_are_text_in_every_view(desk, ran, lab, watched, page):
    folder = lab[2] / "notebooks"
    first = nbformat.read(folder / "00_start_here.ipynb", as_version=4)
    cells = [nbformat.v4.new_code_cell(CODE)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=first.metadata)
    nbformat.write(notebook, folder / "hostile_names.ipynb")
    ran("hostile_names", whole=True)
    shown = desk.locator(".jp-Notebook .jp-OutputArea").first
    shown.locator(".asdkit-map").wait_for(timeout=30_000)
    for color in shown.get_by_role("radio").all():
        color.click()
    desk.wait_for_timeout(1000)
    assert desk.evaluate(PWNED) is None and watched == []
    assert shown.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0
    words = shown.inner_text()
    assert words.count(RUNS) > 20 and words.count("</script>") > 5 and r"a\xffb\x1b[31m" in words
    assert words.count(f"{RUNS}{MATH}") > 15 and shown.locator("mjx-container").count() == 0
    look_alone(page, folder / "hostile.html")


def look_alone(page, path):
    """The page that works alone, under a hand that goes through its clips, colors and epochs."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message) or dialog.dismiss())
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(path.as_uri())
    page.locator(".stage").press("ArrowRight")
    for color in page.get_by_role("radio").all():
        color.click()
    page.locator("input[type=range]").press("End")
    page.wait_for_timeout(500)
    words = page.locator("body").inner_text()
    assert page.evaluate(PWNED) is None and wrong == []
    assert words.count(RUNS) >= 8 and page.locator("img[src=x]").count() == 0
    assert TAGS in page.locator("h1").text_content()
