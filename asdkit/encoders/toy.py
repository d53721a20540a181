"""The smallest encoder: enough to watch a loss at work within seconds."""

import torch
from torch import nn

from .. import given
from ..given_tensors import clips


class Toy(nn.Module):
    """Mean and maximum of each band over time, and two dense layers.

    Paper: the two summaries are those of [SCA] IV-F.
    Shapes: (N, bands, T) -> (N, dim).
    Raises: ValueError for a size that is no whole number, and pictures of other ``bands``.
    Example:
        >>> encoders.Toy(dim=2)(torch.randn(5, 128, 31)).shape
        torch.Size([5, 2])
    Notebook: 08_subcluster_adacos
    """

    def __init__(self, dim=128, bands=128, width=64):
        super().__init__()
        dim, bands = given.count(dim, "dim"), given.count(bands, "bands")
        width = given.count(width, "width")
        self.layers = nn.Sequential(
            nn.Linear(2 * bands, width), nn.LeakyReLU(0.1), nn.Linear(width, dim)
        )

    def forward(self, x):
        bands = self.layers[0].in_features // 2
        if clips(x, "x", self.layers[0].weight).ndim != 3 or x.shape[1] != bands:
            raise ValueError(
                f"Toy was made for pictures (N, {bands}, T), not {tuple(x.shape)}: set bands to "
                "those of the front"
            )
        return self.layers(torch.cat([x.mean(dim=2), x.amax(dim=2)], dim=1))  # (N, 2 bands)
