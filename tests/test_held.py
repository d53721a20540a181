"""A place is held by one process, is free when that dies, and a refusal names it."""

import multiprocessing
import os
import signal
import socket
import time

import pytest

from asdkit.held import LOCK, OWN, held

forked = pytest.mark.skipif(not hasattr(os, "fork"), reason="the other process is a fork")


def test_a_second_is_refused_by_the_name_of_the_first(tmp_path):
    lock = tmp_path / "deep" / "cells" / LOCK
    refusal = pytest.raises(ValueError, match="results is held by another sweep")
    with held(lock, "results", "sweep"):
        with refusal as refused, held(lock, "results", "sweep"):
            pass
        assert f"process {os.getpid()} on {socket.gethostname()}, since 2" in str(refused.value)
        assert sorted(path.name for path in lock.parent.iterdir()) == sorted(OWN)
    assert list(tmp_path.iterdir()) == []


@forked
def test_a_dead_process_holds_nothing_and_files_stay(tmp_path):
    if not (child := os.fork()):
        with held(tmp_path / LOCK, "results"):
            (tmp_path / "kept").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert (tmp_path / LOCK).is_file()
    with held(tmp_path / LOCK, "results"):
        assert str(os.getpid()) in (tmp_path / OWN[1]).read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@forked
def test_who_waits_comes_after_it(tmp_path):
    context = multiprocessing.get_context("fork")
    in_it, order = context.Event(), context.SimpleQueue()

    def first():
        with held(tmp_path / LOCK, "the toy", "call", wait=True):
            in_it.set()
            time.sleep(0.3)
            order.put("first")

    other = context.Process(target=first)
    other.start()
    in_it.wait()
    told = rf"the toy is held by another call \(process {other.pid} on .*\), which is waited for"
    with pytest.warns(UserWarning, match=told), held(tmp_path / LOCK, "the toy", "call", wait=True):
        order.put("second")
    other.join()
    assert [order.get(), order.get()] == ["first", "second"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    refusal = pytest.raises(OSError, match="cells cannot be written .*: give another folder")
    with refusal, held(tmp_path / "file" / "cells" / LOCK, "x"):
        pass


@pytest.mark.parametrize("name", OWN)
def test_a_link_at_its_place_is_not_written_through(tmp_path, name):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "mine")
    try:
        with held(tmp_path / "out" / LOCK, "out"):
            pass
    except OSError as error:
        assert "give another folder" in str(error)
    assert (tmp_path / "mine").read_text() == "mine"
