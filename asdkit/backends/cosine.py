"""Backends that measure cosines on the sphere."""

from sklearn.base import BaseEstimator

from .groups import members, score_groups, unit


class CosineToMean(BaseEstimator):
    r"""Cosine distance to the mean embedding of the group, $1 - \cos(x, \bar x)$.

    Paper: [SCA] III-C and Table II.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,) in [0, 2].
    Raises: ValueError for an unknown group, NaN, or embeddings that are not (N, D).
    Notebook: 12_backends
    """

    def fit(self, x, group=None):
        x = unit(x)
        self.models_ = {
            name: {"mean": unit(x[rows].mean(axis=0, keepdims=True))[0]} for name, rows in members(x, group).items()
        }
        return self

    def score(self, x, group=None):
        return score_groups(self.models_, lambda model, x: 1.0 - x @ model["mean"], unit(x), group)
