"""How far an AUC can be trusted: intervals by drawing the clips again, or by a formula."""

import numpy as np
import scipy

from .. import given
from .delong import covariance
from .measurable import alarm_rate, checked
from .roc import auc, curve_areas


def interval(label, score, p=1.0, level=0.95, samples=1000, seed=0, method="bootstrap"):
    r"""Confidence interval of the AUC, or of the pAUC up to p: by ``bootstrap`` or, for the AUC, by
    ``delong`` or ``hanley``.

    Bootstrap: percentiles of the area over samples, each of which draws normal clips and anomalies
    again. The others: $A \pm z \sqrt{\mathrm{var}(A)}$, cut at 0 and 1, with the variance of
    ``covariance``, or with that of scores drawn from two exponential distributions,

    $$\mathrm{var}(A) = \frac{A (1 - A) + (m - 1)(Q_1 - A^2) + (n - 1)(Q_2 - A^2)}{m n}, \qquad
    Q_1 = \frac{A}{2 - A}, \quad Q_2 = \frac{2 A^2}{1 + A}$$

    Paper: [DDC] Fig. 2 has intervals by Hanley and McNeil (1982), who use m anomalies and n normal
        clips alone; DeLong et al. 1988.
    Shapes: ``label`` (N,), ``score`` (N,) -> (low, high).
    Raises: ValueError as ``auc`` does, for a p or level that is no share, no sample, an unknown
        method, and a pAUC by a formula.
    Choices: percentiles of 1,000 draws; few clips give an interval that is somewhat too short.
        Where all anomalies outscore all normal clips all methods give an interval of no width,
        which is not certainty.
    Example:
        >>> from asdkit import metrics
        >>> low, high = metrics.interval([0, 0, 0, 1, 1, 1], [1, 2, 4, 3, 5, 6], method="delong")
        >>> round(low, 2), round(high, 2)
        (0.58, 1.0)
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    label, score = checked(label, score)
    alarm_rate(p)
    level, samples = given.share(level, "level"), given.count(samples, "samples")
    if given.choice(method, "method", ("bootstrap", *VARIANCES)) != "bootstrap":
        return _by_formula(label, score, p, level, method)
    rng = np.random.default_rng(given.count(seed, "seed", 0))
    drawn = drawn_areas(label, score, draws(label, samples, rng), p)
    low, high = np.quantile(drawn, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def draws(label, samples, rng):
    """How often each clip occurs in samples drawn with replacement from the normal clips and from
    the anomalies.

    Shapes: ``label`` (N,) -> (samples, N) counts.
    Notebook: 03_scores_and_metrics
    """
    counts = np.empty((samples, len(label)))
    for kind in (0, 1):
        size = int((label == kind).sum())
        counts[:, label == kind] = rng.multinomial(size, np.full(size, 1.0 / size), size=samples)
    return counts


def areas(label, score, counts, p=1.0):
    r"""AUC, or pAUC up to p, of B samples at once, in which clip i occurs ``counts[b, i]`` times.

    $$\tfrac12 \left(1 + \frac{A(p) - p^2/2}{p - p^2/2}\right), \qquad
    A(p) = \int_0^p \mathrm{TPR}\; d\,\mathrm{FPR}$$

    Shapes: ``label`` (N,), ``score`` (N,), ``counts`` (B, N) -> (B,).
    Raises: ValueError as ``pauc`` does, and for counts below 0, or a sample without a class.
    Choices: for bootstrap samples, all at once. The whole area counts pairs of a normal clip and an
        anomaly, in a tenth of the time that the curve takes.
    Example:
        >>> from asdkit import metrics
        >>> metrics.areas([0, 0, 1], [0.1, 0.4, 0.3], [[1, 1, 1], [2, 0, 1]]).tolist()
        [0.5, 1.0]
    Notebook: 03_scores_and_metrics
    """
    label, score = checked(label, score)
    alarm_rate(p)
    return drawn_areas(label, score, _counted(counts, label), p)


def drawn_areas(label, score, counts, p=1.0):
    """As ``areas``, of arrays that are known to be of samples.

    Shapes: ``label`` (N,), ``score`` (N,), ``counts`` (B, N) -> (B,).
    """
    if p == 1.0:
        return _whole_areas(label, score, counts)
    return curve_areas(label, score, counts, p)


def _counted(counts, label):
    found = given.array(counts, "counts")
    if found.ndim != 2 or found.shape[1] != len(label) or found.min(initial=0.0) < 0.0:
        raise ValueError(
            f"counts has the shape {found.shape}, or numbers below 0: give (B, {len(label)}), how "
            "often each clip occurs"
        )
    if not all(found[:, label == kind].any(axis=1).all() for kind in (0, 1)):
        raise ValueError("counts has a sample without a normal clip or an anomaly: leave it out")
    return found


def _whole_areas(label, score, counts):
    """The share of the pairs of a normal clip and an anomaly in which the anomaly is ahead."""
    normal, broken = counts[:, label == 0], counts[:, label == 1]  # (B, n), (B, m)
    one, other = score[label == 1], score[label == 0][:, None]
    ahead = (one > other) + 0.5 * (one == other)  # (n, m)
    return ((normal @ ahead) * broken).sum(axis=1) / (normal.sum(axis=1) * broken.sum(axis=1))


def _by_formula(label, score, p, level, method):
    if p != 1.0:
        raise ValueError(
            f"the variance by {method!r} is that of the whole AUC: take method='bootstrap' for the "
            f"pAUC up to {p}"
        )
    area, variance = VARIANCES[method](label, score)
    reach = scipy.stats.norm.ppf((1.0 + level) / 2.0) * np.sqrt(max(variance, 0.0))
    return float(max(area - reach, 0.0)), float(min(area + reach, 1.0))


def _delong(label, score):
    aucs, cov = covariance(label, [score])
    return aucs[0], cov[0, 0]


def _hanley(label, score):
    area, m, n = auc(label, score), (label == 1).sum(), (label == 0).sum()
    q1, q2 = area / (2.0 - area), 2.0 * area**2 / (1.0 + area)
    total = area * (1.0 - area) + (m - 1) * (q1 - area**2) + (n - 1) * (q2 - area**2)
    return area, total / (m * n)


VARIANCES = {"delong": _delong, "hanley": _hanley}
