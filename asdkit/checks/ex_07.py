"""Checks of notebook 07: a scale for a wish, one step of AdaCos, and where the scale rests."""

import numpy as np
from scipy.special import logsumexp

from .verdict import examine


def ex_07_1(wished_scale):
    r"""Check ``wished_scale(classes, angle, p)``, which gives a clip at that angle probability p.

    $s = (\ln(C - 1) + \ln\frac{p}{1 - p}) / \cos\theta$, all other centers at right angles.

    Shapes: a function of three numbers, angle in radians -> float.
    Notebook: 07_adacos
    """
    probes = [(12, 0.5, 0.9), (41, 0.8, 0.5), (5, 1.2, 0.3), (100, 0.2, 0.99)]
    return examine(
        "07.1", wished_scale, _wished, probes,
        right="With p = 1/2 at 45 degrees it is the start of AdaCos.",
        mistakes=_slips_of_the_wish(),
    )  # fmt: skip


def ex_07_2(next_scale):
    r"""Check ``next_scale(cosine, y, scale)``, one step of AdaCos.

    $\ln B / \cos(\min(\pi/4, \theta_{\mathrm{med}}))$, B without the own classes, [SCA] eq. 2 and
    3.

    Shapes: a function of cosine (N, C), y (N,) and scale -> float.
    Notebook: 07_adacos
    """
    return examine(
        "07.2", next_scale, _next_scale, _batches(),
        right="The own class stays out of B, and the lower of two middle angles is the median.",
        mistakes=_slips_of_the_sum() + _slips_of_the_division(),
    )  # fmt: skip


def ex_07_3(resting_scale):
    r"""Check ``resting_scale(classes, dim)``, where the scale of random embeddings comes to rest.

    The smaller root of $s = \sqrt2 (\ln(C - 1) + \frac{s^2}{2D})$: $\frac{D}{\sqrt2}
    \big(1 - \sqrt{1 - 4 \ln(C - 1) / D}\big)$.

    Shapes: a function of two numbers, dim at least 4 ln(C - 1) -> float.
    Example:
        >>> checks.ex_07_3(lambda classes, dim: np.sqrt(2) * np.log(classes - 1))
        ✗ Exercise 07.3: this is the start, which is right for infinitely many dimensions only: ...
    Notebook: 07_adacos
    """
    return examine(
        "07.3", resting_scale, _resting, [(12, 16), (41, 32), (100, 128), (5, 9)],
        right="Below D = 4 ln(C - 1) the parabola has no root.",
        mistakes=_slips_of_the_root(),
    )  # fmt: skip


def _slips_of_the_wish():
    """Return what goes wrong with a scale for a wish, with the function that does it."""
    return [
        ("this is the start of AdaCos, for 45 degrees and p = 1/2: angle and p must enter.",
         lambda c, a, p: np.sqrt(2) * np.log(c - 1)),
        ("p does not enter: add its log-odds, ln(p / (1 - p)).",
         lambda c, a, p: np.log(c - 1) / np.cos(a)),
        ("there are C - 1 other classes, not C.",
         lambda c, a, p: (np.log(c) + _odds(p)) / np.cos(a)),
        ("this multiplies by the cosine of the angle: divide by it.",
         lambda c, a, p: (np.log(c - 1) + _odds(p)) * np.cos(a)),
        ("the sign of the log-odds is flipped: a larger p needs a larger scale.",
         lambda c, a, p: (np.log(c - 1) - _odds(p)) / np.cos(a)),
        ("this adds ln p: the own class stands in the denominator too, "
         "so it is ln(p / (1 - p)).",
         lambda c, a, p: (np.log(c - 1) + np.log(p)) / np.cos(a)),
        ("the angle does not enter: divide by its cosine.",
         lambda c, a, p: np.log(c - 1) + _odds(p)),
        ("this divides by the angle: divide by its cosine.",
         lambda c, a, p: (np.log(c - 1) + _odds(p)) / a),
        ("this divides by the sine of the angle: divide by its cosine.",
         lambda c, a, p: (np.log(c - 1) + _odds(p)) / np.sin(a)),
        ("the angle is capped at 45 degrees, as in a step of AdaCos: take the angle given.",
         lambda c, a, p: (np.log(c - 1) + _odds(p)) / np.cos(min(np.pi / 4, a))),
        ("the logarithm of C - 1 is missing: all other classes stand in the denominator.",
         lambda c, a, p: _odds(p) / np.cos(a)),
        ("the odds p / (1 - p) need their logarithm.",
         lambda c, a, p: (np.log(c - 1) + p / (1 - p)) / np.cos(a)),
        ("this divides the first logarithm alone: both stand over the cosine.",
         lambda c, a, p: np.log(c - 1) / np.cos(a) + _odds(p)),
        ("this divides the second logarithm alone: both stand over the cosine.",
         lambda c, a, p: np.log(c - 1) + _odds(p) / np.cos(a)),
    ]  # fmt: skip


def _slips_of_the_sum():
    """Return what goes wrong with B, with the function that does it."""
    return [
        ("the own class is in the sum: eq. 3 leaves it out.",
         lambda c, y, s: _log_b(c, y, s, own=True) / _cap(c, y)),
        ("this is a mean over the other classes too: "
         "eq. 3 sums over them and takes the mean over clips only.",
         lambda c, y, s: (_log_b(c, y, s) - np.log(c.shape[1] - 1)) / _cap(c, y)),
        ("this is a mean over all C classes: "
         "eq. 3 sums over the others and takes the mean over clips only.",
         lambda c, y, s: (_log_b(c, y, s) - np.log(c.shape[1])) / _cap(c, y)),
        ("the logarithm is missing: eq. 2 divides ln B, not B.",
         lambda c, y, s: np.exp(_log_b(c, y, s)) / _cap(c, y)),
        ("the sum over all clips is not divided by N.",
         lambda c, y, s: (_log_b(c, y, s) + np.log(len(y))) / _cap(c, y)),
        ("this sums over clips and takes the mean over classes, the wrong axes: "
         "eq. 3 sums along axis 1 and takes the mean along axis 0.",
         lambda c, y, s: (_log_b(c, y, s) + np.log(len(y) / c.shape[1])) / _cap(c, y)),
        ("this is the mean of the logarithms: eq. 3 takes the mean of the sums, "
         "eq. 2 the logarithm of it.",
         lambda c, y, s:
             np.mean([_log_b(c[[i]], y[[i]], s) for i in range(len(y))]) / _cap(c, y)),
    ]  # fmt: skip


def _slips_of_the_division():
    """Return what goes wrong with the angle or the division, with the function that does it."""
    return [
        ("for an even N this takes the mean of the two middle angles: "
         "the lower one is the median here.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(min(np.pi / 4, np.median(_angles(c, y))))),
        ("for an even N this takes the upper of the two middle angles: "
         "the lower one is the median here. (The lower middle cosine is the upper angle.)",
         lambda c, y, s: _log_b(c, y, s) / np.cos(min(np.pi / 4, _ranked(c, y, len(y) // 2)))),
        ("this takes the median of the own cosines for an angle: take their arc cosine first.",
         lambda c, y, s:
             _log_b(c, y, s) / np.cos(min(np.pi / 4, np.median(np.cos(_angles(c, y)))))),
        ("the angles are in degrees: np.cos takes radians, and the cap is pi/4.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(min(45, np.degrees(_median(c, y))))),
        ("this takes the angle in the middle of the batch: sort the angles first.",
         lambda c, y, s:
             _log_b(c, y, s) / np.cos(min(np.pi / 4, _angles(c, y)[(len(y) - 1) // 2]))),
        ("this counts every median as 45 degrees: only a larger one does. "
         "(And it is the median of the own angles, not of all.)",
         lambda c, y, s: _log_b(c, y, s) * np.sqrt(2)),
        ("this takes the smallest angle: eq. 2 takes the median.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(min(np.pi / 4, _ranked(c, y, 0)))),
        ("this takes the largest angle: eq. 2 takes the median.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(min(np.pi / 4, _ranked(c, y, -1)))),
        ("the angle is not capped: eq. 2 takes the smaller of pi/4 and the median angle.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(_median(c, y))),
        ("the cap takes the larger angle: "
         "eq. 2 takes the smaller of pi/4 and the median angle.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(max(np.pi / 4, _median(c, y)))),
        ("this is ln B: divide it by the cosine of the capped angle.",
         lambda c, y, s: _log_b(c, y, s)),
        ("the old scale does not enter: the exponents are scale * cosine.",
         lambda c, y, s: _log_b(c, y, 1.0) / _cap(c, y)),
        ("this takes the mean angle: eq. 2 takes the median.",
         lambda c, y, s: _log_b(c, y, s) / np.cos(min(np.pi / 4, _angles(c, y).mean()))),
    ]  # fmt: skip


def _slips_of_the_root():
    """Return what goes wrong with the root, with the function that does it."""
    return [
        ("this is the start, which is right for infinitely many dimensions only: D must enter.",
         lambda c, d: np.sqrt(2) * np.log(c - 1)),
        ("this is the larger root, from which the scale moves away: it rests at the smaller one.",
         lambda c, d: d / np.sqrt(2) * (1 + _root(c, d))),
        ("the factor sqrt(2) is missing: the cap divides by cos(pi / 4).",
         lambda c, d: d * (1 - np.sqrt(max(1 - 2 * np.log(c - 1) / d, 0)))),
        ("this is one step from the start, not where the steps end.",
         lambda c, d: np.sqrt(2) * (np.log(c - 1) + np.log(c - 1) ** 2 / d)),
        ("the sign under the root is flipped: D must be large, not the number of classes.",
         lambda c, d: d / np.sqrt(2) * (np.sqrt(1 + 4 * np.log(c - 1) / d) - 1)),
        ("the sign under the root is flipped: b^2 - 4ac of the parabola has a minus.",
         lambda c, d: d / np.sqrt(2) * (1 - np.sqrt(1 + 4 * np.log(c - 1) / d))),
        ("there are C - 1 other classes, not C.",
         lambda c, d: d / np.sqrt(2) * (1 - np.sqrt(max(1 - 4 * np.log(c) / d, 0)))),
        ("under the root D divides 4 ln(C - 1), here less: compare b^2 - 4ac.",
         lambda c, d: d / np.sqrt(2) * (1 - np.sqrt(1 - np.log(c - 1) / d))),
        ("under the root D divides 4 ln(C - 1), here half of it: compare b^2 - 4ac.",
         lambda c, d: d / np.sqrt(2) * (1 - np.sqrt(1 - 2 * np.log(c - 1) / d))),
        ("the square root is missing: the root is D / sqrt(2) times 1 - sqrt(...).",
         lambda c, d: d / np.sqrt(2) * (1 - _root(c, d) ** 2)),
        ("the linear term alone is left: the root is D / sqrt(2) times 1 - sqrt(...).",
         lambda c, d: d / np.sqrt(2)),
        ("D stands once too often: the root is D / sqrt(2) times 1 - sqrt(...).",
         lambda c, d: (1 - _root(c, d)) / np.sqrt(2)),
    ]  # fmt: skip


def _odds(p):
    return np.log(p / (1 - p))


def _wished(classes, angle, p):
    return (np.log(classes - 1) + _odds(p)) / np.cos(angle)


def _angles(cosine, y):
    return np.arccos(cosine[np.arange(len(y)), y])


def _ranked(cosine, y, place):
    return np.sort(_angles(cosine, y))[place]


def _median(cosine, y):
    return _ranked(cosine, y, (len(y) - 1) // 2)


def _cap(cosine, y):
    return np.cos(min(np.pi / 4, _median(cosine, y)))


def _log_b(cosine, y, scale, own=False):
    others = np.where(
        (np.arange(cosine.shape[1]) == y[:, None]) & (not own), -np.inf, scale * cosine
    )
    return logsumexp(others) - np.log(len(y))


def _next_scale(cosine, y, scale):
    return _log_b(cosine, y, scale) / _cap(cosine, y)


def _batches():
    """Make cosines with medians below and above 45 degrees, of even and odd numbers of clips.

    Below 45 degrees each order of the angles gives another scale, so no other median passes.
    """
    rng = np.random.default_rng(5)
    batches = []
    settings = [
        (6, 5, 3.0, 0.1, 0.7),
        (4, 12, 5.0, 0.2, 0.7),
        (7, 6, 4.0, 0.9, 1.5),
        (8, 3, 2.0, 0.1, 0.6),
        (3, 4, 3.0, 0.2, 0.7),
        (5, 7, 2.0, 0.1, 0.7),
    ]
    for n, c, scale, low, high in settings:
        cosine, y = rng.uniform(-0.6, 0.6, size=(n, c)), rng.integers(c, size=n)
        cosine[np.arange(n), y] = np.cos(rng.uniform(low, high, n))
        batches.append((cosine, y, scale))
    return batches


def _root(classes, dim):
    return np.sqrt(1 - 4 * np.log(classes - 1) / dim)


def _resting(classes, dim):
    return dim / np.sqrt(2) * (1 - _root(classes, dim))
