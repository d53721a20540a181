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
        kind = module.__name__ if isinstance(module, type) else type(module).__name__
        raise ValueError(f"{name} is {kind}, which is no module: give {SUCH_AS[name]}")
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
            kind = "None" if function is None else f"a {type(function).__name__}"
            raise ValueError(f"{name} is {kind}: give a function, such as {SUCH_AS[name]}")


def check_inputs(inputs, count=None):
    """Check the clips of a training, or those to be embedded.

    Shapes: (N, ...), a tuple of such, or ``Rows``; ``count`` N, where there are labels.
    Raises: ValueError for no clips, lengths that differ, what is no tensor, NaN and infinity.
    Choices: they are looked at once, on a GPU too.
    """
    parts = parts_of(inputs)
    if any(not tensor(part, "inputs").ndim for part in parts):
        raise ValueError("inputs is a single number: give clips (N, ...)")
    lengths = {len(part) for part in inputs} if isinstance(inputs, tuple) else {len(inputs)}
    count = max(lengths, default=0) if count is None else count
    if lengths != {count} or not count:
        counts = " and ".join(map(str, sorted(lengths)))
        raise ValueError(
            f"inputs holds {counts or 'no'} clips and {count} labels: give one for each, and at "
            "least one"
        )
    for part in parts:
        if part.is_floating_point():
            finite(part, "inputs", waits=True)


def check_labels(y, loss):
    """Check the labels of a training by what its loss knows of them.

    Shapes: ``y`` (N,).
    Raises: ValueError for what is no tensor, and as the loss does.
    """
    if not tensor(y, "y").ndim:
        raise ValueError(f"y is a single {y.item()}: give one label for each clip, (N,)")
    if hasattr(loss, "check_labels"):
        loss.check_labels(y)


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
