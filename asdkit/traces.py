"""Stored traces: the test scores of networks that take longer to train than a lesson lasts."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import metrics, systems
from .runtime import home
from .score_tables import FACTS, joined, read, scores_of, write
from .tablefile import read_table
from .tables import checked

__all__ = ["CONTROLS", "FACTS", "RESULTS", "Trace", "load", "measures", "read", "write"]

RESULTS = (
    "system", "backend", "data", "seed", "epochs", "clips", "machine", "section", "auc", "pauc",
    "seconds",
)  # fmt: skip
CONTROLS = {  # which train nothing, of the trace "questions"
    "mean Gaussian": "mean_gaussian, Gaussian",
    "nearest neighbor of maxima": (
        "max_gaussian backend=NearestNeighbor normalize=False, NearestNeighbor"
    ),
}


class Trace(NamedTuple):
    """The test clips, their scores by system and backend, the command that makes them again, and
    the conditions that it tells: data, training clips and epochs.

    Shapes: a table of N ``clips``; ``scores`` a dict of "system, backend" -> (R, N), a row a seed,
        or (N,) where nothing is trained.
    Example:
        >>> clips = {"machine": ["fan"], "section": ["00"], "domain": ["source"], "label": [0]}
        >>> trace = traces.Trace(clips, {"adacos, angle": np.zeros((5, 1))}, "asdkit sweep adacos")
        >>> trace.scores["adacos, angle"].shape
        (5, 1)
    """

    clips: pd.DataFrame
    scores: dict
    command: str
    conditions: str = ""

    def named(self, names):
        """Some of the scores, by shorter names.

        Shapes: ``names`` a dict of a short name -> "system, backend" -> dict of a short name ->
            (R, N).
        Raises: ValueError that names the known ones for a system and backend that is not stored.
        Choices: the first words of a system are enough, and a backend may be left out, where one
            stored row fits.
        """
        return {name: self.scores[self._stored(told)] for name, told in names.items()}

    def judged(self, backend=None, encoder=None):
        """The scores of all that was trained, by one backend, or by each system's own.

        Shapes: -> dict of a system's ``systems.label`` -> (R, N).
        Raises: ValueError that names the known backends where nothing is left.
        Choices: a system's own backend stands first in the file. With ``encoder``, such as "Toy",
            the systems of one network alone, as labels do not tell it.
        Notebook: 13_compare_losses
        """
        found, known = {}, set()
        for key, score in self.scores.items():
            system, by = key.rsplit(", ", 1)
            known.add(by)
            if score.ndim == 1 or backend not in (None, by):
                continue
            if encoder is None or systems.told(system).encoder.name == encoder:
                found.setdefault(systems.label(system), score)
        if not found:
            told = f"{backend!r} has judged no trained system of {encoder or 'any encoder'}"
            raise ValueError(f"{told}: take one of {', '.join(sorted(known))}")
        return found

    def _stored(self, told):
        if told in self.scores:
            return told
        system, _, backend = told.partition(", ")
        words = system.split()
        keys = [key.rsplit(", ", 1) for key in self.scores]
        found = [
            f"{name}, {by}"
            for name, by in keys
            if name.split()[: len(words)] == words and backend in ("", by)
        ]
        if len(found) != 1:
            fault = "no scores are stored of" if not found else "more than one row is stored of"
            raise ValueError(f"{fault} {told!r}: take one of {'; '.join(found or self.scores)}")
        return found[0]

    def compare(self, names, against):
        """How far each leads one of them in mean AUC, with the stored controls below.

        Shapes: ``names`` as ``named`` takes them -> the table of ``metrics.paired``.
        Raises: ValueError as ``named`` and ``metrics.paired`` do, and where no controls are stored
            of these clips.
        Choices: the controls are the trace's own, else those of the trace "questions".
        """
        own = set(CONTROLS.values()) <= set(self.scores)
        stored = self if own else load("questions")
        if not self.clips.equals(stored.clips):
            raise ValueError("no controls are stored of these clips: use metrics.paired")
        scores = self.named(names) | stored.named(CONTROLS)
        return metrics.paired(self.clips, scores, against)

    def results(self):
        """The scores as the tidy table of results that ``asdkit sweep`` writes, a row a system,
        backend, seed and id.

        Shapes: -> DataFrame ``system backend data seed epochs clips machine section auc pauc
            seconds``; ``clips`` are training clips an id.
        Choices: seed and epochs are gaps where nothing is trained, and so is what the conditions
            do not tell; for the data the name of the file stands then. A trace keeps no seconds.
        Notebook: 13_compare_losses
        """
        ids = checked(self.clips, "machine", "section")
        ids = ids.groupby(["machine", "section"]).indices
        data = _found(r"(\S+) data", self.conditions, str)
        facts = {"data": Path(self.command).stem if data != data else data}
        total = _found(r", (\d+) training clips", self.conditions)
        facts["clips"] = total / len(ids)
        rows = []
        for key, score in self.scores.items():
            system, backend = key.rsplit(", ", 1)
            epochs = _found(r"epochs=(\d+)", system)
            facts["epochs"] = (
                _found(r"(\d+) epochs", self.conditions) if epochs != epochs else epochs
            )
            own = {"system": system, "backend": backend} | facts
            for seed, one in enumerate(np.atleast_2d(score)):
                trained = {"seed": seed} if score.ndim > 1 else {"seed": np.nan, "epochs": np.nan}
                rows += [own | trained | area for area in self._areas(one, ids)]
        return pd.DataFrame(rows).assign(seconds=np.nan)[list(RESULTS)]

    def _areas(self, score, ids):
        label = self.clips["label"].to_numpy()
        for (machine, section), row in ids.items():
            some, once = (label[row], score[row]), np.ones((1, len(row)))
            yield {
                "machine": machine, "section": section,
                "auc": metrics.areas(*some, once)[0], "pauc": metrics.areas(*some, once, 0.1)[0],
            }  # fmt: skip


def load(*names):
    """Read a stored trace, a file of ``data/traces/``, by its name, or several as one.

    Shapes: -> Trace; of several, the command has a line each.
    Raises: ValueError that names the known traces where there is none of that name, and for several
        that are no one trace: of other clips, conditions or seeds, or with the same scores.
    Notebook: 04_autoencoders, 10_adaproj, 11_noisy_arcmix, 13_compare_losses
    """
    table, notes = joined({name: read(_named(name, of_scores=True)) for name in names})
    return Trace(table[list(FACTS)], scores_of(table), *notes[:2])


def measures(name):
    """Read a stored table of measures, a file of ``data/traces/`` that holds no scores of clips.

    Shapes: -> DataFrame; its ``attrs`` hold the ``command`` that makes it again, and a ``note`` on
        its clips.
    Raises: ValueError that names the known ones where there is none of that name.
    Example:
        >>> table = traces.measures("spreads")
        >>> sorted(set(table["set"]))[:2], table.attrs["command"].split()[1]
        (['DCASE 2020', 'DCASE 2023'], 'tests/benchmarks/spread_of_normal.py')
    """
    table, notes = read_table(_named(name, of_scores=False))
    table.attrs |= {"command": notes[0], "note": notes[1].partition(", ")[2]}
    return table


def _named(name, of_scores):
    found = sorted((home() / "data" / "traces").glob("*.csv"))
    known = {path.stem: path for path in found if _holds_scores(path) == of_scores}
    if not isinstance(name, str) or name not in known:
        told = ", ".join(known) or "none yet"
        raise ValueError(f"no trace is called {name!r}: take one of {told}")
    return known[name]


def _holds_scores(path):
    with path.open(encoding="utf-8") as lines:
        head = next((line for line in lines if not line.startswith("# ")), "")
    return head.startswith(",".join(FACTS))


def _found(pattern, text, kind=float):
    """The number or word of a pattern in a text; a gap where there is none."""
    found = re.search(pattern, text)
    return kind(found[1]) if found else np.nan
