"""Checks of notebook 08: class probabilities, one step of the scale, the median angle, and a
bound.
"""

import numpy as np
from scipy.special import log_softmax, logsumexp, softmax

from .verdict import examine


def ex_08_1(class_probabilities):
    r"""Check ``class_probabilities(cosine, scale)``.

    $\hat P_{ij} = \sum_{l \in M^{(j)}} e^{\hat s \cos\theta_{il}} / \sum_{k=1}^{CS} e^{\hat s
    \cos\theta_{ik}}$, [SCA] eq. 9.

    Shapes: a function of cosine (N, C, S) and scale -> (N, C).
    Notebook: 08_subcluster_adacos
    """
    return examine(
        "08.1", class_probabilities, _probabilities, _clips(),
        right="Sub-clusters of a class add up, and no exponential overflows.",
        mistakes=[
            ("these are sums of exponentials: divide by the sum over all C S sub-clusters.",
             _undivided),
            ("only the best sub-cluster of a class counts here: eq. 9 adds all of them up.",
             lambda c, s: _all_clusters(c, s).max(axis=2)),
            ("this is a softmax over the nearest sub-clusters, "
             "as in sub-center ArcFace: eq. 9 adds all of them up.",
             lambda c, s: softmax(s * c.max(axis=2), axis=1)),
            ("this is a mean over the sub-clusters of a class: eq. 9 takes the sum.",
             lambda c, s: _all_clusters(c, s).mean(axis=2)),
            ("the cosines are added before the exponential: eq. 9 adds the probabilities.",
             lambda c, s: softmax(s * c.sum(axis=2), axis=1)),
            ("the cosines are averaged before the exponential: eq. 9 adds the probabilities.",
             lambda c, s: softmax(s * c.mean(axis=2), axis=1)),
            ("the softmax runs over the sub-clusters of one class: "
             "eq. 9 divides by the sum over all C S.",
             lambda c, s: softmax(s * c, axis=2).sum(axis=2)),
            ("the scale is missing: the exponents are scale * cosine.",
             lambda c, s: _probabilities(c, 1.0)),
            ("these are logarithms of the probabilities: take the exponential.",
             lambda c, s:
                 logsumexp(
                     log_softmax((s * c).reshape(len(c), -1), axis=1).reshape(c.shape), axis=2)),
        ],
    )  # fmt: skip


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
            ("the old scale does not enter: the exponents are scale * cosine.",
             lambda c, s, m: _log_b(c, 1.0) / _cap(m)),
            ("this is the mean of log-sums: eq. 7 takes the mean first, then one logarithm.",
             lambda c, s, m: logsumexp(s * c, axis=1).mean() / _cap(m)),
            ("these are log-sums of single clips: eq. 7 takes the mean over the clips too.",
             lambda c, s, m: logsumexp(s * c, axis=1) / _cap(m)),
        ],
    )  # fmt: skip


def ex_08_3(median_angle):
    r"""Check ``median_angle(cosine, y, other, lam)``, in radians.

    $\mathrm{med}_i\, \lambda_i \theta_{i,y_i} + (1 - \lambda_i) \theta_{i,y_j}$ with the nearest
    sub-cluster of each class, [SCA] eq. 8.

    Shapes: a function of cosine (N, C, S), y (N,), other (N,) and lam (N,), with N odd -> a number.
    Choices: an odd N has one middle value, so that no convention decides.
    Example:
        >>> checks.ex_08_3(lambda cosine, y, other, lam: np.median(np.arccos(cosine.max(axis=2))))
        ✗ Exercise 08.3: this is the median over all classes: take the two classes of each clip.
    Notebook: 08_subcluster_adacos
    """
    return examine(
        "08.3", median_angle, _median, _batches(),
        right="Nearest sub-cluster, then the angle, then the blend, then the median.",
        mistakes=[
            ("the angles are summed over the sub-clusters, "
             "as the published code does: take the nearest.",
             lambda c, y, o, lam: np.median(_blend(np.arccos(c).sum(axis=2), y, o, lam))),
            ("the angles are averaged over the sub-clusters: take the nearest.",
             lambda c, y, o, lam: np.median(_blend(np.arccos(c).mean(axis=2), y, o, lam))),
            ("this takes the farthest sub-cluster: the nearest has the largest cosine, "
             "the smallest angle.",
             lambda c, y, o, lam: np.median(_blend(np.arccos(c.min(axis=2)), y, o, lam))),
            ("the cosines are blended: eq. 8 blends the angles.",
             lambda c, y, o, lam: np.median(np.arccos(_blend(c.max(axis=2), y, o, lam)))),
            ("the shares are swapped: lam belongs to y, 1 - lam to its partner.",
             lambda c, y, o, lam: _median(c, o, y, lam)),
            ("the partner's class is left out: add (1 - lam) times its angle.",
             lambda c, y, o, lam: _median(c, y, y, lam)),
            ("this is the mean of the clips: eq. 6 takes the median.",
             lambda c, y, o, lam: np.mean(_blend(np.arccos(c.max(axis=2)), y, o, lam))),
            ("this is the median over all classes: take the two classes of each clip.",
             lambda c, y, o, lam: np.median(np.arccos(c.max(axis=2)))),
            ("this is a cosine: take the arc cosine before the blend.",
             lambda c, y, o, lam: np.median(_blend(c.max(axis=2), y, o, lam))),
        ],
    )  # fmt: skip


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
            ("this is Jensen over clips and centers, a smaller bound: of each take the largest.",
             lambda c, s: (s * c).mean() + np.log(c.shape[1])),
            ("this is the mean over all, a weaker bound: of each clip take the largest.",
             lambda c, s: (s * c).mean()),
            ("this is the exact value, not a bound: of each clip take the largest, then the mean.",
             lambda c, s: logsumexp(s * c) - np.log(len(c))),
            ("this is the largest over the clips for each center: take that of each clip.",
             lambda c, s: (s * c).max(axis=0).mean()),
            ("the scale is missing: the bound is on scale * cosine.",
             lambda c, s: c.max(axis=1).mean()),
            ("this is a sum over the clips: divide it by N.",
             lambda c, s: (s * c).max(axis=1).sum()),
            ("this is a bound too, of one term alone: use Jensen over the clips instead.",
             lambda c, s: (s * c).max() - np.log(len(c))),
            ("this is an upper bound of each clip's log-sum: leave ln K out.",
             lambda c, s: (s * c).max(axis=1).mean() + np.log(c.shape[1])),
        ],
    )  # fmt: skip


def _clips():
    """Make cosines to several sub-clusters, at last of clips whose largest ones lie far apart."""
    rng = np.random.default_rng(1)
    settings = [(4, 3, 5, 6.0), (1, 2, 4, 2.0), (7, 5, 3, 15.0), (3, 4, 6, 3000.0)]
    probes = [(rng.uniform(-1, 1, size=(n, c, s)), scale) for n, c, s, scale in settings]
    apart = np.array([0.9, -0.9, 0.0])[:, None, None]
    return [*probes, (apart + rng.uniform(-0.05, 0.05, size=(3, 2, 4)), 2000.0)]


def _few():
    """Make cosines of few clips to many centers, and of many clips to few."""
    rng = np.random.default_rng(4)
    settings = [(5, 8, 6.0), (1, 20, 3.0), (16, 4, 30.0)]
    return [(rng.uniform(-0.2, 1, size=(n, k)), scale) for n, k, scale in settings]


def _all_clusters(cosine, scale):
    return softmax((scale * cosine).reshape(len(cosine), -1), axis=1).reshape(cosine.shape)


def _probabilities(cosine, scale):
    return _all_clusters(cosine, scale).sum(axis=2)


@np.errstate(over="ignore")
def _undivided(cosine, scale):
    return np.exp(scale * cosine).sum(axis=2)


def _blend(values, y, other, lam):
    rows = np.arange(len(y))
    return lam * values[rows, y] + (1.0 - lam) * values[rows, other]


def _batches():
    """Make cosines of odd batches, with the classes of each clip and its partner, and shares."""
    rng = np.random.default_rng(3)
    return [
        (
            rng.uniform(-1, 1, size=(n, c, s)),
            rng.integers(0, c, n),
            rng.integers(0, c, n),
            rng.uniform(size=n),
        )
        for n, c, s in ((9, 4, 3), (31, 5, 2), (1, 3, 6), (15, 3, 4))
    ]


def _median(cosine, y, other, lam):
    return np.median(_blend(np.arccos(cosine.max(axis=2)), y, other, lam))


def _bound(cosine, scale):
    return (scale * cosine).max(axis=1).mean()


def _log_b(cosine, scale):
    return logsumexp(scale * cosine) - np.log(len(cosine))


def _cap(median):
    return np.cos(min(median, np.pi / 4))


def _next_scale(cosine, scale, median):
    return _log_b(cosine, scale) / _cap(median)


def _steps():
    """Make cosines of several batches; one scale is so large that its exponentials overflow."""
    rng = np.random.default_rng(5)
    settings = [(4, 6, 5.0, 0.3), (9, 12, 12.0, 0.7), (2, 30, 8.0, 1.2), (16, 3, 2000.0, 1.0)]
    return [(rng.uniform(-1, 1, size=(n, k)), scale, median) for n, k, scale, median in settings]
