"""JupyterLab on a copy of the clone, and a real browser to look at it."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
import warm
from needed import needed

ROOT = Path(__file__).resolve().parents[2]
SERVED = ("notebooks", "asdkit", "data")  # what lessons link to
UNSERVED = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "cache")
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
CURE = (
    "install Chromium (Debian: apt-get install chromium) or put Chrome on the PATH; "
    "pip does not bring a browser"
)
FLAGS = [
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
]  # fmt: skip
SETTINGS = {  # no questions to the user, and every cell in the page, on screen or not
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
VIEWPORT = {"width": 1400, "height": 1000}
PANEL = "window.jupyterapp.shell.currentWidget"
OPEN = "async path => { await window.jupyterapp.commands.execute('docmanager:open', {path}); }"
CLEAR = """async () => {
    const {shell, serviceManager} = window.jupyterapp;
    [...shell.widgets('main')].forEach(widget => widget.dispose());
    await serviceManager.sessions.shutdownAll();
}"""
IDLE = f"() => {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"
NUMBERED = f"""() => [...{PANEL}.content.model.cells]
    .filter(cell => cell.type === 'code' && cell.sharedModel.source.trim())
    .every(cell => cell.executionCount)
    && {PANEL}.sessionContext.session.kernel.status === 'idle'"""

OUTPUTS = f"""() => [...{PANEL}.content.model.cells]
    .filter(cell => cell.type === 'code').flatMap(cell => cell.outputs.toJSON())"""

# Clicks queue up: a picture counts once it is another one, the kernel has nothing left to do, and
# nothing has changed for a second.
AT_REST = f"""window.atRest = (selector, shown) => {{
    const sources = [...document.querySelectorAll(selector)].map(picture => picture.src);
    const idle = {PANEL}.sessionContext.session.kernel.status === 'idle';
    if (!idle || window.seen !== sources.join()) {{
        window.seen = sources.join();
        window.since = performance.now();
    }}
    return sources.every(source => source !== shown) && performance.now() - window.since > 1000;
}}"""


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; without one the tests are skipped, in CI they fail."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sentence = f"no Chromium or Chrome is installed: {CURE}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is missing: run make test"
    )
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS + sandbox)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab that knows nothing of the user's settings, with its token, and
    its folder: as ``asdkit lab`` does, it serves the clone, here a copy.
    """
    home = tmp_path_factory.mktemp("lab")
    folder = home / "clone"
    for name in SERVED:
        shutil.copytree(ROOT / name, folder / name, ignore=UNSERVED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {
        "ASDKIT_BUDGET": "smoke",
        "ASDKIT_PROGRESS": "0",
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_TOKEN": token,
        **warm.variables(),
    }
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
                 "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"):  # fmt: skip
        own[name] = str(home / name.lower())
    for name, values in SETTINGS.items():
        path = Path(own["JUPYTERLAB_SETTINGS_DIR"]) / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--allow-root", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    log = home / "lab.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            command, cwd=folder, env=os.environ | own, stdout=file, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/api/status?token={token}", server, log)
        yield address, token, folder
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(address, server, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"JupyterLab ended at its start:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not answer within {seconds} s:\n{log.read_text()[-3000:]}")


class Seen:
    """A view on a page: its words, its picture, and the hand on its controls."""

    def __init__(self, page, alt):
        self.page, self.picture = page, f"img[alt*={json.dumps(alt)}][src^='data:image/png']"
        self.box = page.locator(".widget-vbox", has=page.locator(self.picture)).first
        self.box.scroll_into_view_if_needed()
        self._rest(shown=None)

    def beside(self, alt):
        """Another view of the page."""
        return Seen(self.page, alt)

    @property
    def words(self):
        return self.box.inner_text()

    @property
    def alt(self):
        return self.box.locator(self.picture).get_attribute("alt")

    def press(self, key, slider=0):
        """Press a key on one of the sliders and wait for the picture that follows."""
        self.after(lambda: self.box.locator(".noUi-handle").nth(slider).press(key))

    def choose(self, option):
        """Press the button of an option by key and wait for the picture that follows."""
        self.after(lambda: self.box.get_by_role("button", name=option, exact=True).press("Space"))

    def after(self, act):
        """Do something and wait for the picture that follows."""
        shown = self.box.locator(self.picture).get_attribute("src")
        act()
        self._rest(shown)

    def _rest(self, shown):
        self.page.wait_for_function(
            "([selector, shown]) => window.atRest(selector, shown)",
            arg=[f".widget-vbox {self.picture}", shown],
            timeout=30_000,
        )


@pytest.fixture
def page(request, browser, tmp_path):
    """An empty page of the browser; once a test has failed, a screenshot of what it shows in the
    end stays in ``tmp_path``.
    """
    page = browser.new_page(viewport=VIEWPORT)
    yield page
    if request.session.testsfailed:
        page.screenshot(path=tmp_path / "screenshot.png")
    page.close()


@pytest.fixture(scope="session")
def desk(browser, lab):
    """The page of a JupyterLab in which lessons are opened, one after another: JupyterLab takes
    longer to start than most lessons.
    """
    page = browser.new_page(viewport=VIEWPORT)
    page.add_init_script(AT_REST)
    yield page
    page.close()


def _start(desk, lab):
    """Start JupyterLab anew on its page, in a workspace of its own."""
    address, token, _ = lab
    desk.goto(f"{address}/lab/workspaces/{secrets.token_hex(4)}?reset&token={token}")
    desk.wait_for_function("() => window.jupyterapp?.shell.currentWidget", timeout=60_000)


@pytest.fixture
def new_desk(desk, lab):
    """The page of a JupyterLab that has just started, for tests that load it again."""
    _start(desk, lab)
    return desk


@pytest.fixture
def lesson(request, desk, lab, tmp_path):
    """A function that opens a notebook and waits for its kernel; notebook and kernel, which
    JupyterLab would keep with its memory, end with the test.

    After a failure JupyterLab starts anew.
    """
    if desk.url == "about:blank" or request.session.testsfailed:
        _start(desk, lab)

    def open_lesson(name):
        desk.evaluate(OPEN, f"notebooks/{name}.ipynb")
        desk.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        desk.wait_for_function(IDLE, timeout=60_000)

    yield open_lesson
    if request.session.testsfailed:
        desk.screenshot(path=tmp_path / "screenshot.png")
    desk.evaluate(CLEAR)


def views_of(folder, name):
    """Write the code of a lesson that its views need as a notebook, and return its name."""
    lesson = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    code = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    kept = [nbformat.v4.new_code_cell(code[at]) for at in needed(code)]
    assert kept, f"{name} has no view"
    views = nbformat.v4.new_notebook(metadata=lesson.metadata, cells=kept)
    nbformat.write(views, folder / f"views_of_{name}.ipynb")
    return f"views_of_{name}"


@pytest.fixture
def ran(desk, lesson, lab):
    """A function that opens a notebook, runs all its cells, or those that its views need, without
    an error, and gives their outputs.
    """

    def run_all(name, seconds=120, whole=False):
        lesson(name if whole else views_of(lab[2] / "notebooks", name))
        desk.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        desk.wait_for_function(NUMBERED, timeout=1000 * seconds)
        outputs = desk.evaluate(OUTPUTS)
        assert [output for output in outputs if output["output_type"] == "error"] == []
        assert desk.get_by_text("Click to show javascript error").count() == 0
        return outputs

    return run_all


@pytest.fixture
def opened(desk, ran):
    """A function that runs a notebook, or what its views need, and gives the view that it shows.

    The view is found by a part of its picture's alternative text.
    """

    def run_and_see(name, alt, seconds=120, whole=False):
        ran(name, seconds, whole)
        return Seen(desk, alt)

    return run_and_see
