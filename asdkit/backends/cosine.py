"""Backends that measure cosines on the sphere."""

from sklearn.base import BaseEstimator

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
