"""What all backends share: unit embeddings, and one fitted model a group."""

import numpy as np

EVERYTHING = "all"


def unit(x):
    r"""Embeddings brought to unit length in float64, $x / \|x\|$.

    Paper: [SCA] III-C: every score is taken after projection onto the sphere.
    Shapes: array or tensor (N, D) -> array (N, D); a zero stays zero.
    Raises: ValueError where x is not (N, D), is empty, or holds NaN.
    Example:
        >>> backends.groups.unit([[3.0, 4.0], [0.0, 0.0]])
        array([[0.6, 0.8], [0. , 0. ]])
    Notebook: 00_start_here
    """
    x = finite(x)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), np.finfo(np.float64).tiny)


def finite(x):
    """Embeddings as an array in float64, checked.

    Shapes: array or tensor (N, D) -> array (N, D).
    Raises: ValueError where x is not (N, D), is empty, or holds NaN.
    Example:
        >>> backends.groups.finite(torch.tensor([[1.0, 2.0]]))
        array([[1., 2.]])
    Notebook: 00_start_here
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or not len(x):
        raise ValueError(f"a backend takes embeddings (N, D) of at least one clip, not {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError(
            f"embedding {np.flatnonzero(~np.isfinite(x).all(axis=1))[0]} holds NaN or infinity"
        )
    return x


def prepared(x, normalize):
    """Embeddings as a backend sees them: of unit length, or with ``normalize=False`` as they are.

    Shapes: array or tensor (N, D) -> array (N, D).
    Raises: ValueError where x is not (N, D), is empty, or holds NaN.
    Example:
        >>> backends.groups.prepared([[3.0, 4.0]], normalize=True)
        array([[0.6, 0.8]])
    Notebook: 12_backends
    """
    return unit(x) if normalize else finite(x)


def members(x, group):
    """The rows of each group: machine and section of each clip, or one group of all where ``group``
    is None.

    Shapes: ``x`` (N, D), ``group`` (N,) -> dict of a group's name -> row numbers.
    Raises: ValueError where x and group differ in length.
    Example:
        >>> backends.groups.members(np.zeros((3, 2)), ["fan/00", "pump/00", "fan/00"])
        {'fan/00': array([0, 2]), 'pump/00': array([1])}
    Notebook: 00_start_here
    """
    names = np.full(len(x), EVERYTHING) if group is None else np.asarray(group, dtype=str)
    if len(names) != len(x):
        raise ValueError(f"{len(x)} embeddings and {len(names)} groups: give one for each")
    return {str(name): np.flatnonzero(names == name) for name in np.unique(names)}


def score_groups(models, score, x, group):
    """Score each clip by the model of its group.

    Shapes: ``x`` (N, D), ``group`` (N,) -> (N,).
    Raises: ValueError that names a group no model was fitted to.
    Example:
        >>> model = {"fan/00": 10.0, "pump/00": 20.0}
        >>> x, add = np.array([[1.0], [2.0]]), lambda model, x: model + x[:, 0]
        >>> backends.groups.score_groups(model, add, x, list(model))
        array([11., 22.])
    Notebook: 00_start_here
    """
    scores = np.empty(len(x))
    for name, rows in members(x, group).items():
        if name not in models:
            raise ValueError(
                f"no backend was fitted to the group {name!r}: it knows {', '.join(models)}"
            )
        scores[rows] = score(models[name], x[rows])
    return scores
