"""What is known of the clips on a map: names, labels, scores, words to color by, and neighbors."""

from pathlib import Path

import numpy as np
import pandas as pd

from .. import sound
from ..figures.style import array, finite

NEAREST = 5
ROWS = 1000  # of a block of cosines, 200 MB at 50,000 clips
LABELS = {0: "normal", 1: "anomaly", -1: "unknown"}


class ClipTable:
    """The clips on a map: ``names``, ``label``, ``score``, ``words`` to color by, neighbors.

    Shapes: ``clips``, a table of N rows; ``label`` and ``score`` (N,) or None, ``x`` (N, D) or
        None, ``xy`` (N, 2).
    Raises: ValueError where lengths differ, a score or embedding is not finite, or a label is none.
    """

    def __init__(self, clips, label, score, x, xy):
        self.clips = clips.reset_index(drop=True)
        self.names = _names(self.clips)
        self.label = _labels(self.clips.get("label") if label is None else label, len(clips))
        self.score = None if score is None else finite(array(score), "score")
        self.unit = None if x is None else _unit(x)
        self.words = _words(self.clips, self.label)
        for name, values in (("places", xy), ("labels", self.label), ("scores", self.score),
                             ("embeddings", self.unit)):  # fmt: skip
            if values is not None and len(values) != len(clips):
                raise ValueError(
                    f"there are {len(values)} {name} for {len(clips)} clips: pass one a clip"
                )

    def told(self, row):
        """Return name, label and score of a clip as words."""
        score = "" if self.score is None else f", score {self.score[row]:.3g}"
        return f"{self.names[row]}: {LABELS[int(self.label[row])]}{score}"

    def frame(self, rows):
        """Return name, label, score and neighbors of rows as a table."""
        columns = {
            "name": [self.names[row] for row in rows],
            "label": pd.array(self.label[rows], dtype="Int64"),
            "score": np.nan if self.score is None else self.score[rows],
            "neighbors": ["; ".join(self.names[at] for at in near) for near in self.nearest(rows)],
        }
        frame = pd.DataFrame(columns, index=rows)
        return frame.assign(label=frame["label"].where(frame["label"] >= 0))

    def nearest(self, rows):
        """Return the five normal clips nearest to each row in D dimensions, nearest first.

        Shapes: rows (M,) -> a list of M lists, empty without embeddings.
        """
        normal, found = np.flatnonzero(self._normal()), []
        if self.unit is None or not len(normal):
            return [[] for _ in rows]
        for start in range(0, len(rows), ROWS):
            some = np.asarray(rows[start : start + ROWS])
            cosine = self.unit[some] @ self.unit[normal].T  # (rows, normal clips)
            cosine[some[:, None] == normal] = -np.inf  # a clip is no neighbor of itself
            order = np.argsort(-cosine, axis=1, kind="stable")[:, :NEAREST]
            there = np.take_along_axis(cosine, order, 1) > -np.inf
            found += [normal[at[own]].tolist() for at, own in zip(order, there)]
        return found

    def _normal(self):
        normal = self.label == 0
        if "split" not in self.clips:
            return normal
        train = normal & (self.clips["split"] == "train").to_numpy()
        return train if train.any() else normal


def _names(clips):
    if "name" in clips:
        return clips["name"].astype(str).tolist()
    if "path" in clips:
        return [Path(path).name if isinstance(path, (str, Path)) else f"clip {row}"
                for row, path in enumerate(clips["path"])]  # fmt: skip
    return [f"clip {row}" for row in range(len(clips))]


def _labels(label, count):
    """Return labels as 0, 1, and -1 where unknown."""
    if label is None:
        return np.full(count, -1)
    label = pd.to_numeric(pd.Series(list(label)), errors="coerce").fillna(-1).to_numpy()
    if not np.isin(label, (0, 1, -1)).all():
        raise ValueError("a label is 0 (normal), 1 (anomaly), or missing where it is not known")
    return label.astype(int)


def _unit(x):
    x = array(x)
    if x.ndim != 2 or not np.isfinite(x).all():
        raise ValueError(f"embeddings are (N, D) finite numbers: {x.shape} are given, or NaN")
    return (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def _words(clips, label):
    """Return what a table says of its clips, a word a clip, under the name to color by."""
    words = {}
    if {"machine", "section"} <= set(clips):
        words["section"] = sound.groups(clips)
        if {"domain", "attributes"} <= set(clips):
            words["class"] = sound.classes(clips)
    if "domain" in clips:
        words["domain"] = clips["domain"].fillna("unknown")
    return words | {"label": [LABELS[number] for number in label.tolist()]}
