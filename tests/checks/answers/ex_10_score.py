"""Answers to the exercise of notebook 10 on the paper's score: right answers, and wrong ones by the
hint that each must get.
"""

import numpy as np
import torch
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors
from torch.nn.functional import normalize

from asdkit import backends


def unit(rows):
    return rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))


def score(x, means, targets):
    references = unit(np.vstack([means, targets]))
    return 1 - np.max(unit(x) @ references.T, axis=1)


def score_of_both_kinds(x, means, targets):
    return np.minimum(*(cdist(x, some, "cosine").min(axis=1) for some in (means, targets)))


def score_by_neighbors(x, means, targets):
    model = NearestNeighbors(n_neighbors=1).fit(unit(np.vstack([means, targets])))
    return model.kneighbors(unit(x))[0][:, 0] ** 2 / 2


def score_in_torch(x, means, targets):
    references = torch.cat([means, targets])
    cosine = torch.cosine_similarity(x[:, None], references, dim=2)
    return (1 - cosine).amin(dim=1)


def score_in_float32(x, means, targets):
    x, means, targets = (normalize(torch.as_tensor(some).float()) for some in (x, means, targets))
    return 1 - (x @ torch.cat([means, targets]).T).max(dim=1).values


def score_of_the_library(x, means, targets):
    """The backend with no more source clips than means, so that each is a mean of its own."""
    domain = np.repeat(["source", "target"], [len(means), len(targets)])
    backend = backends.CosineToClusters(clusters=len(means))
    return backend.fit(np.vstack([means, targets]), domain=domain).score(x)


def cosines(x, means, targets):
    return unit(x) @ unit(np.vstack([means, targets])).T


def nearest(x, references):
    return 1 - (unit(x) @ unit(references).T).max(axis=1)


def whole(rows):
    return rows / np.linalg.norm(rows)


def columns(rows):
    return rows / np.linalg.norm(rows, axis=0)


def nearest_by_euclid(x, means, targets):
    references = np.vstack([means, targets])
    chosen = references[cdist(x, references).argmin(axis=1)]
    return 1 - (unit(x) * unit(chosen)).sum(axis=1)


RIGHT = {
    "ex_10_3": [
        score,
        score_of_both_kinds,
        score_by_neighbors,
        score_in_torch,
        score_in_float32,
        score_of_the_library,
    ],
}
WRONG = {
    "ex_10_3": {
        "nothing is brought to unit length": lambda x, m, t: 1 - (x @ np.r_[m, t].T).max(axis=1),
        "x keeps its own length": lambda x, m, t: 1 - (x @ unit(np.r_[m, t]).T).max(axis=1),
        "the means and the target clips keep": lambda x, m, t: (
            1 - (unit(x) @ np.r_[m, t].T).max(axis=1)
        ),
        "the means keep their own": lambda x, m, t: 1 - (unit(x) @ np.r_[m, unit(t)].T).max(axis=1),
        "the target clips keep": lambda x, m, t: 1 - (unit(x) @ np.r_[unit(m), t].T).max(axis=1),
        "one norm runs over all": lambda x, m, t: 1 - (whole(x) @ whole(np.r_[m, t]).T).max(axis=1),
        "each has its own, axis=1": lambda x, m, t: (
            1 - (whole(x) @ np.r_[whole(m), whole(t)].T).max(axis=1)
        ),
        "the norms run over the clips": lambda x, m, t: (
            1 - (columns(x) @ columns(np.r_[m, t]).T).max(axis=1)
        ),
        "each row has its own, axis=1": lambda x, m, t: (
            1 - (columns(x) @ np.r_[columns(m), columns(t)].T).max(axis=1)
        ),
        "the target clips are missing": lambda x, m, t: nearest(x, m),
        "the means of the source clips are missing": lambda x, m, t: nearest(x, t),
        "the target clips are averaged": lambda x, m, t: nearest(x, np.vstack([m, t.mean(axis=0)])),
        "so few stand for themselves": lambda x, m, t: nearest(
            x, np.vstack([m, unit(t).mean(axis=0)])
        ),
        "averaged once more": lambda x, m, t: nearest(x, np.vstack([m.mean(axis=0), t])),
        "all references are averaged": lambda x, m, t: nearest(
            x, np.r_[m, t].mean(axis=0, keepdims=True)
        ),
        "the distance to the nearest one": lambda x, m, t: nearest(
            x, unit(np.r_[m, t]).mean(axis=0, keepdims=True)
        ),
        "this is the largest distance": lambda x, m, t: 1 - cosines(x, m, t).min(axis=1),
        "this averages over all": lambda x, m, t: 1 - cosines(x, m, t).mean(axis=1),
        "this adds up over all": lambda x, m, t: (1 - cosines(x, m, t)).sum(axis=1),
        "this averages the nearest mean": lambda x, m, t: (nearest(x, m) + nearest(x, t)) / 2,
        "this adds the distances": lambda x, m, t: nearest(x, m) + nearest(x, t),
        "near both kinds": lambda x, m, t: np.maximum(nearest(x, m), nearest(x, t)),
        "the second nearest": lambda x, m, t: 1 - np.sort(cosines(x, m, t), axis=1)[:, -2],
        "the number of the nearest": lambda x, m, t: cosines(x, m, t).argmax(axis=1),
        "over the references, axis=1": lambda x, m, t: 1 - cosines(x, m, t).max(axis=0),
        "is sought by Euclidean": nearest_by_euclid,
        "this is the largest cosine: a": lambda x, m, t: cosines(x, m, t).max(axis=1),
        "which ranks alike": lambda x, m, t: -cosines(x, m, t).max(axis=1),
        "Euclidean distances at raw length": lambda x, m, t: cdist(x, np.r_[m, t]).min(axis=1),
        "are Euclidean distances d on": lambda x, m, t: cdist(unit(x), unit(np.r_[m, t])).min(1),
        "squared Euclidean distances d^2": lambda x, m, t: (
            cdist(unit(x), unit(np.r_[m, t])).min(axis=1) ** 2
        ),
        "the angle to the nearest": lambda x, m, t: np.arccos(cosines(x, m, t).max(axis=1)),
        "lost their sign": lambda x, m, t: 1 - np.abs(cosines(x, m, t)).max(axis=1),
        "the cosines are squared": lambda x, m, t: 1 - (cosines(x, m, t) ** 2).max(axis=1),
        "maximum along axis=1 is missing": lambda x, m, t: 1 - cosines(x, m, t),
        "an axis is forgotten": lambda x, m, t: 1 - cosines(x, m, t).max(),
        "stopped with RuntimeError": lambda x, m, t: 1 - (x @ torch.cat([m, t], dim=1).T).amax(1),
        "and must be": lambda x, m, t: nearest(x, np.r_[m, t[:1]]),
    },
}
