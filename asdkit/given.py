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
    if not (_is_real(value) and value == int(value) and value >= least):
        raise ValueError(f"{name} is {told(value)}: give a whole number, {least} or more")
    return int(value)


def number(value, name, low=-math.inf, high=math.inf, such_as=1):
    """Check a finite number of a range, ends included.

    Shapes: a number -> float.
    Raises: ValueError for text, a truth value, NaN, infinity, and a number out of the range.
    Example:
        >>> given.number(0.5, "share", 0, 1)
        0.5
    """
    if not (_is_real(value) and low <= value <= high):
        ends = (("from", low), ("to", high))
        limits = [f" {word} {end:g}" for word, end in ends if math.isfinite(end)]
        raise ValueError(
            f"{name} is {told(value)}: give a number{''.join(limits)}, such as {such_as}"
        )
    return float(value)


def share(value, name):
    """Check a share, which lies between 0 and 1 and is neither.

    Shapes: a number -> float.
    Raises: ValueError for 0, 1, and what ``number`` refuses.
    Example:
        >>> given.share(0.95, "level")
        0.95
    """
    if not (_is_real(value) and 0.0 < value < 1.0):
        raise ValueError(
            f"{name} is a share between 0 and 1, not {told(value)}: give one such as 0.1"
        )
    return float(value)


def choice(value, name, known):
    """Check a word that is one of several.

    Raises: ValueError that says what is known.
    Example:
        >>> given.choice("full", "covariance", ["full", "diagonal"])
        'full'
    """
    if not (isinstance(value, str) and value in known):
        raise ValueError(f"{name} is {told(value)}: choose one of {', '.join(known)}")
    return value


def switch(value, name):
    """Check True or False.

    Raises: ValueError for anything else, numbers and text too.
    Example:
        >>> given.switch(True, "normalize")
        True
    """
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {told(value)}: give True or False")
    return bool(value)


def told(value):
    """A value as a message tells it: on one line, and by its kind where it is no single thing.

    Example:
        >>> given.told("a"), given.told([1, 2])
        ("'a'", 'a list')
    """
    value = value.item() if isinstance(value, np.generic) else value
    single = value is None or isinstance(value, str | bytes | numbers.Number)
    kind = type(value).__name__
    text = repr(value) if single else f"a{'n' * (kind[0].lower() in 'aeiou')} {kind}"
    return text if len(text) <= 60 else f"{text[:60]}..."


def array(value, name, places=None):
    """Check finite real numbers in an array, a tensor, a column or a list.

    Shapes: any -> array in float64 of the same shape; ``places`` names its first axis.
    Raises: ValueError for text, complex numbers, rows of different lengths, what is missing or
        masked, NaN and infinity, which it finds at a place.
    Choices: a tensor is taken from its device and from its gradient, in half precision too.
    Example:
        >>> given.array([1, 2], "score")
        array([1., 2.])
    """
    what = f"{name} holds {{}}: give real numbers"
    try:
        found = _read(value, name)
    except (TypeError, RuntimeError) as error:  # of tensors that hold nothing, or lie apart
        raise ValueError(what.format("no array of numbers")) from error
    except ValueError as error:
        if str(error).startswith(name):
            raise
        raise ValueError(what.format("rows of different lengths")) from error
    if found.dtype.kind not in "biuf":
        found = _from_objects(found, what)
    found = found.astype(np.float64, copy=False)
    if not np.isfinite(found).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(found))[0]))
        at = f" at {place[0] if len(place) == 1 else place}" if place else ""
        if len(place) == 1 and places is not None and len(places) == len(found):
            at = f" at {places[place[0]]}"
        raise ValueError(f"{name} is {found[place]}{at}: give finite numbers, or leave it out")
    return found


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


def column(value, name, length=None, like=None):
    """Check one finite number a clip, such as scores.

    Shapes: (N,) -> array (N,) in float64; ``like`` the table, Series or array of N rows beside
        which it stands.
    Raises: ValueError for another shape or length, a Series in another order than ``like``, and
        what ``array`` refuses, which is told by its path where ``like`` is a table of clips.
    Example:
        >>> given.column([0.1, 0.2], "score", length=2)
        array([0.1, 0.2])
    """
    paths = like["path"].tolist() if "path" in getattr(like, "columns", ()) else None
    return _beside(array(value, name, paths), value, name, length, like, "number")


def names(value, name, length=None, like=None):
    """Check one text a clip, such as its machine and section.

    Shapes: (N,) -> array (N,) of str; ``like`` as in ``column``.
    Raises: ValueError for a single text, numbers, what is missing, another shape or length, and a
        Series in another order than ``like``.
    Example:
        >>> given.names(["fan/00", "pump/00"], "group")
        array(['fan/00', 'pump/00'], dtype='<U7')
    """
    known = isinstance(value, np.ndarray) and value.dtype.kind == "U"
    found = value if known else np.array(value, dtype=object)
    found = _beside(found, value, name, length, like, "text")
    if not known and not all(issubclass(kind, str) for kind in set(map(type, found))):
        at = [isinstance(one, str) for one in found].index(False)
        raise ValueError(f"{name} is {told(found[at])} at {at}: give a text for each clip")
    return found.astype(str, copy=False)


def in_order(value, name, like):
    """Check that a Series stands in the order of another, or of a table.

    Raises: ValueError where their indices differ: nothing is matched by position in silence.
    Choices: what has no index, such as an array, is in the order of its clips.
    """
    for one in value if isinstance(value, list | tuple) else ():
        if hasattr(one, "iloc"):
            in_order(one, name, like)
    own, other = getattr(value, "index", None), getattr(like, "index", None)
    if hasattr(own, "equals") and hasattr(other, "equals") and not own.equals(other):
        raise ValueError(
            f"{name} has another index than the clips beside it: bring both into one order with "
            "Series.loc, or give Series.to_numpy() where the order is the same"
        )


def _is_real(value):
    """Whether it is a finite number, which a truth value is not."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool | np.bool_):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # of a whole number that has no float
        return False


def _read(value, name):
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        return (value if value.is_complex() else value.double()).numpy()
    if isinstance(value, np.ma.MaskedArray):
        return value.astype(np.float64).filled(np.nan)
    if isinstance(value, list | tuple) and any(
        hasattr(one, "detach") or isinstance(one, np.ma.MaskedArray) for one in value
    ):
        value = [array(one, name) for one in value]
    return np.asarray(value)


def _from_objects(found, what):
    """Numbers of a table's column that may hold missing ones; nothing else becomes a number."""
    if found.dtype.kind != "O" or not found.ndim:
        kind = "complex numbers" if found.dtype.kind == "c" else "no numbers"
        raise ValueError(what.format(kind))
    import pandas as pd

    values = [math.nan if value is None or value is pd.NA else value for value in found.ravel()]
    if not all(isinstance(value, numbers.Real) for value in values):
        raise ValueError(what.format("no numbers"))
    try:
        return np.array(values, dtype=np.float64).reshape(found.shape)
    except OverflowError as error:
        raise ValueError(what.format("a number that no computation can hold")) from error


def _beside(found, value, name, length, like, what):
    """One value a clip, as many as there are clips, in their order."""
    length = len(like) if length is None and like is not None else length
    if found.ndim != 1 or (length is not None and len(found) != length):
        asked = f"one {what} for each clip" if length is None else f"{length}, one for each clip"
        raise ValueError(f"{name} has the shape {found.shape}: give {asked}")
    in_order(value, name, like)
    return found
