"""Mixup: pairs of clips, mixing coefficients, and the label of a mixed clip."""

from typing import NamedTuple

import torch
from torch.nn import functional as F

from . import given
from .given_tensors import floats, indices, within


class Mix(NamedTuple):
    r"""The label of mixed clips, $\bar y = \lambda \bar y_i + (1 - \lambda) \bar y_j$.

    Paper: [SCA] eq. 4.
    Shapes: ``y`` and ``other`` (N,) class indices of the two clips, ``lam`` (N,) the share of the
        first.
    Example:
        >>> label = mixup.Mix(torch.tensor([0]), torch.tensor([2]), lam=torch.tensor([0.75]))
        >>> label.soft(3)
        tensor([[0.7500, 0.0000, 0.2500]])
    Notebook: 08_subcluster_adacos
    """

    y: torch.Tensor
    other: torch.Tensor
    lam: torch.Tensor

    def soft(self, classes):
        """The mixed one-hot labels.

        Shapes: -> (N, C), rows sum to 1.
        Raises: ValueError for a class that is none, and as ``unmixed`` does.
        Example:
            >>> y, other, lam = torch.tensor([0, 1]), torch.tensor([1, 1]), torch.tensor([0.5, 0.3])
            >>> mixup.Mix(y, other, lam).soft(2)
            tensor([[0.5000, 0.5000], [0.0000, 1.0000]])
        Notebook: 08_subcluster_adacos
        """
        return soft(unmixed(self), given.count(classes, "classes"))


def unmixed(y, dtype=torch.float32):
    """Plain class indices as a ``Mix`` whose clips are whole; a ``Mix`` is returned as it is.

    Shapes: (N,) -> Mix of (N,).
    Raises: ValueError for what is no whole number for each clip, lengths that differ, or shares of
        a ``Mix`` that are no numbers, or outside 0 to 1.
    Choices: whole numbers of any type become int64. On a GPU shares are not looked at, since each
        step would wait for the answer.
    Example:
        >>> mixup.unmixed(torch.tensor([2, 0]))
        Mix(y=tensor([2, 0]), other=tensor([2, 0]), lam=tensor([1., 1.]))
    Notebook: 08_subcluster_adacos
    """
    if not isinstance(y, Mix):
        y = indices(y)
        return Mix(y, y, torch.ones(y.shape, dtype=dtype, device=y.device))
    first, lam = indices(y.y), floats(y.lam, "lam")
    if lam.shape != first.shape:
        raise ValueError(
            f"lam has the shape {tuple(lam.shape)}: give one share for each of {len(first)} clips"
        )
    within(lam, 0.0, 1.0, "the share of the first clip, from 0 to 1", "lam")
    return Mix(first, indices(y.other, "other", lam.shape[0]), lam)


def beside(x, y):
    """The label of a batch of embeddings as a ``Mix``, seen to be one for each of them.

    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> Mix of (N,).
    Raises: ValueError for labels of another length or on another device, and as ``unmixed`` does.
    """
    label = unmixed(y, x.dtype)
    if len(label.y) != len(x):
        raise ValueError(f"x holds {len(x)} embeddings and y {len(label.y)} labels: give one each")
    if label.y.device != x.device:
        raise ValueError(
            f"x lies on {x.device} and y on {label.y.device}: move y, y.to({str(x.device)!r})"
        )
    return label


def soft(label, classes):
    """The mixed one-hot labels of what ``unmixed`` gives.

    Shapes: Mix of (N,) -> (N, C).
    Raises: ValueError for a class that is none.
    """
    told, lam = f"class indices from 0 to {classes - 1}", label.lam[:, None]
    within(label.y, 0, classes - 1, told)
    if label.other is not label.y:
        within(label.other, 0, classes - 1, told, "other")
    return lam * F.one_hot(label.y, classes) + (1.0 - lam) * F.one_hot(label.other, classes)


def mix(batch, y, how="uniform", pairing="reverse", generator=None):
    r"""Mix each clip of a batch with a partner, $x = \lambda x_i + (1 - \lambda) x_j$.

    Paper: [SCA] eq. 4 with one $\lambda \sim U(0, 1)$ a clip; [NAM] with one $\lambda$ from
        Beta(.5, .5) a batch.
    Shapes: ``batch`` (N, ...) or a tuple of such, mixed alike; ``y`` (N,) -> the mixed batch and
        its ``Mix``.
    Raises: ValueError for another ``how``, ``pairing`` or ``generator``, clips that are no
        floating-point numbers, and labels that are not one whole number for each clip.
    Choices: the partner is the reversed batch ([SCA], as coded) or a random permutation ([NAM]).
        ``generator`` draws on the CPU, so that a seed gives the same mixtures on every device.
    Example:
        >>> chance = torch.Generator().manual_seed(0)
        >>> clips, y = torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1])
        >>> x, label = mixup.mix(clips, y, generator=chance)
        >>> torch.allclose(x[:, 0], label.soft(2)[:, 1])  # the share of the clip that was 1
        True
    Notebook: 08_subcluster_adacos, 11_noisy_arcmix
    """
    y = _check(batch, y, generator)
    count = len(y)
    if how == "uniform":
        lam = torch.rand(count, generator=generator)
    elif how == "beta":
        lam = _arcsine(generator).expand(count)
    else:
        raise ValueError(f"how is 'uniform' or 'beta', not {how!r}")
    if pairing not in ("reverse", "permute"):
        raise ValueError(f"pairing is 'reverse' or 'permute', not {pairing!r}")
    partner = (
        torch.arange(count - 1, -1, -1)
        if pairing == "reverse"
        else torch.randperm(count, generator=generator)
    )
    waits = y.device.type == "mps"  # which may read memory that is free again
    lam, partner = [drawn.to(y.device, non_blocking=not waits) for drawn in (lam, partner)]
    label = Mix(y, y[partner], lam)
    if isinstance(batch, tuple):
        return tuple(_blend(part, partner, lam) for part in batch), label
    return _blend(batch, partner, lam), label


def _check(batch, y, generator):
    y = indices(y)
    for part in batch if isinstance(batch, tuple) else (batch,):
        if not floats(part, "batch").ndim or len(part) != len(y):
            raise ValueError(
                f"batch has the shape {tuple(part.shape)}, and y holds {len(y)} labels: give one "
                "for each clip"
            )
    if not isinstance(generator, torch.Generator | None):
        kind = type(generator).__name__
        raise ValueError(f"generator is of the type {kind}: give a torch.Generator, or None")
    return y


def _blend(x, partner, lam):
    weight = lam.to(x.dtype).view(-1, *[1] * (x.ndim - 1))
    return torch.lerp(x[partner], x, weight)


def _arcsine(generator):
    """One draw of Beta(1/2, 1/2), which is the arcsine law: sin^2 of a uniform angle."""
    return torch.sin(torch.rand(1, generator=generator) * torch.pi / 2).square()
