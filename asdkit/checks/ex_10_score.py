"""Check of notebook 10 on the paper's anomaly score: nearest of means and target clips."""

import numpy as np

from .ex_10 import unit
from .verdict import examine

_NORMS = [  # what is brought to unit length
    ("nothing is brought to unit length: a cosine divides by the length of x and of each "
     "reference.",
     lambda x, m, t: 1 - (x @ _stacked(m, t).T).max(axis=1)),
    ("x keeps its own length: divide each row by its norm.",
     lambda x, m, t: 1 - (x @ unit(_stacked(m, t)).T).max(axis=1)),
    ("the means and the target clips keep their own lengths: divide each by its norm.",
     lambda x, m, t: 1 - (unit(x) @ _stacked(m, t).T).max(axis=1)),
    ("the means keep their own lengths: a mean of unit vectors lies inside the sphere, divide it "
     "by its norm.",
     lambda x, m, t: 1 - (unit(x) @ _stacked(m, unit(t)).T).max(axis=1)),
    ("the target clips keep their own lengths: divide each by its norm.",
     lambda x, m, t: 1 - (unit(x) @ _stacked(unit(m), t).T).max(axis=1)),
    ("one norm runs over all rows: each has its own, axis=1.",
     lambda x, m, t: 1 - (_scaled(x) @ _scaled(_stacked(m, t)).T).max(axis=1)),
    ("one norm runs over all rows: each has its own, axis=1.",
     lambda x, m, t: 1 - (_scaled(x) @ _stacked(_scaled(m), _scaled(t)).T).max(axis=1)),
    ("the norms run over the clips: each row has its own, axis=1.",
     lambda x, m, t: 1 - (unit(x, 0) @ unit(_stacked(m, t), 0).T).max(axis=1)),
    ("the norms run over the clips: each row has its own, axis=1.",
     lambda x, m, t: 1 - (unit(x, 0) @ _stacked(unit(m, 0), unit(t, 0)).T).max(axis=1)),
]  # fmt: skip
_REFERENCES = [  # to what the distance is taken
    ("the target clips are missing: they stand beside the means as references of their own.",
     lambda x, m, t: _nearest(x, m)),
    ("the means of the source clips are missing: the nearest of both kinds counts.",
     lambda x, m, t: _nearest(x, t)),
    ("the target clips are averaged: so few stand for themselves, each a reference of its own.",
     lambda x, m, t: _nearest(x, _stacked(m, _mean(t)))),
    ("the target clips are averaged: so few stand for themselves, each a reference of its own.",
     lambda x, m, t: _nearest(x, _stacked(unit(m), _mean(unit(t))))),
    ("the means are averaged once more: each is a reference of its own.",
     lambda x, m, t: _nearest(x, _stacked(_mean(m), t))),
    ("all references are averaged: take the distance to the nearest one.",
     lambda x, m, t: _nearest(x, _mean(_stacked(m, t)))),
    ("all references are averaged: take the distance to the nearest one.",
     lambda x, m, t: _nearest(x, _mean(unit(_stacked(m, t))))),
]  # fmt: skip
_CHOICES = [  # what of the distances to all references
    ("this is the largest distance: a clip near any one of the references is normal.",
     lambda x, m, t: _distances(x, m, t).max(axis=1)),
    ("this averages over all references: take the nearest.",
     lambda x, m, t: _distances(x, m, t).mean(axis=1)),
    ("this adds up over all references: take the nearest.",
     lambda x, m, t: _distances(x, m, t).sum(axis=1)),
    ("this averages the nearest mean and the nearest target clip: take the nearer of the two.",
     lambda x, m, t: (_nearest(x, m) + _nearest(x, t)) / 2),
    ("this adds the distances to the nearest mean and to the nearest target clip: take the "
     "smaller.",
     lambda x, m, t: _nearest(x, m) + _nearest(x, t)),
    ("this asks a clip to be near both kinds: the smaller of the two distances counts.",
     lambda x, m, t: np.maximum(_nearest(x, m), _nearest(x, t))),
    ("this is the second nearest: the nearest itself counts.",
     lambda x, m, t: np.sort(_distances(x, m, t), axis=1)[:, 1]),
    ("this is the number of the nearest reference: return its distance.",
     lambda x, m, t: _distances(x, m, t).argmin(axis=1)),
    ("the smallest distance is taken over the clips: each clip takes it over the references, "
     "axis=1.",
     lambda x, m, t: _distances(x, m, t).min(axis=0)),
    ("the nearest is sought by Euclidean distance at raw length: take the largest cosine.",
     lambda x, m, t: _by_euclid(x, _stacked(m, t))),
]  # fmt: skip
_DISTANCES = [  # how far the nearest is
    ("this is the largest cosine: a score grows with the distance, 1 minus it.",
     lambda x, m, t: 1 - _score(x, m, t)),
    ("this is the largest cosine with its sign turned, which ranks alike: the distance is 1 - cos.",
     lambda x, m, t: _score(x, m, t) - 1),
    ("these are Euclidean distances at raw length: x / |x| and the references on the sphere have "
     "the cosine distance 1 - cos.",
     lambda x, m, t: _apart(x, _stacked(m, t)).min(axis=1)),
    ("these are Euclidean distances d on the sphere: the cosine distance is d^2 / 2.",
     lambda x, m, t: np.sqrt(2 * _score(x, m, t))),
    ("these are squared Euclidean distances d^2 on the sphere: the cosine distance is d^2 / 2.",
     lambda x, m, t: 2 * _score(x, m, t)),
    ("this is the angle to the nearest: the distance is 1 minus its cosine.",
     lambda x, m, t: np.arccos(1 - _score(x, m, t))),
    ("the cosines have lost their sign: the opposite of a mean is far from it, 1 - cos is up to 2.",
     lambda x, m, t: 1 - np.abs(1 - _distances(x, m, t)).max(axis=1)),
    ("the cosines are squared, as for an energy: the backend takes 1 - cos.",
     lambda x, m, t: 1 - ((1 - _distances(x, m, t)) ** 2).max(axis=1)),
]  # fmt: skip


def ex_10_3(cluster_score):
    r"""Check ``cluster_score(x, means, targets)``, the paper's anomaly score of one group.

    $1 - \max\big(\max_k \cos(x, \mu_k), \max_i \cos(x, x_i)\big)$ over the means $\mu_k$ of source
    clips and the target clips $x_i$.

    Paper: [AP] 3.2.
    Shapes: a function of ``x`` (N, D), ``means`` (K, D) and ``targets`` (M, D), none of unit
        length -> (N,).
    Notebook: 10_adaproj
    """
    return examine(
        "10.3", cluster_score, _score, [_group(seed) for seed in range(4)],
        rescale=lambda x, means, targets: (3 * x, means / 2, 2 * targets),
        right="One target clip nearby is enough, however far all the means lie.",
        mistakes=[*_NORMS, *_REFERENCES, *_CHOICES, *_DISTANCES],
    )  # fmt: skip


def _group(seed):
    """Make clips, means and target clips of any length; some clips are nearest to either kind."""
    rng = np.random.default_rng(seed)
    sizes = [(3, 2, 2), (6, 4, 3), (8, 5, 2), (5, 3, 4)][seed], (3, 4, 3, 6)[seed]
    return tuple(
        rng.normal(size=(count, sizes[1])) * rng.uniform(0.4, 2.5, size=(count, 1))
        for count in sizes[0]
    )


def _stacked(means, targets):
    return np.concatenate([means, targets])


def _scaled(rows):
    return rows / np.linalg.norm(rows)


def _mean(rows):
    return rows.mean(axis=0, keepdims=True)


def _distances(x, means, targets):
    return 1 - unit(x) @ unit(_stacked(means, targets)).T  # (N, K + M)


def _nearest(x, references):
    return 1 - (unit(x) @ unit(references).T).max(axis=1)


def _apart(x, references):
    return np.linalg.norm(x[:, None] - references, axis=2)


def _by_euclid(x, references):
    nearest = references[_apart(x, references).argmin(axis=1)]
    return 1 - (unit(x) * unit(nearest)).sum(axis=1)


def _score(x, means, targets):
    return _distances(x, means, targets).min(axis=1)
