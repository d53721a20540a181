"""Files and folders that are whole or not there, whoever else writes beside them."""

import multiprocessing
import os
import re
import signal

import pytest

from asdkit.drafts import MARK, whole, whole_folder

forked = pytest.mark.skipif(not hasattr(os, "fork"), reason="the other process is a fork")
KINDS = {"file": whole, "folder": whole_folder}


def fill(draft, text):
    (draft / "inner" if draft.is_dir() else draft).write_text(text)


def read(path):
    return (path / "inner" if path.is_dir() else path).read_text()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def test_it_comes_whole_and_leaves_nothing_else(tmp_path, kind):
    with kind(tmp_path / "deep" / "new") as draft:
        assert re.fullmatch(re.escape(MARK) + "[0-9a-f]{16}", draft.name)
        fill(draft, "all")
        assert names(tmp_path / "deep") == [draft.name]
    assert names(tmp_path / "deep") == ["new"] and read(tmp_path / "deep" / "new") == "all"


def test_what_fails_leaves_what_was_there(tmp_path, kind):
    if kind is whole:
        (tmp_path / "new").write_text("before")
    with pytest.raises(KeyError), kind(tmp_path / "new") as draft:
        fill(draft, "half")
        raise KeyError
    assert names(tmp_path) == (["new"] if kind is whole else [])
    assert kind is whole_folder or read(tmp_path / "new") == "before"


@forked
def test_the_drafts_of_killed_processes_go_and_those_of_others_stay(tmp_path, kind):
    """And what is no draft stays, whatever its name."""
    (tmp_path / f"{MARK}mine").write_text("mine")
    (tmp_path / f"{MARK}{'0' * 16}").symlink_to(tmp_path / f"{MARK}mine")
    if not (child := os.fork()):
        with kind(tmp_path / "killed") as draft:
            fill(draft, "half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(names(tmp_path)) == 3
    context = multiprocessing.get_context("fork")
    begun, end = context.Event(), context.Event()

    def other():
        with kind(tmp_path / "other") as draft:
            begun.set()
            end.wait()
            fill(draft, "other")

    process = context.Process(target=other)
    process.start()
    begun.wait()
    with kind(tmp_path / "own") as draft:
        assert len(names(tmp_path)) == 4  # the killed one is gone
        fill(draft, "own")
    end.set()
    process.join()
    assert names(tmp_path) == [f"{MARK}{'0' * 16}", f"{MARK}mine", "other", "own"]
    assert read(tmp_path / "other") == "other" and read(tmp_path / f"{MARK}mine") == "mine"


@pytest.mark.parametrize("planted", [".new.part", "new.part", ".new.tmp", "new"])
def test_a_planted_link_is_not_written_through(tmp_path, planted):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / planted).symlink_to(tmp_path / "mine")
    with whole(tmp_path / "new") as draft:
        fill(draft, "all")
    assert read(tmp_path / "mine") == "mine" and read(tmp_path / "new") == "all"
    assert not (tmp_path / "new").is_symlink()


def test_a_folder_behind_a_link_stays_behind_it(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    with whole_folder(tmp_path / "link") as draft:
        fill(draft, "all")
    assert (tmp_path / "link").is_symlink() and read(tmp_path / "disk") == "all"


def test_what_is_there_is_not_replaced_by_a_folder(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "inner").write_text("mine")
    with pytest.raises(FileExistsError, match="mine is there already"):
        whole_folder(tmp_path / "mine").__enter__()
    with (
        pytest.raises(FileExistsError, match="new was made meanwhile by another process"),
        whole_folder(tmp_path / "new") as draft,
    ):
        fill(draft, "all")
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "inner").write_text("another's")
    assert read(tmp_path / "new") == "another's" and names(tmp_path) == ["mine", "new"]


def test_no_room(tmp_path):
    with pytest.raises(OSError, match="new takes about 1e.06 GB, and .* GB are free: make room"):
        whole_folder(tmp_path / "new", 10**15).__enter__()
    assert names(tmp_path) == []


def test_a_folder_or_a_long_name_in_its_place_is_told_first(tmp_path):
    for name, told in (("folder", "it is a folder"), ("x" * 256, "File name too long")):
        if name == "folder":
            (tmp_path / name).mkdir()
        with pytest.raises(OSError, match=f"{told}.*give another name"):
            whole(tmp_path / name).__enter__()
    assert names(tmp_path) == ["folder"]
