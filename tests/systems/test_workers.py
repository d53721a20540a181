"""Workers: the scores of cells are those of one process by joblib and by Dask, with a worker killed
on the way, and a scheduler that goes away is told in a sentence.
"""

import os
import shutil
import signal
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from asdkit import __version__, systems
from asdkit.systems import workers
from asdkit.systems.sources import digest, tables

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills by signals")


@pytest.fixture(scope="module")
def cells(clips):
    source = systems.Source("small", folder=str(Path(clips["path"].iloc[0]).parents[2]))
    system = systems.get("arcface", encoder="Toy", dim=8, seconds=1.0, epochs=12)
    table = digest(*tables(source))
    return [systems.Cell("it", system, seed, source, ("Gaussian",), table) for seed in range(3)]


@pytest.fixture(scope="module")
def setting():
    return {"device": "cpu", "threads": 1, "version": __version__, "sweep": "one"}


@pytest.fixture(scope="module")
def alone(cells, setting, tmp_path_factory):
    """The scores of each cell by one process."""
    folder = tmp_path_factory.mktemp("alone")
    found = list(workers.results(cells, setting | {"cells": str(folder)}))
    assert [cell for cell, _ in found] == cells
    return [cell.read(folder)[0]["Gaussian"] for cell in cells]


def kill_one(word, ready=lambda: True):
    """Kill a worker, whose command has this word, as soon as it is there and ready; its id."""
    killed = []

    def watch():
        while not killed:
            time.sleep(0.05)
            own = psutil.Process().children(recursive=True) if ready() else ()
            for one in own:
                if not killed and word in " ".join(one.cmdline()):
                    killed.append(one.pid)
                    one.send_signal(signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    return killed


def same(cells, folder, alone):
    return all(
        np.array_equal(cell.read(folder)[0]["Gaussian"], scores)
        for cell, scores in zip(cells, alone)
    )


@pytest.fixture(scope="module")
def in_stereo(cells, tmp_path_factory):
    """A cell whose clips have two channels, of which a reader is warned."""
    root = tmp_path_factory.mktemp("two") / "stereo"
    shutil.copytree(cells[0].source.folder, root)
    for path in root.rglob("*.wav"):
        wave, rate = soundfile.read(path)
        soundfile.write(path, np.stack([wave, wave], axis=1), rate)
    source = systems.Source("stereo", folder=str(root))
    system = systems.get("mean_gaussian", seconds=1.0)
    return systems.Cell("mean", system, 0, source, ("Gaussian",), digest(*tables(source)))


@pytest.fixture(scope="module")
def by_joblib(cells, in_stereo, setting, tmp_path_factory):
    """Where joblib has left the cells, their results, the words of warnings, and who was killed;
    once for all who look, as each worker loads torch for itself.
    """
    folder = tmp_path_factory.mktemp("joblib")
    killed = kill_one("loky.backend.popen")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        told = setting | {"cells": str(folder)}
        found = list(workers.results([*cells, in_stereo], told, jobs=2))
    return folder, found, [str(one.message) for one in caught], killed


def test_joblib_with_a_worker_killed(cells, in_stereo, alone, by_joblib):
    folder, found, _, killed = by_joblib
    assert killed and sorted(cell.key() for cell, _ in found) == sorted(
        cell.key() for cell in (*cells, in_stereo)
    )
    assert all(result.keys() == {"seconds"} for _, result in found)
    assert same(cells, folder, alone)


def test_what_a_worker_was_warned_of_is_told_here(in_stereo, by_joblib):
    folder, _, told, _ = by_joblib
    assert in_stereo.read(folder) is not None
    assert any("have several channels, of which the first is taken" in words for words in told)


def test_dask_with_a_worker_killed_and_then_without_its_scheduler(cells, setting, alone, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    choices = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**choices) as cluster:
        address = cluster.scheduler_address
        killed = kill_one("spawn_main", lambda: any(one.glob("*/run.safetensors")))
        found = list(workers.results(cells, setting | {"cells": str(one)}, scheduler=address))
        assert killed and all(result.keys() == {"seconds"} for _, result in found)
        assert same(cells, one, alone)
        found = workers.results(cells, setting | {"cells": str(two)}, scheduler=address)
        assert next(found)[1].keys() == {"seconds"}
        cluster.close()
        with pytest.raises(ValueError, match="went away: what is finished is kept"):
            list(found)
    left = [cell for cell in cells if cell.read(two) is None]
    assert len(left) < len(cells)
    with pytest.raises(ValueError, match="no scheduler that this Dask understands answers"):
        list(workers.results(left, setting | {"cells": str(two)}, scheduler=address))


def test_names_settings_and_paths_move_and_nothing_else(cells, setting):
    assert workers.weight(cells, setting | {"cells": "/somewhere"}) < 2000


def test_another_version_is_refused_by_its_name():
    def packages(version):
        return {"packages": {"dask": "2", "distributed": version}}

    told = {"client": packages("2"), "scheduler": packages("2"), "workers": {"a": packages("2")}}
    workers.check_versions(told)
    with pytest.raises(ValueError, match="the scheduler has distributed 1, and this machine 2"):
        workers.check_versions(told | {"scheduler": packages("1")})
    with pytest.raises(ValueError, match="the worker a has distributed None"):
        workers.check_versions(told | {"workers": {"a": packages(None)}})
