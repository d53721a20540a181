"""Checks of notebook 16: margins by shares, the place of rest, and the seeds that a lead needs."""

import numpy as np
from scipy.special import ndtri, stdtrit  # quantiles: of the normal distribution, of Student's

from .verdict import examine

_ONE_CLASS = "where y == other the shares add up first: one class has the share 1, and all of m."
_NO_SUM = "a half of the sum of both margins, m / 2, widens the 45 degrees in the sine."
_T = "the t quantile has R - 1 degrees of freedom, of the R seeds that are asked for."


def ex_16_1(margins):
    r"""Check ``margins(y, other, lam, classes, margin, power)``, which each class of a clip gets.

    $m \bar y_k^p$ with $\bar y = \lambda y_i + (1 - \lambda) y_j$: lesson 16, eq. O1.

    Shapes: a function of y (N,), other (N,), lam (N,), classes C, margin and power -> (N, C).
    Notebook: 16_your_own_loss
    """
    return examine(
        "16.1", margins, _margins, _clips(),
        right="Whatever the power, a whole clip has all of m, with a partner of its own class too.",
        mistakes=[
            (_ONE_CLASS, lambda y, o, lam, c, m, p: m * (
                lam[:, None] ** p * np.eye(c)[y] + (1 - lam[:, None]) ** p * np.eye(c)[o])),
            (_ONE_CLASS, lambda y, o, lam, c, m, p: m * np.where(
                np.eye(c)[o], 1 - lam[:, None], lam[:, None] * np.eye(c)[y]) ** p),
            (_ONE_CLASS, lambda y, o, lam, c, m, p: m * np.where(
                np.eye(c)[y], lam[:, None], (1 - lam[:, None]) * np.eye(c)[o]) ** p),
            ("the power is taken of the margin, too: of the share alone.",
             lambda y, o, lam, c, m, p: (m * _soft(y, o, lam, c)) ** p),
            ("the power multiplies the share: it is an exponent.",
             lambda y, o, lam, c, m, p: m * p * _soft(y, o, lam, c)),
            ("the power is missing: m times the share to the power p.",
             lambda y, o, lam, c, m, p: m * _soft(y, o, lam, c)),
            ("the margin is missing: this is the share to the power p.",
             lambda y, o, lam, c, m, p: _soft(y, o, lam, c) ** p),
            ("the shares are swapped: lam belongs to y, 1 - lam to other.",
             lambda y, o, lam, c, m, p: _margins(o, y, lam, c, m, p)),
            ("y gets all of m, as in Noisy-ArcMix: both get theirs, by their shares.",
             lambda y, o, lam, c, m, p: m * np.eye(c)[y]),
            ("other gets no margin: m (1 - lam)^p.",
             lambda y, o, lam, c, m, p: m * lam[:, None] ** p * np.eye(c)[y]),
            ("both get all of m: each has its share of it.",
             lambda y, o, lam, c, m, p: m * np.maximum(np.eye(c)[y], np.eye(c)[o])),
        ],
    )  # fmt: skip


def ex_16_2(rest):
    r"""Check ``rest(lam, margin, scale)``, the angle to the first center where a mixed clip rests.

    $\frac\pi4 - (\lambda - \frac12) m - \arcsin \frac{\ln \lambda - \ln(1 - \lambda)}
    {2 s \sin(\frac\pi4 + \frac m2)}$ solves lesson 16, eq. O3, with p = 1.

    Shapes: a function of lam (N,), margin in radians and scale -> (N,) in radians.
    Notebook: 16_your_own_loss
    """
    return examine(
        "16.2", rest, _rest, _shares(),
        right="A half-half clip rests in the middle, and all others near a straight line.",
        mistakes=[
            ("this is the angle to the second center: the two add up to pi / 2.",
             lambda lam, m, s: np.pi / 2 - _rest(lam, m, s)),
            ("the margins push the wrong way: the larger share brings the clip nearer.",
             lambda lam, m, s: _rest(lam, m, s) + (2 * lam - 1) * m),
            ("the difference of the margins counts half: (2 lam - 1) m / 2.",
             lambda lam, m, s: _rest(lam, m, s) - (lam - 0.5) * m),
            ("the margins are missing: this is the rest of the cross entropy.",
             lambda lam, m, s: _rest(lam, 0 * m, s)),
            ("this is where both logits are equal: they differ by ln lam - ln(1 - lam).",
             lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m),
            ("the logarithms push the wrong way: the larger share brings the clip nearer.",
             lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m + _turn(lam, m, s)),
            ("the arcsine is missing.",
             lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - np.sin(_turn(lam, m, s))),
            ("2 is missing below: a difference of cosines is twice a product of sines.",
             lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - _turn(lam, m, s / 2)),
            ("the scale is missing: cosines differ by the logarithms over s.",
             lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - _turn(lam, m, 1.0)),
            (_NO_SUM, lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - _turn(lam, 0 * m, s)),
            (_NO_SUM, lambda lam, m, s: np.pi / 4 - (lam - 0.5) * m - _turn(lam, 2 * m, s)),
            ("these are degrees: the angle is wanted in radians.",
             lambda lam, m, s: np.degrees(_rest(lam, m, s))),
        ],
    )  # fmt: skip


def ex_16_4(seeds):
    r"""Check ``seeds(difference, lead)``, how many seeds show a lead where differences scatter so.

    The smallest R >= 2 with $t_{0.975, R - 1}\, s_d / \sqrt R \le$ lead.

    Shapes: a function of the differences (R,) of equal seeds and a lead above 0 -> a number.
    Choices: R is 1000 at most.
    Notebook: 16_your_own_loss
    """
    return examine(
        "16.4", seeds, _seeds, _differences(),
        right="Half the lead takes nearly four times the seeds.",
        mistakes=[
            ("the normal quantile is that of many seeds: take Student's t, of R - 1.",
             lambda d, lead: _first(d, lead, lambda r: ndtri(0.975))),
            (_T, lambda d, lead: _first(d, lead, lambda r: stdtrit(len(d) - 1, 0.975))),
            (_T, lambda d, lead: _first(d, lead, lambda r: stdtrit(r, 0.975))),
            ("one side has 2.5 %: the quantile is that of 0.975.",
             lambda d, lead: _first(d, lead, lambda r: stdtrit(r - 1, 0.95))),
            ("the deviation of a sample divides by its size minus 1: ddof=1.",
             lambda d, lead: _first(d * np.sqrt(1 - 1 / len(d)), lead)),
            ("this is the variance: take the deviation, its root.",
             lambda d, lead: _first(d * d.std(ddof=1), lead)),
            ("the interval is plus or minus: its half is to be at most the lead, not all of it.",
             lambda d, lead: _first(d, lead / 2)),
            ("the root of R is missing: this divides by R.",
             lambda d, lead: _first(d, lead, lambda r: stdtrit(r - 1, 0.975) / np.sqrt(r))),
            ("this is one seed too few: the half is at most the lead, not above it.",
             lambda d, lead: _seeds(d, lead) - 1),
        ],
    )  # fmt: skip


def _clips():
    rng, probes = np.random.default_rng(16), []
    for classes, power, margin in ((4, 2.0, 0.7), (3, 0.5, 0.4), (5, 3.0, 1.1)):
        y, other = rng.integers(classes, size=(2, 6))
        y[:2], other[:2] = (1, 0), (1, 2)  # a pair of one class, and one of two
        lam = rng.uniform(0.1, 0.9, size=6)
        probes.append((y, other, lam, classes, margin, power))
    return probes


def _soft(y, other, lam, classes):
    return lam[:, None] * np.eye(classes)[y] + (1 - lam[:, None]) * np.eye(classes)[other]


def _margins(y, other, lam, classes, margin, power):
    return margin * _soft(y, other, lam, classes) ** power  # lesson 16, eq. O1


def _shares():
    shares = np.array([0.5, 0.25, 0.9, 0.6]), np.array([0.05, 0.75, 0.97]), np.array([0.3])
    return [(shares[0], 0.7, 30.0), (shares[1], 0.4, 12.0), (shares[2], 1.0, 8.0)]


def _turn(lam, margin, scale):
    share = (np.log(lam) - np.log(1 - lam)) / (2 * scale * np.sin(np.pi / 4 + margin / 2))
    return np.arcsin(share)


def _rest(lam, margin, scale):
    return np.pi / 4 - (lam - 0.5) * margin - _turn(lam, margin, scale)  # lesson 16, eq. O3


def _differences():
    rng = np.random.default_rng(4)
    drawn = [rng.normal(0.004, 0.02, size=size) for size in (5, 10, 8, 3)]
    leads = [0.02, 0.004, 0.01, 2 * drawn[3].std(ddof=1)]  # the last is shown by 4 seeds
    return [*zip(drawn, leads)]


def _first(difference, lead, quantile=None):
    quantile = quantile or (lambda r: stdtrit(r - 1, 0.975))
    r = np.arange(2, 1001)
    enough = quantile(r) * difference.std(ddof=1) / np.sqrt(r) <= lead
    return r[enough][0] if enough.any() else np.nan


def _seeds(difference, lead):
    return _first(difference, lead)
