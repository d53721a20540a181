"""What a training refuses before it begins: what is looked at here is not looked at again."""

from pathlib import Path

import torch
from torch import nn

from .. import given
from ..given_tensors import finite, tensor
from ..runtime import has_bf16
from .feed import parts_of

PRECISIONS = {"float32": None, "bf16": torch.bfloat16}
SEEDS = 2**32
SUCH_AS = {
    "encoder": "encoders.Toy(dim=128)", "loss": "losses.AdaCos(dim=128, classes=41)",
    "mixing": "mixup.mix", "batches": "train.shuffled", "optimizer": "train.adam",
    "schedule": "train.cosine",
}  # fmt: skip


def check_numbers(epochs, batch_size, seed, snapshots):
    """Check the numbers of a training.

    Shapes: numbers, and several epochs -> the same as int, the epochs as a tuple.
    Raises: ValueError for what is no whole number, and a snapshot that would never come.
    """
    epochs, seed = given.count(epochs, "epochs"), given.count(seed, "seed", least=0)
    if seed >= SEEDS:
        raise ValueError(f"seed is {seed}: give a whole number below {SEEDS}")
    if isinstance(snapshots, str) or not hasattr(snapshots, "__iter__"):
        raise ValueError(f"snapshots is {snapshots!r}: give several epochs, such as [1, {epochs}]")
    snapshots = tuple(given.count(epoch, "an epoch of snapshots") for epoch in snapshots)
    if max(snapshots, default=0) > epochs:
        raise ValueError(
            f"snapshots holds {max(snapshots)}, and the training ends with epoch {epochs}: give "
            f"epochs from 1 to {epochs}"
        )
    if batch_size is not None:
        batch_size = given.count(batch_size, "batch_size")
    return epochs, batch_size, seed, snapshots


def check_module(module, name):
    """Check a network, which is neither its class nor a function that makes it.

    Shapes: a module -> the same.
    Raises: ValueError for anything else.
    """
    if not isinstance(module, nn.Module):
        raise ValueError(f"{name} is {_kind(module)}, which is no module: give {SUCH_AS[name]}")
    return module


def check_functions(**functions):
    """Check what a training calls; None leaves it out where there is a choice.

    Shapes: functions by name.
    Raises: ValueError for what cannot be called, such as an optimizer that is made already.
    """
    for name, function in functions.items():
        if function is None and name in ("mixing", "schedule"):
            continue
        if not callable(function) or isinstance(function, nn.Module):
            raise ValueError(
                f"{name} is {_kind(function)}: give a function, such as {SUCH_AS[name]}"
            )


def optimizer_of(encoder, loss, optimizer):
    """The optimizer that a function makes for a training.

    Shapes: two modules and a function of them -> a ``torch.optim.Optimizer``.
    Raises: ValueError for an optimizer's class, which takes parameters, and for what makes none.
    """
    bare = isinstance(optimizer, type) and issubclass(optimizer, torch.optim.Optimizer)
    made = None if bare else optimizer(encoder, loss)
    if not isinstance(made, torch.optim.Optimizer):
        told = _kind(optimizer) if bare else f"a function that makes {_kind(made)}"
        raise ValueError(
            f"optimizer is {told}: give a function of encoder and loss that makes one, such as "
            f"{SUCH_AS['optimizer']}"
        )
    return made


def check_data(inputs, y, loss):
    """Check the clips of a training, and that its loss knows their labels.

    Shapes: (N, ...), a tuple of such, or ``Rows``; ``y`` (N,).
    Raises: ValueError as ``check_inputs`` does, and for labels that the loss refuses.
    """
    check_inputs(inputs, y)
    if hasattr(loss, "check_labels"):
        loss.check_labels(y)


def check_inputs(inputs, y=None):
    """Check the clips of a training, or those to be embedded.

    Shapes: (N, ...), a tuple of such, or ``Rows``; ``y`` (N,) where there are labels.
    Raises: ValueError for no clips, lengths that differ, what is no tensor, NaN and infinity.
    Choices: they are looked at once, on a GPU too.
    """
    parts = parts_of(inputs)
    for name, part in [*(("inputs", part) for part in parts), *([] if y is None else [("y", y)])]:
        if not tensor(part, name).ndim:
            raise ValueError(f"{name} is a single number: give one of each clip, (N, ...)")
    lengths = {len(part) for part in inputs} if isinstance(inputs, tuple) else {len(inputs)}
    count = max(lengths, default=0) if y is None else len(y)
    if lengths != {count} or not count:
        counts = " and ".join(map(str, sorted(lengths))) or "no"
        labels = "" if y is None else f" and {count} labels"
        raise ValueError(f"{counts} clips{labels}: give as many of each, and at least one")
    for part in parts:
        if part.is_floating_point():
            finite(part, "inputs", waits=True)


def check_precision(precision, device):
    """Check the precision of a training.

    Shapes: a text; a device.
    Raises: ValueError for one that is not known, or that the device does not have.
    """
    given.choice(precision, "precision", PRECISIONS)
    if precision == "bf16" and not has_bf16(device):
        raise ValueError(
            f"the device {device} does not multiply in bf16: leave precision at float32"
        )


def check_folder(folder):
    """Check the folder of a run before anything is trained.

    Shapes: a path, or None.
    Raises: ValueError for what is no path, or a file.
    """
    if folder is not None and not isinstance(folder, str | Path):
        raise ValueError(f"folder is a {type(folder).__name__}: give a path, or None")
    for place in () if folder is None else (Path(folder), *Path(folder).parents):
        if place.exists() and not place.is_dir():
            raise ValueError(f"folder is {str(folder)!r}, and {place} is a file: give a folder")


def _kind(value):
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return "None" if value is None else f"a {type(value).__name__}"
