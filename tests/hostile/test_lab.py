"""Nothing foreign runs, and nothing runs on: ``asdkit lab`` and every process that the kit starts,
from a folder full of modules that bear the names of others.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from asdkit import runtime
from asdkit.systems import workers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs the signals of POSIX")
MODULES = (
    "jupyterlab", "jupyter_server", "jupyter_core", "notebook", "notebook_shim", "traitlets",
    "tornado", "IPython", "ipykernel", "ipykernel_launcher", "joblib", "numpy", "torch", "pandas",
    "matplotlib", "asdkit_plugin", "sitecustomize", "usercustomize", "json", "random", "secrets",
)  # fmt: skip
SETTINGS = (
    "jupyter_server_config", "jupyter_lab_config", "jupyter_config", "jupyter_notebook_config",
    "ipython_config", "ipython_kernel_config",
)  # fmt: skip
ENTRY = "import sys; from asdkit.__main__ import main; sys.exit(main())"


@pytest.fixture
def planted(tmp_path):
    """A folder of modules and settings that tell when they run; and who has told."""
    folder, told = tmp_path / "current", tmp_path / "told"
    folder.mkdir()
    told.mkdir()
    for name in MODULES + SETTINGS:
        (folder / f"{name}.py").write_text(f"open({str(told / name)!r}, 'w')\n")
    return folder, lambda: sorted(path.name for path in told.iterdir())


def own(home):
    """An environment in which JupyterLab knows nothing of the user's settings, nor the folder."""
    own = {"HOME": str(home), "PYTHONPATH": str(runtime.home()), "JUPYTER_TOKEN": ""}
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        own[f"JUPYTER_{name}"] = str(home / name)
    return os.environ | own


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def children(process):
    """JupyterLab below a command, once there is one."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if found := process.children(recursive=True):
            return found
        time.sleep(0.05)
    raise AssertionError("JupyterLab was not started")


@pytest.fixture
def lab(planted, tmp_path):
    """Start ``asdkit lab`` as its entry point does, from the folder, in a session of its own."""
    started = []

    def start(**choices):
        arguments = ["lab", "--no-browser", "--port", free_port()]
        with (tmp_path / "log").open("w") as log:
            started.append(psutil.Popen(
                [sys.executable, "-P", "-c", ENTRY, *arguments], cwd=planted[0], env=own(tmp_path),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **choices,
            ))  # fmt: skip
        return started[0]

    yield start
    for process in started:
        for one in [*(process.children(recursive=True) if process.is_running() else ()), process]:
            if one.is_running():
                one.kill()
        process.wait()


def serving(tmp_path, process, seconds=60):
    """Wait until JupyterLab tells its address."""
    until = time.monotonic() + seconds
    while not re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=", (tmp_path / "log").read_text()):
        assert process.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text()
        time.sleep(0.05)


def test_no_module_and_no_setting_of_the_current_folder_runs(lab, planted, tmp_path):
    process = lab()
    serving(tmp_path, process)
    servers = children(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0 and planted[1]() == []
    assert not [server for server in servers if server.is_running()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_while_it_starts_leaves_nothing_running(lab, number):
    process = lab()
    servers = children(process)
    process.send_signal(number)
    assert process.wait(30) in (0, 128 + signal.SIGTERM)
    assert not [server for server in servers if server.is_running()]


class Slow:
    """Stands for a JupyterLab that is told to end while it is waited for."""

    told = 0

    def __init__(self, command, **choices):
        signal.raise_signal(self.first)

    def terminate(self):
        Slow.told += 1

    def wait(self):
        if self.second:
            signal.raise_signal(self.second)
        return -signal.SIGTERM


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("second", [None, signal.SIGTERM])
def test_a_signal_between_start_and_wait_is_not_lost(monkeypatch, tmp_path, first, second):
    from asdkit.__main__ import main

    monkeypatch.setattr(subprocess, "Popen", Slow)
    monkeypatch.setattr(Slow, "told", 0)
    monkeypatch.setattr(Slow, "first", first, raising=False)
    monkeypatch.setattr(Slow, "second", second, raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    before = signal.getsignal(first)
    assert main(["lab"]) == 128 + signal.SIGTERM
    assert Slow.told == 1 + (second is not None) and signal.getsignal(first) is before


def test_what_is_ignored_stays_ignored(monkeypatch):
    from asdkit.commands import lab

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        assert signal.SIGHUP not in lab._ending() and signal.SIGTERM in lab._ending()
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("arguments", ["--version", "doctor"])
def test_the_entry_point_runs_nothing_of_the_current_folder(planted, tmp_path, arguments):
    command = Path(sys.executable).with_name("asdkit")
    if not command.is_file():
        pytest.skip("asdkit is not installed")
    done = subprocess.run([command, arguments], cwd=planted[0], env=own(tmp_path),
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr
    assert planted[1]() == []


def test_workers_of_a_sweep_run_nothing_of_the_current_folder(planted, monkeypatch):
    monkeypatch.chdir(planted[0])
    monkeypatch.setenv("PYTHONPATH", str(runtime.home()))
    cell = SimpleNamespace(to_json=lambda: "{}")
    with pytest.raises(KeyError, match="threads"):  # which tells that our own code was the worker
        list(workers.results([cell], {}, jobs=2))
    assert planted[1]() == [] and "PYTHONSAFEPATH" not in os.environ
