"""DeLong: the variance of an AUC, and of the difference of two, from how each clip stands among the
others.
"""

from typing import NamedTuple

import numpy as np
import scipy

from .. import given
from .measurable import all_checked, checked


class Comparison(NamedTuple):
    """The AUC of one system minus that of another, its interval, and the p-value of no difference.

    Shapes: four numbers.
    Example:
        >>> from asdkit import metrics
        >>> metrics.Comparison(difference=0.02, low=-0.01, high=0.05, p_value=0.2).difference
        0.02
    Notebook: 03_scores_and_metrics
    """

    difference: float
    low: float
    high: float
    p_value: float


def placements(label, score):
    r"""Where each clip stands: the share of normal clips an anomaly beats, and of anomalies that
    beat a normal clip.

    $$V_i = \frac1n \sum_{j} \psi(a_i, b_j), \qquad W_j = \frac1m \sum_{i} \psi(a_i, b_j), \qquad
    \psi(a, b) = [a > b] + \tfrac12 [a = b]$$

    for the scores a of m anomalies and b of n normal clips. The mean of either is the AUC.

    Paper: DeLong et al. 1988, with the ranks of Sun and Xu 2014; none of the five uses it.
    Shapes: ``label`` (N,), ``score`` (N,) -> (m,), (n,).
    Raises: ValueError as ``auc`` does.
    Choices: by ranks, $V_i = (R_i - r_i) / n$ with R among all clips and r among the anomalies,
        ties in the middle: the same numbers without the m times n pairs.
    Example:
        >>> from asdkit import metrics
        >>> metrics.placements([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        (array([0.5, 1. ]), array([1. , 0.5]))
    Notebook: 03_scores_and_metrics
    """
    label, score = checked(label, score)
    anomaly, normal = label == 1, label == 0
    among_all = scipy.stats.rankdata(score)
    beaten = (among_all[anomaly] - scipy.stats.rankdata(score[anomaly])) / normal.sum()
    beating = 1.0 - (among_all[normal] - scipy.stats.rankdata(score[normal])) / anomaly.sum()
    return beaten, beating


def covariance(label, scores):
    r"""The AUCs of K systems on the same clips, and their covariance, $S_V / m + S_W / n$.

    Paper: DeLong et al. 1988, eq. 5 and 6 with S the covariance of the placements over clips; none
        of the five uses it.
    Shapes: ``label`` (N,), ``scores`` (K, N) -> (K,), (K, K).
    Raises: ValueError as ``auc`` does, for no system, and for fewer than two clips of a class.
    Example:
        >>> from asdkit import metrics
        >>> aucs, cov = metrics.covariance([0, 0, 1, 1], [[0.1, 0.4, 0.35, 0.8]])
        >>> float(aucs[0]), float(cov[0, 0])
        (0.75, 0.125)
    Notebook: 03_scores_and_metrics
    """
    label, scores = all_checked(label, scores)
    beaten, beating = (
        np.array(some) for some in zip(*(placements(label, score) for score in scores))
    )
    m, n = beaten.shape[1], beating.shape[1]  # (K, m), (K, n)
    if min(m, n) < 2:
        raise ValueError(f"{n} normal clips and {m} anomalies: a variance needs two of each")
    return beaten.mean(axis=1), np.atleast_2d(np.cov(beaten)) / m + np.atleast_2d(
        np.cov(beating)
    ) / n


def compare(label, score_a, score_b, level=0.95):
    r"""Test whether system a has another AUC than system b, on the same clips.

    $$z = \frac{A_a - A_b}{\sqrt{C_{aa} + C_{bb} - 2 C_{ab}}}, \qquad p = 2\,\Phi(-|z|)$$

    Paper: DeLong et al. 1988; none of the five tests two systems on the same clips.
    Shapes: ``label`` (N,), ``score_a`` (N,), ``score_b`` (N,) -> Comparison.
    Raises: ValueError as ``auc`` does, and for fewer than two clips of a class.
    Choices: the test is paired: what makes a clip hard for both cancels in $C_{ab}$. Where the
        difference has no variance (both sort every pair alike), p is 1 for equal AUCs and 0 for
        others. One test a table: among twenty comparisons of equals one comes out below 0.05.
    Example:
        >>> from asdkit import metrics
        >>> metrics.compare([0, 0, 1, 1], [1, 3, 2, 4], [1, 3, 2, 4]).p_value
        1.0
    Notebook: 03_scores_and_metrics
    """
    given.share(level, "level")
    given.in_order(score_a, "score_a", like=score_b)
    aucs, cov = covariance(label, [score_a, score_b])
    difference = float(aucs[0] - aucs[1])
    deviation = float(np.sqrt(max(cov[0, 0] + cov[1, 1] - 2.0 * cov[0, 1], 0.0)))
    if deviation < 1e-9:  # rounding of a variance that is zero
        return Comparison(difference, difference, difference, float(abs(difference) < 1e-9))
    reach = float(scipy.stats.norm.ppf((1.0 + level) / 2.0)) * deviation
    p_value = float(2.0 * scipy.stats.norm.sf(abs(difference) / deviation))
    return Comparison(
        difference, max(difference - reach, -1.0), min(difference + reach, 1.0), p_value
    )
