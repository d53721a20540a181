"""Answers to the exercises of notebook 00: right answers, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import torch


def angle(x, center):
    cosine = x @ center / (np.linalg.norm(x, axis=1) * np.linalg.norm(center))
    return np.arccos(np.clip(cosine, -1, 1))


def angle_in_torch(x, center):
    return torch.nn.functional.cosine_similarity(x, center[None]).clamp(-1, 1).acos()


def angle_in_float32(x, center):
    return angle(x.astype(np.float32), center.astype(np.float32))


def angle_by_loop(x, center):
    return [float(angle(row[None], center)[0]) for row in x]


def scale(cosine, scale, median):
    f = scale * cosine
    mean = np.exp(f - f.max()).sum() / len(f)
    return (f.max() + np.log(mean)) / np.cos(min(np.pi / 4, median))


def scale_in_torch(cosine, scale, median):
    log_b = torch.logsumexp(scale * cosine.flatten(), dim=0) - math.log(len(cosine))
    return log_b / torch.as_tensor(median).clamp(max=math.pi / 4).cos()


@np.errstate(over="ignore")
def overflowing(cosine, scale, median):
    return np.log(np.exp(scale * cosine).sum() / len(cosine)) / np.cos(min(np.pi / 4, median))


def log_b(cosine, scale):
    return np.logaddexp.reduce(scale * cosine, axis=None) - np.log(len(cosine))


def auc(label, score):
    gap = score[label == 1][:, None] - score[label == 0]
    return ((gap > 0) + 0.5 * (gap == 0)).mean()


def auc_by_loop(label, score):
    pairs = [(a, n) for a in score[label == 1] for n in score[label == 0]]
    return sum(1.0 if a > n else 0.5 if a == n else 0.0 for a, n in pairs) / len(pairs)


RIGHT = {
    "ex_00_1": [angle, angle_in_torch, angle_in_float32, angle_by_loop],
    "ex_00_2": [scale, scale_in_torch],
    "ex_00_3": [auc, auc_by_loop],
}
WRONG = {
    "ex_00_1": {
        "degrees": lambda x, c: np.degrees(angle(x, c)),
        "take the arc cosine of it": lambda x, c: np.cos(angle(x, c)),
        "this is 1 - cosine": lambda x, c: 1 - np.cos(angle(x, c)),
        "inner product": lambda x, c: x @ c,
        "Euclidean": lambda x, c: np.linalg.norm(x - c, axis=1),
        "angles to -center": lambda x, c: np.pi - angle(x, c),
        "sign is flipped": lambda x, c: -angle(x, c),
        "2 times the right one": lambda x, c: 2 * angle(x, c),
        "L2-normalize": lambda x, c: np.arccos(np.clip(x @ c, -1, 1)),
        "L2-normalize them first": lambda x, c: np.arccos(
            np.clip(x @ c / np.linalg.norm(c), -1, 1)
        ),
        "changes with the length": lambda x, c: np.arccos(x @ c),
        "NaN: rounding": lambda x, c: np.arccos(
            x @ c / (np.linalg.norm(x, axis=1) * np.linalg.norm(c))
        ),
        "must give shape (5,), yours gives shape (5, 1)": lambda x, c: angle(x, c)[:, None],
        "an axis is forgotten": lambda x, c: angle(x, c).mean(),
        "the square of the right value": lambda x, c: angle(x, c) ** 2,
        "stopped with ValueError, in line 1 of it: matmul": lambda x, c: x @ c.reshape(1, -1),
        "stopped with NameError": lambda x, c: normalize(x) @ c,  # noqa: F821
        "returns None": lambda x, c: None,
        "returns str": lambda x, c: "angle",
        "the function itself": np.ones(3),
    },
    "ex_00_2": {
        "not added back": lambda c, s, m: (log_b(c, s) - s * c.max()) / np.cos(min(np.pi / 4, m)),
        "is not divided by N": lambda c, s, m: (
            np.logaddexp.reduce(s * c, axis=None) / np.cos(min(np.pi / 4, m))
        ),
        "a mean over the centers too": lambda c, s, m: (
            (log_b(c, s) - np.log(c.shape[1])) / np.cos(min(np.pi / 4, m))
        ),
        "not capped": lambda c, s, m: log_b(c, s) / np.cos(m),
        "the cap takes the larger": lambda c, s, m: log_b(c, s) / np.cos(max(np.pi / 4, m)),
        "division by the cosine of the capped angle is missing": lambda c, s, m: log_b(c, s),
        "multiplies by the cosine": lambda c, s, m: log_b(c, s) * np.cos(min(np.pi / 4, m)),
        "the old scale does not enter": lambda c, s, m: log_b(c, 1.0) / np.cos(min(np.pi / 4, m)),
        "an exponential overflows": overflowing,
        "sign is flipped": lambda c, s, m: -scale(c, s, m),
        "2 times the right one": lambda c, s, m: 2 * scale(c, s, m),
        "must give a single number": lambda c, s, m: (s * c).max(axis=1),
        "stopped with ZeroDivisionError": lambda c, s, m: 1 / 0,
        "returns None": lambda c, s, m: None,
    },
    "ex_00_3": {
        "ties are left out: add one half": lambda y, s: (s[y == 1][:, None] > s[y == 0]).mean(),
        "ties count as a whole": lambda y, s: (s[y == 1][:, None] >= s[y == 0]).mean(),
        "1 - AUC": lambda y, s: 1 - auc(y, s),
        "swapped, and ties": lambda y, s: (s[y == 1][:, None] < s[y == 0]).mean(),
        "divide it by the number of all pairs": lambda y, s: (
            auc(y, s) * np.sum(y == 0) * np.sum(y == 1)
        ),
        "add half of the ties": lambda y, s: (s[y == 1][:, None] > s[y == 0]).sum(),
        "not by the number of clips squared": lambda y, s: (
            auc(y, s) * np.sum(y == 0) * np.sum(y == 1) / len(y) ** 2
        ),
        "must give a single number": lambda y, s: s[y == 1][:, None] > s[y == 0],
        "stopped with ValueError": lambda y, s: np.mean(s[y == 1] > s[y == 0]),
        "the square of the right value": lambda y, s: auc(y, s) ** 2,
    },
}
