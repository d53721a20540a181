"""Choosing on labels: what the best of several scores on some clips is worth on others."""

from typing import NamedTuple

import numpy as np

from .intervals import areas
from .measurable import checked


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
    Raises: ValueError as ``auc`` does, and for fewer than two clips of a class.
    Choices: normal clips and anomalies are split apart, at random, and each half chooses once, so
        the choice never looks worse where it was made. Of equal scores the first is chosen.
    Example:
        >>> from asdkit import metrics
        >>> metrics.choose([0, 0, 1, 1], [[1, 2, 3, 4], [4, 3, 2, 1]]).known
        1.0
    Notebook: 09_binary_and_centroids
    """
    scores = [checked(label, score)[1] for score in scores]
    label, half = np.asarray(label), np.empty((splits, len(label)))
    rng = np.random.default_rng(seed)
    for kind in (0, 1):
        own = np.flatnonzero(label == kind)
        if len(own) < 2:
            raise ValueError(f"one clip has the label {kind}: a half needs one of each, so give 2")
        first = np.arange(len(own)) % 2 == 0
        half[:, own] = rng.permuted(np.tile(first, (splits, 1)), axis=1)
    halves = np.concatenate([half, 1 - half])
    known = np.stack([areas(label, score, halves) for score in scores])  # (K, 2 splits)
    new = np.roll(known, splits, axis=1)  # of the other half
    best = known.argmax(axis=0), np.arange(2 * splits)
    return Choice(float(known[best].mean()), float(new[best].mean()), known.mean(axis=1))
