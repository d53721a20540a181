"""Standardization: every band to mean 0 and deviation 1 over the training clips."""

import torch
from torch import nn


class Standardize(nn.Module):
    r"""Standardize each mel band over all training clips and frames, $(x_b - \mu_b) / \sigma_b$.

    Paper: [SCA] IV-B.
    Shapes: (N, B, T) -> (N, B, T); ``fit`` sets ``mean`` and ``deviation`` (B, 1).
    Choices: a band that varies by rounding alone is divided by 1.
    Example:
        >>> x = torch.tensor([[[1.0, 3.0]], [[1.0, 3.0]]])
        >>> features.Standardize(bands=1).fit(x)(x)[0]
        tensor([[-1.,  1.]])
    Notebook: 02_features
    """

    def __init__(self, bands=128):
        super().__init__()
        self.register_buffer("mean", torch.zeros(bands, 1))
        self.register_buffer("deviation", torch.ones(bands, 1))

    def fit(self, x):
        """Measure mean and deviation of each band on the training clips.

        Shapes: (N, B, T) -> self.
        Notebook: 02_features
        """
        mean, variance = x.new_zeros(x.shape[1]).double(), x.new_zeros(x.shape[1]).double()
        for block in x.split(64):
            mean += block.mean(dim=2).double().sum(dim=0)
        mean /= len(x)
        for block in x.split(64):
            variance += (block - mean.to(x.dtype)[:, None]).square().mean(dim=2).double().sum(dim=0)
        deviation = (variance / len(x)).sqrt()
        self.mean.copy_(mean[:, None])
        self.deviation.copy_(torch.where(deviation > 1e-6 * mean.abs(), deviation, 1.0)[:, None])
        return self

    def forward(self, x):
        return (x - self.mean) / self.deviation
