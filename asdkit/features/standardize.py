"""Standardization: every band, or the waves themselves, to mean 0 and deviation 1 over the training
clips.
"""

import numpy as np
import torch
from torch import nn

from .. import given
from .frames import check, pictures


class Standardize(nn.Module):
    r"""Standardize each mel band over all training clips and frames, $(x_b - \mu_b) / \sigma_b$.

    Paper: [SCA] IV-B.
    Shapes: (N, B, T) -> (N, B, T); ``fit`` sets ``mean`` and ``deviation`` (B, 1), or (M, B, 1) of
        M machines.
    Raises: ValueError for a ``by`` that is neither "all" nor "machine", what is no (N, B, T) of
        these bands, or a machine that was not fitted.
    Choices: a band that varies by rounding alone is divided by 1.
    Example:
        >>> x = torch.tensor([[[1.0, 3.0]], [[1.0, 3.0]]])
        >>> features.Standardize(bands=1).fit(x)(x)[0]
        tensor([[-1.,  1.]])
    Notebook: 02_features
    """

    def __init__(self, bands=128, by="all", machines=()):
        super().__init__()
        if by not in ("all", "machine"):
            raise ValueError(
                f"by is {by!r}: standardize over 'all' clips, or those of each 'machine'"
            )
        if bands is None:
            raise ValueError(
                "Standardize takes pictures (N, B, T): put it before what makes tuples or rows"
            )
        if isinstance(machines, str):
            raise ValueError(f"machines is {machines!r}: give a list of names")
        bands, self.by, self.machines = given.count(bands, "bands"), by, list(machines)
        sizes = (bands, 1) if by == "all" else (len(self.machines), bands, 1)
        self.register_buffer("mean", torch.zeros(sizes))
        self.register_buffer("deviation", torch.ones(sizes))

    def fit(self, x, machine=None):
        """Measure mean and deviation of each band on the training clips.

        Shapes: (N, B, T), and the machine of each clip (N,) where they are kept apart -> self.
        Raises: ValueError for a machine without a clip, clips without a machine, and pictures of
            other bands, or without end.
        """
        pictures(x, "Standardize", self.mean.shape[-2])
        if self.by == "all":
            self._measure(x, self.mean, self.deviation)
            return self
        machine = given.names(machine, "machine", len(x))
        missing = [name for name in self.machines if name not in set(machine)]
        if missing:
            raise ValueError(f"there is no clip of {missing[0]!r} to standardize by: add some")
        for place, name in enumerate(self.machines):
            rows = np.flatnonzero(machine == name)
            self._measure(x[rows], self.mean[place], self.deviation[place])
        return self

    def forward(self, x, machine=None):
        mean, deviation = self._measured(x, machine)
        return (x - mean) / deviation

    def restore(self, x, machine=None):
        """Undo it, so that what a network makes of standardized pictures is in dB again.

        Shapes: (N, B, T) -> (N, B, T).
        Raises: ValueError as ``forward`` does.
        Notebook: 04_autoencoders
        """
        mean, deviation = self._measured(x, machine)
        return x * deviation + mean

    def _measured(self, x, machine):
        mean, deviation = self.mean, self.deviation
        pictures(x, "Standardize", mean.shape[-2])
        if self.by == "machine":
            rows = [self._place(name) for name in given.names(machine, "machine", len(x))]
            mean, deviation = mean[rows], deviation[rows]  # (M, B, 1) -> (N, B, 1)
        return mean, deviation

    def _measure(self, x, into_mean, into_deviation):
        mean, variance = x.new_zeros(x.shape[1]).double(), x.new_zeros(x.shape[1]).double()
        for block in x.split(64):
            mean += block.mean(dim=2).double().sum(dim=0)
        mean /= len(x)
        for block in x.split(64):
            variance += (block - mean.to(x.dtype)[:, None]).square().mean(dim=2).double().sum(dim=0)
        deviation = (variance / len(x)).sqrt()
        if not deviation.isfinite().all():
            raise ValueError(
                f"x reaches {x.abs().max():g}, whose square is infinite: scale it down"
            )
        into_mean.copy_(mean[:, None])
        into_deviation.copy_(torch.where(deviation > 1e-6 * mean.abs(), deviation, 1.0)[:, None])

    def _place(self, name):
        if name not in self.machines:
            raise ValueError(
                f"no clip of {str(name)!r} was standardized in training: it knows "
                f"{', '.join(self.machines)}"
            )
        return self.machines.index(name)


class StandardizeWaves(nn.Module):
    r"""Standardize the waves themselves over all training clips and samples, $(w - \mu) / \sigma$.

    The level of a machine goes, and the differences in level between its clips stay.

    Paper: [DDC] IV-A, "normalized them to have a mean of 0 and variance of 1" for each machine.
    Shapes: (N, T) -> (N, T); ``fit`` measures one mean and one deviation, or those of each machine.
    Raises: ValueError for a ``by`` that is neither "all" nor "machine", what is no (N, T), or a
        machine that was not fitted.
    Choices: "machine" goes by type. The paper calls an id a machine too, and does not say over
        which of the two it measures. Digital silence is divided by 1.
    Example:
        >>> waves = torch.tensor([[1.0, 3.0], [1.0, 3.0]])
        >>> features.StandardizeWaves().fit(waves)(waves)[0]
        tensor([-1.,  1.])
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, by="all", machines=()):
        super().__init__()
        self.whole = Standardize(1, by, machines)  # a wave as a picture of one band
        self.machines = self.whole.machines

    def fit(self, waves, machine=None):
        """Measure mean and deviation of the waves of the training clips.

        Shapes: (N, T), and the machine of each clip (N,) where they are kept apart -> self.
        """
        self.whole.fit(check(waves, 1, "StandardizeWaves")[:, None], machine)
        return self

    def forward(self, waves, machine=None):
        return self.whole(check(waves, 1, "StandardizeWaves")[:, None], machine)[:, 0]
