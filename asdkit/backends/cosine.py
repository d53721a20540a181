"""Backends that measure cosines on the sphere."""

import numpy as np
import sklearn

from .. import given
from .backend import Backend
from .groups import unit


class CosineToMean(Backend):
    r"""Cosine distance to the mean embedding of the group, $1 - \cos(x, \bar x)$.

    Paper: [SCA] III-C and Table II.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,) in [0, 2].
    Raises: ValueError for an unknown group, NaN, or embeddings that are not (N, D).
    Example:
        >>> backend = backends.CosineToMean().fit([[2.0, 0.0], [1.0, 0.0]])
        >>> backend.score([[5.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
        array([0., 1., 2.])
    Notebook: 12_backends
    """

    def keep(self, x, group):
        return {"mean": unit(x.mean(axis=0, keepdims=True))[0]}

    def judge(self, model, x):
        return 1.0 - x @ model["mean"]


class CosineTopK(Backend):
    r"""Mean cosine distance to the k nearest training embeddings of the group.

    $$s(x) = 1 - \frac1k \sum_{i \in N_k(x)} \cos(x, x_i)$$

    Paper: [SCA] Table II, with k = 10.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,), a cosine distance in [0, 2].
    Raises: ValueError for an unknown group, NaN, embeddings that are not (N, D), or a k below 1.
    Choices: a group of fewer than k clips takes all of them.
    Example:
        >>> backend = backends.CosineTopK(k=2).fit([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
        >>> backend.score([[3.0, 0.0], [0.0, -1.0]])  # 1 - (1 + 0) / 2, and 1 - (0 + 0) / 2
        array([0.5, 1. ])
    Notebook: 12_backends
    """

    def __init__(self, k=10):
        self.k = k
        self.check()

    def check(self):
        given.count(self.k, "k")

    def keep(self, x, group):
        return {"embeddings": x}

    def judge(self, model, x):
        count = len(model["embeddings"])
        k = min(int(self.k), count)
        return 1.0 - np.partition(x @ model["embeddings"].T, count - k, axis=1)[
            :, count - k :
        ].mean(axis=1)


class CosineToClusters(Backend):
    r"""Cosine distance to the nearest of the group's means and target clips.

    $$s(x) = 1 - \max\Big(\max_k \cos(x, \mu_k),\ \max_{i \in \text{target}} \cos(x, x_i)\Big)$$

    The means $\mu_k$ are those of k-means on the source clips; the few target clips stand for
    themselves.

    Paper: [AP] section 3.2, with 32 means and ten target clips.
    Shapes: ``x`` (N, D), ``group`` (N,), ``domain`` (N,) -> score (N,), a cosine distance in [0,
        2].
    Raises: ValueError for an unknown group, a domain that is neither source nor target, NaN,
        embeddings that are not (N, D), or clusters below 1.
    Choices: k-means runs on unit vectors, once from a fixed seed, and ends in one of several
        optima. A group with fewer different source clips than ``clusters`` keeps each of them.
        Without ``domain`` all clips are source.
    Example:
        >>> x, domain = [[1.0, 0.1], [1.0, -0.1], [0.0, 1.0]], ["source", "source", "target"]
        >>> backend = backends.CosineToClusters(clusters=1).fit(x, domain=domain)
        >>> backend.score([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]).round(6)
        array([0., 0., 1.])
    Notebook: 10_adaproj, 12_backends
    """

    needs_domain = True

    def __init__(self, clusters=32):
        self.clusters = clusters
        self.check()

    def check(self):
        given.count(self.clusters, "clusters")

    def keep(self, x, group):
        target = np.zeros(len(x), dtype=bool) if group.domain is None else group.domain == "target"
        return {"references": np.concatenate([self._means(x[~target]), x[target]])}

    def judge(self, model, x):
        return 1.0 - (x @ model["references"].T).max(axis=1)

    def _means(self, source):
        different = np.unique(source, axis=0)
        if len(different) <= self.clusters:
            return different
        return unit(
            sklearn.cluster.KMeans(int(self.clusters), n_init=1, random_state=0)
            .fit(source)
            .cluster_centers_
        )
