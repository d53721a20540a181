"""Choosing on labels: what the best of several scores on some clips is worth on others."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import given
from .intervals import drawn_areas
from .means import id_areas
from .measurable import all_checked, same_seeds


class Choice(NamedTuple):
    """The AUC of the score that was chosen, where it was chosen and on new clips, and that of each
    score.

    Shapes: ``known`` and ``new`` numbers, ``each`` (K,).
    Example:
        >>> from asdkit import metrics
        >>> metrics.Choice(known=0.9, new=0.8, each=[0.8, 0.7]).new
        0.8
    """

    known: float
    new: float
    each: np.ndarray


def choose(label, scores, splits=500, seed=0):
    """What the best of several scores on half of the clips is worth on the other half.

    Paper: [DDC] Table I has an alpha for each machine type, chosen on labeled clips.
    Shapes: ``label`` (N,), ``scores`` (K, N) -> Choice of means over the splits.
    Raises: ValueError as ``auc`` does, for fewer than two clips of a class, and for no split.
    Choices: normal clips and anomalies are split apart, at random, and each half chooses once, so
        the choice never looks worse where it was made. Of equal scores the first is chosen.
    Example:
        >>> from asdkit import metrics
        >>> metrics.choose([0, 0, 1, 1], [[1, 2, 3, 4], [4, 3, 2, 1]]).known
        1.0
    Notebook: 09_binary_and_centroids
    """
    (label, scores), splits = all_checked(label, scores), given.count(splits, "splits")
    half, rng = np.empty((splits, len(label))), np.random.default_rng(given.count(seed, "seed", 0))
    for kind in (0, 1):
        own = np.flatnonzero(label == kind)
        if len(own) < 2:
            raise ValueError(f"one clip has the label {kind}: a half needs one of each, so give 2")
        first = np.arange(len(own)) % 2 == 0
        half[:, own] = rng.permuted(np.tile(first, (splits, 1)), axis=1)
    halves = np.concatenate([half, 1 - half])
    known = np.stack([drawn_areas(label, score, halves) for score in scores])  # (K, 2 splits)
    new = np.roll(known, splits, axis=1)  # of the other half
    best = known.argmax(axis=0), np.arange(2 * splits)
    return Choice(float(known[best].mean()), float(new[best].mean()), known.mean(axis=1))


def choose_by_machine(clips, scores):
    """What one of several scores a machine type is worth: chosen on the labels of its own test
    clips, and chosen for each id on those of the other ids of its type.

    Paper: [SCA] Table V, "combined": the learned embedding for all types but ToyConveyor, which
        takes the mean. It does not say on which clips that was chosen; with ``own labels`` the
        choice can only look better than it is.
    Shapes: a table of N clips; ``scores`` of a name -> (N,), or (R, N) of R seeds -> DataFrame, a
        row a machine type and one of "all" ids: the mean AUC over ids of each score, ``own labels``
        and ``other ids``, and ``chosen``, the name that the first seed takes on its own labels.
    Raises: ValueError as ``mean_auc`` does, for different numbers of seeds, and for a machine type
        of one id, which has no others.
    Choices: each seed chooses for itself; of equal scores the first is chosen.
    """
    each, machine = _id_areas(clips, scores)  # (K, R, I), (I,)
    names, rows = list(map(str, scores)), {}
    best = {"own labels": np.empty(each.shape[1:]), "other ids": np.empty(each.shape[1:])}
    chosen = np.full(each.shape[2], "", dtype=object)
    for name in sorted(set(machine)):
        own = np.flatnonzero(machine == name)
        if len(own) < 2:
            raise ValueError(f"{name} has one id, and no others to choose on: give two or more")
        choice = each[:, :, own].mean(axis=2).argmax(axis=0)  # (R,)
        best["own labels"][:, own] = each[choice, np.arange(len(choice))][:, own]
        chosen[own] = names[choice[0]]
        for one in own:
            choice = each[:, :, own[own != one]].mean(axis=2).argmax(axis=0)
            best["other ids"][:, one] = each[choice, np.arange(len(choice)), one]
    columns = dict(zip(names, each)) | best
    for name in [*sorted(set(machine)), "all"]:
        own = machine == name if name != "all" else np.ones(len(machine), bool)
        told = {column: float(area[:, own].mean()) for column, area in columns.items()}
        rows[name] = told | {"chosen": ", ".join(sorted(set(chosen[own])))}
    return pd.DataFrame.from_dict(rows, orient="index")


def _id_areas(clips, scores):
    """The AUC of each of K scores on each of I ids, over R seeds, and the machine type of each."""
    found, scores = [], same_seeds(clips, scores)
    seeds = max(map(len, scores.values()))
    for score in scores.values():
        ids = [id_areas(clips, one) for one in score]
        found.append(np.broadcast_to([list(areas.values()) for areas in ids], (seeds, len(ids[0]))))
    return np.stack(found), np.array([machine for machine, _ in ids[0]])
