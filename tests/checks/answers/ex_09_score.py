"""Answers to exercises 09.3 and 09.4: by ranks, by comparing all pairs, by a search and by a closed
form, and wrong ones by the hint that each must get.
"""

import math
from statistics import NormalDist

import numpy as np
import torch
from scipy.stats import percentileofscore

from asdkit import backends


def below(distance, known):
    return np.searchsorted(np.sort(known), distance) / len(known)


def blend(p, distance, known, alpha):
    return alpha * (1 - p) + (1 - alpha) * below(distance, known)


def blend_by_pairs(p, distance, known, alpha):
    return [
        alpha * (1 - own) + (1 - alpha) * sum(k < d for k in known) / len(known)
        for own, d in zip(p, distance)
    ]


def blend_by_percentiles(p, distance, known, alpha):
    shares = percentileofscore(known, distance, kind="strict") / 100
    return np.average([1 - p, shares], axis=0, weights=[alpha, 1 - alpha])


def blend_in_torch(p, distance, known, alpha):
    share = torch.searchsorted(known.sort().values, distance) / len(known)
    return torch.lerp(share.to(p.dtype), 1 - p, alpha)


def blend_in_float32(p, distance, known, alpha):
    p, distance, known = (torch.as_tensor(some).float() for some in (p, distance, known))
    return alpha * (1 - p) + (1 - alpha) * (known < distance[:, None]).float().mean(dim=1)


def blend_of_the_backend(p, distance, known, alpha):
    """Hand the shares to the backend, beside a training set that they span from 0 to 1."""
    backend = backends.RoleFusion(alpha, scale="train").fit([[0.5, 0.0], [0.5, 1.0]])
    return backend.score(np.column_stack([p, below(distance, known)]))


def scaled(share):
    return lambda p, d, k, a: a * (1 - p) + (1 - a) * share(d, k)


def joined(join):
    return lambda p, d, k, a: join(p, below(d, k), a)


def half_width(auc, n, z=1.96, m=None):
    m = n if m is None else m
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    total = auc * (1 - auc) + (m - 1) * (q1 - auc**2) + (n - 1) * (q2 - auc**2)
    return z * math.sqrt(total / (m * n))


def searched(narrow, start=1):
    n = start
    while not narrow(n):
        n += 1
    return n


def clips_needed(auc, asked):
    return searched(lambda n: half_width(auc, n) <= asked)


def clips_by_halves(auc, asked):
    low, high = 0, 1
    while half_width(auc, high, NormalDist().inv_cdf(0.975)) > asked:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(auc, middle) <= asked else (middle, high)
    return high


def closed(auc, asked):
    """The n, no whole number, at which the quadratic equation for the variance holds."""
    both = auc / (2 - auc) + 2 * auc**2 / (1 + auc) - 2 * auc**2
    return max(np.roots([(asked / 1.96) ** 2, -both, both - auc * (1 - auc)]).real)


def clips_by_a_quadratic(auc, asked):
    return np.ceil(closed(auc, asked))


def clips_in_torch(auc, asked):
    n = torch.arange(1, 5000, dtype=torch.float64)
    auc = torch.tensor(auc, dtype=torch.float64)
    excess = auc / (2 - auc) + 2 * auc**2 / (1 + auc) - 2 * auc**2
    reach = 1.96 * (auc * (1 - auc) + (n - 1) * excess).sqrt() / n
    return n[reach <= asked][0].float()


def with_z(z):
    return lambda auc, asked: searched(lambda n: half_width(auc, n, z) <= asked)


def by_variance(total):
    """Make an answer of the variance times n^2."""
    return lambda auc, asked: searched(
        lambda n: (
            1.96 * math.sqrt(total(auc, n, auc / (2 - auc), 2 * auc**2 / (1 + auc))) / n <= asked
        )
    )


RIGHT = {
    "ex_09_3": [
        blend, blend_by_pairs, blend_by_percentiles, blend_in_torch, blend_in_float32,
        blend_of_the_backend,
    ],
    "ex_09_4": [clips_needed, clips_by_halves, clips_by_a_quadratic, clips_in_torch],
}  # fmt: skip
WRONG = {
    "ex_09_3": {
        "an equal distance counts as below": scaled(
            lambda d, k: np.searchsorted(np.sort(k), d, side="right") / len(k)
        ),
        "counts as one half": scaled(lambda d, k: percentileofscore(k, d, "mean") / 100),
        "known distances above": scaled(lambda d, k: (k > d[:, None]).mean(axis=1)),
        "that are not below": scaled(lambda d, k: 1 - below(d, k)),
        "these are numbers": scaled(lambda d, k: np.searchsorted(np.sort(k), d)),
        "by the number of test clips": scaled(lambda d, k: below(d, k) * len(k) / len(d)),
        "by one more than there are": scaled(lambda d, k: below(d, k) * len(k) / (len(k) + 1)),
        "a p-value has that": scaled(lambda d, k: (below(d, k) * len(k) + 1) / (len(k) + 1)),
        "this one is in percent": scaled(lambda d, k: percentileofscore(k, d, "strict")),
        "ranked among themselves": scaled(lambda d, k: d.argsort().argsort() / len(d)),
        "compare each with known alone": scaled(lambda d, k: (d.argsort().argsort() + 1) / len(d)),
        "the other test clips count": scaled(lambda d, k: below(d, np.append(k, d))),
        "asks for known in order": scaled(lambda d, k: np.searchsorted(k, d) / len(k)),
        "sort it first": scaled(lambda d, k: np.searchsorted(k, d, "right") / len(k)),
        "this is d' as printed": lambda p, d, k, a: (
            backends.RoleFusion(a).fit(np.column_stack([p, d])).score(np.column_stack([p, d]))
        ),
        'scale="train"': scaled(lambda d, k: (d - k.min()) / (k.max() - k.min())),
        "over the highest known one": scaled(lambda d, k: d / max(k)),
        "the distance is not scaled": scaled(lambda d, k: d),
        "the mean runs over the test clips": scaled(lambda d, k: np.mean(k < d[:, None])),
        "whether any known": scaled(lambda d, k: d > min(k)),
        "the distance does not count": lambda p, d, k, a: a * (1 - p),
        "p is the probability of being": joined(lambda p, d, a: a * p + (1 - a) * d),
        "alpha weighs the probability.": joined(lambda p, d, a: (1 - a) * (1 - p) + a * d),
        "are swapped, and p": joined(lambda p, d, a: (1 - a) * p + a * d),
        "the share of distances alone": joined(lambda p, d, a: d),
        "the probability is missing": joined(lambda p, d, a: (1 - a) * d),
        "alpha is missing": joined(lambda p, d, a: (1 - p) + d),
        "whatever alpha is": joined(lambda p, d, a: np.mean([1 - p, d], axis=0)),
        "the distance has the weight 1": joined(lambda p, d, a: a * (1 - p) + d),
        "both terms have the weight alpha": joined(lambda p, d, a: a * (1 - p + d)),
        "this is a product": joined(lambda p, d, a: a * (1 - p) * (1 - a) * d),
        "Two shapes do not fit": scaled(lambda d, k: (k < d[:, None]).mean(axis=0)),
        "an axis is forgotten": lambda p, d, k, a: blend(p, d, k, a).mean(),
        "and must be": joined(lambda p, d, a: a * (1 - p) + (1 - a) * d**2),
    },
    "ex_09_4": {
        "this is no whole number": closed,
        "rounded down, and the interval": lambda auc, asked: int(closed(auc, asked)),
        "rounded to the nearest": lambda auc, asked: round(closed(auc, asked)),
        "one more than needed": lambda auc, asked: clips_needed(auc, asked) + 1,
        "m - 1 and n - 1 are wanted": by_variance(
            lambda a, n, q1, q2: a * (1 - a) + n * (q1 + q2 - 2 * a**2)
        ),
        "the whole interval": lambda auc, asked: searched(
            lambda n: 2 * half_width(auc, n) <= asked
        ),
        "reaches twice": lambda auc, asked: clips_needed(auc, 2 * asked),
        "without 1.96": with_z(1),
        "leaves 5 % on one side": with_z(NormalDist().inv_cdf(0.95)),
        "that of 99 %": with_z(2.5758),
        "2 stands for 1.96": with_z(2),
        "the variance for the standard error": lambda auc, asked: searched(
            lambda n: half_width(auc, n, 1) ** 2 * 1.96 <= asked
        ),
        "the interval of a share": lambda auc, asked: math.ceil(
            auc * (1 - auc) * (1.96 / asked) ** 2
        ),
        "drawn one by one": lambda auc, asked: auc * (1 - auc) * (1.96 / asked) ** 2,
        "drawn by itself": by_variance(lambda a, n, q1, q2: a * (1 - a)),
        "the term with Q_2 is missing": by_variance(
            lambda a, n, q1, q2: a * (1 - a) + (n - 1) * (q1 - a**2)
        ),
        "the term with Q_1 is missing": by_variance(
            lambda a, n, q1, q2: a * (1 - a) + (n - 1) * (q2 - a**2)
        ),
        "of both kinds together": lambda auc, asked: 2 * clips_needed(auc, asked),
        "is split into both kinds": lambda auc, asked: searched(
            lambda n: half_width(auc, n - n // 2, m=n // 2) <= asked, start=2
        ),
        "half_width are swapped": lambda auc, half_width: clips_needed(half_width, auc),
        "and must be": lambda auc, asked: clips_needed(1.01 * auc, asked),
    },
}
