"""How far two AUCs vary on the same clips, and what the usual mistakes make of it (03.4)."""

import numpy as np


def wins(label, score, tie=0.5):
    gaps = score[label == 1][:, None] - score[label == 0]
    return (gaps > 0) + tie * (gaps == 0)


def placements(label, score, tie=0.5):
    won = wins(label, score, tie)
    return won.mean(axis=1), won.mean(axis=0)


def variances(label, score_a, score_b, ddof=1, tie=0.5, sign=-1):
    pairs = zip(placements(label, score_a, tie), placements(label, score_b, tie))
    return np.array([np.var(a + sign * b, ddof=ddof) for a, b in pairs])


def counts(label):
    return np.array([np.sum(label == 1), np.sum(label == 0)])


def deviation(label, score_a, score_b, ddof=1, tie=0.5):
    return np.sqrt(variances(label, score_a, score_b, ddof, tie) @ (1 / counts(label)))


def alone(label, score):
    """Return the variance of one AUC."""
    return variances(label, score, score, sign=0) @ (1 / counts(label))


def of_sum(label, score_a, score_b):
    """Return the variance of the sum of two AUCs."""
    return variances(label, score_a, score_b, sign=1) @ (1 / counts(label))


def _unsigned(label, score_a, score_b):
    apart = np.abs(wins(label, score_a) - wins(label, score_b))
    return np.array([np.var(apart.mean(axis=axis), ddof=1) for axis in (1, 0)])


def _heap(label, score_a, score_b):
    apart = wins(label, score_a) - wins(label, score_b)
    return np.r_[apart.mean(axis=1), apart.mean(axis=0)]


MISTAKES = [  # a hint, and what the mistake gives
    ("this is the variance: take its square root.",
     lambda y, a, b: deviation(y, a, b) ** 2),
    ("this is the difference of the two AUCs itself: how far could it have come out "
     "otherwise?",
     lambda y, a, b: np.mean(wins(y, a)) - np.mean(wins(y, b))),
    ("the variances of both AUCs are added, as if each had clips of its own: take "
     "differences of placements clip by clip, before the variance.",
     lambda y, a, b: np.sqrt(alone(y, a) + alone(y, b))),
    ("this is the deviation of the first AUC alone: the second varies too, on the same "
     "clips.",
     lambda y, a, b: np.sqrt(alone(y, a))),
    ("this is the deviation of the second AUC alone: the first varies too, on the same "
     "clips.",
     lambda y, a, b: np.sqrt(alone(y, b))),
    ("this is the deviation of the sum: subtract the placements.",
     lambda y, a, b: np.sqrt(of_sum(y, a, b))),
    ("the covariance is taken off once: the variance of a difference takes it off twice.",
     lambda y, a, b: np.sqrt(
         alone(y, a) + alone(y, b) - (of_sum(y, a, b) - deviation(y, a, b) ** 2) / 4)),
    ("the variances divide by m and n: divide by the number less one (ddof=1).",
     lambda y, a, b: deviation(y, a, b, ddof=0)),
    ("each variance is that of one clip: divide it by the number of such clips, m or n.",
     lambda y, a, b: np.sqrt(variances(y, a, b).sum())),
    ("m and n are swapped, or the axes of psi (m, n) are: V is its mean over axis 1, one for each "
     "of the m anomalies, and its variance is divided by m.",
     lambda y, a, b: np.sqrt(
         variances(y, a, b) @ [1 / np.sum(y == 0), 1 / np.sum(y == 1)])),
    ("only the anomalies vary here: the normal clips are a sample too, add var(W) / n.",
     lambda y, a, b: np.sqrt(variances(y, a, b)[0] / np.sum(y == 1))),
    ("only the normal clips vary here: the anomalies are a sample too, add var(V) / m.",
     lambda y, a, b: np.sqrt(variances(y, a, b)[1] / np.sum(y == 0))),
    ("ties are left out: a tie counts one half in a placement.",
     lambda y, a, b: deviation(y, a, b, tie=0.0)),
    ("a tie counts as won: it counts one half in a placement.",
     lambda y, a, b: deviation(y, a, b, tie=1.0)),
    ("the scores are subtracted before any pair is counted: each system wins or loses a pair by "
     "its own scores. Subtract the placements.",
     lambda y, a, b: np.sqrt(alone(y, a - b))),
    ("the differences have lost their sign: where one system wins and the other loses, they must "
     "cancel.",
     lambda y, a, b: np.sqrt(_unsigned(y, a, b) @ (1 / counts(y)))),
    ("these are standard deviations under the root: add variances, var(V) / m and var(W) / n.",
     lambda y, a, b: np.sqrt(np.sqrt(variances(y, a, b)) @ (1 / counts(y)))),
    ("the placements of anomalies and normal clips lie in one heap: each kind has its own "
     "variance and its own number.",
     lambda y, a, b: np.std(_heap(y, a, b), ddof=1) / np.sqrt(len(y))),
    ("this adds the deviations: add the variances, then take the root.",
     lambda y, a, b: np.sqrt(
         variances(y, a, b) / [np.sum(y == 1), np.sum(y == 0)]).sum()),
    ("the axis is forgotten: the mean of all of psi is one number, which does not vary. Take "
     "axis=1 for V and axis=0 for W.",
     lambda y, a, b: 0.0),
    ("both variances are divided by the number of all clips: divide by m and by n.",
     lambda y, a, b: np.sqrt(variances(y, a, b).sum() / len(y))),
    ("the axis is forgotten: this takes the variance over all pairs. Average psi over the "
     "other kind of clip first, axis=1 for V and axis=0 for W.",
     lambda y, a, b: np.sqrt(
         np.var(wins(y, a) - wins(y, b), ddof=1)
         * (1 / np.sum(y == 1) + 1 / np.sum(y == 0)))),
]  # fmt: skip
