"""What all backends share: unit embeddings, and one fitted model a group."""

import warnings

import numpy as np

from .. import given

EVERYTHING = "all"
SHORTEST = 1e-140


def unit(x):
    r"""Embeddings brought to unit length in float64, $x / \|x\|$.

    Paper: [SCA] III-C: every score is taken after projection onto the sphere.
    Shapes: array or tensor (N, D) -> array (N, D).
    Raises: ValueError where x is not (N, D), is empty, or holds NaN.
    Choices: zero has no direction and stays zero, at the cosine 0 to all others.
    Example:
        >>> backends.groups.unit([[3.0, 4.0], [0.0, 0.0]])
        array([[0.6, 0.8], [0. , 0. ]])
    Notebook: 00_start_here
    """
    return _directions(x)[0]


def prepared(x, normalize):
    """Embeddings as a backend sees them: of unit length, or with ``normalize=False`` as they are.

    Shapes: array or tensor (N, D) -> array (N, D).
    Raises: ValueError where x is not (N, D), is empty, or holds NaN.
    Choices: it warns of embeddings that are zero, and so have no direction.
    Example:
        >>> backends.groups.prepared([[3.0, 4.0]], normalize=True)
        array([[0.6, 0.8]])
    Notebook: 12_backends
    """
    if not normalize:
        return given.rows(x)
    x, length = _directions(x)
    zero = np.flatnonzero(length == 0.0)
    if len(zero):
        warnings.warn(
            f"{len(zero)} of {len(x)} embeddings are zero and have no direction, the first is row "
            f"{zero[0]}: they count as at a right angle to all others, so look at the network",
            stacklevel=2,
        )
    return x


def _directions(x):
    """Rows of unit length, and a number for each that is 0 where it has no direction."""
    x = given.rows(x)
    with np.errstate(over="ignore"):
        length = np.linalg.norm(x, axis=1, keepdims=True)
    if length.min() < SHORTEST or np.isinf(length).any():  # squares that vanish or overflow
        x = np.ldexp(x, -np.frexp(np.abs(x).max(axis=1, keepdims=True))[1])
        length = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(length > 0.0, length, 1.0), length[:, 0]


def members(x, group):
    """The rows of each group: machine and section of each clip, or one group of all where ``group``
    is None.

    Shapes: ``x`` (N, D), ``group`` (N,) -> dict of a group's name -> row numbers.
    Raises: ValueError where x and group differ in length or order, and for a group that is no text.
    Example:
        >>> backends.groups.members(np.zeros((3, 2)), ["fan/00", "pump/00", "fan/00"])
        {'fan/00': array([0, 2]), 'pump/00': array([1])}
    Notebook: 00_start_here
    """
    if group is None:
        return {EVERYTHING: np.arange(len(x))}
    names = given.names(group, "group", like=x)
    return {str(name): np.flatnonzero(names == name) for name in np.unique(names)}


def score_groups(models, score, x, rows):
    """Score each clip by the model of its group.

    Shapes: ``x`` (N, D), ``rows`` a dict of a group's name -> row numbers -> (N,).
    Raises: ValueError that names a group no model was fitted to, or a clip whose score is not
        finite.
    Example:
        >>> model = {"fan/00": 10.0, "pump/00": 20.0}
        >>> x, add = np.array([[1.0], [2.0]]), lambda model, x: model + x[:, 0]
        >>> backends.groups.score_groups(model, add, x, {"fan/00": [0], "pump/00": [1]})
        array([11., 22.])
    Notebook: 00_start_here
    """
    scores = np.empty(len(x))
    for name, own in rows.items():
        if name not in models:
            raise ValueError(
                f"no backend was fitted to the group {name!r}: it knows {', '.join(models)}"
            )
        scores[own] = score(models[name], x[own])
    broken = np.flatnonzero(~np.isfinite(scores))
    if len(broken):
        raise ValueError(
            f"the score of clip {broken[0]} is {scores[broken[0]]}: its numbers are beyond what "
            "this backend can compute, leave it out or look for a broken training"
        )
    return scores
