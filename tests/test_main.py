"""The command line as a whole: what it ends with, and what it prints."""

import signal
import subprocess
import sys
import warnings

import pytest

import asdkit
from asdkit.__main__ import main
from asdkit.commands import doctor


def put(monkeypatch, act):
    monkeypatch.setattr(doctor, "_python", act)


def test_the_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0 and capsys.readouterr().out == f"asdkit {asdkit.__version__}\n"


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "the following arguments are required: lab | data | doctor | run | score"),
        (["sing"], "invalid choice: 'sing' (choose from"),
        (["run"], "the following arguments are required: system, --data, --out"),
        (
            ["run", "x", "--data", "d", "--out", "o", "--budget", "huge"],
            "--budget: invalid choice: 'huge'",
        ),
        (
            ["run", "x", "--data", "d", "--out", "o", "--epochs", "many"],
            "--epochs: invalid int value: 'many'",
        ),
        (["score", "detector"], "the following arguments are required: FILE"),
        (["lab", "--port", "many"], "--port: invalid int value: 'many'"),
    ],
)
def test_commands_that_cannot_be(capsys, arguments, words):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2 and words in capsys.readouterr().err


@pytest.mark.parametrize("error", [ValueError, OSError, FloatingPointError])
def test_what_is_wrong_is_one_sentence(capsys, monkeypatch, error):
    def fail():
        raise error("a.wav is bad: mend it")

    put(monkeypatch, fail)
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == "asdkit doctor: a.wav is bad: mend it\n"


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    put(monkeypatch, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_an_interrupt(capsys, monkeypatch):
    put(monkeypatch, lambda: signal.raise_signal(signal.SIGINT))
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == "asdkit doctor: stopped\n"


def test_a_warning_is_one_line_and_told_once_a_call(capsys, monkeypatch):
    def warn():
        for message in ("first", "second", "first"):
            warnings.warn(message, stacklevel=1)
        yield from ()

    put(monkeypatch, warn)
    before = warnings.showwarning
    for _ in range(2):
        main(["doctor"])
        assert capsys.readouterr().err == "warning: first\nwarning: second\n"
    assert warnings.showwarning is before


def test_as_a_program(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "asdkit", "check", "nowhere"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert (
        done.stderr == "asdkit check: nowhere is not there: give a notebook, or a folder of some\n"
    )
    assert list(tmp_path.iterdir()) == []
