"""Checks of notebook 00: an angle, class probabilities, and an AUC counted by hand."""

import numpy as np
from scipy.special import log_softmax, softmax

from .verdict import examine


def ex_00_1(angle_to_center):
    r"""Check ``angle_to_center(x, center)``, angles in radians.

    $\theta_i = \arccos(x_i^\top c / (\|x_i\| \|c\|))$

    Shapes: a function of x (N, D) and center (D,) -> (N,), written for numpy or torch.
    Example:
        >>> checks.ex_00_1(lambda x, center: x @ center)
        ✗ Exercise 00.1: this is the inner product: L2-normalize both, then take the arc cosine.
    Notebook: 00_start_here
    """
    rng = np.random.default_rng(1)
    probes = [(rng.normal(size=(n, d)), rng.normal(size=d)) for n, d in ((5, 3), (1, 8), (12, 2))]
    center = rng.normal(size=8)
    # rounding carries some of these cosines beyond 1, to 1 + 2e-16
    along = center / np.arange(1, 41)[:, None]
    probes.append((np.concatenate([along, -along]), center))
    return examine(
        "00.1", angle_to_center, _angle, probes,
        rescale=lambda x, center: (3.0 * x, 0.5 * center),
        tolerance=1e-3,
        right="Your angles are in radians and do not depend on the length of the vectors.",
        mistakes=_slips_of_the_angle(),
    )  # fmt: skip


def ex_00_2(class_probabilities):
    r"""Check ``class_probabilities(cosine, scale)``, a softmax over the cosines of each clip.

    $P_{ij} = \exp(s \cos\theta_{ij}) / \sum_k \exp(s \cos\theta_{ik})$, [SCA] eq. 1.

    Shapes: a function of cosine (N, C) and a number -> (N, C), written for numpy or torch.
    Notebook: 00_start_here
    """
    return examine(
        "00.2", class_probabilities, _probabilities, _cosines(),
        right="Each clip's probabilities add up to 1, at a scale of 2000 too.",
        mistakes=_slips_of_the_exponent() + _slips_of_the_sum(),
    )  # fmt: skip


def ex_00_3(auc_by_counting):
    r"""Check ``auc_by_counting(label, score)``, the share of pairs in which the anomaly scores
    higher.

    $\mathrm{AUC} = \frac{1}{N_a N_n} \sum_{a, n} [s_a > s_n] + \frac12 [s_a = s_n]$

    Shapes: a function of label (N,) and score (N,) -> float.
    Example:
        >>> checks.ex_00_3(lambda y, s: (s[y == 1][:, None] > s[y == 0]).mean())
        ✗ Exercise 00.3: ties are left out: add one half for each pair with equal scores.
    Notebook: 00_start_here
    """
    return examine(
        "00.3", auc_by_counting, _auc, [_clips(seed) for seed in range(6)],
        right="Every pair of an anomaly and a normal clip is counted once, a tie one half.",
        mistakes=_slips_of_the_ties() + _slips_of_the_count(),
    )  # fmt: skip


def _slips_of_the_angle():
    """Return what goes wrong with an angle, with the function that does it."""
    return [
        ("this is the cosine: take the arc cosine of it to get the angle.", _cosine),
        ("this is 1 - cosine: the angle is the arc cosine of the cosine.",
         lambda x, c: 1.0 - _cosine(x, c)),
        ("these are the angles to -center: the sign of the cosine is flipped.",
         lambda x, c: np.pi - _angle(x, c)),
        ("these are degrees, the answer is wanted in radians.",
         lambda x, c: np.degrees(_angle(x, c))),
        ("this is the Euclidean distance: normalize, multiply, and take the arc cosine.",
         _distance),
        ("this is the inner product: L2-normalize both, then take the arc cosine.",
         lambda x, c: x @ c),
        ("cosines below 0 are cut off: clip them to -1 and 1, the range of a cosine.",
         lambda x, c: np.arccos(np.clip(_cosine(x, c), 0.0, 1.0))),
        ("the sign of the cosine is lost: an angle may be larger than pi / 2.",
         lambda x, c: np.arccos(np.clip(np.abs(_cosine(x, c)), 0.0, 1.0))),
        ("this is the arc sine: take the arc cosine.",
         lambda x, c: np.pi / 2 - _angle(x, c)),
        ("this is the cosine of the cosine: take the arc cosine, arccos or acos.",
         lambda x, c: np.cos(np.clip(_cosine(x, c), -1.0, 1.0))),
    ]  # fmt: skip


def _slips_of_the_exponent():
    """Return what goes wrong with the exponents of a softmax, with the function that does it."""
    return [
        ("an exponential overflows at a scale of 2000: subtract the largest exponent of each "
         "clip before you take it, which changes no probability.",
         lambda c, s: np.exp(s * c) / np.exp(s * c).sum(axis=1, keepdims=True)),
        ("the scale does not enter: the exponents are scale * cosine.",
         lambda c, s: _probabilities(c, 1.0)),
        ("the scale divides here: it multiplies the cosines.",
         lambda c, s: _probabilities(c, 1.0 / s)),
        ("the scale is outside the exponential: it belongs into the exponent.",
         lambda c, s: s * _probabilities(c, 1.0)),
        ("these are logarithms of probabilities: take the exponential.",
         lambda c, s: log_softmax(s * c, axis=1)),
        ("the sign of the cosine is flipped: the nearest center is the likeliest.",
         lambda c, s: _probabilities(c, -s)),
        ("one number is subtracted from the exponents of all clips: where a clip's own cosines "
         "are small, all its exponentials are 0. Subtract each clip's largest exponent.",
         lambda c, s: _exponentials(s * c - np.max(s * c))),
        ("NaN is replaced by 0 here, which hides an overflow: subtract the largest exponent of "
         "each clip first.",
         lambda c, s: np.nan_to_num(_exponentials(s * c))),
        ("these are the angles in the exponents: eq. 1 has their cosines, as they came in.",
         lambda c, s: _probabilities(np.arccos(c), s)),
        ("this gives the nearest center all: a softmax gives every class a share.",
         lambda c, s: 1.0 * (c == c.max(axis=1, keepdims=True))),
    ]  # fmt: skip


def _slips_of_the_sum():
    """Return what goes wrong with the sum of a softmax, with the function that does it."""
    return [
        ("an exponential overflows at a scale of 2000, and the sum needs an axis: subtract "
         "the largest exponent of each clip first, and sum over its classes.",
         lambda c, s: np.exp(s * c) / np.exp(s * c).sum()),
        ("the sum runs over the clips: the classes of one clip add up to 1, so sum over the "
         "last axis.",
         lambda c, s: softmax(s * c, axis=0)),
        ("all clips share one sum here: each clip has its own, so give the sum an axis.",
         lambda c, s: softmax(s * c)),
        ("the division by the sum is missing: the classes of one clip add up to 1.",
         lambda c, s: np.exp(s * (c - c.max(axis=1, keepdims=True)))),
        ("this is no softmax: take the exponential before you divide by the sum.",
         lambda c, s: c / c.sum(axis=1, keepdims=True)),
    ]  # fmt: skip


def _slips_of_the_ties():
    """Return what goes wrong with ties and signs, with the function that does it."""
    return [
        ("ties are left out: add one half for each pair with equal scores.",
         lambda y, s: np.mean(_gaps(y, s) > 0)),
        ("ties count as a whole here: a pair with equal scores counts one half.",
         lambda y, s: np.mean(_gaps(y, s) >= 0)),
        ("anomalies and normal clips are swapped: this is 1 - AUC.",
         lambda y, s: 1.0 - _auc(y, s)),
        ("anomalies and normal clips are swapped, and ties are left out.",
         lambda y, s: np.mean(_gaps(y, s) < 0)),
        ("ties are subtracted here: add one half for each.",
         lambda y, s: np.mean(_gaps(y, s) > 0) - 0.5 * np.mean(_gaps(y, s) == 0)),
        ("ties leave the denominator too: they are pairs, and count one half each.",
         lambda y, s: np.sum(_gaps(y, s) > 0) / np.sum(_gaps(y, s) != 0)),
        ("the ties are summed, not averaged: divide both counts by the number of all pairs.",
         lambda y, s: np.mean(_gaps(y, s) > 0) + 0.5 * np.sum(_gaps(y, s) == 0)),
    ]  # fmt: skip


def _slips_of_the_count():
    """Return what goes wrong with the number of pairs, with the function that does it."""
    return [
        ("this is the number of pairs in order: divide it by the number of all pairs.",
         lambda y, s: _auc(y, s) * _gaps(y, s).size),
        ("this is the number of pairs in order: "
         "add half of the ties and divide by the number of all pairs.",
         lambda y, s: np.sum(_gaps(y, s) > 0)),
        ("divide by the number of pairs of an anomaly and a normal clip, "
         "not by the number of clips squared.",
         lambda y, s: _auc(y, s) * _gaps(y, s).size / len(y) ** 2),
        ("divide by the number of pairs, not by the number of clips.",
         lambda y, s: _auc(y, s) * _gaps(y, s).size / len(y)),
        ("divide by the number of pairs, not by the number of anomalies.",
         lambda y, s: _auc(y, s) * np.sum(y == 0)),
        ("divide by the number of pairs, not by the number of normal clips.",
         lambda y, s: _auc(y, s) * np.sum(y == 1)),
        ("each anomaly meets one normal clip here: compare every one with every one.",
         lambda y, s: np.mean([a > n for a, n in zip(s[y == 1], s[y == 0])])),
        ("each anomaly meets the median of the normal clips here: compare it with every one.",
         lambda y, s: np.mean(s[y == 1] > np.median(s[y == 0]))),
    ]  # fmt: skip


def _cosine(x, center):
    return (x @ center) / (np.linalg.norm(x, axis=1) * np.linalg.norm(center))


def _angle(x, center):
    return np.arccos(np.clip(_cosine(x, center), -1.0, 1.0))


def _distance(x, center):
    return np.linalg.norm(x - center, axis=1)


def _probabilities(cosine, scale):
    return softmax(scale * cosine, axis=1)


@np.errstate(divide="ignore", over="ignore", invalid="ignore")
def _exponentials(exponent):
    weight = np.exp(exponent)
    return weight / weight.sum(axis=1, keepdims=True)


def _cosines():
    """Make cosines of several batches; one scale is so large that its exponentials overflow, and
    there the cosines of the last clip are small.
    """
    rng = np.random.default_rng(2)
    settings = [(2, 3, 4.0), (4, 6, 5.0), (9, 12, 30.0), (3, 5, 2000.0)]
    batches = [(rng.uniform(-1, 1, size=(n, k)), scale) for n, k, scale in settings]
    batches[-1][0][-1] /= 1000.0
    return batches


def _gaps(label, score):
    return score[label == 1][:, None] - score[label == 0]  # (anomalies, normals)


def _auc(label, score):
    gaps = _gaps(label, score)
    return np.mean((gaps > 0) + 0.5 * (gaps == 0))


def _clips(seed):
    """Make labels and scores with ties, of another size for each seed."""
    rng = np.random.default_rng(seed)
    label = rng.permutation(np.repeat([0, 1], [7 + 2 * seed, 4 + seed]))
    return label, rng.integers(0, 8, size=len(label)) / 4.0 + 0.5 * label
