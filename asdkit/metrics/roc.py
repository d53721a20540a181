"""The ROC curve in one number: the area under all of it, or under its first tenth."""

import numpy as np
import scipy

from .measurable import alarm_rate, checked


def auc(label, score):
    r"""Area under the ROC curve: how often an anomaly outscores a normal clip, $P(s_a > s_n) +
    \frac12 P(s_a = s_n)$, from the ranks $r_i$ of m anomalies among all clips, n of them normal:

    $$\frac{1}{m n} \Big(\sum_{i=1}^m r_i - \frac{m (m + 1)}{2}\Big)$$

    Paper: [SCA] IV-A; [DDC] eq. 6, which counts a tie as 0.
    Shapes: ``label`` (N,) of 0 normal and 1 anomaly, ``score`` (N,) -> float in [0, 1].
    Raises: ValueError for one class only, a missing label, NaN scores, or lengths that differ.
    Choices: by ranks: of a hundred clips in a twentieth of the time of scikit-learn's curve, which
        first looks at what it is given.
    Example:
        >>> from asdkit import metrics
        >>> metrics.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        0.75
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    label, score = checked(label, score)
    rank, m = scipy.stats.rankdata(score), int(label.sum())
    return float((rank[label == 1].sum() - m * (m + 1) / 2) / (m * (len(label) - m)))


def pauc(label, score, p=0.1):
    r"""Area under the ROC curve up to the false-alarm rate p, scaled so that chance is 0.5 and 1
    the best.

    $$\tfrac12 \left(1 + \frac{A(p) - p^2/2}{p - p^2/2}\right), \qquad
    A(p) = \int_0^p \mathrm{TPR}\; d\,\mathrm{FPR}$$

    Paper: [SCA] IV-A; McClish's scaling, as the organizers take it.
    Shapes: ``label`` (N,) of 0 normal and 1 anomaly, ``score`` (N,) -> float in [0, 1].
    Raises: ValueError for one class only, a missing label, NaN scores, lengths that differ, or p
        outside (0, 1].
    Choices: clips of one score pass a threshold together, which draws a straight line; scikit-learn
        gives the same number, in ten times the time.
    Example:
        >>> from asdkit import metrics
        >>> metrics.pauc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], p=0.5)
        0.6666666666666666
    Notebook: 03_scores_and_metrics
    """
    alarm_rate(p)
    label, score = checked(label, score)
    return float(curve_areas(label, score, np.ones((1, len(label))), p)[0])


def curve_areas(label, score, counts, p):
    """As ``pauc``, of B samples at once, in which clip i occurs ``counts[b, i]`` times.

    Shapes: ``label`` (N,), ``score`` (N,), ``counts`` (B, N) -> (B,).
    """
    order, rates = np.argsort(-score), []
    falls = score[order][1:] != score[order][:-1]
    last = np.append(np.flatnonzero(falls), len(score) - 1)  # the last clip of each score
    for kind in (0, 1):
        passed = (counts * (label == kind))[:, order].cumsum(axis=1)[:, last]
        rates.append(np.pad(passed / passed[:, -1:], ((0, 0), (1, 0))))  # (B, scores + 1)
    false_alarms, hits = rates
    step = np.diff(false_alarms)
    width = np.diff(false_alarms.clip(max=p))
    below = np.divide(width, step, out=np.zeros_like(step), where=step > 0)  # the share of a step
    area = (width * (hits[:, :-1] + 0.5 * below * np.diff(hits))).sum(axis=1)
    return 0.5 * (1.0 + (area - p**2 / 2.0) / (p - p**2 / 2.0))
