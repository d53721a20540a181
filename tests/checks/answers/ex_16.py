"""Answers to exercises 16.1, 16.2 and 16.4: right ones in several ways, and wrong ones by the hint
that each must get.
"""

import numpy as np
import torch
from scipy import optimize, stats


def soft(y, other, lam, classes):
    eye = np.eye(classes)
    return lam[:, None] * eye[y] + (1 - lam[:, None]) * eye[other]


def margins(y, other, lam, classes, margin, power):
    return margin * soft(y, other, lam, classes) ** power


def margins_in_torch(y, other, lam, classes, margin, power):
    share = torch.zeros(len(y), classes, dtype=lam.dtype)
    share.scatter_add_(1, y[:, None], lam[:, None])
    share.scatter_add_(1, other[:, None], 1 - lam[:, None])
    return margin * share.pow(power)


def margins_in_a_loop(y, other, lam, classes, margin, power):
    rows = np.zeros((len(y), classes))
    for row in range(len(y)):
        if y[row] == other[row]:
            rows[row, y[row]] = margin
        else:
            rows[row, y[row]] = margin * lam[row] ** power
            rows[row, other[row]] = margin * (1 - lam[row]) ** power
    return rows


def kept(y, other, lam, classes, margin, power, last="other"):
    """One share overwrites the other where both clips are of one class."""
    rows, at = np.zeros((len(y), classes)), np.arange(len(y))
    pairs = [(y, lam), (other, 1 - lam)]
    for own, share in pairs if last == "other" else pairs[::-1]:
        rows[at, own] = share
    return margin * rows**power


def turn(lam, margin, scale):
    return np.arcsin(np.log(lam / (1 - lam)) / (2 * scale * np.sin(np.pi / 4 + margin / 2)))


def rest(lam, margin, scale):
    return np.pi / 4 + margin / 2 - lam * margin - turn(lam, margin, scale)


def rest_in_torch(lam, margin, scale):
    half = torch.tensor(torch.pi / 4 + margin / 2, dtype=lam.dtype)
    return half - lam * margin - torch.asin(torch.logit(lam) / (2 * scale * half.sin()))


def rest_by_search(lam, margin, scale):
    """Where the slope of the loss along the arc is 0, with no other class."""

    def gap(angle, share):
        mine = scale * np.cos(angle + share * margin)
        other = scale * np.cos(np.pi / 2 - angle + (1 - share) * margin)
        return mine - other - np.log(share / (1 - share))

    return np.array([optimize.brentq(gap, -0.4, 2.0, args=(one,), xtol=1e-13) for one in lam])


def seeds(difference, lead):
    deviation, count = np.std(difference, ddof=1), 2
    while stats.t.ppf(0.975, count - 1) * deviation / np.sqrt(count) > lead:
        count += 1
    return count


def seeds_by_interval(difference, lead):
    for count in range(2, 1001):
        spread = difference.std(ddof=1) / count**0.5
        low, high = stats.t.interval(0.95, count - 1, scale=spread)
        if (high - low) / 2 <= lead:
            return count
    return None


def until(half):
    """The smallest count at which a half of the interval is at most the lead."""

    def answer(difference, lead):
        count = 2
        while half(difference, count) > lead:
            count += 1
        return count

    return answer


def t95(count, level=0.975):
    return stats.t.ppf(level, count - 1)


RIGHT = {
    "ex_16_1": [margins, margins_in_torch, margins_in_a_loop],
    "ex_16_2": [rest, rest_in_torch, rest_by_search],
    "ex_16_4": [seeds, seeds_by_interval, until(lambda d, n: t95(n) * d.std(ddof=1) / n**0.5)],
}
WRONG = {
    "ex_16_1": {
        "the shares add up first": lambda y, o, lam, c, m, p: m * (
            lam[:, None] ** p * np.eye(c)[y] + (1 - lam[:, None]) ** p * np.eye(c)[o]
        ),
        "one class has the share 1": kept,
        "and all of m": lambda *clips: kept(*clips, last="y"),
        "is taken of the margin, too": lambda y, o, lam, c, m, p: (m * soft(y, o, lam, c)) ** p,
        "it is an exponent": lambda y, o, lam, c, m, p: m * p * soft(y, o, lam, c),
        "the power is missing": lambda y, o, lam, c, m, p: m * soft(y, o, lam, c),
        "the margin is missing": lambda y, o, lam, c, m, p: soft(y, o, lam, c) ** p,
        "the shares are swapped": lambda y, o, lam, *rest: margins(y, o, 1 - lam, *rest),
        "as in Noisy-ArcMix": lambda y, o, lam, c, m, p: m * np.eye(c)[y],
        "other gets no margin": lambda y, o, lam, c, m, p: m * lam[:, None] ** p * np.eye(c)[y],
        "both get all of m": lambda y, o, lam, c, m, p: m * (soft(y, o, lam, c) > 0),
        "returns None": lambda *clips: None,
    },
    "ex_16_2": {
        "the angle to the second center": lambda lam, m, s: np.pi / 2 - rest(lam, m, s),
        "the margins push the wrong way": lambda lam, m, s: (
            np.pi / 4 + (lam - 0.5) * m - turn(lam, m, s)
        ),
        "counts half": lambda lam, m, s: np.pi / 4 - (2 * lam - 1) * m - turn(lam, m, s),
        "the margins are missing": lambda lam, m, s: np.pi / 4 - turn(lam, 0, s),
        "where both logits are equal": lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m,
        "the logarithms push the wrong way": lambda lam, m, s: (
            np.pi / 4 - (lam - 0.5) * m + turn(lam, m, s)
        ),
        "the arcsine is missing": lambda lam, m, s: (
            np.pi / 4 - (lam - 0.5) * m - np.sin(turn(lam, m, s))
        ),
        "2 is missing below": lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - turn(lam, m, s / 2),
        "the scale is missing": lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - turn(lam, m, 1),
        "widens the 45 degrees": lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - turn(lam, 0, s),
        "a half of the sum": lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - turn(lam, 2 * m, s),
        "these are degrees": lambda lam, m, s: np.degrees(rest(lam, m, s)),
        "returns None": lambda lam, m, s: None,
    },
    "ex_16_4": {
        "the normal quantile": until(lambda d, n: 1.959964 * d.std(ddof=1) / n**0.5),
        "of the R seeds that are asked for": until(
            lambda d, n: t95(len(d)) * d.std(ddof=1) / n**0.5
        ),
        "R - 1 degrees of freedom": until(lambda d, n: t95(n + 1) * d.std(ddof=1) / n**0.5),
        "one side has 2.5 %": until(lambda d, n: t95(n, 0.95) * d.std(ddof=1) / n**0.5),
        "ddof=1": until(lambda d, n: t95(n) * np.std(np.asarray(d)) / n**0.5),
        "this is the variance": until(lambda d, n: t95(n) * d.var(ddof=1) / n**0.5),
        "not all of it": until(lambda d, n: 2 * t95(n) * d.std(ddof=1) / n**0.5),
        "this divides by R": until(lambda d, n: t95(n) * d.std(ddof=1) / n),
        "one seed too few": lambda d, lead: seeds(d, lead) - 1,
        "returns None": lambda d, lead: None,
    },
}  # fmt: skip
