"""Backends that compare a clip with the nearest training clips."""

from sklearn.base import BaseEstimator
from sklearn.neighbors import NearestNeighbors

from .groups import finite, members, score_groups, unit


class NearestNeighbor(BaseEstimator):
    r"""Distance to the nearest training embedding of the group, $\min_i \|x - x_i\|$ between unit vectors.

    Paper: the plainest baseline of the field; [AP] takes the smallest cosine distance, which ranks clips alike.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,) in [0, 2].
    Raises: ValueError for an unknown group, NaN, or embeddings that are not (N, D).
    Choices: ``normalize=False`` leaves the lengths as they are, for summaries that are no embeddings.
    Notebook: 12_backends
    """

    def __init__(self, normalize=True):
        self.normalize = normalize

    def fit(self, x, group=None):
        x = unit(x) if self.normalize else finite(x)
        self.models_ = {name: {"embeddings": x[rows]} for name, rows in members(x, group).items()}
        return self

    def score(self, x, group=None):
        return score_groups(self.models_, _distance, unit(x) if self.normalize else finite(x), group)


def _distance(model, x):
    return NearestNeighbors(n_neighbors=1).fit(model["embeddings"]).kneighbors(x)[0][:, 0]
