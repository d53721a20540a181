"""What is wrong with the type or the shape of an answer, and which axis is at fault."""

import numpy as np

from . import words
from .trial import numbers


def no_numbers(trial):
    """Say of which type an answer is that holds no real numbers."""
    for answer in trial.answers:
        if answer is None:
            return "your function returns None: end it with 'return' and the result."
        try:
            if "complex" in str(getattr(answer, "dtype", "")):
                return "your values are complex: take their absolute value or their real part."
            numbers(answer)
        except (TypeError, ValueError):
            return f"your function returns {type(answer).__name__}, not numbers in one array."
    return None


def wrong_shape(trial):
    """Say which shape is wanted, which one came, and which axis makes the difference."""
    for mine, right, probe in zip(trial.mine, trial.right, trial.probes):
        if mine.shape != right.shape:
            wanted = f"shape {right.shape}" if right.ndim else "a single number"
            given = f"shape {mine.shape}" if mine.ndim else "a single number"
            told = f"{words.sizes(probe, trial.names)} must give {wanted}, yours gives {given}"
            why = _why(mine, right, _arrays(probe, trial.names))
            return f"{told}: {why}" if why else f"{told}."
    return None


def _arrays(probe, names):
    return [(name, some.shape) for name, some in zip(names, probe) if np.ndim(some)]


def _without(shape, axis):
    return shape[:axis] + shape[axis + 1 :]


def _why(mine, right, arrays):
    for reason in (
        _swapped, _of_length_one, _reduced, _lost, _square, _not_reduced, _of_another, _one_more,
    ):  # fmt: skip
        if found := reason(mine, right, arrays):
            return found
    return None


def _swapped(mine, right, arrays):
    if mine.ndim < 2 or mine.shape != right.shape[::-1]:
        return None
    values = "the values are right, but " if np.allclose(mine.T, right, rtol=1e-4) else ""
    return f"{values}the axes are swapped, transpose it."


def _of_length_one(mine, right, arrays):
    if mine.size != right.size or np.squeeze(mine).shape != np.squeeze(right).shape:
        return None
    if not mine.ndim:
        return "put the number into an array, one value for each input."
    if mine.ndim > right.ndim:
        return "an axis of length 1 is too many (keepdims=True, or a None in an index)."
    return "an axis of length 1 is missing: keep it with keepdims=True."


def _reduced(mine, right, arrays):
    """Something that runs over all values, or over another axis than it should."""
    gone = [
        (name, axis, shape) for name, shape in arrays for axis in range(len(shape))
        if _without(shape, axis) == right.shape
    ]  # fmt: skip
    if not mine.ndim and right.ndim:
        run = "a sum, mean, maximum or norm runs over all values."
        where = f" Here it is axis={gone[0][1]} of {gone[0][0]}." if len(gone) == 1 else ""
        return f"an axis is forgotten: {run}{where}"
    for name, axis, shape in gone:
        for other in range(len(shape)):
            if other != axis and _without(shape, other) == mine.shape:
                return f"it runs along axis={other} of {name}, and must run along axis={axis}."
    return None


def _lost(mine, right, arrays):
    for axis in range(right.ndim):
        if _without(right.shape, axis) == mine.shape:
            return f"axis {axis} is lost, a sum, mean or index took it: keepdims=True keeps it."
    return None


def _square(mine, right, arrays):
    if right.ndim != 1 or mine.shape != 2 * right.shape or (mine.shape in dict(arrays).values()):
        return None
    n = len(right)
    return f"a column ({n}, 1) meets a row ({n},), and broadcasting makes all pairs of them."


def _not_reduced(mine, right, arrays):
    if not right.ndim and mine.ndim:
        return f"these are {mine.size} values, a sum or a mean over them is missing."
    for axis in range(mine.ndim):
        if mine.ndim == right.ndim + 1 and _without(mine.shape, axis) == right.shape:
            return f"a sum, mean or maximum along axis={axis} is missing."
    return None


def _of_another(mine, right, arrays):
    if mine.ndim != 1 or right.ndim != 1:
        return None
    counts = {shape[0]: name for name, shape in arrays}
    if len(mine) in counts and len(right) in counts:
        return (
            f"these are as many values as {counts[len(mine)]} has entries, "
            f"and one for each entry of {counts[len(right)]} is wanted."
        )
    return None


def _one_more(mine, right, arrays):
    if mine.ndim != right.ndim:
        return None
    gaps = np.subtract(mine.shape, right.shape)
    if np.abs(gaps).sum() != 1:
        return None
    return f"one value too {'many' if gaps.sum() > 0 else 'few'}, which is off by one."
