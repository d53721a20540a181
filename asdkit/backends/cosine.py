"""Backends that measure cosines on the sphere."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans

from .groups import members, score_groups, unit


class CosineToMean(BaseEstimator):
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

    def fit(self, x, group=None):
        """Fit a mean to the normal embeddings of each group.

        Shapes: ``x`` (N, D), ``group`` (N,) -> self.
        Example:
            >>> backend = backends.CosineToMean().fit([[2.0, 0.0], [0.0, 1.0]], group=["fan/00", "pump/00"])
            >>> backend.models_["fan/00"]["mean"]
            array([1., 0.])
        Notebook: 12_backends
        """
        x = unit(x)
        self.models_ = {
            name: {"mean": unit(x[rows].mean(axis=0, keepdims=True))[0]} for name, rows in members(x, group).items()
        }
        return self

    def score(self, x, group=None):
        """Distance of each embedding to the mean of its group; larger is more anomalous.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> backend = backends.CosineToMean().fit([[2.0, 0.0], [0.0, 1.0]], group=["fan/00", "pump/00"])
            >>> backend.score([[2.0, 0.0], [2.0, 0.0]], group=["fan/00", "pump/00"])
            array([0., 1.])
        Notebook: 12_backends
        """
        return score_groups(self.models_, lambda model, x: 1.0 - x @ model["mean"], unit(x), group)


class CosineTopK(BaseEstimator):
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

    def fit(self, x, group=None):
        """Keep the normal embeddings of each group.

        Shapes: ``x`` (N, D), ``group`` (N,) -> self.
        Example:
            >>> backend = backends.CosineTopK().fit([[2.0, 0.0], [0.0, 1.0]], group=["fan/00", "pump/00"])
            >>> backend.models_["fan/00"]["embeddings"]
            array([[1., 0.]])
        Notebook: 12_backends
        """
        if self.k < 1:
            raise ValueError(f"k is a number of neighbors from 1 on, not {self.k}")
        x = unit(x)
        self.models_ = {name: {"embeddings": x[rows]} for name, rows in members(x, group).items()}
        return self

    def score(self, x, group=None):
        """Mean distance of each embedding to the k nearest of its group; larger is more anomalous.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> backend = backends.CosineTopK(k=1).fit([[2.0, 0.0], [0.0, 1.0]])
            >>> backend.score([[1.0, 0.0], [-1.0, 0.0]])
            array([0., 1.])
        Notebook: 12_backends
        """
        return score_groups(self.models_, self._distance, unit(x), group)

    def _distance(self, model, x):
        count = len(model["embeddings"])
        k = min(self.k, count)
        return 1.0 - np.partition(x @ model["embeddings"].T, count - k, axis=1)[:, count - k :].mean(axis=1)


class CosineToClusters(BaseEstimator):
    r"""Cosine distance to the nearest of the group's means and target clips.

    $$s(x) = 1 - \max\Big(\max_k \cos(x, \mu_k),\ \max_{i \in \text{target}} \cos(x, x_i)\Big)$$

    The means $\mu_k$ are those of k-means on the source clips; the few target clips stand for themselves.

    Paper: [AP] section 3.2, with 32 means and ten target clips.
    Shapes: ``x`` (N, D), ``group`` (N,), ``domain`` (N,) -> score (N,), a cosine distance in [0, 2].
    Raises: ValueError for an unknown group, a domain that is neither source nor target, NaN, or embeddings that are not
        (N, D).
    Choices: k-means runs on unit vectors, once from a fixed seed, and ends in one of several optima. A group with
        fewer different source clips than ``clusters`` keeps each of them. Without ``domain`` all clips are source.
    Example:
        >>> x, domain = [[1.0, 0.1], [1.0, -0.1], [0.0, 1.0]], ["source", "source", "target"]
        >>> backend = backends.CosineToClusters(clusters=1).fit(x, domain=domain)
        >>> backend.score([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]).round(6)
        array([0., 0., 1.])
    Notebook: 12_backends
    """

    def __init__(self, clusters=32):
        self.clusters = clusters

    def fit(self, x, group=None, domain=None):
        """Find the means of each group's source clips, and keep its target clips.

        Shapes: ``x`` (N, D), ``group`` (N,), ``domain`` (N,) "source" or "target" -> self.
        Raises: ValueError for another domain, or where x and domain differ in length.
        Example:
            >>> backend = backends.CosineToClusters(clusters=1).fit([[1.0, 0.0], [0.0, 1.0]], ["fan/00", "pump/00"])
            >>> backend.models_["fan/00"]["references"]
            array([[1., 0.]])
        Notebook: 12_backends
        """
        x = unit(x)
        domains = np.full(len(x), "source") if domain is None else np.asarray(domain, dtype=str)
        if len(domains) != len(x):
            raise ValueError(f"{len(x)} embeddings and {len(domains)} domains: give one for each")
        strange = sorted(set(domains.tolist()) - {"source", "target"})
        if strange:
            raise ValueError(f"a domain is source or target, not {strange[0]!r}")
        self.models_ = {}
        for name, rows in members(x, group).items():
            source, target = (x[rows[domains[rows] == part]] for part in ("source", "target"))
            self.models_[name] = {"references": np.concatenate([self._means(source), target])}
        return self

    def score(self, x, group=None):
        """Distance of each embedding to the nearest mean or target clip of its group; larger is more anomalous.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> backend = backends.CosineToClusters(clusters=2).fit([[1.0, 0.0], [0.0, 1.0]])
            >>> backend.score([[0.0, 7.0], [0.0, -1.0]])
            array([0., 1.])
        Notebook: 12_backends
        """
        return score_groups(self.models_, _nearest, unit(x), group)

    def _means(self, source):
        different = np.unique(source, axis=0)
        if len(different) <= self.clusters:
            return different
        return unit(KMeans(self.clusters, n_init=1, random_state=0).fit(source).cluster_centers_)


def _nearest(model, x):
    return 1.0 - (x @ model["references"].T).max(axis=1)
