"""Mixup: pairs of clips, mixing coefficients, and the label of a mixed clip."""

from typing import NamedTuple

import torch
from torch.nn import functional as F


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
        Example:
            >>> y, other, lam = torch.tensor([0, 1]), torch.tensor([1, 1]), torch.tensor([0.5, 0.3])
            >>> mixup.Mix(y, other, lam).soft(2)
            tensor([[0.5000, 0.5000], [0.0000, 1.0000]])
        Notebook: 08_subcluster_adacos
        """
        lam = self.lam[:, None]
        return lam * F.one_hot(self.y, classes) + (1.0 - lam) * F.one_hot(self.other, classes)


def unmixed(y, dtype=torch.float32):
    """Plain class indices as a ``Mix`` whose clips are whole; a ``Mix`` is returned as it is.

    Shapes: (N,) -> Mix of (N,).
    Raises: ValueError for a share outside 0 to 1, or none, of a ``Mix`` on the CPU.
    Choices: on a GPU shares are not looked at, since each step would wait for the answer.
    Example:
        >>> mixup.unmixed(torch.tensor([2, 0]))
        Mix(y=tensor([2, 0]), other=tensor([2, 0]), lam=tensor([1., 1.]))
    Notebook: 08_subcluster_adacos
    """
    if not isinstance(y, Mix):
        return Mix(y, y, torch.ones(y.shape, dtype=dtype, device=y.device))
    if y.lam.device.type == "cpu" and (outside := ~((y.lam >= 0) & (y.lam <= 1))).any():
        raise ValueError(
            f"lam is {y.lam[outside][0]:g} for a mixed clip: the share of its first clip is 0 to 1"
        )
    return y


def mix(batch, y, how="uniform", pairing="reverse", generator=None):
    r"""Mix each clip of a batch with a partner, $x = \lambda x_i + (1 - \lambda) x_j$.

    Paper: [SCA] eq. 4 with one $\lambda \sim U(0, 1)$ a clip; [NAM] with one $\lambda$ from
        Beta(.5, .5) a batch.
    Shapes: ``batch`` (N, ...) or a tuple of such, mixed alike; ``y`` (N,) -> the mixed batch and
        its ``Mix``.
    Raises: ValueError for another ``how`` or ``pairing``.
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


def _blend(x, partner, lam):
    weight = lam.to(x.dtype).view(-1, *[1] * (x.ndim - 1))
    return torch.lerp(x[partner], x, weight)


def _arcsine(generator):
    """One draw of Beta(1/2, 1/2), which is the arcsine law: sin^2 of a uniform angle."""
    return torch.sin(torch.rand(1, generator=generator) * torch.pi / 2).square()
