"""Checks of notebook 08: class probabilities, and the median angle."""

import numpy as np
from scipy.special import log_softmax, logsumexp, softmax

from .verdict import examine

_BESIDE = (
    "the softmax runs over the classes for each number of a sub-cluster alone: "
    "eq. 9 divides by the sum over all C S."
)
_SHARES = [  # of a softmax, and what is taken out of its exponents
    (_BESIDE, lambda c, s: softmax(s * c, axis=1).sum(axis=2)),
    (_BESIDE, lambda c, s: softmax(s * c, axis=1).mean(axis=2)),
    ("the C S values of a clip are cut into S rows of C: a class has its S side by side.",
     lambda c, s: _all_clusters(c, s).reshape(len(c), c.shape[2], -1).sum(axis=1)),
    ("an exponential overflows: take the largest cosine of each clip out of all its "
     "exponents first.",
     lambda c, s: np.exp(s * c).sum(axis=2) / np.exp(s * c).sum(axis=(1, 2))[:, None]),
    ("the largest cosine of the whole batch is taken out, and a clip far below it is left "
     "with 0 / 0: take out that of each clip.",
     lambda c, s: _shifted(c, s, c.max())),
    ("of each class its own largest cosine is taken out, which changes the shares: "
     "take out one a clip.",
     lambda c, s: _shifted(c, s, c.max(axis=2, keepdims=True))),
]  # fmt: skip


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
            *_SHARES,
            ("the scale is missing: the exponents are scale * cosine.",
             lambda c, s: _probabilities(c, 1.0)),
            ("these are logarithms of the probabilities: take the exponential.",
             lambda c, s:
                 logsumexp(
                     log_softmax((s * c).reshape(len(c), -1), axis=1).reshape(c.shape), axis=2)),
        ],
    )  # fmt: skip


_PAIRS = [  # which angles of a clip are blended
    ("this takes the farthest sub-cluster: the nearest has the largest cosine, "
     "the smallest angle.",
     lambda c, y, o, lam: np.median(_blend(np.arccos(c.min(axis=2)), y, o, lam))),
    ("this takes the first sub-cluster: take the nearest.",
     lambda c, y, o, lam: np.median(_blend(np.arccos(c[:, :, 0]), y, o, lam))),
    ("here both classes must share the number of the sub-cluster: "
     "take the nearest of each class, then blend.",
     lambda c, y, o, lam:
         np.median(_blend(np.arccos(c), y, o, lam[:, None]).min(axis=1))),
    ("values[:, y] pairs every clip with the classes of all: "
     "take of each row its own, values[np.arange(N), y].",
     lambda c, y, o, lam: np.median(_pairs(np.arccos(c.max(axis=2)), y, o, lam))),
    ("medians are blended: blend the two angles of each clip, then take one median.",
     lambda c, y, o, lam: _blended_medians(np.arccos(c.max(axis=2)), y, o, lam)),
]  # fmt: skip


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
            ("the cap at 45 degrees belongs to eq. 6: the median comes before it.",
             lambda c, y, o, lam: min(_median(c, y, o, lam), np.pi / 4)),
            *_PAIRS,
            ("this is a cosine: take the arc cosine before the blend.",
             lambda c, y, o, lam: np.median(_blend(c.max(axis=2), y, o, lam))),
        ],
    )  # fmt: skip


def _clips():
    """Make cosines to several sub-clusters, at last of clips whose largest ones lie far apart."""
    rng = np.random.default_rng(1)
    settings = [(4, 3, 5, 6.0), (1, 2, 4, 2.0), (7, 5, 3, 15.0), (3, 4, 6, 3000.0)]
    probes = [(rng.uniform(-1, 1, size=(n, c, s)), scale) for n, c, s, scale in settings]
    apart = np.array([0.9, -0.9, 0.0])[:, None, None]
    return [*probes, (apart + rng.uniform(-0.05, 0.05, size=(3, 2, 4)), 2000.0)]


def _all_clusters(cosine, scale):
    return softmax((scale * cosine).reshape(len(cosine), -1), axis=1).reshape(cosine.shape)


def _probabilities(cosine, scale):
    return _all_clusters(cosine, scale).sum(axis=2)


@np.errstate(over="ignore")
def _undivided(cosine, scale):
    return np.exp(scale * cosine).sum(axis=2)


def _shifted(cosine, scale, shift):
    weight = np.exp(scale * (cosine - shift)).sum(axis=2)
    return weight / weight.sum(axis=1, keepdims=True)


def _blend(values, y, other, lam):
    rows = np.arange(len(y))
    return lam * values[rows, y] + (1.0 - lam) * values[rows, other]


def _pairs(values, y, other, lam):
    return lam * values[:, y] + (1.0 - lam) * values[:, other]


def _blended_medians(angle, y, other, lam):
    rows, share = np.arange(len(y)), np.median(lam)
    return share * np.median(angle[rows, y]) + (1.0 - share) * np.median(angle[rows, other])


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
