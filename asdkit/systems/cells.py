"""A cell of a sweep: one system, trained from one seed on one data set. It is run once, and goes on
where it was cut.
"""

import hashlib
import json
import os
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import torch
from threadpoolctl import threadpool_limits

from .. import __version__, given, sound
from ..contents import check, facts, read_as
from ..drafts import whole
from ..held import held
from ..runtime import device as choose_device
from ..runtime import is_memory_full
from ..tensorfile import read_tensors, write_tensors
from .ears import Ears
from .fitting import Unfit
from .part import find
from .sources import Source
from .system import System

ROOM = "the memory is full: take smaller batches, as in 'NAME batch_size=16', or fewer --jobs"
_BUSY = threading.Lock()  # torch draws from one chance a process, so cells take turns there


class Cell(NamedTuple):
    """One system with its name in the tables, its seed, its data, and the backends that judge, the
    system's own first.

    ``table`` is the digest of the clips, so that a worker that finds others there says so.

    Example:
        >>> cell = systems.Cell("adacos", systems.get("adacos"), 0, systems.Source("toy"), (), "")
        >>> systems.Cell.from_json(cell.to_json()) == cell
        True
    """

    name: str
    system: System
    seed: int
    source: Source
    backends: tuple
    table: str

    def key(self):
        """What names its file: the system's JSON, seed, data, clips and their pattern, and no path
        of a machine.
        """
        told = [__version__, self.system.to_json(), self.seed, self.source.name, self.table]
        told += [self.source.pattern] if self.source.pattern else []  # others keep their names
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]

    def to_json(self):
        """All that a worker is told: names, settings and a path."""
        return self._asdict() | {
            "system": self.system.to_json(), "source": list(self.source),
            "backends": list(self.backends),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told):
        """The cell that ``to_json`` told.

        Raises: ValueError for a system that this asdkit does not know.
        """
        parts = {
            "system": System.from_json(told["system"]), "source": Source(*told["source"]),
            "backends": tuple(told["backends"]),
        }  # fmt: skip
        return cls(**told | parts)

    def file(self, folder):
        """Where its scores lie when it is finished."""
        return Path(folder) / f"{self.key()}.safetensors"

    def read(self, folder):
        """Its scores by backend, each (N,), and its seconds; None where it is not finished.

        Raises: ValueError for a file that is damaged, of another cell, or holds no finite scores.
        """
        file = self.file(folder)
        if not os.path.lexists(file):
            return None
        tensors, notes = read_tensors(file, "cell")
        with read_as(file, "cell", "remove it, and the same command trains it again"):
            told = facts(notes)
            if told["key"] != self.key():
                raise ValueError(f"it is of {told['name']}, seed {told['seed']}, {told['data']}")
            if type(told["seconds"]) not in (int, float) or told["seconds"] < 0:
                raise ValueError(f"its seconds are {told['seconds']!r}")
            for name, value in tensors.items():
                check(f"{name}, its score,", value, (value.numel(),), value.dtype)
        if not set(self.backends) <= set(tensors):
            return None
        return {name: value.numpy() for name, value in tensors.items()}, told["seconds"]


_EARS = Ears()


def run(told, setting, ears=_EARS):
    """Run a cell, or go on with it, and leave its scores in the folder of the sweep.

    ``setting`` has ``cells``, a folder that all machines see, ``device``, ``threads``, ``version``
    and ``sweep``, a name of this call of the command.

    Shapes: -> dict of ``seconds``, or of a sentence: ``refused`` where system and data cannot meet,
        ``fault`` where something else stops this cell.
    Choices: what went wrong comes back as words, as another process may not know the error's class.
        The numbers are those of any other process: each has the same number of threads. The seconds
        are those of training and scoring, without the hearing of the clips, which cells share.
    """
    try:
        with _BUSY, threads(setting["threads"]):
            return {"seconds": _run(told, setting, ears)}
    except Unfit as error:
        return {"refused": str(error)}
    except (ValueError, OSError, FloatingPointError) as error:
        return {"fault": str(error)}
    except (MemoryError, RuntimeError) as error:
        if not is_memory_full(error):
            raise
        return {"fault": ROOM}


@contextmanager
def threads(count):
    """Compute with so many threads, as sums differ with their number."""
    before = torch.get_num_threads()
    with threadpool_limits(count):
        torch.set_num_threads(count)
        try:
            yield
        finally:
            torch.set_num_threads(before)


def _run(told, setting, ears):
    """The seconds of a cell that is finished now.

    Choices: a process that lost its sweep may still be at the cell: it is waited for.
    """
    folder = Path(setting["cells"])
    if setting["version"] != __version__:
        raise ValueError(
            f"a worker has asdkit {__version__}, and the sweep {setting['version']}: install the "
            "same on both"
        )
    if not folder.is_dir():
        raise ValueError(
            f"a worker does not see {folder}: give --out on a disk that all machines share"
        )
    cell = Cell.from_json(told)
    place = cell.file(folder).with_suffix("")
    with held(f"{place}.lock", cell.name, "sweep", wait=True):
        known = cell.read(folder)
        if known is None:
            train, test = ears.tables(cell, setting["sweep"])
            device = choose_device(setting["device"])
            heard = ears.hear(cell, device)
            clock = _Clock(place)
            scores = _scores(cell, train, test, heard, device, place)
            known = scores, clock.stop()
            notes = {"key": cell.key(), "name": cell.name, "seed": cell.seed}
            notes = json.dumps(notes | {"data": cell.source.name, "seconds": known[1]})
            tensors = {name: torch.from_numpy(score) for name, score in scores.items()}
            write_tensors(cell.file(folder), tensors, {"cell": notes})
        shutil.rmtree(place, ignore_errors=True)
    return known[1]


def _scores(cell, train, test, heard, device, folder):
    """The test scores of one network by each of its backends."""
    detector = cell.system.fit(train, folder=folder, seed=cell.seed, device=device, heard=heard[0])
    own, *others = cell.backends
    scores = {own: detector.score(test, heard[1])}
    if not others:
        return scores
    network, group, group_test = detector.network, sound.groups(train), sound.groups(test)
    x, x_test = [detector.embed(clips, ears) for clips, ears in zip((train, test), heard)]
    for backend in others:
        if backend == "angle":
            scores[backend] = network.angle(x_test, group_test)
            continue
        network.backend = find("backend", backend).build()
        network.fit_backend(x, group, train["domain"])
        scores[backend] = network.judge(x_test, group_test)
    return scores


class _Clock:
    """Seconds of a cell over all of its starts; one that was cut counts to its last saved epoch,
    and what was noted of them and cannot be read counts for nothing.
    """

    def __init__(self, folder):
        self.file, self.before = Path(folder) / "began.json", 0.0
        with suppress(OSError, ValueError, TypeError):
            began, before = json.loads(self.file.read_text())
            saved = [run.stat().st_mtime for run in Path(folder).rglob("run.safetensors")]
            spent = before + max([0.0, *[moment - began for moment in saved]])
            self.before = given.number(spent, "seconds", low=0.0)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with whole(self.file) as draft:
            draft.write_text(json.dumps([time.time(), self.before]))
        self.began = time.perf_counter()

    def stop(self):
        return round(self.before + time.perf_counter() - self.began, 2)
