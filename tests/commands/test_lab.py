"""``asdkit lab``: the right notebook, loopback, a token, no news, and an end without remains."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from asdkit import runtime
from asdkit.__main__ import main

ADDRESS = r"http://127\.0\.0\.1:(\d+)/lab/tree/notebooks/00_start_here\.ipynb\?token=(\w{32,})"
SETTINGS = "@jupyterlab/apputils-extension:notification"


class Server:
    """Stands for JupyterLab: it notes its command, and is interrupted as often as told."""

    interrupts, started = 0, None

    def __init__(self, command, **choices):
        Server.started = command, choices

    def wait(self):
        if Server.interrupts:
            Server.interrupts -= 1
            raise KeyboardInterrupt
        return 0


@pytest.fixture
def lab(monkeypatch, tmp_path):
    """Call ``asdkit lab`` from another folder: its exit code, and what it started."""
    monkeypatch.setattr(subprocess, "Popen", Server)
    monkeypatch.setattr(Server, "started", None)
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = main(["lab", *arguments])
        command, choices = Server.started or ([], {})
        return code, command, choices.get("env")

    return call


def test_it_opens_the_first_notebook_on_loopback(lab):
    code, command, _ = lab()
    assert code == 0 and command[:4] == [sys.executable, "-P", "-m", "jupyterlab"]
    assert (
        "--ip=127.0.0.1" in command and "--port=8888" in command and "--no-browser" not in command
    )
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command
    assert not [part for part in command if "token" in part.lower() or "password" in part.lower()]


def test_it_serves_the_clone_so_that_links_to_library_and_data_open(lab):
    assert f"--ServerApp.root_dir={runtime.home()}" in lab()[1]


def test_arguments_are_passed_on(lab):
    command = lab("--no-browser", "--port", "9999")[1]
    assert "--no-browser" in command and "--port=9999" in command


@pytest.mark.parametrize("user, allowed", [(0, True), (1000, False)])
def test_root_is_allowed_and_others_need_no_leave(lab, monkeypatch, user, allowed):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab()[1]) == allowed


def test_a_missing_notebook(lab, refused):
    code, command, _ = lab("77_nowhere.ipynb")
    assert "holds no 77_nowhere.ipynb: name one of its notebooks" in refused(code) and command == []


def test_no_clone(lab, refused, monkeypatch, tmp_path):
    monkeypatch.setattr(
        runtime, "__file__", str(tmp_path / "site-packages" / "asdkit" / "runtime.py")
    )
    code, command, _ = lab()
    assert "install it from a clone with 'pip install -e .'" in refused(code) and command == []


@pytest.mark.parametrize("port", ["0", "-1", "70000"])
def test_a_port_that_cannot_be(lab, refused, port):
    assert f"--port is {port}: give a number from 1 to 65535" in refused(lab("--port", port)[0])


def test_an_interrupt_is_left_to_jupyterlab(lab, monkeypatch):
    """It asks first, and ends its kernels: killing it would leave them behind."""
    monkeypatch.setattr(Server, "interrupts", 2)
    assert lab()[0] == 0 and Server.interrupts == 0


def test_it_asks_for_no_news_and_no_updates(lab, monkeypatch):
    import jupyterlab
    from jupyterlab.labapp import LabApp
    from jupyterlab_server.settings_utils import get_settings

    _, command, environment = lab()
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in command
    assert {"check_for_updates_class", "default_url"} <= set(LabApp.class_traits(config=True))
    assert issubclass(jupyterlab.NeverCheckForUpdate, LabApp.check_for_updates_class.klass)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", environment["JUPYTER_CONFIG_PATH"])
    schemas = Path(sys.prefix, "share", "jupyter", "lab", "schemas")
    settings, _ = get_settings("nowhere", str(schemas), "nowhere", schema_name=SETTINGS)
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"


def test_the_users_own_paths_come_first(lab, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    first, second = lab()[2]["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert first == "mine" and Path(second) == runtime.home() / "data" / "jupyter"


def status(address, until):
    """What a server answers, which tells its address a moment before it listens."""
    while True:
        try:
            return urllib.request.urlopen(address, timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs the signals of a terminal")
def test_a_real_server_asks_for_its_token(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"JUPYTER_NO_CONFIG": "1", "JUPYTER_TOKEN": "", "HOME": str(tmp_path)}
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        own[f"JUPYTER_{name}"] = str(tmp_path / name)
    log = tmp_path / "log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "asdkit", "lab", "--no-browser", "--port", str(port)],
            env=os.environ | own, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=tmp_path,
            start_new_session=True,
        )  # fmt: skip
    try:
        found = None
        until = time.monotonic() + 60
        while found is None and server.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
            found = re.search(ADDRESS, log.read_text())
        assert found, log.read_text()
        contents, token = f"http://127.0.0.1:{found.group(1)}/api/contents", found.group(2)
        assert status(f"{contents}/notebooks/00_start_here.ipynb?content=0", until) == 403
        for path in ("notebooks/00_start_here.ipynb", "asdkit/runtime.py", "data/README.md"):
            assert status(f"{contents}/{path}?content=0&token={token}", until) == 200
        # hidden files stay hidden
        assert status(f"{contents}/.gitignore?content=0&token={token}", until) == 404
        os.killpg(server.pid, signal.SIGINT)
        # by itself at Ctrl-C, or by the signal that asdkit passes on, whichever comes first
        assert server.wait(20) in (0, 128 + signal.SIGTERM)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
