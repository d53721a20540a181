"""Which clips make a batch: all of them in a new order, or so many of each role."""

import math

import torch

from .. import given, memory
from ..given_tensors import tensor
from ..losses import ANOMALY, NORMAL, OUTLIER

DRAWN = 64  # bytes that a row number of a batch takes while all are drawn


def shuffled(y, batch_size=64, generator=None):
    """Every clip once an epoch, in a new order, in batches of nearly equal size.

    Paper: [SCA] IV-B, batches of 64.
    Shapes: ``y`` (N,) -> batches of row numbers (n,).
    Raises: ValueError for no clip, or a ``batch_size`` that is no whole number.
    Example:
        >>> sorted(len(rows) for rows in train.shuffled(torch.zeros(50), batch_size=20))
        [16, 17, 17]
    Notebook: 15_train_on_gpu
    """
    batch_size = given.count(batch_size, "batch_size")
    _check(y, generator)
    order = torch.randperm(len(y), generator=generator).to(y.device)
    return order.tensor_split(math.ceil(len(y) / batch_size))


def balanced(y, normal=32, outlier=32, anomaly=0, steps=100, generator=None):
    """So many clips of each role in a batch, whatever their share of the data.

    Paper: [DDC] IV: 32 normal clips and 32 outliers; with true anomalies 32, 31 and 1.
    Shapes: ``y`` (N,) roles -> ``steps`` batches of row numbers.
    Raises: ValueError for a role that no clip has, or that no batch takes, a count that is no whole
        number or below 0, or no ``steps``.
    Choices: clips of a role are drawn without repetition until all were seen, then anew. An epoch
        has ``steps`` batches.
    Example:
        >>> roles = torch.tensor([losses.NORMAL] * 3 + [losses.OUTLIER] * 30)
        >>> (rows,) = train.balanced(roles, normal=3, outlier=3, steps=1)
        >>> roles[rows].tolist()
        [1, 1, 1, 0, 0, 0]
    Notebook: 09_binary_and_centroids
    """
    steps, parts = given.count(steps, "steps"), []
    _check(y, generator)
    for name, role, count in (
        ("normal", NORMAL, normal), ("outlier", OUTLIER, outlier), ("anomaly", ANOMALY, anomaly)
    ):  # fmt: skip
        count = given.count(count, name, least=0)
        told = f"drawing {name}={count} in {steps} steps"
        memory.check(DRAWN * count * steps, told, f"give a smaller {name}, or fewer steps")
        own = torch.nonzero(y.cpu() == role)[:, 0]
        if bool(len(own)) != bool(count):
            raise ValueError(
                f"a batch takes {count} of the role {name}, and {len(own)} clips have it: "
                f"set {name} so that both or neither are 0"
            )
        rounds = [
            own[torch.randperm(len(own), generator=generator)]
            for _ in range(_rounds(count * steps, own))
        ]
        parts += [torch.cat(rounds)[: count * steps].view(steps, count)] if rounds else []
    return torch.cat(parts, dim=1).to(y.device).unbind()


def take(inputs, rows):
    """Some rows of what an encoder takes, a tensor or a tuple of them.

    Shapes: (N, ...) -> (n, ...), or each of a tuple.
    """
    return tuple(part[rows] for part in inputs) if isinstance(inputs, tuple) else inputs[rows]


def move(inputs, device):
    """What an encoder takes, a tensor or a tuple of them, on a device.

    Shapes: (N, ...), or a tuple of such -> the same.
    """
    if isinstance(inputs, tuple):
        return tuple(part.to(device) for part in inputs)
    return inputs.to(device)


def _check(y, generator):
    if tensor(y, "y").ndim != 1 or not len(y):
        raise ValueError(f"y has the shape {tuple(y.shape)}: give a label for each clip, (N,)")
    if not isinstance(generator, torch.Generator | None):
        kind = type(generator).__name__
        raise ValueError(f"generator is of the type {kind}: give a torch.Generator, or None")


def _rounds(count, own):
    return math.ceil(count / len(own)) if count else 0
