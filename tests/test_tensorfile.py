"""Files of tensors that are whole or not there."""

import hashlib
import os
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from asdkit.tensorfile import read_tensors, there, within, write_tensors


def tensors():
    return {
        "a": torch.randn(3, 4, dtype=torch.float64),
        "b.c": torch.arange(5),
        "d": torch.tensor(2.5),
    }


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "new" / "deeper" / "file"
    written = tensors() | {
        "view": torch.randn(4, 6).T[1:],
        "grad": torch.ones(2, requires_grad=True),
    }
    write_tensors(path, written, {"kind": "notes: ä"})
    read, notes = read_tensors(path, "kind")
    assert notes == "notes: ä" and read.keys() == written.keys()
    for name, value in written.items():
        assert torch.equal(read[name], value) and read[name].dtype == value.dtype
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("fails", ["fsync", "replace", "save"])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, fails):
    path = tmp_path / "file"
    write_tensors(path, tensors(), {"kind": "old"})
    before = path.read_bytes()

    def refuse(*_, **__):
        raise OSError("no space left")

    where = {
        "fsync": (os, "fsync"),
        "replace": (Path, "replace"),
        "save": ("asdkit.tensorfile.save",),
    }[fails]
    monkeypatch.setattr(*where, refuse)
    with pytest.raises(OSError, match="no space left"):
        write_tensors(path, tensors(), {"kind": "new"})
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_the_bytes_reach_the_disk_before_the_name_does(tmp_path, monkeypatch):
    order = []
    replace, fsync = Path.replace, os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: order.append("disk") or fsync(number))
    monkeypatch.setattr(Path, "replace", lambda self, to: order.append("name") or replace(self, to))
    write_tensors(tmp_path / "file", tensors(), {"kind": ""})
    assert order[:2] == ["disk", "name"]


def test_every_length_cut_short_is_noticed(tmp_path):
    path = tmp_path / "file"
    write_tensors(path, tensors(), {"kind": "notes"})
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 7), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(
            ValueError,
            match="file is damaged or cut short, or never was a saved kind: give another",
        ):
            read_tensors(path, "kind")


def test_other_files(tmp_path):
    with pytest.raises(FileNotFoundError, match="none is missing: give the path of a saved kind"):
        read_tensors(tmp_path / "none", "kind")
    with pytest.raises(FileNotFoundError):
        read_tensors(tmp_path, "kind")
    write_tensors(tmp_path / "other", tensors(), {"run": "notes"})
    with pytest.raises(ValueError, match="other holds no kind of asdkit"):
        read_tensors(tmp_path / "other", "kind")
    (tmp_path / "pickle").write_bytes(b"\x80\x04\x95" + b"\x00" * 50)
    with pytest.raises(ValueError, match="pickle is damaged"):
        read_tensors(tmp_path / "pickle", "kind")


def test_one_part_is_found_by_its_whole_name():
    names = ("loss.scale", "loss.a.b", "losses.x", "my.loss.x", "loss")
    assert within(dict.fromkeys(names, 1), "loss") == {"scale": 1, "a.b": 1}


def test_a_file_is_one_of_safetensors_with_a_digest_of_all_of_it(tmp_path):
    path = tmp_path / "file"
    write_tensors(path, tensors(), {"kind": "notes", "more": "ä\n"})
    with safe_open(path, framework="pt") as file:
        told = file.metadata()
        assert torch.equal(file.get_tensor("a"), file.get_tensor("a"))
    data = path.read_bytes()
    blank = data.replace(told["digest"].encode(), b"0" * 64)
    assert told == {"digest": hashlib.sha256(blank).hexdigest(), "kind": "notes", "more": "ä\n"}
    assert int.from_bytes(data[:8], "little") % 8 == 0


def test_equal_contents_are_equal_bytes(tmp_path):
    for name in ("one", "other"):
        write_tensors(tmp_path / name, {"x": torch.eye(3)}, {"kind": "notes", "b": "1", "a": "2"})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_file_without_tensors_is_read(tmp_path):
    write_tensors(tmp_path / "file", {}, {"kind": "notes"})
    assert read_tensors(tmp_path / "file", "kind") == ({}, "notes")


def test_a_file_without_a_digest_is_told_to_be_older(tmp_path):
    save_file({"x": torch.eye(2)}, tmp_path / "file", metadata={"kind": "notes"})
    with pytest.raises(ValueError, match="is of an older asdkit, which wrote no digest: train"):
        read_tensors(tmp_path / "file", "kind")
    with pytest.raises(ValueError, match="or never was a saved run"):
        read_tensors(tmp_path / "file", "run")


def test_a_path_leads_to_a_file(tmp_path):
    (tmp_path / "file").touch()
    assert there(str(tmp_path / "file"), "notes") == tmp_path / "file"
    os.mkfifo(tmp_path / "pipe")
    for name, told in {"pipe": "is no file, but a pipe or a device", "none": "is missing"}.items():
        with pytest.raises(FileNotFoundError, match=f"{name} {told}: give the path of notes"):
            there(tmp_path / name, "notes")
    with pytest.raises(FileNotFoundError, match="is a folder: give the path of notes"):
        there(tmp_path, "notes")
    with pytest.raises(ValueError, match="^3 is no path: give the path of notes$"):
        there(3, "notes")
