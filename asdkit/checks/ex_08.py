"""Checks of notebook 08: class probabilities, mixed labels, their median angle, and a bound."""

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
    rng = np.random.default_rng(1)
    settings = [(4, 3, 5, 6.0), (1, 2, 4, 2.0), (7, 5, 3, 15.0), (3, 4, 6, 3000.0)]
    probes = [(rng.uniform(-1, 1, size=(n, c, s)), scale) for n, c, s, scale in settings]
    return examine(
        "08.1", class_probabilities, _probabilities, probes,
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


def ex_08_2(mixed_label):
    r"""Check ``mixed_label(y, other, lam, classes)``.

    $\bar y = \lambda \bar y_i + (1 - \lambda) \bar y_j$, [SCA] eq. 4.

    Shapes: a function of y (N,), other (N,), lam (N,) and a number of classes C -> (N, C).
    Example:
        >>> checks.ex_08_2(lambda y, other, lam, classes: np.eye(classes)[y])
        ✗ Exercise 08.2: the partner is left out: add (1 - lam) times its one-hot label.
    Notebook: 08_subcluster_adacos
    """
    rng = np.random.default_rng(2)
    probes = [
        (rng.integers(0, c, size=n), rng.integers(0, c, size=n), rng.uniform(size=n), c)
        for n, c in ((12, 3), (1, 4), (30, 5))
    ]
    return examine(
        "08.2", mixed_label, _soft, probes,
        right="Two shares, which add up to 1 where both clips are of one class.",
        mistakes=[
            ("the shares are swapped: lam belongs to y, 1 - lam to its partner.",
             lambda y, o, lam, c: _soft(y, o, 1.0 - lam, c)),
            ("where both clips are of one class, the second share overwrites the first: add them.",
             _overwritten),
            ("the partner is left out: add (1 - lam) times its one-hot label.",
             lambda y, o, lam, c: np.eye(c)[y]),
            ("the partner is left out: add (1 - lam) times its one-hot label to lam times the "
             "first.",
             lambda y, o, lam, c: lam[:, None] * np.eye(c)[y]),
            ("both clips count one half here: their shares are lam and 1 - lam.",
             lambda y, o, lam, c: _soft(y, o, np.full(len(y), 0.5), c)),
            ("both clips count in full here: their shares are lam and 1 - lam.",
             lambda y, o, lam, c: np.eye(c)[y] + np.eye(c)[o]),
            ("the label is that of the larger share: eq. 4 keeps both.",
             lambda y, o, lam, c: np.eye(c)[np.where(lam >= 0.5, y, o)]),
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
    Example:
        >>> checks.ex_08_4(lambda cosine, scale: (scale * cosine).sum(axis=1).mean())
        ✗ Exercise 08.4: this is the bound as printed, which fails where ...
    Notebook: 08_subcluster_adacos
    """
    return examine(
        "08.4", lower_bound, _bound, _few(),
        right="Jensen over the clips, and of each clip's sum its largest term.",
        mistakes=[
            ("this is the bound as printed, which fails where many cosines are positive: "
             "Jensen needs a mean over k.",
             lambda c, s: (s * c).sum(axis=1).mean()),
            ("this is f_max, the largest of all: "
             "one clip with it does not lift the mean over all clips so far.",
             lambda c, s: (s * c).max()),
            ("this is the smaller bound of Jensen over clips and centers; "
             "of each clip take the largest instead.",
             lambda c, s: (s * c).mean() + np.log(c.shape[1])),
            ("this is the mean over clips and centers, a weaker bound: "
             "of each clip take the largest.",
             lambda c, s: (s * c).mean()),
            ("this is the exact value, not a bound: of each clip take the largest, then the mean.",
             lambda c, s: logsumexp(s * c) - np.log(len(c))),
            ("this takes the largest over the clips for each center: "
             "take it over the centers for each clip.",
             lambda c, s: (s * c).max(axis=0).mean()),
            ("the scale is missing: the bound is on scale * cosine.",
             lambda c, s: c.max(axis=1).mean()),
            ("this is a sum over the clips: divide it by N.",
             lambda c, s: (s * c).max(axis=1).sum()),
        ],
    )  # fmt: skip


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


def _soft(y, other, lam, classes):
    return lam[:, None] * np.eye(classes)[y] + (1.0 - lam[:, None]) * np.eye(classes)[other]


def _overwritten(y, other, lam, classes):
    label, rows = np.zeros((len(y), classes)), np.arange(len(y))
    label[rows, y] = lam
    label[rows, other] = 1.0 - lam
    return label


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
