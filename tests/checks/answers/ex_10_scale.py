"""Answers to the exercise of notebook 10 on the scale: right answers, and wrong ones by the
hint that each must get.
"""

import numpy as np

from asdkit import losses


def next_scale(cosine, soft, scale):
    E = np.where(soft < 1, np.exp(scale * cosine), 1)
    median = np.median((soft * np.arccos(cosine)).sum(axis=1))
    return np.log(E.sum() / len(E)) / np.cos(min(np.pi / 4, median))


def next_scale_as_coded(cosine, soft, scale):
    f = scale * cosine
    m = f.max()
    B = np.where(soft < 1, np.exp(f - m), np.exp(-m)).sum(axis=1).mean()
    angle = np.sort((soft * np.arccos(cosine)).sum(axis=1))[round((len(f) - 1) / 2)]
    return (m + np.log(B)) / np.cos(min(np.pi / 4, angle)) + 1e-7


def next_scale_of_the_library(cosine, soft, scale):
    """The step of ``variant="code"``, out of the library's bricks."""
    median = losses.scale.nearest_rank_median((soft * cosine.arccos()).sum(dim=1))
    kept = (scale * cosine).masked_fill(soft >= 1, 0)
    return losses.scale.next_scale(losses.scale.log_mean_exp_sum(kept), median)


def scaled(cosine, soft, scale, E=None, angle=None, cap=None, count=None):
    """A step with another E, angles of clips, divisor, or number of clips."""
    E = np.where(soft < 1, np.exp(scale * cosine), 1) if E is None else E
    angle = (soft * np.arccos(cosine)).sum(axis=1) if angle is None else angle
    cap = np.cos(min(np.pi / 4, np.median(angle))) if cap is None else cap
    return np.log(E.sum() / (count or len(cosine))) / cap


def late_one(cosine, soft, scale):
    m = (scale * cosine).max()
    E = np.where(soft < 1, np.exp(scale * cosine - m), 1)
    return scaled(cosine, soft, scale, np.exp(m) * E)


def middle(cosine, soft):
    return np.median((soft * np.arccos(cosine)).sum(axis=1))


RIGHT = {
    "ex_10_4": [next_scale, next_scale_as_coded, next_scale_of_the_library],
}
WRONG = {
    "ex_10_4": {
        "counts in full": lambda c, y, s: scaled(c, y, s, np.exp(s * c)),
        "as in AdaCos": lambda c, y, s: scaled(c, y, s, np.exp(s * c) * (y < 1)),
        "the scale as printed": lambda c, y, s: scaled(c, y, s, np.exp(s * c) * (y == 0)),
        "both classes of a mixed clip count 1": lambda c, y, s: scaled(
            c, y, s, np.exp(s * c * (y == 0))
        ),
        "1 is added for every clip": lambda c, y, s: (
            np.log(1 + np.where(y == 1, 0, np.exp(s * c)).sum(axis=1).mean())
            / np.cos(min(np.pi / 4, middle(c, y)))
        ),
        "the larger class of a mixed clip counts 1": lambda c, y, s: scaled(
            c, y, s, np.exp(s * c * (np.arange(c.shape[1]) != y.argmax(axis=1)[:, None]))
        ),
        "two cases are swapped": lambda c, y, s: scaled(c, y, s, np.exp(s * c * (y == 1))),
        "does not belong to count 1": lambda c, y, s: scaled(c, y, s, np.exp(s * c * (y > 0))),
        "weighted by 1 - label": lambda c, y, s: scaled(c, y, s, np.exp(s * c) * (1 - y)),
        "stands in the exponent": lambda c, y, s: scaled(c, y, s, np.exp(s * c * (1 - y))),
        "the exponent is 1": lambda c, y, s: scaled(c, y, s, np.exp(np.where(y < 1, s * c, 1))),
        "there it is exp(-max)": late_one,
        "not added back before": lambda c, y, s: scaled(
            c, y, s, np.where(y < 1, np.exp(s * c), 1) / np.exp((s * c).max())
        ),
        "is not divided by N": lambda c, y, s: scaled(c, y, s, count=1),
        "over the classes too": lambda c, y, s: scaled(c, y, s, count=c.size),
        "the mean over the classes": lambda c, y, s: scaled(c, y, s, count=c.shape[1]),
        "the mean of log-sums": lambda c, y, s: (
            np.mean(np.log(np.where(y < 1, np.exp(s * c), 1).sum(axis=1)))
            / np.cos(min(np.pi / 4, middle(c, y)))
        ),
        "log-sums of single clips": lambda c, y, s: np.log(
            np.where(y < 1, np.exp(s * c), 1).sum(axis=1)
        ),
        "the old scale does not enter": lambda c, y, s: next_scale(c, y, 1),
        "the mean of the clips' angles": lambda c, y, s: scaled(
            c, y, s, angle=np.mean((y * np.arccos(c)).sum(axis=1))
        ),
        "the cosines are blended": lambda c, y, s: scaled(
            c, y, s, angle=np.arccos((y * c).sum(axis=1))
        ),
        "over all classes": lambda c, y, s: scaled(c, y, s, angle=np.arccos(c)),
        "its larger class alone": lambda c, y, s: scaled(
            c, y, s, angle=np.take_along_axis(np.arccos(c), y.argmax(axis=1)[:, None], axis=1)
        ),
        "added up in full": lambda c, y, s: scaled(
            c, y, s, angle=(np.arccos(c) * (y > 0)).sum(axis=1)
        ),
        "the nearest class": lambda c, y, s: scaled(c, y, s, angle=np.arccos(c).min(axis=1)),
        "capped before the blend": lambda c, y, s: scaled(
            c, y, s, angle=(y * np.minimum(np.pi / 4, np.arccos(c))).sum(axis=1)
        ),
        "counted from 0.": lambda c, y, s: scaled(
            c, y, s, angle=np.sort((y * np.arccos(c)).sum(axis=1))[(len(c) + 1) // 2]
        ),
        "not one before": lambda c, y, s: scaled(
            c, y, s, angle=np.sort((y * np.arccos(c)).sum(axis=1))[(len(c) - 3) // 2]
        ),
        "not capped": lambda c, y, s: scaled(c, y, s, cap=np.cos(middle(c, y))),
        "the cap takes the larger": lambda c, y, s: scaled(
            c, y, s, cap=np.cos(max(np.pi / 4, middle(c, y)))
        ),
        "an angle of its own": lambda c, y, s: scaled(c, y, s, angle=np.arccos(c[y > 0])),
        "as the labels add up to 1": lambda c, y, s: scaled(
            c, y, s, angle=(y * np.arccos(c)).mean(axis=1)
        ),
        "the cap is on the cosine": lambda c, y, s: scaled(
            c, y, s, cap=min(np.pi / 4, np.cos(middle(c, y)))
        ),
        "the logarithm of B is missing": lambda c, y, s: (
            np.where(y < 1, np.exp(s * c), 1).sum(axis=1).mean()
            / np.cos(min(np.pi / 4, middle(c, y)))
        ),
        "that of wrong angles": lambda c, y, s: scaled(c, y, s, angle=np.arccos(c).sum(axis=1)),
        "is in degrees, or": lambda c, y, s: np.sqrt(2) * scaled(c, y, s, cap=1),
        "the division by the cosine is missing": lambda c, y, s: scaled(c, y, s, cap=1),
        "it runs over all (N, C)": lambda c, y, s: scaled(c, y, s, angle=y * np.arccos(c)),
        "multiplies by the cosine": lambda c, y, s: (
            scaled(c, y, s, cap=1) * np.cos(min(np.pi / 4, middle(c, y)))
        ),
        "divides by the angle itself": lambda c, y, s: scaled(
            c, y, s, cap=min(np.pi / 4, middle(c, y))
        ),
        "the angle is in degrees": lambda c, y, s: scaled(
            c, y, s, cap=np.cos(min(45, np.degrees(middle(c, y))))
        ),
        "s times the right one": lambda c, y, s: s * next_scale(c, y, s),
        "log10": lambda c, y, s: next_scale(c, y, s) / np.log(10),
        "c and y are swapped": lambda c, y, s: next_scale(y, c, s),
    },
}
