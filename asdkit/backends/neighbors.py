"""Backends that compare a clip with the nearest training clips."""

import sklearn

from .. import given
from .backend import Backend


class NearestNeighbor(Backend):
    r"""Distance to the nearest training embedding of the group, $\min_i \|x - x_i\|$ between unit
    vectors.

    Paper: the plainest baseline of the field; [AP] takes the smallest cosine distance, which ranks
        clips alike.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,) in [0, 2].
    Raises: ValueError for an unknown group, NaN, or embeddings that are not (N, D).
    Choices: ``normalize=False`` leaves the lengths as they are, for summaries that are no
        embeddings.
    Example:
        >>> backend = backends.NearestNeighbor().fit([[1.0, 0.0], [0.0, 1.0]])
        >>> backend.score([[0.0, 3.0], [-1.0, 0.0]])
        array([0. , 1.41421356])
    Notebook: 12_backends
    """

    def __init__(self, normalize=True):
        self.normalize = normalize
        self.check()

    def check(self):
        given.switch(self.normalize, "normalize")

    def keep(self, x, group):
        return {"embeddings": x}

    def judge(self, model, x):
        return (
            sklearn.neighbors.NearestNeighbors(n_neighbors=1)
            .fit(model["embeddings"])
            .kneighbors(x)[0][:, 0]
        )


class LocalOutlierFactor(Backend):
    r"""Density of the neighbors of a clip over its own density, the local outlier factor, a ratio
    near 1 for normal.

    $$\mathrm{LOF}(x) = \frac1k \sum_{o \in N_k(x)} \frac{\mathrm{lrd}(o)}{\mathrm{lrd}(x)}, \qquad
    \mathrm{lrd}(x) = \Big(\frac1k \sum_{o \in N_k(x)} \max(d_k(o), \|x - o\|)\Big)^{-1}$$

    $N_k(x)$ are the k training clips nearest to x, $d_k(o)$ is the distance of o to its own k-th
    neighbor.

    Paper: [L2S], on the features of L2-softmax.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,), a ratio of densities, above 0.
    Raises: ValueError for an unknown group, NaN, embeddings that are not (N, D), or a group of
        fewer than two clips.
    Choices: [L2S] names neither neighbors nor groups: ``neighbors=20``, one fit a group, in novelty
        mode (a test clip is compared with training clips only). A group of N clips has at most N -
        1 neighbors to offer. More equal clips than neighbors have no finite density: scikit-learn
        takes 1e10 for it, and warns. ``normalize=False`` leaves the lengths as they are.
    Example:
        >>> backend = backends.LocalOutlierFactor(neighbors=2, normalize=False)
        >>> backend = backend.fit([[0.0], [1.0], [2.0], [3.0]])
        >>> backend.score([[1.5], [9.0]]).round(2)  # at 9 it is 4.33 times as thin as at 2 and 3
        array([0.67, 4.33])
    Notebook: 05_classify_to_detect, 12_backends
    """

    def __init__(self, neighbors=20, normalize=True):
        self.neighbors = neighbors
        self.normalize = normalize
        self.check()

    def check(self):
        given.count(self.neighbors, "neighbors")
        given.switch(self.normalize, "normalize")

    def keep(self, x, group):
        if len(x) < 2:
            raise ValueError(
                f"the group {group.name!r} has one clip, and a local outlier factor needs "
                "neighbors: add one"
            )
        return {"embeddings": x}

    def judge(self, model, x):
        neighbors = min(int(self.neighbors), len(model["embeddings"]) - 1)
        factor = sklearn.neighbors.LocalOutlierFactor(n_neighbors=neighbors, novelty=True)
        return -factor.fit(model["embeddings"]).score_samples(x)
