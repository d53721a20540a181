"""Inputs and values as a hint writes them: short, with the digits that tell two numbers apart."""

import numpy as np

WHOLE = 12  # values of an array that a line can hold
FIRST = 3


def number(value, digits=4):
    """Write one number, an integer and a truth value as such."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    value = float(value)
    if value.is_integer() and abs(value) < 1e6:
        return str(int(value))  # no -0
    return f"{value:.{digits}g}"


def apart(mine, right):
    """Write two numbers with as many digits as they need to differ."""
    for digits in range(4, 18):
        told = number(mine, digits), number(right, digits)
        if told[0] != told[1]:
            break
    return told


def value(some):
    """Write an input: a number, a small array whole, a large one by its shape and first values."""
    if isinstance(some, np.ndarray) and some.ndim:
        if some.size <= WHOLE:
            return _rows(some)
        first = ", ".join(number(one) for one in some.ravel()[:FIRST])
        return f"{some.shape} that begins {first}"
    return (
        number(some) if isinstance(some, (bool, int, float, np.generic, np.ndarray)) else repr(some)
    )


def _rows(some):
    if not some.ndim:
        return number(some[()])
    return "[" + ", ".join(map(_rows, some)) + "]"


def inputs(probe, names):
    """Write all inputs of a probe with their values."""
    return ", ".join(f"{name} = {value(some)}" for name, some in zip(names, probe))


def sizes(probe, names):
    """Write all inputs of a probe, arrays by their shapes."""
    return ", ".join(
        f"{name} {np.shape(some)}" if np.ndim(some) else f"{name} = {value(some)}"
        for name, some in zip(names, probe)
    )


def place(index):
    """Write where in an array a value stands; nothing for a single number."""
    return f" at {[int(one) for one in index]}" if len(index) else ""


def sentence(text):
    """Begin with a capital, and leave the rest as it is."""
    return text[:1].upper() + text[1:]
