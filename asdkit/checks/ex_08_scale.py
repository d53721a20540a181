"""Checks of notebook 08 on the scale: one step, and a bound."""

import numpy as np
from scipy.special import logsumexp

from .verdict import examine

_ANGLES = [  # that the logarithm is divided by
    ("the angle is not capped: eq. 6 takes the smaller of pi/4 and the median angle.",
     lambda c, s, m: _log_b(c, s) / np.cos(m)),
    ("the cap takes the larger angle: eq. 6 takes the smaller of pi/4 and the median.",
     lambda c, s, m: _log_b(c, s) / np.cos(max(m, np.pi / 4))),
    ("the median angle does not enter: below pi/4 eq. 6 divides by its own cosine.",
     lambda c, s, m: _log_b(c, s) / np.cos(np.pi / 4)),
    ("the division by the cosine of the capped angle is missing.",
     lambda c, s, m: _log_b(c, s)),
    ("this multiplies by the cosine of the capped angle: divide by it.",
     lambda c, s, m: _log_b(c, s) * _cap(m)),
    ("this divides by the angle itself: divide by its cosine.",
     lambda c, s, m: _log_b(c, s) / min(m, np.pi / 4)),
    ("the angle is in degrees here: median comes in radians, and np.cos takes them.",
     lambda c, s, m: _log_b(c, s) / np.cos(min(np.degrees(m), 45.0))),
]  # fmt: skip


def ex_08_2(next_scale):
    r"""Check ``next_scale(cosine, scale, median)``, one step of the adaptive scale.

    $\hat s = (f_{\max} + \ln \hat B) / \cos(\min(\pi/4, \theta_{\mathrm{med}}))$, [SCA] eq. 5 to 7.

    Shapes: a function of cosine (N, K), scale and median angle in radians -> a number.
    Notebook: 08_subcluster_adacos
    """
    return examine(
        "08.2", next_scale, _next_scale, _steps(),
        right="It takes all cosines, cannot overflow, and caps the angle at 45 degrees.",
        mistakes=[
            ("f_max was taken out of the exponents but not added back before the division.",
             lambda c, s, m: (_log_b(c, s) - (s * c).max()) / _cap(m)),
            ("the sum over all clips is not divided by N: eq. 7 takes a mean over the clips.",
             lambda c, s, m: (_log_b(c, s) + np.log(len(c))) / _cap(m)),
            ("this is a mean over the centers too: eq. 7 sums over k, and takes the mean over i.",
             lambda c, s, m: (_log_b(c, s) - np.log(c.shape[1])) / _cap(m)),
            *_ANGLES,
            ("the old scale does not enter: the exponents are scale * cosine.",
             lambda c, s, m: _log_b(c, 1.0) / _cap(m)),
            ("this is the mean of log-sums: eq. 7 takes the mean first, then one logarithm.",
             lambda c, s, m: logsumexp(s * c, axis=1).mean() / _cap(m)),
            ("only ln B is divided by the cosine: f_max stands in the numerator too.",
             lambda c, s, m: (s * c).max() + (_log_b(c, s) - (s * c).max()) / _cap(m)),
            ("the sum runs over the clips and the mean over the centers: "
             "eq. 7 sums over k, and takes the mean over i.",
             lambda c, s, m: (_log_b(c, s) + np.log(len(c) / c.shape[1])) / _cap(m)),
            ("the logarithm comes before the mean here: "
             "eq. 7 takes the mean first, then one logarithm.",
             lambda c, s, m: _late_mean(c, s) / _cap(m)),
            ("these are log-sums of single clips: eq. 7 takes the mean over the clips too.",
             lambda c, s, m: logsumexp(s * c, axis=1) / _cap(m)),
        ],
    )  # fmt: skip


_BOUNDS = [  # bounds as well, and others than the one asked for
    ("this is Jensen over clips and centers, a smaller bound: of each take the largest.",
     lambda c, s: (s * c).mean() + np.log(c.shape[1])),
    ("this is the mean over all, a weaker bound: of each clip take the largest.",
     lambda c, s: (s * c).mean()),
    ("this is a bound too, without Jensen: take each clip's logarithm before the mean.",
     lambda c, s: logsumexp((s * c).max(axis=1)) - np.log(len(c))),
    ("this is a bound too, of one term alone: use Jensen over the clips instead.",
     lambda c, s: (s * c).max() - np.log(len(c))),
]  # fmt: skip


def ex_08_4(lower_bound):
    r"""Check ``lower_bound(cosine, scale)``, the mean over clips of the largest logit.

    It never exceeds $f_{\max} + \ln \hat B$, which the printed eq. 10 of [SCA] may do.

    Shapes: a function of cosine (N, K) and scale -> a number.
    Choices: the mean of the clips' log-sums, which Jensen alone gives, is right too, and closer.
    Example:
        >>> checks.ex_08_4(lambda cosine, scale: (scale * cosine).sum(axis=1).mean())
        ✗ Exercise 08.4: this is the bound as printed, which fails where ...
    Notebook: 08_subcluster_adacos
    """
    return examine(
        "08.4", lower_bound, _bound, _few(),
        alternatives=[lambda c, s: logsumexp(s * c, axis=1).mean()],
        right="Jensen over the clips, and of each clip's sum its largest term or all of it.",
        mistakes=[
            ("this is the bound as printed, which fails where many cosines are positive: "
             "Jensen needs a mean over k.",
             lambda c, s: (s * c).sum(axis=1).mean()),
            ("this is f_max: one clip that has it does not lift the mean over all so far.",
             lambda c, s: (s * c).max()),
            ("this is the exact value, not a bound: of each clip take the largest, then the mean.",
             lambda c, s: logsumexp(s * c) - np.log(len(c))),
            ("this is the largest over the clips for each center: take that of each clip.",
             lambda c, s: (s * c).max(axis=0).mean()),
            ("this is the smallest of each clip: of a sum take its largest term.",
             lambda c, s: (s * c).min(axis=1).mean()),
            ("this is the median of the clips: Jensen is about their mean.",
             lambda c, s: np.median((s * c).max(axis=1))),
            *_BOUNDS,
            ("the scale is missing: the bound is on scale * cosine.",
             lambda c, s: c.max(axis=1).mean()),
            ("this is a sum over the clips: divide it by N.",
             lambda c, s: (s * c).max(axis=1).sum()),
            ("this is an upper bound of each clip's log-sum: leave ln K out.",
             lambda c, s: (s * c).max(axis=1).mean() + np.log(c.shape[1])),
        ],
    )  # fmt: skip


def _few():
    """Make cosines of few clips to many centers, and of many clips to few."""
    rng = np.random.default_rng(4)
    settings = [(5, 8, 6.0), (1, 20, 3.0), (16, 4, 30.0)]
    return [(rng.uniform(-0.2, 1, size=(n, k)), scale) for n, k, scale in settings]


def _steps():
    """Make cosines of several batches; one scale is so large that its exponentials overflow."""
    rng = np.random.default_rng(5)
    settings = [(4, 6, 5.0, 0.3), (9, 12, 12.0, 0.7), (2, 30, 8.0, 1.2), (16, 3, 2000.0, 1.0)]
    return [(rng.uniform(-1, 1, size=(n, k)), scale, median) for n, k, scale, median in settings]


def _bound(cosine, scale):
    return (scale * cosine).max(axis=1).mean()


def _log_b(cosine, scale):
    return logsumexp(scale * cosine) - np.log(len(cosine))


def _late_mean(cosine, scale):
    f = scale * cosine
    return f.max() + np.log(np.exp(f - f.max()).sum(axis=1)).mean()


def _cap(median):
    return np.cos(min(median, np.pi / 4))


def _next_scale(cosine, scale, median):
    return _log_b(cosine, scale) / _cap(median)
