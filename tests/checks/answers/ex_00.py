"""Answers to the exercises of notebook 00: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch


def cosine(x, center):
    return x @ center / (np.linalg.norm(x, axis=1) * np.linalg.norm(center))


def angle(x, center):
    return np.arccos(np.clip(cosine(x, center), -1, 1))


def angle_in_torch(x, center):
    return torch.nn.functional.cosine_similarity(x, center[None]).clamp(-1, 1).acos()


def angle_in_float32(x, center):
    return angle(x.astype(np.float32), center.astype(np.float32))


def angle_by_loop(x, center):
    return [float(angle(row[None], center)[0]) for row in x]


def probabilities(cosine, scale):
    weight = np.exp(scale * (cosine - cosine.max(axis=1)[:, None]))
    return weight / weight.sum(axis=1)[:, None]


def probabilities_in_torch(cosine, scale):
    return torch.softmax(scale * cosine, dim=-1)


def probabilities_in_float32(cosine, scale):
    return probabilities(cosine.astype(np.float32), scale)


@np.errstate(invalid="ignore")
def over_the_sum(weight):
    return weight / weight.sum(axis=1, keepdims=True)


@np.errstate(over="ignore", invalid="ignore")
def overflowing(cosine, scale):
    weight = np.exp(scale * cosine)
    return weight / weight.sum(axis=1, keepdims=True)


def auc(label, score):
    gap = score[label == 1][:, None] - score[label == 0]
    return ((gap > 0) + 0.5 * (gap == 0)).mean()


def pairs(label, score):
    return [(a, n) for a in score[label == 1] for n in score[label == 0]]


def auc_by_loop(label, score):
    return np.mean([1.0 if a > n else 0.5 if a == n else 0.0 for a, n in pairs(label, score)])


def gained(label, score):
    return np.mean([a > n for a, n in pairs(label, score)])


def tied(label, score):
    return np.mean([a == n for a, n in pairs(label, score)])


RIGHT = {
    "ex_00_1": [angle, angle_in_torch, angle_in_float32, angle_by_loop],
    "ex_00_2": [probabilities, probabilities_in_torch, probabilities_in_float32],
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
        "cosines below 0 are cut off": lambda x, c: np.arccos(np.clip(cosine(x, c), 0, 1)),
        "the sign of the cosine is lost": lambda x, c: np.arccos(np.abs(cosine(x, c)).clip(0, 1)),
        "this is the arc sine": lambda x, c: np.arcsin(np.clip(cosine(x, c), -1, 1)),
        "the cosine of the cosine": lambda x, c: np.cos(cosine(x, c)),
    },
    "ex_00_2": {
        "sum over the last axis": lambda c, s: (
            np.exp(s * (c - c.max(0))) / np.exp(s * (c - c.max(0))).sum(axis=0)
        ),
        "give the sum an axis": lambda c, s: (
            np.exp(s * (c - c.max())) / np.exp(s * (c - c.max())).sum()
        ),
        "an exponential overflows": overflowing,
        "overflows at a scale of 2000, and the sum needs an axis": lambda c, s: (
            np.exp(s * c) / np.exp(s * c).sum()
        ),
        "the scale does not enter": lambda c, s: probabilities(c, 1.0),
        "the scale divides": lambda c, s: probabilities(c, 1.0 / s),
        "outside the exponential": lambda c, s: s * probabilities(c, 1.0),
        "these are logarithms": lambda c, s: torch.log_softmax(s * c, dim=1),
        "the nearest center is the likeliest": lambda c, s: torch.softmax(-s * c, dim=1),
        "take the exponential before you divide": lambda c, s: c / c.sum(axis=1)[:, None],
        "the division by the sum is missing": lambda c, s: np.exp(s * (c - c.max(axis=1)[:, None])),
        "must give shape (2, 3), yours gives shape (2,)": lambda c, s: probabilities(c, s).max(1),
        "every value is the right one plus 0.001": lambda c, s: probabilities(c, s) + 1e-3,
        "one number is subtracted": lambda c, s: over_the_sum(np.exp(s * c - (s * c).max())),
        "where a clip's own cosines are small": lambda c, s: over_the_sum(np.exp(s * c - s)),
        "which hides an overflow": lambda c, s: np.nan_to_num(overflowing(c, s)),
        "these are the angles": lambda c, s: probabilities(np.arccos(c), s),
        "gives the nearest center all": lambda c, s: np.eye(c.shape[1])[c.argmax(axis=1)],
        "the square of s": lambda c, s: probabilities(c, s**2),
        "Two shapes do not fit": lambda c, s: np.exp(s * c - (s * c).max(axis=1)),
        "must be 0.0": lambda c, s: 1 / (1 + np.exp(-np.clip(s * c, -500, 500))),
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
        "ties are subtracted": lambda y, s: gained(y, s) - 0.5 * tied(y, s),
        "ties leave the denominator too": lambda y, s: gained(y, s) / (1 - tied(y, s)),
        "the ties are summed": lambda y, s: gained(y, s) + 0.5 * len(pairs(y, s)) * tied(y, s),
        "not by the number of clips.": lambda y, s: auc(y, s) * len(pairs(y, s)) / len(y),
        "not by the number of anomalies": lambda y, s: auc(y, s) * np.sum(y == 0),
        "not by the number of normal clips": lambda y, s: auc(y, s) * np.sum(y == 1),
        "each anomaly meets one normal clip": lambda y, s: np.mean(
            [a > n for a, n in zip(s[y == 1], s[y == 0])]
        ),
        "meets the median": lambda y, s: (s[y == 1] > np.median(s[y == 0])).mean(),
        "percent": lambda y, s: 100 * auc(y, s),
        "every value you return is 0.5": lambda y, s: np.sign(s[:, None] - s).mean() / 2 + 0.5,
    },
}
