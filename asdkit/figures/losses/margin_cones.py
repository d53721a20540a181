"""The cone that a margin leaves to each class."""

import numpy as np

from ... import given

NOBODY = -1


def margin_cones(direction, centers, margin=0.0):
    r"""Return the class in whose cone each direction lies, or -1 for a direction in no cone.

    A direction lies in the cone of class j where its angle wins by the margin,
    $\theta_j + m < \theta_k$ for all k.

    Paper: [NAM] 1: there the margin costs no class its place, $\cos(\theta_j + m) > \cos\theta_k$
        for all k.
    Shapes: direction (M, D), centers (C, D) or (C, S, D), margin in radians -> (M,) of class
        indices.
    Raises: ValueError where the dimensions differ, or a row has no length.
    Choices: with several centers a class, its nearest one counts. Without a margin the cones are
        those of the nearest center and leave nothing but borders to nobody.
    Example:
        >>> figures.margin_cones([[1.0, 0.1], [1.0, 0.9]], centers=[[1, 0], [0, 1]], margin=0.5)
        array([ 0, -1])
    Notebook: 06_angles_and_margins
    """
    centers = given.array(centers, "centers")
    unit = unit_rows(centers.reshape(-1, centers.shape[-1]), "centers").reshape(centers.shape)
    direction = unit_rows(direction, "direction")
    margin = given.number(margin, "margin", such_as="0.5 radians")
    if direction.shape[1] != unit.shape[-1]:
        raise ValueError(
            f"direction has {direction.shape[1]} coordinates and centers {unit.shape[-1]}: give as "
            "many"
        )
    cosine = unit @ direction.T  # (C, M) or (C, S, M): numpy reduces first axes much faster
    nearest = cosine if cosine.ndim == 2 else cosine.max(axis=1)
    angle = np.arccos(np.clip(nearest, -1, 1))
    owner, rows = angle.argmin(axis=0), np.arange(len(direction))
    first = angle[owner, rows]
    angle[owner, rows] = np.inf
    return np.where(first + margin < angle.min(axis=0), owner, NOBODY)


def unit_rows(x, name):
    x = given.array(x, name)
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    if x.ndim != 2 or not len(x) or not (np.isfinite(length) & (length > 0)).all():
        raise ValueError(
            f"{name} has the shape {x.shape}: give finite rows (N, D), none of them all zero"
        )
    return x / length
