"""Checks of notebook 13 on seeds: the interval of a paired lead, ranks, and the smallest lead that
could be shown.
"""

import numpy as np
import scipy
from scipy.special import ndtri, stdtrit  # quantiles: of the normal distribution, of Student's

from .verdict import examine


def ex_13_1(lead_interval):
    r"""Check ``lead_interval(a, b)``, the lead of a over b in pairs, and the ends of its 95 %
    interval over seeds.

    $\bar d \pm t_{0.975, R-1}\, s_d / \sqrt R$ with $d_r = a_r - b_r$.

    Paper: none of the five compares in pairs.
    Shapes: a function of the AUCs (R,), (R,) of equal seeds -> (3,): lead, low, high.
    Example:
        >>> checks.ex_13_1(lambda a, b: [a.mean() - b.mean()] * 3)
        ✗ Exercise 13.1: the interval has no width: ...
    Notebook: 13_compare_losses
    """
    return examine(
        "13.1", lead_interval, _interval, [_areas(seed) for seed in range(4)],
        right="What a seed does to both losses cancels in d, so the interval is narrow.",
        mistakes=LEADS,
    )  # fmt: skip


def ex_13_3(mean_ranks):
    """Check ``mean_ranks(auc)``, the mean over seeds of the rank of each loss: 1 is best, and equal
    areas share the mean of their ranks.

    Paper: none of the five has ranks; [AP] Table 1 marks the largest mean of a column.
    Shapes: a function of AUCs (K, R) of K losses and R seeds -> (K,).
    Notebook: 13_compare_losses
    """
    return examine(
        "13.3", mean_ranks, _mean_ranks, [(_contest(seed),) for seed in range(4)],
        right="They add up to K (K + 1) / 2, whatever the losses are.",
        mistakes=RANKS,
    )  # fmt: skip


def ex_13_4(smallest_lead):
    r"""Check ``smallest_lead(d, n)``: with n seeds, how large must a mean difference be for its
    95 % interval over seeds to leave 0 out, if single differences scatter as those of a pilot do.

    $t_{0.975, n-1}\, s_d / \sqrt n$

    Paper: none of the five says what its trials could have shown.
    Shapes: a function of paired differences d (R,) and n -> a number.
    Notebook: 13_compare_losses
    """
    return examine(
        "13.4", smallest_lead, _smallest, [(*_pilot(seed), n) for seed, n in enumerate(SEEDS)],
        right="Four times the seeds halve it, and a little more. More clips need a pilot of clips.",
        mistakes=SMALLEST,
    )  # fmt: skip


SEEDS = (3, 5, 10, 100)


def _areas(seed):
    """Make AUCs of two losses whose seeds are good or bad for both."""
    rng = np.random.default_rng(seed)
    count = 4 + 3 * seed
    shared = rng.normal(0.7, 0.03, count)
    return shared + rng.normal(0.01, 0.01, count), shared + rng.normal(0.0, 0.005, count)


def _contest(seed):
    """Make AUCs of K losses, with ties, whose mean order is not their mean rank."""
    rng = np.random.default_rng(seed)
    auc = np.round(rng.normal(0.7, 0.02, (4 + seed, 6)), 2)
    auc[0, 0] = 0.99  # one lucky seed
    auc[1, 1] = auc[2, 1]
    return auc


def _pilot(seed):
    return (np.random.default_rng(seed).normal(0.01, 0.02, 6 + seed),)


def _half(d, n=None, dof=None, ddof=1, share=0.975):
    n = len(d) if n is None else n
    return stdtrit(n - 1 if dof is None else dof, share) * d.std(ddof=ddof) / np.sqrt(n)


def _around(middle, half):
    return np.array([middle, middle - half, middle + half])


def _interval(a, b, **choices):
    return _around((a - b).mean(), _half(a - b, **choices))


def _apart(a, b):
    """The interval of two means that know nothing of each other."""
    return np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))


def _ranks(values, **how):
    return scipy.stats.rankdata(values, **how)


def _mean_ranks(auc):
    return _ranks(-np.asarray(auc), axis=0).mean(axis=1)


def _smallest(d, n):
    return _half(d, n)


LEADS = [  # a hint, and what the mistake gives
    ("the interval has no width: give the lead and both ends, mean(d) -+ t s / sqrt(R).",
     lambda a, b: _around((a - b).mean(), 0.0)),
    ("the seeds are taken as two groups: seed by seed what both share drops out, so take the "
     "standard deviation of a - b.",
     lambda a, b: _around((a - b).mean(), stdtrit(2 * len(a) - 2, 0.975) * _apart(a, b))),
    ("the seeds are taken as two groups: take the standard deviation of a - b, seed by seed.",
     lambda a, b: _around((a - b).mean(), stdtrit(len(a) - 1, 0.975) * _apart(a, b))),
    ("the seeds are taken as two groups, and t as 1.96: take that of a - b, and Student's t.",
     lambda a, b: _around((a - b).mean(), ndtri(0.975) * _apart(a, b))),
    ("1.96 is of the normal distribution: so few seeds want Student's t, with R - 1 degrees.",
     lambda a, b: _around((a - b).mean(), ndtri(0.975) * (a - b).std(ddof=1) / len(a) ** 0.5)),
    ("t is one-sided: 95 % in the middle leave 2.5 % on each side, so take the quantile at 0.975.",
     lambda a, b: _interval(a, b, share=0.95)),
    ("these are R degrees of freedom: the mean takes one, so R - 1.",
     lambda a, b: _interval(a, b, dof=len(a))),
    ("these are 2 R - 2 degrees of freedom, of two groups: pairs have R - 1.",
     lambda a, b: _interval(a, b, dof=2 * len(a) - 2)),
    ("the variance is divided by R: with the mean estimated, too, by R - 1 (ddof=1).",
     lambda a, b: _interval(a, b, ddof=0)),
    ("this is how single seeds scatter: the mean of R of them has s / sqrt(R).",
     lambda a, b: _around((a - b).mean(), _half(a - b) * len(a) ** 0.5)),
    ("the standard deviation is divided by R: that of a mean is s / sqrt(R).",
     lambda a, b: _around((a - b).mean(), _half(a - b) / len(a) ** 0.5)),
    ("t is missing: this is one standard error on each side.",
     lambda a, b: _around((a - b).mean(), (a - b).std(ddof=1) / len(a) ** 0.5)),
    ("the lead is that of a over b: a - b.", lambda a, b: _interval(b, a)),
    ("low and high have changed places.", lambda a, b: _interval(a, b)[[0, 2, 1]]),
    ("the lead stands first, then low and high.", lambda a, b: _interval(a, b)[[1, 0, 2]]),
    ("the lead stands first: lead, low, high.", lambda a, b: _interval(a, b)[1:]),
    ("a lead may be negative: leave the absolute value out.",
     lambda a, b: _around(abs(a - b).mean(), _half(abs(a - b)))),
    ("the interval lies around 0: put it around the lead.",
     lambda a, b: _interval(a, b) - np.array([0, 1, 1]) * (a - b).mean()),
]  # fmt: skip
RANKS = [
    ("1 is the worst here: the largest AUC has rank 1, so rank minus the AUC.",
     lambda auc: _ranks(auc, axis=0).mean(axis=1)),
    ("this counts from 0: the best has rank 1.", lambda auc: _mean_ranks(auc) - 1),
    ("this ranks the mean over seeds: rank within each seed first, then take the mean.",
     lambda auc: _ranks(-auc.mean(axis=1))),
    ("argsort gives who has a rank, not which rank one has: rank with argsort of argsort, or "
     "scipy's rankdata.",
     lambda auc: np.argsort(-auc, axis=0, kind="stable").mean(axis=1) + 1),
    ("argsort gives who has a rank, not which rank one has, and counts from 0.",
     lambda auc: np.argsort(-auc, axis=0, kind="stable").mean(axis=1)),
    ("equal areas have got different ranks: they share the mean of them.",
     lambda auc: _ranks(-auc, axis=0, method="ordinal").mean(axis=1)),
    ("equal areas have all got the best of their ranks: they share the mean of them.",
     lambda auc: _ranks(-auc, axis=0, method="min").mean(axis=1)),
    ("equal areas have all got the worst of their ranks: they share the mean of them.",
     lambda auc: _ranks(-auc, axis=0, method="max").mean(axis=1)),
    ("equal areas count as one here, so that ranks are left out: they share the mean of theirs.",
     lambda auc: _ranks(-auc, axis=0, method="dense").mean(axis=1)),
    ("these are ranks of seeds within a loss: rank the losses within each seed, axis 0.",
     lambda auc: _ranks(-auc, axis=1).mean(axis=1)),
    ("this is the mean over the losses: take that over seeds, axis 1.",
     lambda auc: _ranks(-auc, axis=0).mean(axis=0)),
    ("this is the median over seeds: take the mean.",
     lambda auc: np.median(_ranks(-auc, axis=0), axis=1)),
]  # fmt: skip
SMALLEST = [
    ("this is the interval of the pilot itself: t and the root take the n seeds to come.",
     lambda d, n: _half(d)),
    ("t has the degrees of the pilot: the interval of n seeds has n - 1.",
     lambda d, n: _half(d, n, dof=len(d) - 1)),
    ("t has n degrees of freedom: n - 1, as the mean takes one.",
     lambda d, n: _half(d, n, dof=n)),
    ("1.96 is of the normal distribution: with n seeds it is Student's t, with n - 1 degrees.",
     lambda d, n: ndtri(0.975) * d.std(ddof=1) / n**0.5),
    ("t is one-sided: the interval has two ends, so take the quantile at 0.975.",
     lambda d, n: _half(d, n, share=0.95)),
    ("the variance is divided by R: the pilot's mean is estimated, too, so by R - 1 (ddof=1).",
     lambda d, n: _half(d, n, ddof=0)),
    ("this is the whole width: a lead is shown where half of it reaches from the lead to 0.",
     lambda d, n: 2 * _half(d, n)),
    ("the root is missing: the mean of n seeds scatters by s / sqrt(n).",
     lambda d, n: _half(d, n) / n**0.5),
    ("this is how single seeds scatter: divide by sqrt(n).",
     lambda d, n: _half(d, n) * n**0.5),
    ("t is missing: this is one standard error.", lambda d, n: d.std(ddof=1) / n**0.5),
    ("a variance stands where a standard deviation belongs.",
     lambda d, n: stdtrit(n - 1, 0.975) * d.var(ddof=1) / n**0.5),
    ("the pilot's mean lead is added: the question is what would be shown, whatever it was.",
     lambda d, n: d.mean() + _half(d, n)),
    ("this is the lower end of an interval: give half of its width.",
     lambda d, n: d.mean() - _half(d, n)),
]  # fmt: skip
