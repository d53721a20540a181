"""The backend that asks the network itself: how likely is it that this clip is what it should be?"""

import numpy as np
from sklearn.base import BaseEstimator

from .groups import finite, members, score_groups

TOLERANCE = 1e-3


class Probability(BaseEstimator):
    r"""Negative log-probability of the own classes, $-\ln \sum_{c\ \text{own}} p_c$, in nats.

    Paper: [SCA] Table II ("output"), where a group is one class; [NAM] scores by it too.
    Shapes: ``p`` (N, C) from ``loss.probabilities(x)``, not embeddings; ``group`` (N,) -> score (N,) in [0, 709].
    Raises: ValueError for an unknown group, a group that owns no column, NaN, or what is no probability.
    Choices: ``owners`` (C,) names the group that each column belongs to; a group of several classes (attributes,
        domains) adds them up. Without it ``p`` holds the columns of the own classes only: (N, 1) where the group is
        the class. A probability of 0 counts as the smallest number there is, $e^{-708}$.
    Example:
        >>> p = [[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]]
        >>> backend = backends.Probability(owners=["fan/00", "fan/00", "pump/00"]).fit(p, ["fan/00", "pump/00"])
        >>> backend.score(p, ["fan/00", "fan/00"]).round(3)  # -ln(0.75) and -ln(1)
        array([ 0.288, -0.   ])
    Notebook: 12_backends
    """

    def __init__(self, owners=None):
        self.owners = owners

    def fit(self, p, group=None):
        """Note the own columns of each group; nothing is estimated.

        Shapes: ``p`` (N, C), ``group`` (N,) -> self.
        Raises: ValueError where there are not as many owners as columns, or a group owns none.
        Example:
            >>> backend = backends.Probability(owners=["fan/00", "pump/00"]).fit([[0.9, 0.1]], ["fan/00"])
            >>> backend.models_["fan/00"]["columns"]
            array([0])
        Notebook: 12_backends
        """
        p = _probabilities(p)
        owners = None if self.owners is None else np.asarray(self.owners, dtype=str)
        if owners is not None and len(owners) != p.shape[1]:
            raise ValueError(f"{p.shape[1]} columns of probabilities and {len(owners)} owners: name one for each")
        self.models_ = {}
        for name in members(p, group):
            columns = np.arange(p.shape[1]) if owners is None else np.flatnonzero(owners == name)
            if not len(columns):
                raise ValueError(f"the group {name!r} owns no column: the owners are {', '.join(np.unique(owners))}")
            self.models_[name] = {"columns": columns}
        return self

    def score(self, p, group=None):
        """Negative log-probability that each clip belongs to its group; larger is more anomalous.

        Shapes: ``p`` (N, C), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> own = [[0.9], [0.1]]  # of the own class alone
            >>> backends.Probability().fit(own).score(own).round(3)
            array([0.105, 2.303])
        Notebook: 12_backends
        """
        return score_groups(self.models_, _surprise, _probabilities(p), group)


def _surprise(model, p):
    return -np.log(np.clip(p[:, model["columns"]].sum(axis=1), np.finfo(np.float64).tiny, 1.0))


def _probabilities(p):
    p = finite(p)
    if p.min() < 0.0 or p.sum(axis=1).max() > 1.0 + TOLERANCE:
        raise ValueError(
            f"probabilities lie above 0 and add up to 1 at most, and these range from {p.min():.3g} to {p.max():.3g}:"
            " pass loss.probabilities(x)"
        )
    return p
