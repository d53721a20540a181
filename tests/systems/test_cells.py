"""A cell is named by what it depends on, run once, and goes on from its run."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from asdkit import __version__, systems
from asdkit.systems import System, cells
from asdkit.systems.ears import Ears
from asdkit.systems.sources import digest, tables


@pytest.fixture
def cell(clips):
    """A cell of the small data set, with two epochs unless told otherwise."""

    def make(seed=0, backends=("Gaussian",), **choices):
        source = systems.Source("small", folder=str(Path(clips["path"].iloc[0]).parents[2]))
        choices = {"encoder": "Toy", "dim": 8, "seconds": 1.0, "epochs": 2} | choices
        system = systems.get("arcface", **choices)
        return systems.Cell("it", system, seed, source, backends, digest(*tables(source)))

    return make


@pytest.fixture
def setting(tmp_path):
    told = {"device": "cpu", "threads": 1, "version": __version__, "sweep": "one"}
    return told | {"cells": str(tmp_path)}


def go(cell, setting):
    return cells.run(json.loads(json.dumps(cell.to_json())), setting, Ears())


def test_the_scores_are_those_of_the_system_by_itself(cell, setting, tmp_path, clips):
    threads, one = torch.get_num_threads(), cell(backends=("Gaussian", "angle"))
    assert go(one, setting).keys() == {"seconds"} and torch.get_num_threads() == threads
    train, test = tables(one.source)
    with cells.threads(1):
        score = one.system.fit(train, device="cpu").score(test)
    scores, seconds = one.read(tmp_path)
    assert np.array_equal(scores["Gaussian"], score) and seconds > 0
    assert [path.name for path in tmp_path.iterdir()] == [f"{one.key()}.safetensors"]
    assert cell(backends=("Gaussian", "PLDA")).read(tmp_path) is None


def test_its_key_holds_what_the_scores_depend_on_and_no_path(cell):
    one = cell()
    moved = one._replace(source=one.source._replace(folder="/elsewhere"))
    assert moved.key() == one.key() == cell().key()
    others = [cell(seed=1), cell(epochs=3), cell(dim=4), one._replace(table="other")]
    assert len({other.key() for other in [one, *others]}) == 5


def test_it_goes_on_from_its_run_and_is_not_run_again(cell, setting, tmp_path, monkeypatch):
    one, save, saved = cell(epochs=4), systems.network.train.Run.save, []

    def cut(self, path):
        save(self, path)
        saved.append(self.epoch)
        if self.epoch == 2 and saved.count(2) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(systems.network.train.Run, "save", cut)
    with pytest.raises(KeyboardInterrupt):
        go(one, setting)
    began = tmp_path / one.key() / "began.json"
    moment, before = json.loads(began.read_text())
    began.write_text(json.dumps([moment - 100, before]))
    assert go(one, setting)["seconds"] > 100 and saved == [1, 2, 3, 4]
    assert go(one, setting)["seconds"] > 100 and saved == [1, 2, 3, 4]
    assert not began.exists()


def test_what_stops_a_cell_comes_back_in_words(cell, setting, tmp_path, monkeypatch):
    told = go(cell(), setting | {"version": "0"})["fault"]
    assert f"a worker has asdkit {__version__}, and the sweep 0" in told
    assert "does not see" in go(cell(), setting | {"cells": str(tmp_path / "none")})["fault"]
    assert "there is no device" in go(cell(seed=1), setting | {"device": "cuda:9"})["fault"]
    assert "has other clips here" in go(cell()._replace(table="other"), setting)["fault"]
    alone = cell(each="group", task="sections")
    assert "of one class of the task" in go(alone, setting)["refused"]

    def full(*_, **__):
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr(System, "fit", full)
    assert go(cell(seed=2), setting)["fault"].startswith("the memory is full: take smaller")
    assert list(tmp_path.glob("*.lock")) == []


def test_a_damaged_run_or_cell_is_named(cell, setting, tmp_path):
    one = cell()
    run = tmp_path / one.key() / "run.safetensors"
    run.parent.mkdir()
    run.write_bytes(b"half")
    assert f"{run} is damaged or cut short" in go(one, setting)["fault"]
    one.file(tmp_path).write_bytes(b"half")
    with pytest.raises(ValueError, match="is damaged or cut short"):
        one.read(tmp_path)
