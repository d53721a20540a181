"""What is given as a tensor, checked in one way: what it is, its shape, its type and place, and on
a CPU its numbers.

A GPU is not asked for a number, since each step would wait for the answer, and neither is what
``torch.compile`` or ``torch.func.vmap`` looks at, which has none.
"""

import math
from contextlib import contextmanager
from contextvars import ContextVar

import torch

WHOLE = {
    torch.int8, torch.int16, torch.int32, torch.int64,
    torch.uint8, torch.uint16, torch.uint32, torch.uint64,
}  # fmt: skip
_SEEN = ContextVar("seen", default=False)


@contextmanager
def seen(all_of_it=True):
    """Within, numbers are not looked at again: a training has seen all inputs and labels before,
    and tells the first step whose loss is not finite by itself; with ``seen(False)`` they are.
    """
    token = _SEEN.set(all_of_it)
    try:
        yield
    finally:
        _SEEN.reset(token)


def tensor(x, name):
    """Check a tensor, which no list and no array of numpy is.

    Shapes: any -> the same.
    Raises: ValueError for anything else.
    """
    if not isinstance(x, torch.Tensor):
        told = "None" if x is None else f"a {type(x).__name__}"
        raise ValueError(f"{name} is {told}: give a tensor, such as torch.as_tensor({name})")
    return x


def floats(x, name, like=None):
    """Check a tensor of floating-point numbers.

    Shapes: any -> the same; ``like`` is the tensor that it meets, such as weights.
    Raises: ValueError for what is no tensor, for whole, complex and truth values, and for another
        type or device than that of ``like``.
    Choices: under ``torch.autocast`` types may differ.
    Example:
        >>> given_tensors.floats(torch.tensor([1, 2]), "waves")
        Traceback (most recent call last):
        ValueError: waves is of torch.int64: give floating-point numbers, such as waves.float()
    """
    tensor(x, name)
    if not x.is_floating_point():
        cure = "their real part" if x.is_complex() else f"such as {name}.float()"
        raise ValueError(f"{name} is of {x.dtype}: give floating-point numbers, {cure}")
    if like is None:
        return x
    if x.dtype != like.dtype and not torch.is_autocast_enabled(x.device.type):
        raise ValueError(
            f"{name} is of {x.dtype} and meets numbers of {like.dtype}: convert it, "
            f"{name}.to({like.dtype})"
        )
    if x.device != like.device:
        raise ValueError(
            f"{name} lies on {x.device} and meets numbers on {like.device}: move it, "
            f"{name}.to({str(like.device)!r})"
        )
    return x


def finite(x, name, waits=False):
    """Check that no number is NaN or infinite, where a number can be read without waiting.

    Shapes: any floating-point tensor -> the same.
    Raises: ValueError that says where the first such number is.
    Choices: a sum shows it in one pass; only where that is not finite each number is looked at.
        With ``waits`` a GPU is asked, too.
    Example:
        >>> given_tensors.finite(torch.tensor([1.0, torch.nan]), "x")
        Traceback (most recent call last):
        ValueError: x is nan at 1: give finite numbers
    """
    if not _is_looked_at(x, waits) or math.isfinite(_told(x.detach().sum())):
        return x
    for place in (~x.detach().isfinite()).nonzero().tolist():  # none where the sum alone overflows
        at = f" at {place[0] if len(place) == 1 else tuple(place)}" if place else ""
        raise ValueError(f"{name} is {x[tuple(place)].item()}{at}: give finite numbers")
    return x


def clips(x, name, like=None):
    """Check what a network or a feature takes: floating-point numbers of at least one clip.

    Shapes: (N, ...) -> the same; ``like`` as in ``floats``.
    Raises: ValueError for no clip, and what ``floats`` and ``finite`` refuse.
    """
    floats(x, name, like)
    if not x.numel():
        raise ValueError(f"{name} has the shape {tuple(x.shape)}: give at least one clip")
    return finite(x, name)


def batch(x, dim=None, like=None, name="x"):
    """Check the embeddings of a batch.

    Shapes: (N, D) -> the same, with D = ``dim`` where it is told.
    Raises: ValueError for one embedding without a batch, no embedding, another ``dim``, and what
        ``floats`` and ``finite`` refuse.
    Example:
        >>> given_tensors.batch(torch.zeros(8), dim=8)
        Traceback (most recent call last):
        ValueError: x has the shape (8,): give embeddings (N, 8) of at least one clip
    """
    shape = floats(x, name, like).shape
    if len(shape) != 2 or not shape[0] or (dim is not None and shape[1] != dim):
        size = "D" if dim is None else dim
        raise ValueError(
            f"{name} has the shape {tuple(shape)}: give embeddings (N, {size}) of at least one clip"
        )
    return finite(x, name)


def indices(y, name="y", length=None):
    """Check one whole number a clip, such as its class.

    Shapes: (N,) of any type of whole numbers -> (N,) of int64.
    Raises: ValueError for a list or an array, fractions, truth values, one-hot rows, no clip, and
        another ``length``.
    Example:
        >>> given_tensors.indices(torch.tensor([0, 2], dtype=torch.int32))
        tensor([0, 2])
    """
    shape = tensor(y, name).shape
    if len(shape) != 1 or not shape[0]:
        cure = f", {name}.argmax(dim=1) of one-hot rows" if len(shape) == 2 else ""
        raise ValueError(
            f"{name} has the shape {tuple(shape)}: give a whole number for each clip, (N,){cure}"
        )
    if y.dtype not in WHOLE:
        raise ValueError(f"{name} is of {y.dtype}: give whole numbers, such as {name}.long()")
    if length is not None and shape[0] != length:
        raise ValueError(f"{name} holds {shape[0]} labels for {length}: give one for each clip")
    return y if y.dtype == torch.int64 else y.long()


def within(y, low, high, told, name="y"):
    """Check the range of labels, ends included, where they can be read without waiting.

    Shapes: (N,) -> the same.
    Raises: ValueError that says what they may be, which is ``told``.
    """
    if not _is_looked_at(y):
        return y
    for value in map(_told, y.detach().aminmax()):
        if not low <= value <= high:
            raise ValueError(f"{name} holds {value:g}: give {told}")
    return y


def _is_looked_at(x, waits=False):
    """Whether its numbers are read: not where that breaks what is compiled, again, or waits."""
    if torch.compiler.is_compiling() or _SEEN.get():
        return False
    return waits or x.device.type == "cpu"


def _told(x):
    """The number of a scalar; 0 under ``vmap``, where a scalar stands for several."""
    try:
        return x.item()
    except RuntimeError:
        return 0.0
