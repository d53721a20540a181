"""Answers to the exercises of notebook 03: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch
from scipy.stats import hmean, rankdata
from sklearn.metrics import f1_score, precision_score, recall_score

from asdkit import metrics


def area(x, y, p):
    height = np.interp(p, x, y)
    return np.trapezoid(np.r_[y[x < p], height], np.r_[x[x < p], p])


def scaled(area, p):
    return 0.5 * (1 + (area - p**2 / 2) / (p - p**2 / 2))


def partial(x, y, p):
    return scaled(area(x, y, p), p)


def partial_by_grid(x, y, p):
    """Pieces one by one, without numpy's trapezoid."""
    total = 0.0
    for (x0, x1), (y0, y1) in zip(zip(x, x[1:]), zip(y, y[1:])):
        end = min(x1, p)
        if end > x0:
            total += (end - x0) * (y0 + (y1 - y0) * (end - x0) / (x1 - x0) / 2)
    return (1 + (total - p * p / 2) / (p - p * p / 2)) / 2


def three(y, t, s):
    return [metrics.auc(y[own], s[own]) for own in ((y == 1) | ~t, (y == 1) | t)] + [
        metrics.pauc(y, s)
    ]


def within(y, t, s, metric=metrics.auc):
    return [metric(y[own], s[own]) for own in (t, ~t)]


def rule_by_loop(y, t, s):
    areas = three(y, t, s)
    return len(areas) / sum(1 / area for area in areas)


def limit(x, r):
    return np.quantile(x, 1 - r, method="higher")


def told(y, alarm):
    return [
        alarm[y == 0].mean(),
        precision_score(y, alarm),
        recall_score(y, alarm),
        f1_score(y, alarm),
    ]


def judge(x, y, s, r):
    return told(y, s >= limit(x, r))


def judge_by_the_library(x, y, s, r):
    import pandas as pd

    clips = pd.DataFrame({"machine": "fan", "section": "00", "domain": "source", "label": y})
    row = metrics.decisions(clips, s, metrics.threshold(x, r)).iloc[0]
    return [row["false_alarms"] / row["normal"], row["precision"], row["recall"], row["f1"]]


def deviation(y, s):
    return metrics.covariance(y, [s])[1][0, 0] ** 0.5


def deviation_by_ranks(y, s):
    whole = rankdata(s)
    v = (whole[y == 1] - rankdata(s[y == 1])) / np.sum(y == 0)
    w = (whole[y == 0] - rankdata(s[y == 0])) / np.sum(y == 1)
    return np.sqrt(v.var(ddof=1) / len(v) + w.var(ddof=1) / len(w))


def deviation_in_torch(y, s):
    gap = torch.as_tensor(s)[y == 1][:, None] - torch.as_tensor(s)[y == 0]
    win = (gap > 0).double() + 0.5 * (gap == 0).double()
    return (win.mean(dim=1).var() / len(gap) + win.mean(dim=0).var() / gap.shape[1]).sqrt()


def variances(y, s, ddof=1, tie=0.5):
    gap = s[y == 1][:, None] - s[y == 0]
    win = (gap > 0) + tie * (gap == 0)
    return win.mean(axis=1).var(ddof=ddof), win.mean(axis=0).var(ddof=ddof), *gap.shape


def root(y, s, **kind):
    v, w, m, n = variances(y, s, **kind)
    return np.sqrt(v / m + w / n)


RIGHT = {
    "ex_03_1": [partial, partial_by_grid],
    "ex_03_2": [rule_by_loop, lambda y, t, s: hmean(three(y, t, s))],
    "ex_03_3": [judge, judge_by_the_library],
    "ex_03_4": [deviation, deviation_by_ranks, deviation_in_torch],
}
WRONG = {
    "ex_03_1": {
        "whole curve": lambda x, y, p: np.trapezoid(y, x),
        "this is A(p) itself": area,
        "this is A(p) / p": lambda x, y, p: area(x, y, p) / p,
        "that of a triangle": lambda x, y, p: (1 + (area(x, y, p) - p**2) / (p - p**2)) / 2,
        "halve it and add one half": lambda x, y, p: 2 * partial(x, y, p) - 1,
        "last corner before p": lambda x, y, p: scaled(np.trapezoid(y[x <= p], x[x <= p]), p),
        "cut at p straight up": lambda x, y, p: scaled(
            np.trapezoid(np.r_[y[x <= p], y[x > p][0]], np.r_[x[x <= p], p]), p
        ),
        "sign is flipped": lambda x, y, p: -partial(x, y, p),
        "must give a single number": lambda x, y, p: y[x <= p],
        "the square of the right value": lambda x, y, p: partial(x, y, p) ** 2,
        "returns None": lambda x, y, p: None,
    },
    "ex_03_2": {
        "the AUC of all clips: the rule takes": lambda y, t, s: metrics.auc(y, s),
        "this is the arithmetic mean": lambda y, t, s: np.mean(three(y, t, s)),
        "this is the geometric mean": lambda y, t, s: np.prod(three(y, t, s)) ** (1 / 3),
        "anomalies of both domains, not of their own": lambda y, t, s: (
            hmean([*within(y, t, s), metrics.pauc(y, s)])
        ),
        "the pAUC is missing": lambda y, t, s: hmean(three(y, t, s)[:2]),
        "not the AUC of all clips": lambda y, t, s: hmean([*three(y, t, s)[:2], metrics.auc(y, s)]),
        "areas of 2021": lambda y, t, s: hmean([*within(y, t, s), *within(y, t, s, metrics.pauc)]),
        "sum of the reciprocals": lambda y, t, s: sum(1 / area for area in three(y, t, s)),
        "must give a single number": three,
        "stopped with ValueError": lambda y, t, s: metrics.auc(y[y == 1], s[y == 1]),
    },
    "ex_03_3": {
        "comes from the test scores": lambda x, y, s, r: judge(s, y, s, r),
        "comes from the normal test clips": lambda x, y, s, r: judge(s[y == 0], y, s, r),
        "this is the quantile at rate": lambda x, y, s, r: judge(x, y, s, 1 - r),
        ">= and not >": lambda x, y, s, r: told(y, s > limit(x, r)),
        "upside down": lambda x, y, s, r: told(y, s < limit(x, r)),
        "swapped": lambda x, y, s, r: [judge(x, y, s, r)[k] for k in (0, 2, 1, 3)],
        "not the arithmetic one": lambda x, y, s, r: (
            [*judge(x, y, s, r)[:3], np.mean(judge(x, y, s, r)[1:3])]
        ),
        "not of the alarms": lambda x, y, s, r: [1 - judge(x, y, s, r)[1], *judge(x, y, s, r)[1:]],
        "not of all clips": lambda x, y, s, r: (
            [np.mean((s >= limit(x, r)) & (y == 0)), *judge(x, y, s, r)[1:]]
        ),
        "must give shape (4,)": lambda x, y, s, r: judge(x, y, s, r)[0],
        "half of r stands": lambda x, y, s, r: judge(x, y, s, r / 2),
    },
    "ex_03_4": {
        "this is the variance": lambda y, s: deviation(y, s) ** 2,
        "ddof=1": lambda y, s: root(y, s, ddof=0),
        "that of one clip": lambda y, s: np.sqrt(sum(variances(y, s)[:2])),
        "m and n are swapped": lambda y, s: (
            np.sqrt(np.dot(variances(y, s)[:2], [1 / np.sum(y == 0), 1 / np.sum(y)]))
        ),
        "only the anomalies vary": lambda y, s: np.sqrt(variances(y, s)[0] / np.sum(y == 1)),
        "only the normal clips vary": lambda y, s: np.sqrt(variances(y, s)[1] / np.sum(y == 0)),
        "ties are left out": lambda y, s: root(y, s, tie=0.0),
        "add the variances, then": lambda y, s: (
            np.sqrt(np.divide(*np.split(np.array(variances(y, s)), 2))).sum()
        ),
        "1.96 times the right one": lambda y, s: 1.96 * deviation(y, s),
        "must give a single number": lambda y, s: s[y == 1] - s[y == 1].mean(),
        "returns None": lambda y, s: None,
    },
}  # fmt: skip
