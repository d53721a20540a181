"""The mean area over machines and sections with its interval, and the paired interval of a
difference.
"""

from typing import NamedTuple

import numpy as np

from .. import given, tables
from .intervals import drawn_areas, draws
from .measurable import COLUMNS, alarm_rate, checked, labeled, of_seeds
from .roc import auc


def mean_auc(clips, score):
    """The AUC averaged over ids: each machine and section is measured for itself, and all count
    alike.

    Paper: [SCA] Tables II to V.
    Shapes: a table of N clips, ``score`` (N,) -> a number; or ``score`` (R, N) of R seeds -> (R,).
    Raises: ValueError as ``official`` does.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "domain": "source", "label": [0, 1, 0, 1]}
        >>> clips = pd.DataFrame(one | {"section": ["00"] * 2 + ["02"] * 2})
        >>> metrics.mean_auc(clips, [1, 2, 12, 11])
        0.5
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    means = mean_draws(clips, score, samples=0)[..., 0]
    return means if means.ndim else float(means)


def id_areas(clips, score):
    """The AUC of each machine and section.

    Shapes: a table of N clips, ``score`` (N,) -> dict of machine and section -> a number.
    Raises: ValueError as ``official`` does.
    """
    ids = labeled(clips, score).groupby(["machine", "section"])
    return {name: _told(name, auc, part["label"], part["score"]) for name, part in ids}


class MeanArea(NamedTuple):
    """A mean area, and the interval around it.

    Shapes: three numbers.
    Example:
        >>> from asdkit import metrics
        >>> metrics.MeanArea(0.8, 0.7, 0.9).low
        0.7
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

    Paper: the mean over ids is that of [SCA] Tables II to V. [DDC] Fig. 2 has intervals of single
        AUCs (Hanley and McNeil); none of the five has one of a mean or of a lead.
    Shapes: a table of N clips, ``score`` (N,), ``against`` (N,) -> MeanArea.
    Raises: ValueError as ``official`` does, for a p or level that is no share, and for no sample.
    Choices: every section counts alike. Sections are drawn from one seed, so two calls on one table
        see equal draws.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"label": [0, 0, 1, 1]})
        >>> metrics.mean_area(clips, [1, 2, 3, 4], against=[1, 3, 2, 4])[0]
        0.25
    Notebook: 03_scores_and_metrics
    """
    level, samples = given.share(level, "level"), given.count(samples, "samples")
    drawn = mean_draws(clips, score, samples, p, seed)
    if against is not None:
        drawn = drawn - mean_draws(clips, against, samples, p, seed)
    low, high = np.quantile(drawn[1:], [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return MeanArea(float(drawn[0]), float(low), float(high))


def mean_draws(clips, score, samples, p=1.0, seed=0):
    """The mean area over ids: of all clips, and then of samples that draw the clips of each id
    again.

    Shapes: a table of N clips, ``score`` (N,) or (R, N) -> (1 + samples,) or (R, 1 + samples).
    Raises: ValueError as ``official`` does.
    Choices: the draws depend on the seed and the ids alone, so two calls on one table are paired.
    """
    alarm_rate(p)
    samples, seed = given.count(samples, "samples", 0), given.count(seed, "seed", 0)
    clips = tables.checked(clips, *COLUMNS, also=["path"])
    score = of_seeds(clips, score)
    rows = np.atleast_2d(score)
    ids, drawn = labeled(clips, rows[0]).groupby(["machine", "section"]), []
    for number, (name, part) in enumerate(ids):
        counts, some = _draws(name, part, samples, [seed, number]), ids.indices[name]
        label = part["label"].to_numpy()
        drawn.append([drawn_areas(label, row[some], counts, p) for row in rows])
    means = np.mean(drawn, axis=0)  # (R, 1 + samples)
    return means if score.ndim > 1 else means[0]


def _draws(name, part, samples, seed):
    """How often each clip occurs: once each in the first row, then in the samples, (1 + samples,
    n).
    """
    label, _ = _told(name, checked, part["label"], part["score"])
    drawn = draws(label, samples, np.random.default_rng(seed))
    return np.concatenate([np.ones((1, len(label))), drawn])


def _told(name, measure, label, score):
    """What is measured of a machine and section, which an error names."""
    try:
        return measure(label, score)
    except ValueError as error:
        raise ValueError(f"{name[0]} section {name[1]}: {error}") from error
