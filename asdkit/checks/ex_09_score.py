"""Checks of notebook 09 on scores: eq. 5 with distances scaled by those of training, and the clips
that an interval needs.
"""

import numpy as np
import scipy
from scipy.special import ndtri

from .verdict import examine

MOST = 20_000  # clips of a kind, up to which the least number is looked for


def ex_09_3(blend):
    r"""Check ``blend(p, distance, known, alpha)``, eq. 5 with a scale that no test clip changes.

    $\alpha (1 - p) + (1 - \alpha)\, d'$, where $d'$ is the share of the normal training clips'
    distances below the clip's own.

    Paper: [DDC] eq. 5, whose $d'$ is scaled over all test clips.
    Shapes: a function of p (N,), the probability of being normal, distance (N,), known (M,) and
        alpha -> (N,).
    Choices: an equal distance is not below; the probes have some.
    Example:
        >>> checks.ex_09_3(lambda p, distance, known, alpha: alpha * (1 - p))
        ✗ Exercise 09.3: the distance does not count: add (1 - alpha) times its d'.
    Notebook: 09_binary_and_centroids
    """
    return examine(
        "09.3", blend, _with(_below), _clips(),
        right="A score says of a clip alone how many normal ones lie nearer.",
        mistakes=[
            *((hint, _with(scaled)) for hint, scaled in _SCALES),
            *((hint, _blended(join)) for hint, join in _BLENDS),
        ],
    )  # fmt: skip


def ex_09_4(clips_needed):
    r"""Check ``clips_needed(auc, half_width)``, how many clips an interval asks for.

    The least n with $1.96 \sqrt{\mathrm{var}(A)} \le$ half_width, for n normal clips and as many
    anomalies, and the variance of Hanley and McNeil.

    Paper: Hanley and McNeil 1982, whose intervals [DDC] Fig. 2 has.
    Shapes: a function of two numbers -> a number.
    Example:
        >>> checks.ex_09_4(lambda auc, half_width: 1.96**2 * auc * (1 - auc) / half_width**2)
        ✗ Exercise 09.4: this is the interval of a share, of clips that are drawn one by one: ...
    Notebook: 09_binary_and_centroids
    """
    return examine(
        "09.4", clips_needed, _least(_variance, Z),
        [(0.8, 0.1), (0.9, 0.05), (0.7, 0.06), (0.95, 0.02), (0.6, 0.15), (0.85, 0.03)],
        right="Half the width asks for about four times the clips.",
        mistakes=_NUMBERS,
    )  # fmt: skip


_EQUAL = "an equal distance counts as below here: take the smaller ones alone."
_SCALES = [  # a hint, and what the mistake makes d' of distance and known
    (_EQUAL, lambda d, k: (k <= d[:, None]).mean(axis=1)),
    ("an equal distance counts as one half here: take the smaller ones alone.",
     lambda d, k: ((k < d[:, None]) + 0.5 * (k == d[:, None])).mean(axis=1)),
    ("this is the share of known distances above the clip's own: a farther clip must score higher.",
     lambda d, k: (k > d[:, None]).mean(axis=1)),
    ("this is the share of known distances that are not below the clip's own: a farther clip must "
     "score higher.",
     lambda d, k: (k >= d[:, None]).mean(axis=1)),
    ("these are numbers of known distances: divide by how many there are.",
     lambda d, k: (k < d[:, None]).sum(axis=1)),
    ("the number of known distances below is divided by the number of test clips: divide by how "
     "many are known.",
     lambda d, k: (k < d[:, None]).sum(axis=1) / len(d)),
    ("the number of known distances below is divided by one more than there are: divide by how "
     "many are known.",
     lambda d, k: (k < d[:, None]).sum(axis=1) / (len(k) + 1)),
    ("one is added to the number below, and to all: a p-value has that, this share has not.",
     lambda d, k: ((k < d[:, None]).sum(axis=1) + 1) / (len(k) + 1)),
    ("d' is a share: this one is in percent.",
     lambda d, k: 100 * _below(d, k)),
    ("the distances of the test clips are ranked among themselves: compare each with known alone.",
     lambda d, k: _below(d, d)),
    ("the distances of the test clips are ranked among themselves: compare each with known alone.",
     lambda d, k: scipy.stats.rankdata(d) / len(d)),
    ("the other test clips count, too: compare each with known alone.",
     lambda d, k: _below(d, np.concatenate([k, d]))),
    ("np.searchsorted asks for known in order: sort it first.",
     lambda d, k: np.searchsorted(k, d) / len(k)),
    ("np.searchsorted asks for known in order: sort it first.",
     lambda d, k: np.searchsorted(k, d, side="right") / len(k)),
    ("this is d' as printed, scaled over the test clips: each of them changes the others.",
     lambda d, k: (d - d.min()) / np.ptp(d)),
    ("this is the scale of the lowest and highest known distance (scale=\"train\"): here d' is a "
     "share of clips.",
     lambda d, k: (d - k.min()) / np.ptp(k)),
    ("this is a distance over the highest known one: here d' is a share of clips.",
     lambda d, k: d / k.max()),
    ("the distance is not scaled: d' is the share of known distances below it.",
     lambda d, k: d),
    ("the mean runs over the test clips: each of them has its own share of known distances.",
     lambda d, k: (k[:, None] < d).mean()),
    ("this says whether any known distance is below: take the share of them.",
     lambda d, k: (k < d[:, None]).any(axis=1)),
    ("the distance does not count: add (1 - alpha) times its d'.",
     lambda d, k: 0 * d),
]  # fmt: skip
_BLENDS = [  # a hint, and what the mistake makes of p, d' and alpha
    ("p is the probability of being normal: 1 - p belongs into the score.",
     lambda p, d, a: a * p + (1 - a) * d),
    ("alpha and 1 - alpha are swapped: alpha weighs the probability.",
     lambda p, d, a: (1 - a) * (1 - p) + a * d),
    ("alpha and 1 - alpha are swapped, and p stands where 1 - p is wanted.",
     lambda p, d, a: (1 - a) * p + a * d),
    ("this is the share of distances alone: alpha (1 - p) is missing.",
     lambda p, d, a: d),
    ("the probability is missing: add alpha (1 - p).",
     lambda p, d, a: (1 - a) * d),
    ("alpha is missing: it weighs the probability, and 1 - alpha the distance.",
     lambda p, d, a: 1 - p + d),
    ("this is the mean of both, whatever alpha is.",
     lambda p, d, a: (1 - p + d) / 2),
    ("the distance has the weight 1: it is 1 - alpha.",
     lambda p, d, a: a * (1 - p) + d),
    ("both terms have the weight alpha: the distance has 1 - alpha.",
     lambda p, d, a: a * (1 - p + d)),
    ("this is a product: eq. 5 is a sum.",
     lambda p, d, a: a * (1 - p) * (1 - a) * d),
]  # fmt: skip


def _below(distance, known):
    return (known < distance[:, None]).mean(axis=1)


def _with(scaled):
    """Make eq. 5 of a function that gives d' of distance and known."""

    def score(p, distance, known, alpha):
        return alpha * (1 - p) + (1 - alpha) * scaled(distance, known)

    return score


def _blended(join):
    return lambda p, distance, known, alpha: join(p, _below(distance, known), alpha)


def _clips():
    """Make clips one of which is as far as a known one, and one farther than all of them."""
    rng = np.random.default_rng(9)
    probes = []
    for n, m, alpha in ((3, 4, 0.25), (6, 15, 0.4), (9, 8, 0.7), (5, 40, 0.1)):
        known, distance = rng.gamma(2.0, size=m), rng.gamma(2.5, size=n)
        distance[:2] = np.sort(known)[m // 2], known.max() + 1
        probes.append((rng.uniform(0.02, 0.98, size=n), distance, known, alpha))
    return probes


def _terms(auc):
    """Return A (1 - A), and both of Q - A^2."""
    return auc * (1 - auc), auc / (2 - auc) - auc**2, 2 * auc**2 / (1 + auc) - auc**2


def _variance(auc, m, n):
    own, first, second = _terms(auc)
    return (own + (m - 1) * first + (n - 1) * second) / (m * n)


def _least(variance, z, share=1.0):
    """Make the least n at which z standard deviations are at most a share of the half width."""

    def number(auc, half_width):
        n = np.arange(1, MOST)
        return int(n[z**2 * variance(auc, n, n) <= (share * half_width) ** 2][0])

    return number


def _exact(auc, half_width, z=1.96):
    """Solve for the n, no whole number, at which the interval is as wide as asked."""
    own, *both = _terms(auc)
    a, b = (half_width / z) ** 2, sum(both)
    return (b + np.sqrt(b**2 + 4 * a * (own - b))) / (2 * a)


Z = ndtri(0.975)
_EVEN = _least(_variance, Z)
_NUMBERS = [  # a hint, and what the mistake gives
    ("this is no whole number: round it up.", _exact),
    ("this is no whole number: round it up.", lambda auc, h: _exact(auc, h, Z)),
    ("it is rounded down, and the interval just too wide: round up.",
     lambda auc, h: np.floor(_exact(auc, h))),
    ("it is rounded to the nearest, and the interval may be too wide: round up.",
     lambda auc, h: np.round(_exact(auc, h))),
    ("this is one more than needed: does the loop stop too late, or do m and n stand in the "
     "variance where m - 1 and n - 1 are wanted?",
     lambda auc, h: _EVEN(auc, h) + 1),
    ("the whole interval is as wide as half_width: it may reach so far to each side.",
     _least(_variance, Z, 0.5)),
    ("the interval reaches twice half_width to each side: half of it is half_width.",
     _least(_variance, Z, 2.0)),
    ("this is the standard error, without 1.96: an interval of 68 %.", _least(_variance, 1.0)),
    ("1.645 leaves 5 % on one side: a 95 % interval leaves 2.5 % on each, 1.96.",
     _least(_variance, ndtri(0.95))),
    ("2.576 is that of 99 %: take 1.96.", _least(_variance, ndtri(0.995))),
    ("2 stands for 1.96, which asks for a few clips too many.", _least(_variance, 2.0)),
    ("this takes the variance for the standard error: take its square root.",
     lambda auc, h: _least(_variance, Z**0.5)(auc, h**0.5)),
    ("this is the interval of a share, of clips that are drawn one by one: an AUC has two kinds of "
     "clips, and pairs of them.",
     lambda auc, h: 1.96**2 * auc * (1 - auc) / h**2),
    ("this is the interval of a share, of clips that are drawn one by one: an AUC has two kinds of "
     "clips, and pairs of them.",
     lambda auc, h: np.ceil(1.96**2 * auc * (1 - auc) / h**2)),
    ("all pairs count as if each were drawn by itself: a clip is in many pairs, which the terms "
     "with Q_1 and Q_2 tell.",
     _least(lambda auc, m, n: _terms(auc)[0] / (m * n), Z)),
    ("the term with Q_2 is missing.",
     _least(lambda auc, m, n: (_terms(auc)[0] + (m - 1) * _terms(auc)[1]) / (m * n), Z)),
    ("the term with Q_1 is missing.",
     _least(lambda auc, m, n: (_terms(auc)[0] + (n - 1) * _terms(auc)[2]) / (m * n), Z)),
    ("these are clips of both kinds together: give the number of one kind.",
     lambda auc, h: 2 * _EVEN(auc, h)),
    ("n is split into both kinds here: n normal clips, and n anomalies beside them.",
     _least(lambda auc, m, n: _variance(auc, np.maximum(n // 2, 1), n - n // 2), Z)),
]  # fmt: skip
