"""``asdkit doctor``: a sound machine passes, and each fault is shown with its cure."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from asdkit import runtime
from asdkit.__main__ import main


@pytest.fixture
def doctor(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache"))
    for name in ("ASDKIT_DATA", "ASDKIT_DEVICE"):
        monkeypatch.delenv(name, raising=False)

    def call():
        code = main(["doctor"])
        told = capsys.readouterr()
        assert told.err == ""
        lines = told.out.splitlines()
        faults = {
            line[6:]: cure.strip()
            for line, cure in zip(lines, lines[1:])
            if line.startswith("FAULT")
        }
        assert all(cure.startswith("-> ") and len(cure) > 10 for cure in faults.values())
        assert code == bool(faults) and lines[-1].startswith(
            f"{len(faults)} to mend" if faults else "Everything is in"
        )
        return faults, told.out

    return call


def only(faults):
    assert len(faults) == 1, faults
    return next(iter(faults.items()))


def test_a_sound_machine(doctor, data, monkeypatch):
    assert doctor()[0] == {}
    monkeypatch.setenv("ASDKIT_DATA", str(data))
    faults, told = doctor()
    assert faults == {} and "recordings in ASDKIT_DATA: fan 14, valve 14 clips" in told


def test_a_missing_package(doctor, monkeypatch):
    version = importlib.metadata.version

    def without(name):
        if name == "librosa":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", without)
    assert only(doctor()[0]) == ("librosa is missing", "-> pip install 'librosa>=0.11'")


def test_a_package_too_old(doctor, monkeypatch):
    version = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "1.4.0" if name == "torch" else version(name)
    )
    assert only(doctor()[0]) == ("torch 1.4.0", "-> pip install 'torch>=2.6'")


def test_a_kit_that_is_not_installed(doctor, monkeypatch):
    def unknown(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", unknown)
    line, cure = only(doctor()[0])
    assert line.startswith("asdkit is not installed") and "pip install -e ." in cure


def test_a_python_too_old(doctor, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 12, "final", 0))
    line, cure = only(doctor()[0])
    assert "Python 3.10.12" in line and cure == "-> install Python 3.11.5 or newer"


def test_a_missing_front_end(doctor, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    line, cure = only(doctor()[0])
    assert (
        line == "widgets in JupyterLab: their front end is missing" and "jupyterlab_widgets" in cure
    )


def test_torch_that_does_not_start(doctor, monkeypatch):
    def fail():
        raise OSError("libtorch_cpu.so: cannot open shared object file")

    monkeypatch.setattr(runtime, "device", fail)
    line, cure = only(doctor()[0])
    assert (
        line.startswith("torch does not start: libtorch_cpu.so")
        and "pip install --force-reinstall torch" in cure
    )


def test_a_device_that_is_not_there(doctor, monkeypatch):
    monkeypatch.setenv("ASDKIT_DEVICE", "abacus")
    line, cure = only(doctor()[0])
    assert line == "device: not to be had" and "'abacus'" in cure and "ASDKIT_DEVICE" in cure


def test_no_clone(doctor, monkeypatch):
    def lost():
        raise FileNotFoundError("install it from a clone with 'pip install -e .'")

    monkeypatch.setattr(runtime, "home", lost)
    assert only(doctor()[0]) == (
        "notebooks: not found",
        "-> install it from a clone with 'pip install -e .'",
    )


def test_a_cache_that_cannot_be_made(doctor, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "file"))
    line, cure = only(doctor()[0])
    assert (
        "built-in data" in line
        and f"{tmp_path / 'file'} cannot be made" in cure
        and "set ASDKIT_CACHE" in cure
    )


def test_a_cache_that_is_read_only(doctor, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / "cache")
    line, cure = only(doctor()[0])
    assert (
        "built-in data" in line
        and f"make {tmp_path / 'cache'} writable, or set ASDKIT_CACHE" in cure
    )


def test_recordings_that_cannot_be_read(doctor, monkeypatch, tmp_path):
    monkeypatch.setenv("ASDKIT_DATA", str(tmp_path / "nowhere"))
    line, cure = only(doctor()[0])
    assert line == "recordings in ASDKIT_DATA: unreadable" and "nowhere is no folder: give" in cure
    (tmp_path / "other" / "train").mkdir(parents=True)
    (tmp_path / "other" / "train" / "take 1.wav").touch()
    monkeypatch.setenv("ASDKIT_DATA", str(tmp_path / "other"))
    assert "take 1.wav fits no name of DCASE 2020 to 2026: rename" in only(doctor()[0])[1]


def test_a_broken_torch_in_a_process_of_its_own(data, tmp_path):
    """Nothing that needs torch may be imported before the doctor can speak."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise OSError('libtorch_cpu.so: cannot open')")
    search = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    own = {"PYTHONPATH": search, "ASDKIT_DATA": str(data), "ASDKIT_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "asdkit", "doctor"],
        env=os.environ | own,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 1 and done.stderr == ""
    assert (
        "FAULT torch does not start: libtorch_cpu.so: cannot open\n      -> pip install"
        in done.stdout
    )
    assert "FAULT recordings in ASDKIT_DATA: not looked at\n      -> mend" in done.stdout
