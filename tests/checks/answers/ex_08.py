"""Answers to the exercises of notebook 08: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch

from asdkit import losses, mixup


def probabilities(cosine, scale):
    logits = torch.as_tensor(scale * cosine).logsumexp(dim=2)
    return logits.softmax(dim=1)


def probabilities_by_loop(cosine, scale):
    weight = np.exp(scale * (cosine - cosine.max(axis=(1, 2), keepdims=True)))
    return [[sum(own) / rows.sum() for own in rows] for rows in weight]


def label(y, other, lam, classes):
    return mixup.Mix(*map(torch.as_tensor, (y, other, lam))).soft(classes)


def label_by_loop(y, other, lam, classes):
    out = np.zeros((len(y), classes))
    for row, (i, j, share) in enumerate(zip(y, other, lam)):
        out[row, i] += share
        out[row, j] += 1 - share
    return out


def median(cosine, y, other, lam):
    soft = label(y, other, lam, cosine.shape[1])
    return losses.angles.median_angle(losses.angles.nearest(torch.as_tensor(cosine)), soft)


def median_by_sorting(cosine, y, other, lam):
    angle = np.arccos(cosine).min(axis=2)
    rows = range(len(y))
    return sorted(lam[n] * angle[n, y[n]] + (1 - lam[n]) * angle[n, other[n]] for n in rows)[
        len(y) // 2
    ]


def blended(values, y, other, lam):
    rows = np.arange(len(y))
    return lam * values[rows, y] + (1 - lam) * values[rows, other]


def bound(cosine, scale):
    return scale * cosine.max(axis=1).mean()


def bound_in_torch(cosine, scale):
    return (scale * cosine).amax(dim=1).mean()


def softmax(logits, axis):
    weight = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return weight / weight.sum(axis=axis, keepdims=True)


RIGHT = {
    "ex_08_1": [probabilities, probabilities_by_loop],
    "ex_08_2": [label, label_by_loop],
    "ex_08_3": [median, median_by_sorting],
    "ex_08_4": [bound, bound_in_torch],
}
WRONG = {
    "ex_08_1": {
        "divide by the sum over all": np.errstate(over="ignore")(
            lambda c, s: np.exp(s * c).sum(axis=2)
        ),
        "only the best sub-cluster": lambda c, s: softmax(s * c, axis=(1, 2)).max(axis=2),
        "as in sub-center ArcFace": lambda c, s: softmax(s * c.max(axis=2), axis=1),
        "a mean over the sub-clusters": lambda c, s: softmax(s * c, axis=(1, 2)).mean(axis=2),
        "added before the exponential": lambda c, s: softmax(s * c.sum(axis=2), axis=1),
        "averaged before the exponential": lambda c, s: softmax(s * c.mean(axis=2), axis=1),
        "over the sub-clusters of one class": lambda c, s: softmax(s * c, axis=2).sum(axis=2),
        "scale is missing": lambda c, s: softmax(c, axis=(1, 2)).sum(axis=2),
        "logarithms": lambda c, s: torch.as_tensor(s * c).logsumexp(dim=2).log_softmax(dim=1),
        "NaN": np.errstate(all="ignore")(
            lambda c, s: np.exp(s * c).sum(axis=2) / np.exp(s * c).sum(axis=(1, 2))[:, None]
        ),
        "must give shape (4, 3)": lambda c, s: softmax(s * c, axis=(1, 2)),
    },
    "ex_08_2": {
        "shares are swapped": lambda y, o, lam, c: label_by_loop(y, o, 1 - lam, c),
        "overwrites the first": lambda y, o, lam, c: overwritten(y, o, lam, c),
        "the partner is left out: add (1 - lam) times its one-hot label.": lambda y, o, lam, c: (
            np.eye(c)[y]
        ),
        "to lam times the first": lambda y, o, lam, c: lam[:, None] * np.eye(c)[y],
        "count one half": lambda y, o, lam, c: label_by_loop(y, o, 0.5 + 0 * lam, c),
        "count in full": lambda y, o, lam, c: np.eye(c)[y] + np.eye(c)[o],
        "that of the larger share": lambda y, o, lam, c: np.eye(c)[np.where(lam >= 0.5, y, o)],
        "must give shape (12, 3)": lambda y, o, lam, c: lam * y + (1 - lam) * o,
    },
    "ex_08_3": {
        "summed over the sub-clusters": lambda c, *m: np.median(
            blended(np.arccos(c).sum(axis=2), *m)
        ),
        "averaged over the sub-clusters": lambda c, *m: np.median(
            blended(np.arccos(c).mean(axis=2), *m)
        ),
        "takes the farthest": lambda c, *m: np.median(blended(np.arccos(c.min(axis=2)), *m)),
        "cosines are blended": lambda c, *m: np.median(np.arccos(blended(c.max(axis=2), *m))),
        "shares are swapped": lambda c, y, o, lam: median_by_sorting(c, o, y, lam),
        "partner's class is left out": lambda c, y, o, lam: median_by_sorting(c, y, y, lam),
        "mean of the clips": lambda c, *m: np.mean(blended(np.arccos(c.max(axis=2)), *m)),
        "over all classes": lambda c, *m: np.median(np.arccos(c.max(axis=2))),
        "take the arc cosine": lambda c, *m: np.median(blended(c.max(axis=2), *m)),
        "these are degrees": lambda c, *m: np.degrees(median_by_sorting(c, *m)),
    },
    "ex_08_4": {
        "the bound as printed": lambda c, s: (s * c).sum(axis=1).mean(),
        "this is f_max": lambda c, s: (s * c).max(),
        "Jensen over clips and centers": lambda c, s: (s * c).mean() + np.log(c.shape[1]),
        "a weaker bound": lambda c, s: (s * c).mean(),
        "the exact value": lambda c, s: np.log(np.exp(s * c).sum(axis=1).mean()),
        "over the clips for each center": lambda c, s: (s * c).max(axis=0).mean(),
        "scale is missing": lambda c, s: c.max(axis=1).mean(),
        "a sum over the clips": lambda c, s: (s * c).max(axis=1).sum(),
        "must give a single number": lambda c, s: (s * c).max(axis=1),
    },
}


def overwritten(y, other, lam, classes):
    out = np.zeros((len(y), classes))
    out[np.arange(len(y)), y] = lam
    out[np.arange(len(y)), other] = 1 - lam
    return out
