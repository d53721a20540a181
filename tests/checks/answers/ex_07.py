"""Answers to the exercises of notebook 07: right answers, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import torch
from scipy.optimize import brentq


def wished_by_search(classes, angle, p):
    return brentq(
        lambda s: 1 / (1 + (classes - 1) * math.exp(-s * math.cos(angle))) - p, -50, 500, xtol=1e-12
    )


def own(cosine, y):
    return cosine[np.arange(len(y)), y]


def log_b(cosine, y, scale):
    rows = [np.exp(scale * np.delete(row, k)).sum() for row, k in zip(cosine, y)]
    return math.log(np.mean(rows))


def median(cosine, y):
    return sorted(np.arccos(own(cosine, y)))[(len(y) - 1) // 2]


def step(cosine, y, scale):
    return log_b(cosine, y, scale) / math.cos(min(math.pi / 4, median(cosine, y)))


def with_angle(cosine, y, scale, angle):
    return log_b(cosine, y, scale) / math.cos(min(math.pi / 4, angle))


def step_in_torch(cosine, y, scale):
    rows = torch.arange(len(y))
    angle = cosine[rows, y].arccos().median().clamp(max=torch.pi / 4)
    others = (scale * cosine).index_put((rows, y), torch.tensor(-torch.inf, dtype=cosine.dtype))
    return (others.exp().sum(dim=1).mean().log() / angle.cos()).item()


def resting_by_iteration(classes, dim):
    scale = 0.0
    for _ in range(2000):
        scale = math.sqrt(2) * (math.log(classes - 1) + scale**2 / (2 * dim))
    return scale


RIGHT = {
    "ex_07_1": [wished_by_search, lambda c, a, p: math.log((c - 1) * p / (1 - p)) / math.cos(a)],
    "ex_07_2": [step, step_in_torch],
    "ex_07_3": [
        resting_by_iteration,
        lambda c, d: d / 2**0.5 * (1 - (1 - 4 * math.log(c - 1) / d) ** 0.5),
    ],
}
WRONG = {
    "ex_07_1": {
        "this is the start of AdaCos": lambda c, a, p: 2**0.5 * math.log(c - 1),
        "p does not enter": lambda c, a, p: wished_by_search(c, a, 0.5),
        "C - 1 other classes, not C": lambda c, a, p: wished_by_search(c + 1, a, p),
        "this multiplies by the cosine": lambda c, a, p: (
            wished_by_search(c, a, p) * math.cos(a) ** 2
        ),
        "log-odds is flipped": lambda c, a, p: wished_by_search(c, a, 1 - p),
        "this adds ln p": lambda c, a, p: (math.log(c - 1) + math.log(p)) / math.cos(a),
        "the angle does not enter": lambda c, a, p: wished_by_search(c, 0.0, p),
        "2 times the right one": lambda c, a, p: 2 * wished_by_search(c, a, p),
        "divides by the sine": lambda c, a, p: wished_by_search(c, math.pi / 2 - a, p),
        "capped at 45 degrees, as in a step": lambda c, a, p: wished_by_search(
            c, min(a, math.pi / 4), p
        ),
        "divides by the angle": lambda c, a, p: wished_by_search(c, 0.0, p) / a,
        "logarithm of C - 1 is missing": lambda c, a, p: wished_by_search(2, a, p),
        "need their logarithm": lambda c, a, p: (math.log(c - 1) + p / (1 - p)) / math.cos(a),
        "the second logarithm alone": lambda c, a, p: math.log(c - 1) + wished_by_search(2, a, p),
        "the first logarithm alone": lambda c, a, p: (
            wished_by_search(c, a, 0.5) + math.log(p / (1 - p))
        ),
        "converted to degrees": lambda c, a, p: (
            math.log((c - 1) * p / (1 - p)) / math.cos(math.degrees(a))
        ),
    },
    "ex_07_2": {
        "the own class is in the sum": lambda c, y, s: (
            math.log(np.exp(s * c).sum(axis=1).mean()) / math.cos(min(math.pi / 4, median(c, y)))
        ),
        "a mean over the other classes too": lambda c, y, s: (
            step(c, y, s) * (1 - math.log(c.shape[1] - 1) / log_b(c, y, s))
        ),
        "a mean over all C classes": lambda c, y, s: (
            np.log((np.exp(s * c) * (np.arange(c.shape[1]) != y[:, None])).mean())
            / math.cos(min(math.pi / 4, median(c, y)))
        ),
        "the logarithm is missing": lambda c, y, s: (
            math.exp(log_b(c, y, s)) / math.cos(min(math.pi / 4, median(c, y)))
        ),
        "not divided by N": lambda c, y, s: step(c, y, s) * (1 + math.log(len(y)) / log_b(c, y, s)),
        "mean of the logarithms": lambda c, y, s: (
            np.mean([log_b(c[[i]], y[[i]], s) for i in range(len(y))])
            / log_b(c, y, s)
            * step(c, y, s)
        ),
        "the mean of the two middle angles": lambda c, y, s: (
            log_b(c, y, s) / math.cos(min(math.pi / 4, np.median(np.arccos(own(c, y)))))
        ),
        "not capped": lambda c, y, s: log_b(c, y, s) / math.cos(median(c, y)),
        "the cap takes the larger": lambda c, y, s: (
            log_b(c, y, s) / math.cos(max(math.pi / 4, median(c, y)))
        ),
        "this is ln B": log_b,
        "the old scale does not enter": lambda c, y, s: step(c, y, 1.0),
        "the mean angle": lambda c, y, s: (
            log_b(c, y, s) / math.cos(min(math.pi / 4, np.arccos(own(c, y)).mean()))
        ),
        "sign is flipped": lambda c, y, s: -step(c, y, s),
        "over clips and takes the mean over classes, the wrong axes": lambda c, y, s: (
            step(c, y, s) * (1 + math.log(len(y) / c.shape[1]) / log_b(c, y, s))
        ),
        "the upper of the two middle angles": lambda c, y, s: with_angle(
            c, y, s, math.acos(sorted(own(c, y))[(len(y) - 1) // 2])
        ),
        "median of the own cosines": lambda c, y, s: with_angle(c, y, s, np.median(own(c, y))),
        "in degrees: np.cos takes radians": lambda c, y, s: (
            log_b(c, y, s) / math.cos(min(45.0, math.degrees(median(c, y))))
        ),
        "sort the angles first": lambda c, y, s: with_angle(
            c, y, s, np.arccos(own(c, y))[(len(y) - 1) // 2]
        ),
        "every median as 45 degrees": lambda c, y, s: with_angle(c, y, s, math.pi),
        "the smallest angle": lambda c, y, s: with_angle(c, y, s, math.acos(own(c, y).max())),
        "the largest angle": lambda c, y, s: with_angle(c, y, s, math.acos(own(c, y).min())),
        "the median of the own angles, not of all": lambda c, y, s: with_angle(
            c, y, s, np.median(np.arccos(c))
        ),
        "a value is": lambda c, y, s: with_angle(  # right for even N, any median for odd N
            c, y, s, 0.3 if len(y) % 2 else median(c, y)
        ),
        "must give a single number": lambda c, y, s: s * own(c, y),
    },
    "ex_07_3": {
        "this is the start": lambda c, d: 2**0.5 * math.log(c - 1),
        "the larger root": lambda c, d: 2**0.5 * d - resting_by_iteration(c, d),
        "sqrt(2) is missing": lambda c, d: d - math.sqrt(max(d * d - 2 * d * math.log(c - 1), 0)),
        "one step from the start": lambda c, d: (
            2**0.5 * (math.log(c - 1) + (2**0.5 * math.log(c - 1)) ** 2 / 2 / d)
        ),
        "D stands once too often": lambda c, d: resting_by_iteration(c, d) / d,
        "returns None": lambda c, d: None,
        "the sign under the root": lambda c, d: (
            (math.sqrt(d * d + 4 * d * math.log(c - 1)) - d) / math.sqrt(2)
        ),
        "C - 1 other classes, not C": lambda c, d: (
            (d - math.sqrt(max(d * d - 4 * d * math.log(c), 0))) / math.sqrt(2)
        ),
        "4ac of the parabola has a minus": lambda c, d: (
            (d - math.sqrt(d * d + 4 * d * math.log(c - 1))) / math.sqrt(2)
        ),
        "4 ln(C - 1), here less": lambda c, d: (
            (d - math.sqrt(d * d - d * math.log(c - 1))) / math.sqrt(2)
        ),
        "4 ln(C - 1), here half of it": lambda c, d: (
            (d - math.sqrt(d * d - 2 * d * math.log(c - 1))) / math.sqrt(2)
        ),
        "the square root is missing": lambda c, d: 4 * math.log(c - 1) / math.sqrt(2),
        "2 times the right one": lambda c, d: 2 * resting_by_iteration(c, d),
        "half of the right one": lambda c, d: resting_by_iteration(c, d) / 2,
    },
}
