"""What all backends are: estimators that keep something of normal embeddings and judge others by
it.
"""

from typing import NamedTuple

import numpy as np
from sklearn.base import BaseEstimator

from .. import given
from .groups import members, prepared, score_groups


class Learned(NamedTuple):
    """What a loss has learned of the classes: their centers, and the group that each class belongs
    to.

    Shapes: ``centers`` (C, D) or (C, S, D), None where a loss has none; ``owners`` (C,) names.
    """

    centers: np.ndarray | None
    owners: list

    def of(self, group):
        """The centers of the classes of one group.

        Shapes: -> (K, D).
        Raises: ValueError for a group that owns no class.
        """
        own = given.names(self.owners, "owners") == group
        if self.centers is None or not own.any():
            raise ValueError(
                f"no centers were learned of the group {group!r}: the owners are "
                f"{_names(self.owners)}"
            )
        centers = given.array(self.centers, "centers")
        if centers.ndim not in (2, 3) or len(centers) != len(own):
            raise ValueError(
                f"centers has the shape {centers.shape} beside {len(own)} owners: give (C, D) or "
                "(C, S, D), and an owner for each of the C classes"
            )
        return centers[own].reshape(-1, centers.shape[-1])


class Group(NamedTuple):
    """What is known of the normal clips of one group: its name, the domain of each clip, and what a
    loss learned.
    """

    name: str
    domain: np.ndarray | None
    learned: Learned | None


class Backend(BaseEstimator):
    """One model a group: ``keep`` says what stays of its normal rows, ``judge`` how others are
    judged by it.

    A backend of your own is a subclass with these two methods; embeddings reach them with unit
    length in float64.

    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,), larger is more anomalous.
    Choices: ``judges`` says what x holds: "embeddings", "probabilities" (N, C) of a loss, its
        "losses" (N,) at the classes that clips claim, or of a binary loss the "roles" (N, 2), its
        probabilities and distances.
    Example:
        >>> class ToOrigin(backends.Backend):
        ...     normalize = False
        ...     keep = lambda self, x, group: {}
        ...     judge = lambda self, model, x: np.linalg.norm(x, axis=1)
        >>> ToOrigin().fit([[0.0, 0.0]]).score([[3.0, 4.0]])
        array([5.])
    """

    judges = "embeddings"
    normalize = True
    needs_domain = False
    needs_classes = False
    fewest_groups = 1
    dim_ = None

    def fit(self, x, group=None, domain=None, learned=None):
        """Keep what is needed of the normal embeddings of each group.

        Shapes: ``x`` (N, D), ``group`` and ``domain`` (N,), ``learned`` a ``Learned`` -> self.
        Raises: ValueError for NaN, x that is not (N, D), or where x, group and domain differ in
            length or order.
        """
        self.check()
        if not isinstance(learned, Learned | None):
            raise ValueError(
                f"learned is a {type(learned).__name__}: give backends.Learned(centers, owners)"
            )
        found, domain = self.prepare(x), _domains(domain, x)
        self.models_ = self.keep_all(found, members(x, group), domain, learned)
        self.dim_ = found.shape[1]
        return self

    def keep_all(self, x, groups, domain, learned):
        """What stays of the normal rows of each group; a backend that compares groups says it
        otherwise.

        Shapes: ``x`` (N, D), ``groups`` a dict of a name -> row numbers, ``domain`` (N,) or None ->
            dict of a name -> what ``judge`` takes.
        """
        return {
            name: self.keep(x[rows], Group(name, None if domain is None else domain[rows], learned))
            for name, rows in groups.items()
        }

    def score(self, x, group=None):
        """The anomaly score of each embedding by the model of its group.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError before ``fit``, for a group that no model was fitted to, NaN, or x that
            is not (N, D), with another D than that of ``fit``.
        """
        if not hasattr(self, "models_"):
            raise ValueError(f"{type(self).__name__} was not fitted: call fit with normal clips")
        found = self.prepare(x)
        if self.dim_ not in (None, found.shape[1]):
            raise ValueError(
                f"{type(self).__name__} was fitted to {self.dim_} numbers a clip, and is given "
                f"{found.shape[1]}: give what one network makes of the clips"
            )
        return score_groups(self.models_, self.judge, found, members(x, group))

    def check(self):
        """Refuse settings that cannot be; a subclass knows which.

        Raises: ValueError that names the setting.
        """

    def together(self, group):
        """Whether the score of a clip of this group depends on the clips that are scored with it.

        Shapes: a name -> bool.
        """
        return False

    def prepare(self, x):
        """Embeddings as ``keep`` and ``judge`` see them: checked, and of unit length unless told
        otherwise.

        Shapes: (N, D) -> array (N, D) in float64.
        """
        return prepared(x, self.normalize)


def _domains(domain, x):
    if domain is None:
        return None
    domains = given.names(domain, "domain", like=x)
    strange = sorted(set(domains.tolist()) - {"source", "target"})
    if strange:
        raise ValueError(
            f"a domain is source or target, not {strange[0]!r}: give one of the two for each clip"
        )
    return domains


def _names(names):
    return ", ".join(sorted(set(map(str, names))))
