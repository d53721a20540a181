"""Answers to the exercises of notebook 06: right answers, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import torch
from scipy.optimize import brentq

from asdkit import losses


def own_logit(angle, margin, scale):
    cosine = np.cos(angle)
    inside = cosine > np.cos(np.pi - margin)
    return scale * np.where(
        inside, np.cos(angle + margin), cosine - margin * np.sin(np.pi - margin)
    )


def own_logit_in_torch(angle, margin, scale):
    return scale * losses.margin.widened(angle.cos(), torch.tensor(margin, dtype=torch.float64))


def matching_by_search(apart, margin):
    """CosFace's margin at which the angle that ArcFace leaves at one half is at one half, too."""
    border = brentq(lambda angle: math.cos(angle + margin) - math.cos(apart - angle), 0, apart)
    return brentq(lambda found: math.cos(border) - found - math.cos(apart - border), 0, 2)


def matching(apart, margin):
    return math.cos((apart - margin) / 2) - math.cos((apart + margin) / 2)


def cosface(cosine, y, scale, margin):
    logits = scale * cosine
    logits[np.arange(len(y)), y] -= scale * margin
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean()


def over_all_clips(cosine, y, scale, margin):
    logits = scale * cosine
    logits[np.arange(len(y)), y] -= scale * margin
    return np.mean(np.log(np.exp(logits).sum()) - logits[np.arange(len(y)), y])


def cosface_in_torch(cosine, y, scale, margin):
    own = torch.nn.functional.one_hot(y, cosine.shape[1])
    return torch.nn.functional.cross_entropy(scale * (cosine - margin * own), y)


def arcface(cosine, y, scale, margin):
    own = torch.nn.functional.one_hot(torch.as_tensor(y), cosine.shape[1])
    logits = scale * np.cos(np.arccos(cosine) + margin * own.numpy())
    return torch.nn.functional.cross_entropy(torch.as_tensor(logits), torch.as_tensor(y)).item()


def log_odds(classes, p):
    return math.log((classes - 1) * p / (1 - p))


def widest(classes, scale, p):
    return math.acos(log_odds(classes, p) / scale - 1 / (classes - 1))


def widest_by_search(classes, scale, p):
    """The margin at which the kit's own loss on a simplex costs -ln p."""
    place = torch.eye(classes, dtype=torch.float64) - 1 / classes
    y = torch.arange(classes)

    def cost(margin):
        loss = losses.ArcFace(classes, classes, scale=scale, margin=margin).double()
        loss.centers.data = place
        return loss(place, y).item() + math.log(p)

    return brentq(cost, 0, 2, xtol=1e-9)


def widest_in_torch(classes, scale, p):
    odds = torch.tensor((classes - 1) * p / (1 - p))
    return torch.arccos(odds.log() / scale - 1 / (classes - 1))


def probability(cosine, y, scale, margin):
    return np.exp(-cosface(cosine, y, scale, margin))


RIGHT = {
    "ex_06_1": [own_logit, own_logit_in_torch],
    "ex_06_2": [matching, matching_by_search],
    "ex_06_3": [cosface, cosface_in_torch],
    "ex_06_4": [widest, widest_by_search, widest_in_torch],
}
WRONG = {
    "ex_06_1": {
        "as CosFace": lambda a, m, s: s * (np.cos(a) - m),
        "the guard is missing": lambda a, m, s: s * np.cos(a + m),
        "the scale is missing": lambda a, m, s: own_logit(a, m, 1),
        "narrows the angle": lambda a, m, s: s * np.cos(a - m),
        "the margin is left out": lambda a, m, s: s * np.cos(a),
        "the guard is not scaled": lambda a, m, s: np.where(
            a + m < np.pi, s * np.cos(a + m), np.cos(a) - m * np.sin(m)
        ),
        "not at m": lambda a, m, s: (
            s * np.where(np.cos(a) > np.cos(m), np.cos(a + m), np.cos(a) - m * np.sin(m))
        ),
        "goes on at -1": lambda a, m, s: s * np.cos(np.clip(a + m, 0, np.pi)),
        "subtracts m, not m sin(m)": lambda a, m, s: (
            s * np.where(a + m < np.pi, np.cos(a + m), np.cos(a) - m)
        ),
        "branches are swapped": lambda a, m, s: (
            s * np.where(a + m > np.pi, np.cos(a + m), np.cos(a) - m * np.sin(m))
        ),
        "here it is added": lambda a, m, s: (
            s * np.where(a < np.pi - m, np.cos(a + m), np.cos(a) + m * np.sin(m))
        ),
        "not from cos(angle + m)": lambda a, m, s: (
            s * (np.cos(a + m) - (a >= np.pi - m) * m * np.sin(m))
        ),
        "np.maximum, np.where and & take arrays": lambda a, m, s: (
            s * np.cos(a + m) if a < np.pi - m else s * np.cos(a) - s * m * np.sin(m)
        ),
        "sign is flipped": lambda a, m, s: -own_logit(a, m, s),
        "must give shape (40,)": lambda a, m, s: own_logit(a, m, s).sum(),
        "returns None": lambda a, m, s: None,
    },
    "ex_06_2": {
        "at the own center": lambda a, m: 2 * math.sin(m / 2) ** 2,
        "radians for cosines": lambda a, m: m,
        "changes too": lambda a, m: math.cos(a / 2 - m / 2) - math.cos(a / 2),
        "stay at a right angle": lambda a, m: math.cos(a / 2 - m / 2),
        "this is ArcFace's border": lambda a, m: a / 2 - m / 2,
        "this is CosFace's border": lambda a, m: a / 2 - math.asin(m / 2 / math.sin(a / 2)),
        "factor 2 is missing": lambda a, m: matching(a, m) / 2,
        "half of the margin": lambda a, m: matching(a, 2 * m),
        "not of all of it": lambda a, m: matching(2 * a, m),
        "not at apart": lambda a, m: math.cos((a - m) / 2) - math.cos(a),
        "not in the middle": lambda a, m: math.cos(a / 2) - math.cos((a + m) / 2),
        "here it is added": lambda a, m: 2 * math.cos(a / 2) * math.cos(m / 2),
        "both angles lack a half": lambda a, m: 2 * math.sin(a) * math.sin(m),
        "does not depend on a": lambda a, m: math.sqrt(2) * math.sin(m / 2),
        "sign is flipped": lambda a, m: -matching(a, m),
        "stopped with ValueError": lambda a, m: math.asin(2 + m),
    },
    "ex_06_3": {
        "the margin is missing": lambda c, y, s, m: cosface(c, y, s, 0),
        "helps the own class": lambda c, y, s, m: cosface(c, y, s, -m),
        "the margin is not scaled": lambda c, y, s, m: cosface(c, y, s, m / s),
        "all classes pay it": lambda c, y, s, m: cosface(c - m, y, s, 0),
        "or the others pay it": lambda c, y, s, m: cosface(c - m, y, s, -m),
        "take the mean": lambda c, y, s, m: len(y) * cosface(c, y, s, m),
        "an axis is forgotten": over_all_clips,
        "stopped with IndexError": lambda c, y, s, m: cosface(c.T, y, s, m),
        "as a handicap": lambda c, y, s, m: cosface(c, y, s, -m / s),
        "missing in the denominator": lambda c, y, s, m: np.mean(
            [np.log(np.exp(s * np.delete(row, k)).sum()) - s * (row[k] - m) for row, k in zip(c, y)]
        ),
        "this is the mean probability": lambda c, y, s, m: np.mean(
            [probability(c[[i]], y[[i]], s, m) for i in range(len(y))]
        ),
        "take the logarithm of each clip": lambda c, y, s, m: (
            -np.log(np.mean([probability(c[[i]], y[[i]], s, m) for i in range(len(y))]))
        ),
        "the own class pays it there, too": lambda c, y, s, m: np.mean(
            np.log(np.exp(s * c).sum(axis=1)) - s * (c[np.arange(len(y)), y] - m)
        ),
        "as ArcFace": arcface,
        "take one cosine a row": lambda c, y, s, m: np.mean(
            np.log(np.exp(s * c).sum(axis=1)) - s * (c[:, y] - m)
        ),
        "s counts as 1": lambda c, y, s, m: cosface(c, y, 1, m),
        "sign is flipped": lambda c, y, s, m: -cosface(c, y, s, m),
        "must give a single number": lambda c, y, s, m: s * (c - m).max(axis=1),
    },
    "ex_06_4": {
        "at right angles": lambda c, s, p: math.acos(log_odds(c, p) / s),
        "all other centers opposite": lambda c, s, p: math.acos(log_odds(c, p) / s - 1),
        "is subtracted here": lambda c, s, p: math.acos(log_odds(c, p) / s + 1 / (c - 1)),
        "C - 1 other classes, not C": lambda c, s, p: math.acos(
            (log_odds(c, p) + math.log(c / (c - 1))) / s - 1 / (c - 1)
        ),
        "missing in the logarithm": lambda c, s, p: math.acos(
            math.log(p / (1 - p)) / s - 1 / (c - 1)
        ),
        "swapped": lambda c, s, p: np.arccos(log_odds(c, 1 - p) / s - 1 / (c - 1)),
        "this is CosFace's margin": lambda c, s, p: 1 - math.cos(widest(c, s, p)),
        "only the logarithm is divided": lambda c, s, p: math.acos(
            (log_odds(c, p) - 1 / (c - 1)) / s
        ),
        "the scale is given": lambda c, s, p: (1 - 1 / c) * log_odds(c, p),
        "not -1 / C": lambda c, s, p: math.acos(log_odds(c, p) / s - 1 / c),
        "they do not divide it": lambda c, s, p: math.acos(
            math.log(p / (1 - p) / (c - 1)) / s - 1 / (c - 1)
        ),
        "take the arc cosine": lambda c, s, p: math.cos(widest(c, s, p)),
        "degrees": lambda c, s, p: math.degrees(widest(c, s, p)),
        "are NaN": lambda c, s, p: np.arccos(np.float64(log_odds(c, p) - 1 / (c - 1))),
    },
}
