"""The backends that ask the network itself: how likely is a clip what it should be?"""

import numpy as np

from .. import given
from .backend import Backend

TOLERANCE = 1e-3


class Probability(Backend):
    r"""Negative log-probability of the own classes, $-\ln \sum_{c\ \text{own}} p_c$, in nats.

    Paper: [SCA] Table II ("output"), where a group is one class; [NAM] scores by it too.
    Shapes: ``p`` (N, C) from ``loss.probabilities(x)``, not embeddings; ``group`` (N,) -> score
        (N,) in [0, 709].
    Raises: ValueError for an unknown group, a group that owns no column, NaN, or what is no
        probability.
    Choices: ``owners`` (C,), or those of ``learned``, name the group that each column belongs to; a
        group of several classes (attributes, domains) adds them up. Without them ``p`` holds the
        columns of the own classes only: (N, 1) where the group is the class. A probability of 0
        counts as the smallest number there is, $e^{-708}$.
    Example:
        >>> p = [[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]]
        >>> backend = backends.Probability(owners=["fan/00", "fan/00", "pump/00"])
        >>> backend = backend.fit(p, ["fan/00", "pump/00"])
        >>> backend.score(p, ["fan/00", "fan/00"]).round(3)  # -ln(0.75) and -ln(1)
        array([ 0.288, -0.   ])
    Notebook: 12_backends
    """

    judges = "probabilities"
    needs_classes = True

    def __init__(self, owners=None):
        self.owners = owners

    def keep(self, p, group):
        owners = (
            self.owners
            if self.owners is not None or group.learned is None
            else group.learned.owners
        )
        if owners is None:
            return {"columns": np.arange(p.shape[1])}
        owners = given.names(owners, "owners")
        if len(owners) != p.shape[1]:
            raise ValueError(
                f"{p.shape[1]} columns of probabilities and {len(owners)} owners: name one for each"
            )
        columns = np.flatnonzero(owners == group.name)
        if not len(columns):
            raise ValueError(
                f"the group {group.name!r} owns no column: the owners are "
                f"{', '.join(np.unique(owners))}"
            )
        return {"columns": columns}

    def judge(self, model, p):
        return -np.log(np.clip(p[:, model["columns"]].sum(axis=1), np.finfo(np.float64).tiny, 1.0))

    def prepare(self, p):
        return _probabilities(p)


class OwnLoss(Backend):
    r"""The loss of a clip is its score, $\ell(x, y)$ at the class y that the clip claims.

    Paper: [NAM] scores by the loss at the claimed id, margin included; [L2S] by the reconstruction
        error.
    Shapes: ``value`` (N,) from ``loss.each(x, y)``, not embeddings; ``group`` (N,) -> score (N,),
        the same numbers.
    Raises: ValueError for an unknown group, NaN, or values that are not (N,).
    Choices: nothing is estimated, so no clip of another group has a say.
    Example:
        >>> backends.OwnLoss().fit([0.1, 0.3]).score([0.2, 5.0])
        array([0.2, 5. ])
    Notebook: 11_noisy_arcmix
    """

    judges = "losses"

    def keep(self, value, group):
        return {}

    def judge(self, model, value):
        return value[:, 0]

    def prepare(self, value):
        value = given.array(value, "value")
        if value.ndim != 1 or not len(value):
            raise ValueError(
                f"OwnLoss takes one loss a clip (N,), not {value.shape}: pass loss.each(x, y) of "
                "at least one clip"
            )
        return value[:, None]


def _probabilities(p):
    p = given.rows(p, "p")
    if p.min() < 0.0 or p.sum(axis=1).max() > 1.0 + TOLERANCE:
        raise ValueError(
            "probabilities lie above 0 and add up to 1 at most, and these range from "
            f"{p.min():.3g} to {p.max():.3g}:"
            " pass loss.probabilities(x)"
        )
    return p
