"""One thread a test process, as several share the machine and threads that wait cost most; Ctrl-C
as in a terminal; and what tests count.
"""

import gc
import itertools
import os
import signal

import pytest

from asdkit import runtime

os.environ.update(runtime.lesson_environment())
os.environ.setdefault("ASDKIT_PROGRESS", "0")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
BROWSER = "tests/browser/"


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage while tests are collected, nor later in what they then are: to walk over
    all modules and tests takes a third of the time of collecting them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give all tests of the browser to one process: each that has some starts a JupyterLab, a
    Chromium and a parent of kernels.
    """
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    return OneBrowser(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_runtest_setup(item):
    if item.get_closest_marker("bf16"):
        from asdkit.runtime import has_bf16

        if not has_bf16("cpu"):
            pytest.skip("this processor does not multiply in bf16")


@pytest.fixture
def reads(monkeypatch):
    """The paths of the sound files that are read, one for each time."""
    import soundfile

    read, paths = soundfile.read, []
    monkeypatch.setattr(
        soundfile, "read", lambda path, **how: paths.append(path) or read(path, **how)
    )
    return paths


@pytest.fixture(scope="session")
def scored():
    """A function that makes a table of three clips with columns of scores, as a trace holds it."""
    import pandas as pd

    clips = pd.DataFrame({
        "machine": ["fan", "fan", "NA"], "section": ["00", "01", "00"],
        "domain": ["source", "target", ""], "label": [0, 1, 0],
        "clip": ["a.wav", "b,c.wav", "d.wav"],
    })  # fmt: skip
    return clips.assign


@pytest.fixture
def unpainted(monkeypatch):
    """Pictures of no pixels, each with bytes of its own, to tell when one is drawn and its words;
    to paint them takes most of the time of a view, and half of that of a small run.
    """
    from asdkit.figures import Picture

    numbers = itertools.count()
    monkeypatch.setattr(Picture, "png", lambda self, like=None: b"\x89PNG %d" % next(numbers))
