"""Answers to the exercises of notebook 03: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch
from scipy.stats import hmean, rankdata
from sklearn.metrics import precision_recall_fscore_support

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
    return [alarm[y == 0].mean(), *precision_recall_fscore_support(y, alarm, average="binary")[:3]]


def judge(x, y, s, r):
    return told(y, s >= limit(x, r))


def judge_by_the_library(x, y, s, r):
    import pandas as pd

    clips = pd.DataFrame({"machine": "fan", "section": "00", "domain": "source", "label": y})
    row = metrics.decisions(clips, s, metrics.threshold(x, r)).iloc[0]
    return [row["false_alarms"] / row["normal"], row["precision"], row["recall"], row["f1"]]


def deviation(y, a, b):
    cov = metrics.covariance(y, [a, b])[1]
    return np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])


def placed(y, s):
    whole = rankdata(s)
    v = (whole[y == 1] - rankdata(s[y == 1])) / np.sum(y == 0)
    w = 1 - (whole[y == 0] - rankdata(s[y == 0])) / np.sum(y == 1)
    return v, w


def deviation_by_ranks(y, a, b):
    (va, wa), (vb, wb) = placed(y, a), placed(y, b)
    return np.sqrt((va - vb).var(ddof=1) / len(va) + (wa - wb).var(ddof=1) / len(wa))


def deviation_in_torch(y, a, b):
    y, a, b = (torch.as_tensor(each) for each in (y, a, b))
    gaps = [(s[y == 1][:, None] - s[y == 0]).double() for s in (a, b)]
    win = (gaps[0].sign() - gaps[1].sign()) / 2
    return (win.mean(dim=1).var() / len(win) + win.mean(dim=0).var() / win.shape[1]).sqrt()


def psi(y, s, tie=0.5):
    gap = s[y == 1][:, None] - s[y == 0]
    return (gap > 0) + tie * (gap == 0)


def root(y, won, ddof=1):
    v, w = won.mean(axis=1), won.mean(axis=0)
    return np.sqrt(v.var(ddof=ddof) / len(v) + w.var(ddof=ddof) / len(w))


def parts(y, a, b):
    won = psi(y, a) - psi(y, b)
    return won.mean(axis=1).var(ddof=1), won.mean(axis=0).var(ddof=1), *won.shape


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
        "divide by p - p * p / 2": lambda x, y, p: (area(x, y, p) - p**2 / 2) / p,
        "goes on flat to p": lambda x, y, p: scaled(
            np.trapezoid(np.r_[y[x < p], y[x <= p].max()], np.r_[x[x < p], p]), p
        ),
        "every piece is a step": lambda x, y, p: scaled(
            sum((min(x1, p) - min(x0, p)) * height for x0, x1, height in zip(x, x[1:], y)), p
        ),
        "first corner beyond p": lambda x, y, p: scaled(
            np.trapezoid(y[: np.sum(x <= p) + 1], x[: np.sum(x <= p) + 1]), p
        ),
        "chance's area is not subtracted": lambda x, y, p: (1 + area(x, y, p) / p) / 2,
        "take it off below as well": lambda x, y, p: (1 + (area(x, y, p) - p**2 / 2) / p) / 2,
        "before the whole bracket": lambda x, y, p: (
            0.5 * 1 + (area(x, y, p) - p**2 / 2) / (p - p**2 / 2)
        ),
        "x and y are swapped": lambda x, y, p: scaled(area(y, x, p), p),
        "does not depend on p": lambda x, y, p: partial(x, y, 0.1),
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
        "it is the normal clips that are taken apart": lambda y, t, s: (
            hmean([*(metrics.auc(y[o], s[o]) for o in ((y == 0) | t, (y == 0) | ~t)),
                   metrics.pauc(y, s)])
        ),
        "this is the smallest of the three": lambda y, t, s: min(three(y, t, s)),
        "the pAUC is missing": lambda y, t, s: hmean(three(y, t, s)[:2]),
        "not the AUC of all clips": lambda y, t, s: hmean([*three(y, t, s)[:2], metrics.auc(y, s)]),
        "areas of 2021": lambda y, t, s: hmean([*within(y, t, s), *within(y, t, s, metrics.pauc)]),
        "sum of the reciprocals": lambda y, t, s: sum(1 / area for area in three(y, t, s)),
        "not those of the source alone": lambda y, t, s: (
            hmean([*three(y, t, s)[:2], metrics.pauc(y[(y == 1) | ~t], s[(y == 1) | ~t])])
        ),
        "each domain has one of its own": lambda y, t, s: (
            hmean([metric(y[own], s[own]) for own in ((y == 1) | ~t, (y == 1) | t)
                   for metric in (metrics.auc, metrics.pauc)])
        ),
        "the two AUCs stand as one, as their mean": lambda y, t, s: (
            hmean([np.mean(three(y, t, s)[:2]), metrics.pauc(y, s)])
        ),
        "both AUCs have a mean of their own": lambda y, t, s: (
            np.mean([hmean(three(y, t, s)[:2]), metrics.pauc(y, s)])
        ),
        "of one domain alone": lambda y, t, s: three(y, t, s)[0],
        "or the AUC of all clips": lambda y, t, s: hmean([metrics.auc(y, s), metrics.pauc(y, s)]),
        "must give a single number": three,
        "stopped with ValueError": lambda y, t, s: metrics.auc(y[y == 1], s[y == 1]),
    },
    "ex_03_3": {
        "comes from the test scores": lambda x, y, s, r: judge(s, y, s, r),
        "comes from the normal test clips": lambda x, y, s, r: judge(s[y == 0], y, s, r),
        "this is the quantile at rate": lambda x, y, s, r: judge(x, y, s, 1 - r),
        'method="higher"': lambda x, y, s, r: told(y, s >= np.quantile(x, 1 - r)),
        "F1 lacks its 2": lambda x, y, s, r: [*judge(x, y, s, r)[:3], judge(x, y, s, r)[3] / 2],
        ">= and not >": lambda x, y, s, r: told(y, s > limit(x, r)),
        "upside down": lambda x, y, s, r: told(y, s < limit(x, r)),
        "swapped": lambda x, y, s, r: [judge(x, y, s, r)[k] for k in (0, 2, 1, 3)],
        "not the arithmetic one": lambda x, y, s, r: (
            [*judge(x, y, s, r)[:3], np.mean(judge(x, y, s, r)[1:3])]
        ),
        "not of the alarms": lambda x, y, s, r: [1 - judge(x, y, s, r)[1], *judge(x, y, s, r)[1:]],
        "share of all clips that alarm": lambda x, y, s, r: (
            [np.mean(s >= limit(x, r)), *judge(x, y, s, r)[1:]]
        ),
        "not of all clips": lambda x, y, s, r: (
            [np.mean((s >= limit(x, r)) & (y == 0)), *judge(x, y, s, r)[1:]]
        ),
        "training and test scores together": lambda x, y, s, r: judge(np.r_[x, s], y, s, r),
        "training score below the quantile": lambda x, y, s, r: (
            told(y, s >= np.quantile(x, 1 - r, method="lower"))
        ),
        "not the geometric one": lambda x, y, s, r: (
            [*judge(x, y, s, r)[:3], np.sqrt(np.prod(judge(x, y, s, r)[1:3]))]
        ),
        "is the accuracy": lambda x, y, s, r: (
            [*judge(x, y, s, r)[:3], np.mean((s >= limit(x, r)) == y)]
        ),
        "from the false alarm rate and recall": lambda x, y, s, r: (
            [*judge(x, y, s, r)[:3], hmean([judge(x, y, s, r)[k] for k in (0, 2)])]
        ),
        "without an alarm": lambda x, y, s, r: [1 - judge(x, y, s, r)[0], *judge(x, y, s, r)[1:]],
        "is a number of clips": lambda x, y, s, r: (
            [np.sum(s[y == 0] >= limit(x, r)), *judge(x, y, s, r)[1:]]
        ),
        "share of the anomalies, not of all": lambda x, y, s, r: (
            [*judge(x, y, s, r)[:2], np.mean((s >= limit(x, r)) & (y == 1)), judge(x, y, s, r)[3]]
        ),
        "in another order": lambda x, y, s, r: [judge(x, y, s, r)[k] for k in (1, 2, 0, 3)],
        "returns dict": lambda x, y, s, r: dict(enumerate(judge(x, y, s, r))),
        "must give shape (4,)": lambda x, y, s, r: judge(x, y, s, r)[0],
        "half of r stands": lambda x, y, s, r: judge(x, y, s, r / 2),
    },
    "ex_03_4": {
        "this is the variance": lambda y, a, b: deviation(y, a, b) ** 2,
        "how far could it have come out": lambda y, a, b: metrics.auc(y, a) - metrics.auc(y, b),
        "as if each had clips of its own": lambda y, a, b: (
            np.hypot(root(y, psi(y, a)), root(y, psi(y, b)))
        ),
        "of the first AUC alone": lambda y, a, b: root(y, psi(y, a)),
        "of the second AUC alone": lambda y, a, b: root(y, psi(y, b)),
        "deviation of the sum": lambda y, a, b: root(y, psi(y, a) + psi(y, b)),
        "taken off once": lambda y, a, b: (
            np.sqrt(np.array([[1, 0], [-1, 1]]).ravel() @ metrics.covariance(y, [a, b])[1].ravel())
        ),
        "ddof=1": lambda y, a, b: root(y, psi(y, a) - psi(y, b), ddof=0),
        "that of one clip": lambda y, a, b: np.sqrt(sum(parts(y, a, b)[:2])),
        "m and n are swapped": lambda y, a, b: (
            np.sqrt(np.dot(parts(y, a, b)[:2], [1 / np.sum(y == 0), 1 / np.sum(y)]))
        ),
        "only the anomalies vary": lambda y, a, b: np.sqrt(parts(y, a, b)[0] / np.sum(y == 1)),
        "only the normal clips vary": lambda y, a, b: np.sqrt(parts(y, a, b)[1] / np.sum(y == 0)),
        "ties are left out": lambda y, a, b: root(y, psi(y, a, tie=0) - psi(y, b, tie=0)),
        "a tie counts as won": lambda y, a, b: root(y, psi(y, a, tie=1) - psi(y, b, tie=1)),
        "subtracted before any pair": lambda y, a, b: root(y, psi(y, a - b)),
        "lost their sign": lambda y, a, b: root(y, abs(psi(y, a) - psi(y, b))),
        "standard deviations under the root": lambda y, a, b: (
            np.sqrt(np.sum(np.sqrt(parts(y, a, b)[:2]) / np.array(parts(y, a, b)[2:])))
        ),
        "lie in one heap": lambda y, a, b: (
            np.concatenate([(psi(y, a) - psi(y, b)).mean(axis=k) for k in (0, 1)]).std(ddof=1)
            / np.sqrt(len(y))
        ),
        "add the variances, then": lambda y, a, b: (
            np.sqrt(np.divide(*np.split(np.array(parts(y, a, b)), 2))).sum()
        ),
        "is one number, which does not vary": lambda y, a, b: (
            np.sqrt(np.var(psi(y, a).mean() - psi(y, b).mean()) * 2)
        ),
        "divided by the number of all clips": lambda y, a, b: (
            np.sqrt(sum(parts(y, a, b)[:2]) / len(y))
        ),
        "takes the variance over all pairs": lambda y, a, b: (
            np.sqrt((psi(y, a) - psi(y, b)).var(ddof=1) * (1 / np.sum(y == 1) + 1 / np.sum(y == 0)))
        ),
        "1.96 times the right one": lambda y, a, b: 1.96 * deviation(y, a, b),
        "must give a single number": lambda y, a, b: (psi(y, a) - psi(y, b)).mean(axis=1),
        "returns None": lambda y, a, b: None,
    },
}  # fmt: skip
