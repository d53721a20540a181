"""What is known of the clips on a map: names, labels, words to color by, and neighbors."""

from pathlib import Path

import numpy as np
import pandas as pd

from .. import sound
from ..plain import sendable
from ..tables import DOMAINS

NEAREST = 5
ROWS = 1000  # of a block of cosines, 200 MB at 50,000 clips
LABELS = {0: "normal", 1: "anomaly", -1: "unknown"}
SOME = range(2, 13)  # values of a property that are worth a color each
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


class ClipTable:
    """The clips on a map: ``names``, ``label``, ``words`` to color by, neighbors in a scene.

    Shapes: ``clips``, a table of N rows; ``label`` (N,) or None.
    Raises: ValueError where lengths differ, or a label is none.
    """

    def __init__(self, clips, label):
        self.clips = clips.reset_index(drop=True)
        self.names = [*map(sendable, _names(self.clips))]
        self.label = _labels(self.clips.get("label") if label is None else label, len(clips))
        if len(self.label) != len(clips):
            raise ValueError(
                f"there are {len(self.label)} labels for {len(clips)} clips: pass one a clip"
            )
        words = _words(self.clips, self.label)
        self.words = {name: [*map(sendable, own)] for name, own in words.items()}

    def told(self, row, scene):
        """Return name, label, score, angle and sub-cluster of a clip in a scene as words."""
        told = f"{self.names[row]}: {LABELS[int(self.label[row])]}"
        if scene.score is not None:
            told += f", score {scene.score[row]:.3g}"
        if scene.angle is not None:
            told += f", {np.degrees(scene.angle[row]):.0f} degrees to its center"
        if scene.cluster is not None:
            told += f", sub-cluster {scene.cluster[row]}"
        if scene.kept is not None:
            told += f", the map keeps {scene.kept[row]:.0%} of its neighbors"
        return told

    def frame(self, rows, scene):
        """Return name, label, score and neighbors of rows in a scene as a table."""
        near = self.nearest(rows, scene)
        columns = {
            "name": [self.names[row] for row in rows],
            "label": pd.array(self.label[rows], dtype="Int64"),
            "score": np.nan if scene.score is None else scene.score[rows],
            "neighbors": ["; ".join(self.names[at] for at in own) for own in near],
        }
        frame = pd.DataFrame(columns, index=rows)
        return frame.assign(label=frame["label"].where(frame["label"] >= 0))

    def nearest(self, rows, scene):
        """Return the five normal clips nearest to each row in D dimensions, nearest first.

        Shapes: rows (M,) -> a list of M lists, empty without embeddings.
        """
        normal, found = np.flatnonzero(self._normal()), []
        if scene.unit is None or not len(normal):
            return [[] for _ in rows]
        for start in range(0, len(rows), ROWS):
            some = np.asarray(rows[start : start + ROWS])
            cosine = scene.unit[some] @ scene.unit[normal].T  # (rows, normal clips)
            cosine[some[:, None] == normal] = -np.inf  # a clip is no neighbor of itself
            order = _largest(cosine, NEAREST)
            there = np.take_along_axis(cosine, order, 1) > -np.inf
            found += [normal[at[own]].tolist() for at, own in zip(order, there)]
        return found

    def _normal(self):
        normal = self.label == 0
        if "split" not in self.clips:
            return normal
        train = normal & (self.clips["split"] == "train").to_numpy()
        return train if train.any() else normal


def plain_cells(frame):
    """Return a table in which no word is a formula to a spreadsheet: a quote stands before it.

    A carriage return, at which a reader would end the row, becomes a line break.
    """

    def plain(value):
        if not isinstance(value, str):
            return value
        quote = "'" if value.startswith(FORMULA) else ""
        return quote + value.replace("\r", "\n")

    words = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(plain) for name in words})


def _names(clips):
    """Return a name a clip, with machine and section before it where that tells more apart."""
    best = _bare(clips)
    for columns in (["machine"], ["machine", "section"]):
        if len(set(best)) < len(best) and set(columns) <= set(clips):
            fronts = ["/".join(map(str, own)) for own in clips[columns].to_numpy()]
            own = [f"{front} {name}" for front, name in zip(fronts, _bare(clips))]
            best = max(best, own, key=lambda names: len(set(names)))
    return best


def _bare(clips):
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


def _words(clips, label):
    """Return what a table says of its clips, a word a clip, under the name to color by."""
    words = {}
    if {"machine", "section"} <= set(clips):
        words["section"] = sound.groups(clips)
        if {"domain", "attributes"} <= set(clips) and clips["domain"].dropna().isin(DOMAINS).all():
            words["class"] = sound.classes(clips)
    if "machine" in clips and clips["machine"].nunique() > 1:
        words["machine"] = clips["machine"]
    words |= {name: clips[name] for name in ("group", "folder") if name in clips}
    if "domain" in clips:
        words["domain"] = clips["domain"].fillna("unknown")
    words["label"] = [LABELS[number] for number in label.tolist()]
    return words | _properties(clips.get("attributes", ()), words)


def _properties(attributes, taken):
    """Return each named property of attributes such as ``speed_100_load_060``, a value a clip.

    Choices: properties of 2 to 12 values; where a clip tells nothing of one, "not told". What is
        not told in pairs of name and value is left out.
    """
    told = []
    for value in attributes:
        parts = value.split("_") if isinstance(value, str) else []
        told.append(dict(zip(parts[::2], parts[1::2])) if len(parts) % 2 == 0 else {})
    found = {}
    for name in dict.fromkeys(name for own in told for name in own):
        values = [own.get(name, "not told") for own in told]
        if len(set(values) - {"not told"}) in SOME:
            found[f"{name} (attribute)" if name in taken else name] = values
    return found


def _largest(values, count):
    """Return where the largest values of each row are, the largest first, without sorting all."""
    count = min(count, values.shape[1])
    found = np.argpartition(-values, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(values, found, 1), axis=1, kind="stable")
    return np.take_along_axis(found, order, 1)
