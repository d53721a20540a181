"""Check of notebook 10 on the scale as coded: which exponentials B adds up, and which angle."""

import numpy as np
from scipy.special import logsumexp

from .verdict import examine

_SUMS = [  # ln B, from E of all clips and classes
    ("the own class counts in full here, as in eq. 7 of sub-cluster AdaCos: where the label is 1, "
     "E is 1.",
     lambda c, y, s: _log_b(s * c)),
    ("the own class is left out, as in AdaCos: where the label is 1, E is 1, not 0.",
     lambda c, y, s: _log_b(np.where(y < 1, s * c, -np.inf))),
    ("this is the scale as printed, from the classes that a clip does not belong to: as coded, "
     "E is 1 where a label is 1, and exp(s cos) in full wherever it is below.",
     lambda c, y, s: _log_b(np.where(y > 0, -np.inf, s * c))),
    ("both classes of a mixed clip count 1 here: only a label of 1 makes E = 1, not one between.",
     lambda c, y, s: _log_b(np.where(y > 0, 0.0, s * c))),
    ("1 is added for every clip: one that is mixed adds none, and has all of its classes in full.",
     lambda c, y, s: np.log1p(np.exp(_log_b(np.where(y == 1, -np.inf, s * c))))),
    ("the larger class of a mixed clip counts 1 here: only a label of 1 makes E = 1.",
     lambda c, y, s: _log_b(np.where(y == y.max(axis=1, keepdims=True), 0.0, s * c))),
    ("the two cases are swapped: E is 1 where the label is 1, exp(s cos) where it is below.",
     lambda c, y, s: _log_b(np.where(y < 1, 0.0, s * c))),
    ("the classes that a clip does not belong to count 1 here: E is 1 only where a label is 1.",
     lambda c, y, s: _log_b(np.where(y > 0, s * c, 0.0))),
    ("E is weighted by 1 - label: it is exp(s cos) in full wherever the label is below 1.",
     lambda c, y, s: logsumexp(s * c, b=1 - y) - np.log(len(c))),
    ("the label stands in the exponent: it only decides between exp(s cos) and 1.",
     lambda c, y, s: _log_b(s * c * (1 - y))),
    ("where the label is 1 the exponent is 1: E itself is 1, its exponent 0.",
     lambda c, y, s: _log_b(np.where(y < 1, s * c, 1.0))),
    ("the 1 of an own class is added after the maximum is taken out: there it is exp(-max).",
     lambda c, y, s: _late_one(s * c, y, (s * c).max())),
    ("the 1 of an own class is added after the maximum is taken out: its share is exp(-max).",
     lambda c, y, s: _late_one(s * c, y, _kept(c, y, s).max())),
    ("the maximum was taken out of the exponents but not added back before the division.",
     lambda c, y, s: _log_b(_kept(c, y, s)) - (s * c).max()),
    ("the maximum was taken out of the exponents but not added back to ln B.",
     lambda c, y, s: _log_b(_kept(c, y, s)) - _kept(c, y, s).max()),
    ("the sum over all clips is not divided by N: B is a mean over the clips.",
     lambda c, y, s: logsumexp(_kept(c, y, s))),
    ("this is a mean over the classes too: B sums over k, and takes the mean over i.",
     lambda c, y, s: _log_b(_kept(c, y, s)) - np.log(c.shape[1])),
    ("the sum runs over the clips and the mean over the classes: sum over k, mean over i.",
     lambda c, y, s: logsumexp(_kept(c, y, s)) - np.log(c.shape[1])),
    ("this is the mean of log-sums: take the mean of the clips first, then one logarithm.",
     lambda c, y, s: logsumexp(_kept(c, y, s), axis=1).mean()),
    ("the old scale does not enter: the exponents are scale * cosine.",
     lambda c, y, s: _log_b(_kept(c, y, 1.0))),
]  # fmt: skip
_MEDIANS = [  # of which angles
    ("this is the mean of the clips' angles: take their median.",
     lambda c, y: _blend(np.arccos(c), y).mean()),
    ("the cosines are blended: blend the angles, sum_k label * arccos(cos).",
     lambda c, y: np.median(np.arccos(_blend(c, y)))),
    ("this is the median over all classes: take of each clip the blend of its own angles.",
     lambda c, y: np.median(np.arccos(c))),
    ("a mixed clip counts with its larger class alone: blend the angles of both by their labels.",
     lambda c, y: np.median(np.arccos(c)[np.arange(len(c)), y.argmax(axis=1)])),
    ("a mixed clip's two angles are added up in full: each counts by its label.",
     lambda c, y: np.median(_blend(np.arccos(c), y > 0))),
    ("the angle to the nearest class is taken, whatever the labels are: blend by the labels.",
     lambda c, y: np.median(np.arccos(c.max(axis=1)))),
    ("each of a clip's classes counts as an angle of its own: blend them to one angle for a clip.",
     lambda c, y: np.median(np.arccos(c)[y > 0])),
    ("this is a mean over the classes: sum label * arccos(cos) over k, as the labels add up to 1.",
     lambda c, y: np.median((y * np.arccos(c)).mean(axis=1))),
    ("each angle is capped before the blend: the median comes first, then the cap.",
     lambda c, y: np.median(_blend(np.minimum(np.arccos(c), np.pi / 4), y))),
    ("off by one: sorted, the median is place (N - 1) / 2, counted from 0.",
     lambda c, y: np.sort(_blend(np.arccos(c), y))[len(c) // 2 + 1]),
    ("off by one: sorted, the median is place (N - 1) / 2, counted from 0, not one before.",
     lambda c, y: np.sort(_blend(np.arccos(c), y))[len(c) // 2 - 1]),
]  # fmt: skip
_CAPS = [  # what ln B is divided by
    ("the angle is not capped: take the smaller of pi/4 and the median.", np.cos),
    ("the cap takes the larger angle: take the smaller of pi/4 and the median.",
     lambda m: np.cos(max(m, np.pi / 4))),
    ("the median does not enter, is in degrees, or is that of wrong angles and so above pi/4 "
     "in every batch: of a clip take sum_k label * arccos(cos).",
     lambda m: np.cos(np.pi / 4)),
    ("the division by the cosine is missing, or the median is 0: it runs over all (N, C) labels, "
     "and most are 0. Sum over k first.",
     lambda m: 1.0),
    ("this multiplies by the cosine of the capped angle: divide by it.", lambda m: 1 / _cap(m)),
    ("the cap is on the cosine here: take the smaller of pi/4 and the median, then its cosine.",
     lambda m: min(np.pi / 4, np.cos(m))),
    ("this divides by the angle itself: divide by its cosine.", lambda m: min(m, np.pi / 4)),
    ("the angle is in degrees here: arccos gives radians, and np.cos takes them.",
     lambda m: np.cos(min(np.degrees(m), 45.0))),
]  # fmt: skip


def ex_10_4(next_scale):
    r"""Check ``next_scale(cosine, soft, scale)``, one step of the scale as the code has it.

    $s' = \ln B / \cos(\min(\pi/4, \theta_{\mathrm{med}}))$ with $B = \frac1N \sum_{ik} E_{ik}$,
    $E_{ik} = e^{s \cos\theta_{ik}}$ where a label is below 1 and 1 else, and the median of $\sum_k
    \bar y_{ik} \theta_{ik}$.

    Paper: [AP] Definition 1, code.
    Shapes: a function of ``cosine`` (N, C), ``soft`` labels (N, C) and the old scale, with N odd
        -> a number.
    Choices: an odd N has one middle value, which is the nearest rank too; 1e-7 may be added or not.
    Notebook: 10_adaproj
    """
    return examine(
        "10.4", next_scale, _next_scale, _batches(),
        right="A clip that is not mixed gives its own class a 1, however near it lies.",
        mistakes=[
            *[(hint, lambda c, y, s, log_b=log_b: log_b(c, y, s) / _cap(_median(c, y)))
              for hint, log_b in _SUMS],
            *[(hint, lambda c, y, s, angle=angle: _log_b(_kept(c, y, s)) / _cap(angle(c, y)))
              for hint, angle in _MEDIANS],
            *[(hint, lambda c, y, s, cap=cap: _log_b(_kept(c, y, s)) / cap(_median(c, y)))
              for hint, cap in _CAPS],
            ("the logarithm of B is missing.",
             lambda c, y, s: np.exp(_log_b(_kept(c, y, s))) / _cap(_median(c, y))),
            ("these are log-sums of single clips: take the mean over the clips, then one "
             "logarithm.",
             lambda c, y, s: logsumexp(_kept(c, y, s), axis=1)),
        ],
    )  # fmt: skip


def _batches():
    """Make cosines of odd batches, mixed and not, with median angles on both sides of 45°."""
    rng = np.random.default_rng(1)
    settings = [(3, 3, 4.0, 0.75, 0), (5, 4, 3.0, 0.8, 3), (9, 6, 5.0, 0.3, 4),
                (7, 3, 30.0, 0.6, 3), (11, 5, 2.0, 0.0, 8)]  # fmt: skip
    return [_batch(rng, *some) for some in settings]


def _batch(rng, n, c, scale, lift, mixed):
    """Lift the cosines of a clip's own classes; the first ``mixed`` clips have two of them."""
    y, other = rng.integers(c, size=n), rng.integers(1, c, size=n)
    lam = np.where(np.arange(n) < mixed, rng.uniform(0.2, 0.9, size=n), 1.0)
    soft = np.zeros((n, c))
    soft[np.arange(n), y] = lam
    soft[np.arange(n), (y + other) % c] = 1 - lam
    cosine = rng.uniform(0.05, 0.95, size=(n, c))
    return cosine + lift * (soft > 0) * (0.99 - cosine), soft, scale


def _log_b(exponents):
    return logsumexp(exponents) - np.log(len(exponents))


def _kept(cosine, soft, scale):
    """Return the logarithms of E: exp(0) is 1."""
    return np.where(soft < 1, scale * cosine, 0.0)


def _late_one(f, soft, shift):
    return _log_b(np.where(soft < 1, f, shift))


def _blend(angle, soft):
    return (soft * angle).sum(axis=1)


def _median(cosine, soft):
    return np.median(_blend(np.arccos(cosine), soft))


def _cap(median):
    return np.cos(min(median, np.pi / 4))


def _next_scale(cosine, soft, scale):
    return _log_b(_kept(cosine, soft, scale)) / _cap(_median(cosine, soft))
