"""The mean area over machines and sections with its interval, and the paired interval of a
difference.
"""

from typing import NamedTuple

import numpy as np

from .intervals import areas, draws
from .measurable import alarm_rate, checked, labeled, share


class MeanArea(NamedTuple):
    """A mean area, and the interval around it.

    Shapes: three numbers.
    Example:
        >>> from asdkit import metrics
        >>> metrics.MeanArea(0.8, 0.7, 0.9).low
        0.7
    Notebook: 12_backends
    """

    mean: float
    low: float
    high: float


def mean_area(clips, score, p=1.0, against=None, level=0.95, samples=1000, seed=0):
    """AUC, or pAUC up to p, averaged over machines and sections, with its interval; or how far it
    leads another score.

    The interval holds percentiles over samples, each of which draws the normal clips and the
    anomalies of each section again. With ``against``, the scores of another system on the same
    clips, both are measured on the same draws: the mean and the interval are those of the
    difference.

    Paper: the mean is that of [SCA] Tables II to V where all types have as many ids; none of the
        five gives intervals.
    Shapes: a table of N clips, ``score`` (N,), ``against`` (N,) -> MeanArea.
    Raises: ValueError as ``official`` does, and for a p or level that is no share.
    Choices: every section counts alike. Sections are drawn from one seed, so two calls on one table
        see equal draws.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"label": [0, 0, 1, 1]})
        >>> metrics.mean_area(clips, [1, 2, 3, 4], against=[1, 3, 2, 4])[0]
        0.25
    Notebook: 12_backends
    """
    share(level, "level")
    alarm_rate(p)
    ids = [
        part
        for _, part in labeled(clips, score).reset_index(drop=True).groupby(["machine", "section"])
    ]
    counts = [
        _draws(part, samples, np.random.default_rng([seed, number]))
        for number, part in enumerate(ids)
    ]
    drawn = _mean(ids, counts, score, p)
    if against is not None:
        labeled(clips, against)
        drawn = drawn - _mean(ids, counts, against, p)
    low, high = np.quantile(drawn[1:], [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return MeanArea(float(drawn[0]), float(low), float(high))


def _draws(part, samples, rng):
    """How often each clip occurs: once each in the first row, then in the samples, (1 + samples,
    n).
    """
    name = f"{part['machine'].iloc[0]} section {part['section'].iloc[0]}"
    try:
        label, _ = checked(part["label"], part["score"])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    return np.concatenate([np.ones((1, len(label))), draws(label, samples, rng)])


def _mean(ids, counts, score, p):
    score = np.asarray(score, dtype=float)
    return np.mean(
        [areas(part["label"], score[part.index], some, p) for part, some in zip(ids, counts)],
        axis=0,
    )
