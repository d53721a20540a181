"""What a whole file holds is checked before it is used: somebody may have written it by hand."""

import json
import math
from contextlib import contextmanager

from . import __version__
from .runtime import is_memory_full
from .tensorfile import within

FAULTS = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, OverflowError
)  # fmt: skip


def facts(notes):
    """The dict that notes tell in JSON, every number of it finite.

    Raises: ValueError for other text.
    Example:
        >>> contents.facts('{"epoch": 3}')
        {'epoch': 3}
    """
    told = json.loads(notes, parse_float=_finite, parse_constant=_finite)
    if not isinstance(told, dict):
        raise ValueError("its notes are no dict")
    return told


def state(tensors, part, module):
    """The tensors of one part of a file, which are those that a module has, and finite.

    Raises: ValueError that names the first that is missing, strange, of another shape or type, or
        not finite.
    """
    found, wanted = within(tensors, part), module.state_dict()
    for name in [*wanted, *found]:
        if name not in found or name not in wanted:
            raise ValueError(f"{part}.{name} is {'missing' if name in wanted else 'strange'}")
        check(f"{part}.{name}", found[name], wanted[name].shape, wanted[name].dtype)
    return found


def check(name, tensor, shape, dtype):
    """Check the shape and the type of a tensor of a file, and that it is finite.

    Raises: ValueError that names it.
    """
    if tensor.shape != shape or tensor.dtype != dtype:
        raise ValueError(f"{name} has another shape or type")
    if tensor.is_floating_point() and not tensor.isfinite().all():
        raise ValueError(f"{name} holds NaN or infinity")


@contextmanager
def read_as(path, kind, cure):
    """Tell in one sentence whatever is wrong with what a whole file holds.

    Raises: ValueError that names the file, the cure, and what was found where that is short; one
        that begins with the file is left as it is.
    """
    try:
        yield
    except FAULTS as error:
        if is_memory_full(error) or str(error).startswith(str(path)):
            raise
        short = type(error) is ValueError and len(str(error)) < 200 and str(error).isprintable()
        reason = f" ({error})" if short else ""
        raise ValueError(
            f"{path} is no {kind} that this asdkit {__version__} can read: {cure}{reason}"
        ) from error


def _finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("its notes hold NaN or infinity")
    return value
