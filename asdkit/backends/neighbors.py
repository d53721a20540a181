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
    Example:
        >>> backend = backends.NearestNeighbor().fit([[1.0, 0.0], [0.0, 1.0]])
        >>> backend.score([[0.0, 3.0], [-1.0, 0.0]])
        array([0. , 1.41421356])
    Notebook: 12_backends
    """

    def __init__(self, normalize=True):
        self.normalize = normalize

    def fit(self, x, group=None):
        """Keep the normal embeddings of each group.

        Shapes: ``x`` (N, D), ``group`` (N,) -> self.
        Example:
            >>> backend = backends.NearestNeighbor().fit([[2.0, 0.0], [0.0, 1.0]], group=["fan/00", "pump/00"])
            >>> backend.models_["fan/00"]["embeddings"]
            array([[1., 0.]])
        Notebook: 12_backends
        """
        x = unit(x) if self.normalize else finite(x)
        self.models_ = {name: {"embeddings": x[rows]} for name, rows in members(x, group).items()}
        return self

    def score(self, x, group=None):
        """Distance of each embedding to the nearest one of its group; larger is more anomalous.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> backend = backends.NearestNeighbor().fit([[2.0, 0.0], [0.0, 1.0]], group=["fan/00", "pump/00"])
            >>> backend.score([[2.0, 0.0], [2.0, 0.0]], group=["fan/00", "pump/00"])
            array([0.        , 1.41421356])
        Notebook: 12_backends
        """
        return score_groups(self.models_, _distance, unit(x) if self.normalize else finite(x), group)


def _distance(model, x):
    return NearestNeighbors(n_neighbors=1).fit(model["embeddings"]).kneighbors(x)[0][:, 0]
