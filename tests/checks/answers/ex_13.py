"""Answers to the exercises of notebook 13: right ones, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import pandas as pd
import torch
from scipy import stats

from asdkit import metrics


def by_test(a, b):
    test = stats.ttest_rel(a, b)
    return [np.mean(a - b), *test.confidence_interval(0.95)]


def by_hand(a, b):
    d = torch.as_tensor(a) - torch.as_tensor(b)
    t = stats.t.ppf(0.975, len(d) - 1)
    reach = t * d.std() / math.sqrt(len(d))
    return torch.stack([d.mean(), d.mean() - reach, d.mean() + reach])


def in_float32(a, b):
    return by_hand(torch.as_tensor(a).float(), torch.as_tensor(b).float())


def around(d, reach):
    return [d.mean(), d.mean() - reach, d.mean() + reach]


def error(d):
    return d.std(ddof=1) / math.sqrt(len(d))


def t(dof, share=0.975):
    return stats.t.ppf(share, dof)


def by_the_library(label, a, b, rows):
    leads = [metrics.auc(label[row], a[row]) - metrics.auc(label[row], b[row]) for row in rows]
    return np.percentile(leads, [2.5, 97.5])


def areas(label, score, rows, drawn=True):
    """The AUC of each draw by counting pairs; the labels are drawn with the scores, or not."""
    kind = label[rows] if drawn else np.broadcast_to(label, rows.shape)
    drawn = score[rows]
    anomalies = drawn[kind == 1].reshape(len(rows), -1, 1)
    normals = drawn[kind == 0].reshape(len(rows), 1, -1)
    return ((anomalies > normals) + 0.5 * (anomalies == normals)).mean(axis=(1, 2))


def leads(label, a, b, rows):
    return areas(label, a, rows) - areas(label, b, rows)


def by_pairs(*given):
    return np.quantile(leads(*given), [0.025, 0.975])


def by_pandas(auc):
    return pd.DataFrame(auc).rank(ascending=False).mean(axis=1).to_numpy()


def by_counting(auc):
    auc = torch.as_tensor(auc)
    ahead = (auc[None] > auc[:, None]).double().sum(1)  # (K, R), how many are better
    equal = (auc[None] == auc[:, None]).double().sum(1)
    return (ahead + (equal + 1) / 2).mean(1)


RIGHT = {
    "ex_13_1": [by_test, by_hand, in_float32],
    "ex_13_2": [by_the_library, by_pairs],
    "ex_13_3": [by_pandas, by_counting],
    "ex_13_4": [
        lambda d, n: t(n - 1) * d.std(ddof=1) / math.sqrt(n),
        lambda d, n: t(n - 1) * torch.as_tensor(d).std() / n**0.5,
    ],
}
WRONG = {
    "ex_13_1": {
        "the interval has no width": lambda a, b: [(a - b).mean()] * 3,
        "the seeds are taken as two groups: seed by seed": lambda a, b: around(
            a - b, t(2 * len(a) - 2) * math.hypot(error(a), error(b))
        ),
        "1.96 is of the normal distribution": lambda a, b: around(
            a - b, stats.norm.ppf(0.975) * error(a - b)
        ),
        "t is one-sided": lambda a, b: around(a - b, t(len(a) - 1, 0.95) * error(a - b)),
        "R degrees of freedom: the mean": lambda a, b: around(a - b, t(len(a)) * error(a - b)),
        "by R - 1 (ddof=1)": lambda a, b: around(
            a - b, t(len(a) - 1) * (a - b).std() / math.sqrt(len(a))
        ),
        "how single seeds scatter": lambda a, b: around(a - b, t(len(a) - 1) * (a - b).std(ddof=1)),
        "one standard error on each side": lambda a, b: around(a - b, error(a - b)),
        "the lead is that of a over b": lambda a, b: by_test(b, a),
        "the lead stands first: lead, low, high": lambda a, b: by_test(a, b)[1:],
        "low and high have changed places": lambda a, b: [by_test(a, b)[i] for i in (0, 2, 1)],
        "returns None": lambda a, b: None,
    },
    "ex_13_2": {
        "the ends leave 5 % out": lambda y, a, b, rows: np.percentile(
            leads(y, a, b, rows), [5, 95]
        ),
        "the smallest and the largest draw": lambda y, a, b, rows: [
            f(leads(y, a, b, rows)) for f in (min, max)
        ],
        "the lead is that of a over b": lambda y, a, b, rows: by_pairs(y, b, a, rows),
        "a draw holds the same clips for both": lambda y, a, b, rows: np.percentile(
            areas(y, a, rows) - areas(y, b, rows[::-1]), [2.5, 97.5]
        ),
        "this is the interval of a alone": lambda y, a, b, rows: np.percentile(
            areas(y, a, rows), [2.5, 97.5]
        ),
        "their ends are subtracted": lambda y, a, b, rows: (
            np.percentile(areas(y, a, rows), [2.5, 97.5])
            - np.percentile(areas(y, b, rows), [2.5, 97.5])
        ),
        "the scores are drawn and the labels are not": lambda y, a, b, rows: np.percentile(
            areas(y, a, rows, drawn=False) - areas(y, b, rows, drawn=False), [2.5, 97.5]
        ),
        "these are all draws": leads,
        "this is the lead of all clips": lambda y, a, b, rows: (
            metrics.auc(y, a) - metrics.auc(y, b)
        ),
        "take their quantiles": lambda y, a, b, rows: (
            leads(y, a, b, rows).mean() + 1.96 * np.array([-1, 1]) * leads(y, a, b, rows).std()
        ),
    },
    "ex_13_3": {
        "1 is the worst here": lambda auc: pd.DataFrame(auc).rank().mean(axis=1),
        "this counts from 0": lambda auc: by_pandas(auc) - 1,
        "this ranks the mean over seeds": lambda auc: by_pandas(auc.mean(axis=1, keepdims=True)),
        "argsort gives who has a rank": lambda auc: (
            np.argsort(-auc, axis=0, kind="stable").mean(axis=1) + 1
        ),
        "got different ranks": lambda auc: (
            pd.DataFrame(auc).rank(ascending=False, method="first").mean(axis=1)
        ),
        "the best of their ranks": lambda auc: (
            pd.DataFrame(auc).rank(ascending=False, method="min").mean(axis=1)
        ),
        "ranks of seeds within a loss": lambda auc: (
            pd.DataFrame(auc).rank(axis=1, ascending=False).mean(axis=1)
        ),
        "the mean over the losses": lambda auc: pd.DataFrame(auc).rank(ascending=False).mean(),
    },
    "ex_13_4": {
        "the interval of the pilot itself": lambda d, n: t(len(d) - 1) * error(d),
        "the degrees of the pilot": lambda d, n: t(len(d) - 1) * d.std(ddof=1) / math.sqrt(n),
        "t has n degrees of freedom": lambda d, n: t(n) * d.std(ddof=1) / math.sqrt(n),
        "1.96 is of the normal distribution": lambda d, n: (
            stats.norm.ppf(0.975) * d.std(ddof=1) / math.sqrt(n)
        ),
        "t is one-sided": lambda d, n: t(n - 1, 0.95) * d.std(ddof=1) / math.sqrt(n),
        "by R - 1 (ddof=1)": lambda d, n: t(n - 1) * d.std() / math.sqrt(n),
        "this is the whole width": lambda d, n: 2 * t(n - 1) * d.std(ddof=1) / math.sqrt(n),
        "the root is missing": lambda d, n: t(n - 1) * d.std(ddof=1) / n,
        "divide by sqrt(n)": lambda d, n: t(n - 1) * d.std(ddof=1),
        "one standard error": lambda d, n: d.std(ddof=1) / math.sqrt(n),
    },
}
