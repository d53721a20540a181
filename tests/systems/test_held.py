"""A folder is held by one process, is free when that dies, and a refusal names it."""

import os
import signal
import socket

import pytest

from asdkit.systems.held import held


def test_a_second_is_refused_by_the_name_of_the_first(tmp_path):
    folder = tmp_path / "cells"
    refusal = pytest.raises(ValueError, match="results is held by another sweep")
    with held(folder, "results"):
        with refusal as refused, held(folder, "results"):
            pass
        assert f"process {os.getpid()} on {socket.gethostname()}, since 2" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the dead process is a fork")
def test_a_dead_process_holds_nothing_and_files_stay(tmp_path):
    if not (child := os.fork()):
        with held(tmp_path, "results"):
            (tmp_path / "kept").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert (tmp_path / "lock").is_file()
    with held(tmp_path, "results"):
        assert str(os.getpid()) in (tmp_path / "holder.json").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    refusal = pytest.raises(OSError, match="x cannot be written .*: give another --out")
    with refusal, held(tmp_path / "file" / "cells", "x"):
        pass
