"""Checks of notebook 00: an angle, a step of the scale, and an AUC counted by hand."""

import numpy as np
from scipy.special import logsumexp

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
        mistakes=[
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
        ],
    )  # fmt: skip


def ex_00_2(next_scale):
    r"""Check ``next_scale(cosine, scale, median)``, one step of the adaptive scale.

    $\hat s = (f_{\max} + \ln \hat B) / \cos(\min(\pi/4, \theta_{\mathrm{med}}))$, [SCA] eq. 5 to 7.

    Shapes: a function of cosine (N, K), scale and median angle in radians -> float.
    Notebook: 00_start_here
    """
    return examine(
        "00.2", next_scale, _next_scale, _batches(),
        right="It takes all cosines, cannot overflow, and caps the angle at 45 degrees.",
        mistakes=[
            ("f_max was taken out of the exponents but not added back before the division.",
             lambda c, s, m: (_log_b(c, s) - (s * c).max()) / _cap(m)),
            ("the sum over all clips is not divided by N: eq. 7 takes a mean over the clips.",
             lambda c, s, m: (_log_b(c, s) + np.log(len(c))) / _cap(m)),
            ("this is a mean over the centers too: "
             "eq. 7 sums over k and takes the mean over i only.",
             lambda c, s, m: (_log_b(c, s) - np.log(c.shape[1])) / _cap(m)),
            ("the angle is not capped: eq. 6 takes the smaller of pi/4 and the median angle.",
             lambda c, s, m: _log_b(c, s) / np.cos(m)),
            ("the cap takes the larger angle: "
             "eq. 6 takes the smaller of pi/4 and the median angle.",
             lambda c, s, m: _log_b(c, s) / np.cos(max(m, np.pi / 4))),
            ("the division by the cosine of the capped angle is missing.",
             lambda c, s, m: _log_b(c, s)),
            ("this multiplies by the cosine of the capped angle: divide by it.",
             lambda c, s, m: _log_b(c, s) * _cap(m)),
            ("the old scale does not enter: the exponents are scale * cosine.",
             lambda c, s, m: _log_b(c, 1.0) / _cap(m)),
        ],
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
        mistakes=[
            ("ties are left out: add one half for each pair with equal scores.",
             lambda y, s: np.mean(_gaps(y, s) > 0)),
            ("ties count as a whole here: a pair with equal scores counts one half.",
             lambda y, s: np.mean(_gaps(y, s) >= 0)),
            ("anomalies and normal clips are swapped: this is 1 - AUC.",
             lambda y, s: 1.0 - _auc(y, s)),
            ("anomalies and normal clips are swapped, and ties are left out.",
             lambda y, s: np.mean(_gaps(y, s) < 0)),
            ("this is the number of pairs in order: divide it by the number of all pairs.",
             lambda y, s: _auc(y, s) * _gaps(y, s).size),
            ("this is the number of pairs in order: "
             "add half of the ties and divide by the number of all pairs.",
             lambda y, s: np.sum(_gaps(y, s) > 0)),
            ("divide by the number of pairs of an anomaly and a normal clip, "
             "not by the number of clips squared.",
             lambda y, s: _auc(y, s) * _gaps(y, s).size / len(y) ** 2),
        ],
    )  # fmt: skip


def _cosine(x, center):
    return (x @ center) / (np.linalg.norm(x, axis=1) * np.linalg.norm(center))


def _angle(x, center):
    return np.arccos(np.clip(_cosine(x, center), -1.0, 1.0))


def _distance(x, center):
    return np.linalg.norm(x - center, axis=1)


def _log_b(cosine, scale):
    return logsumexp(scale * cosine) - np.log(len(cosine))


def _cap(median):
    return np.cos(min(median, np.pi / 4))


def _next_scale(cosine, scale, median):
    return _log_b(cosine, scale) / _cap(median)


def _batches():
    """Make cosines of several batches; one scale is so large that its exponentials overflow."""
    rng = np.random.default_rng(2)
    settings = [(4, 6, 5.0, 0.3), (9, 12, 12.0, 0.7), (2, 30, 8.0, 1.2), (16, 3, 2000.0, 1.0)]
    return [(rng.uniform(-1, 1, size=(n, k)), scale, median) for n, k, scale, median in settings]


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
