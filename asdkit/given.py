"""What is given to a public function, checked in one way: what it is, its shape, its range, and
that it is finite.

Arrays come out in float64 and settings as plain numbers. A setting is refused by the name it was
given as.
"""

import math
import numbers

import numpy as np


def count(value, name, least=1):
    """Check a whole number, such as a size.

    Shapes: a number -> int.
    Raises: ValueError for text, a fraction, a truth value, and a number below ``least``.
    Example:
        >>> given.count(3.0, "epochs")
        3
    """
    whole = isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)
    if not (whole and math.isfinite(value) and value == int(value) and value >= least):
        raise ValueError(f"{name} is {value!r}: give a whole number, {least} or more")
    return int(value)


def number(value, name, low=-math.inf, high=math.inf, such_as=1):
    """Check a finite number of a range, ends included.

    Shapes: a number -> float.
    Raises: ValueError for text, a truth value, NaN, infinity, and a number out of the range.
    Example:
        >>> given.number(0.5, "share", 0, 1)
        0.5
    """
    real = isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)
    if not (real and math.isfinite(value) and low <= value <= high):
        ends = (("from", low), ("to", high))
        limits = [f" {word} {end:g}" for word, end in ends if math.isfinite(end)]
        raise ValueError(f"{name} is {value!r}: give a number{''.join(limits)}, such as {such_as}")
    return float(value)


def array(value, name):
    """Check finite real numbers in an array, a tensor, a column or a list.

    Shapes: any -> array in float64 of the same shape.
    Raises: ValueError for text, complex numbers, rows of different lengths, NaN and infinity, which
        it finds at a place.
    Choices: a tensor is taken from its device and from its gradient, in half precision too.
    Example:
        >>> given.array([1, 2], "score")
        array([1., 2.])
    """
    told = f"{name} holds {{}}: give real numbers"
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = (value if value.is_complex() else value.double()).numpy()
    try:
        found = np.asarray(value)
    except ValueError as error:
        raise ValueError(told.format("rows of different lengths")) from error
    if found.dtype.kind not in "biuf":
        found = _from_objects(found, told)
    found = found.astype(np.float64)
    if not np.isfinite(found).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(found))[0]))
        at = f" at {place[0] if len(place) == 1 else place}" if place else ""
        raise ValueError(f"{name} is {found[place]}{at}: give finite numbers, or leave it out")
    return found


def _from_objects(found, told):
    """Numbers of a table's column that may hold missing ones; nothing else becomes a number."""
    if found.dtype.kind != "O":
        what = "complex numbers" if found.dtype.kind == "c" else "no numbers"
        raise ValueError(told.format(what))
    import pandas as pd

    values = [math.nan if value is None or value is pd.NA else value for value in found.ravel()]
    if not all(isinstance(value, numbers.Real) for value in values):
        raise ValueError(told.format("no numbers"))
    return np.array(values, dtype=np.float64).reshape(found.shape)


def rows(value, name="x"):
    """Check a matrix with a row a clip, such as embeddings.

    Shapes: (N, D) -> array (N, D) in float64.
    Raises: ValueError for one embedding without a batch, no clip, no number, and what ``array``
        refuses.
    Example:
        >>> given.rows([[1, 2]])
        array([[1., 2.]])
    """
    found = array(value, name)
    if found.ndim != 2 or not found.size:
        raise ValueError(
            f"{name} has the shape {found.shape}: give embeddings (N, D) of at least one clip"
        )
    return found


def column(value, name, length=None):
    """Check one finite number a clip, such as scores.

    Shapes: (N,) -> array (N,) in float64.
    Raises: ValueError for another shape or length, and what ``array`` refuses.
    Example:
        >>> given.column([0.1, 0.2], "score", length=2)
        array([0.1, 0.2])
    """
    found = array(value, name)
    if found.ndim != 1 or (length is not None and len(found) != length):
        asked = "one number for each clip" if length is None else f"{length}, one for each clip"
        raise ValueError(f"{name} has the shape {found.shape}: give {asked}")
    return found
