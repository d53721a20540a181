"""Answers to the exercises of notebook 08: right answers, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import torch

from asdkit import losses, mixup


def probabilities(cosine, scale):
    logits = torch.as_tensor(scale * cosine).logsumexp(dim=2)
    return logits.softmax(dim=1)


def probabilities_by_loop(cosine, scale):
    weight = np.exp(scale * (cosine - cosine.max(axis=(1, 2), keepdims=True)))
    return [[sum(own) / rows.sum() for own in rows] for rows in weight]


def scale(cosine, scale, median):
    f = scale * cosine
    mean = np.exp(f - f.max()).sum() / len(f)
    return (f.max() + np.log(mean)) / np.cos(min(np.pi / 4, median))


def scale_in_torch(cosine, scale, median):
    log_b = torch.logsumexp(scale * cosine.flatten(), dim=0) - math.log(len(cosine))
    return log_b / torch.as_tensor(median).clamp(max=math.pi / 4).cos()


def scale_of_the_library(cosine, scale, median):
    log_b = losses.scale.log_mean_exp_sum(scale * torch.as_tensor(cosine))
    return losses.scale.next_scale(log_b, torch.tensor(median, dtype=torch.float64))


@np.errstate(over="ignore")
def overflowing(cosine, scale, median):
    return np.log(np.exp(scale * cosine).sum() / len(cosine)) / np.cos(min(np.pi / 4, median))


def log_b(cosine, scale):
    return np.logaddexp.reduce(scale * cosine, axis=None) - np.log(len(cosine))


def cap(median):
    return np.cos(min(np.pi / 4, median))


def median(cosine, y, other, lam):
    label = mixup.Mix(*map(torch.as_tensor, (y, other, lam)))
    soft = label.soft(cosine.shape[1])
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


def bound_by_jensen_alone(cosine, scale):
    return np.logaddexp.reduce(scale * cosine, axis=1).mean()


def largest_of_the_batch(cosine, scale):
    weight = np.exp(scale * (cosine - cosine.max()))
    return weight.sum(axis=2) / weight.sum(axis=(1, 2))[:, None]


def largest_of_the_batch_in_torch(cosine, scale):
    weight = torch.exp(scale * (cosine - cosine.max()))
    return weight.sum(dim=2) / weight.sum(dim=(1, 2))[:, None]


def softmax(logits, axis):
    weight = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return weight / weight.sum(axis=axis, keepdims=True)


def largest_of_each_class(cosine, scale):
    weight = np.exp(scale * (cosine - cosine.max(axis=2, keepdims=True))).sum(axis=2)
    return weight / weight.sum(axis=1)[:, None]


def cut_into_rows(cosine, scale):
    N, C, S = cosine.shape
    return softmax((scale * cosine).reshape(N, C * S), axis=1).reshape(N, S, C).sum(axis=1)


def mean_of_logarithms(cosine, scale, median):
    f = scale * cosine
    return (f.max() + np.log(np.exp(f - f.max()).sum(axis=1)).mean()) / cap(median)


def medians_blended(cosine, y, other, lam):
    angle, rows = np.arccos(cosine).min(axis=2), np.arange(len(y))
    first, second = np.median(angle[rows, y]), np.median(angle[rows, other])
    return np.median(lam) * first + (1 - np.median(lam)) * second


RIGHT = {
    "ex_08_1": [probabilities, probabilities_by_loop],
    "ex_08_2": [scale, scale_in_torch, scale_of_the_library],
    "ex_08_3": [median, median_by_sorting],
    "ex_08_4": [bound, bound_in_torch, bound_by_jensen_alone],
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
        "for each number of a sub-cluster alone": lambda c, s: softmax(s * c, axis=1).sum(axis=2),
        "over the classes for each": lambda c, s: softmax(s * c, axis=1).mean(axis=2),
        "cut into S rows of C": cut_into_rows,
        "its own largest cosine is taken out": largest_of_each_class,
        "1 / s stands where s": lambda c, s: probabilities(c, 1 / s),
        "an exponential overflows": np.errstate(all="ignore")(
            lambda c, s: np.exp(s * c).sum(axis=2) / np.exp(s * c).sum(axis=(1, 2))[:, None]
        ),
        "must give shape (4, 3)": lambda c, s: softmax(s * c, axis=(1, 2)),
        "of the whole batch is taken out": np.errstate(all="ignore")(largest_of_the_batch),
        "take out that of each clip": largest_of_the_batch_in_torch,
        "an axis is forgotten": lambda c, s: softmax(s * c, axis=None).sum(axis=2),
    },
    "ex_08_2": {
        "not added back": lambda c, s, m: (log_b(c, s) - s * c.max()) / cap(m),
        "is not divided by N": lambda c, s, m: np.logaddexp.reduce(s * c, axis=None) / cap(m),
        "a mean over the centers too": lambda c, s, m: (log_b(c, s) - np.log(c.shape[1])) / cap(m),
        "not capped": lambda c, s, m: log_b(c, s) / np.cos(m),
        "the cap takes the larger": lambda c, s, m: log_b(c, s) / np.cos(max(np.pi / 4, m)),
        "the median angle does not enter": lambda c, s, m: np.sqrt(2) * log_b(c, s),
        "division by the cosine of the capped angle is missing": lambda c, s, m: log_b(c, s),
        "multiplies by the cosine": lambda c, s, m: log_b(c, s) * cap(m),
        "the old scale does not enter": lambda c, s, m: log_b(c, 1.0) / cap(m),
        "the mean first, then one logarithm": lambda c, s, m: (
            np.logaddexp.reduce(s * c, axis=1).mean() / cap(m)
        ),
        "f_max stands in the numerator": lambda c, s, m: (
            (s * c).max() + (log_b(c, s) - (s * c).max()) / cap(m)
        ),
        "divides by the angle itself": lambda c, s, m: log_b(c, s) / min(m, np.pi / 4),
        "the angle is in degrees": lambda c, s, m: log_b(c, s) / np.cos(min(np.degrees(m), 45)),
        "the mean over the centers: eq. 7": lambda c, s, m: scale(c.T, s, m),
        "the logarithm comes before the mean": np.errstate(divide="ignore")(mean_of_logarithms),
        "s times the right one": lambda c, s, m: s * scale(c, s, m),
        "log-sums of single clips": lambda c, s, m: np.logaddexp.reduce(s * c, axis=1) / cap(m),
        "must give a single number": lambda c, s, m: (s * c).max(axis=1),
        "an exponential overflows": overflowing,
        "sign is flipped": lambda c, s, m: -scale(c, s, m),
        "2 times the right one": lambda c, s, m: 2 * scale(c, s, m),
        "stopped with ZeroDivisionError": lambda c, s, m: 1 / 0,
        "returns None": lambda c, s, m: None,
        "s and m are swapped": lambda c, s, m: scale(c, m, s),
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
        "takes the first sub-cluster": lambda c, *m: np.median(blended(np.arccos(c[:, :, 0]), *m)),
        "share the number of the sub-cluster": lambda c, y, o, lam: np.median(
            blended(np.arccos(c), y, o, lam[:, None]).min(axis=1)
        ),
        "values[np.arange(N), y]": lambda c, y, o, lam: np.median(
            lam * np.arccos(c).min(axis=2)[:, y] + (1 - lam) * np.arccos(c).min(axis=2)[:, o]
        ),
        "the cap at 45 degrees": lambda c, *m: min(median_by_sorting(c, *m), np.pi / 4),
        "medians are blended": medians_blended,
        "does not depend on lam": lambda c, y, o, lam: median_by_sorting(c, y, o, 0 * lam + 0.5),
        "these are degrees": lambda c, *m: np.degrees(median_by_sorting(c, *m)),
        "a sum or a mean over them is missing": lambda c, *m: blended(np.arccos(c.max(axis=2)), *m),
        "2 times the right": lambda c, *m: 2 * median_by_sorting(c, *m),
        "stopped with IndexError": lambda c, *m: np.median(blended(np.arccos(c.max(axis=1)), *m)),
    },
    "ex_08_4": {
        "the bound as printed": lambda c, s: (s * c).sum(axis=1).mean(),
        "this is f_max": lambda c, s: (s * c).max(),
        "Jensen over clips and centers": lambda c, s: (s * c).mean() + np.log(c.shape[1]),
        "a weaker bound": lambda c, s: (s * c).mean(),
        "the exact value": lambda c, s: np.log(np.exp(s * c).sum(axis=1).mean()),
        "over the clips for each center": lambda c, s: (s * c).max(axis=0).mean(),
        "the smallest of each clip": lambda c, s: (s * c).min(axis=1).mean(),
        "the median of the clips": lambda c, s: np.median((s * c).max(axis=1)),
        "a bound too, without Jensen": lambda c, s: np.log(np.exp((s * c).max(axis=1)).mean()),
        "sqrt(2) times": lambda c, s: np.sqrt(2) * (s * c).max(axis=1).mean(),
        "whatever the inputs are": lambda c, s: -1e9,
        "scale is missing": lambda c, s: c.max(axis=1).mean(),
        "a sum over the clips": lambda c, s: (s * c).max(axis=1).sum(),
        "must give a single number": lambda c, s: (s * c).max(axis=1),
        "of one term alone": lambda c, s: (s * c).max() - np.log(len(c)),
        "leave ln K out": lambda c, s: (s * c).max(axis=1).mean() + np.log(c.shape[1]),
        "the right one minus": lambda c, s: (s * c).max(axis=1).mean() - 0.5,
    },
}
