"""A convolutional auto-encoder: a log-mel as a picture -> what it cannot rebuild of it."""

from itertools import pairwise

import torch
from torch import nn

from .. import given
from ..given_tensors import clips
from .autoencoder import counts, initialize


class ConvAutoEncoder(nn.Module):
    r"""Convolutions that halve the picture, down to a few channels, and back; out comes the
    residual $x - \hat x$, one number a pixel.

    Paper: [L2S] 2 names it ("convolutional AE with 2-dimensional log-mel-spectrogram"), without
        layers.
    Shapes: (N, B, T) log-mel -> (N, B T); any B and T.
    Raises: ValueError where the input is not (N, B, T), or for a layer without channels.
    Choices: small and common layers of our own, 16-32-64-8 channels, 3 x 3 with stride 2, batch
        norm and ReLU, and transposed convolutions back, the last one linear: 56,049 parameters. Of
        128 x 32 pixels 8 x 8 x 2 numbers are left, a code 32 times as small. An odd size is
        halved upward and rebuilt as it was.
    Example:
        >>> encoder = encoders.ConvAutoEncoder()
        >>> encoder(torch.randn(4, 128, 32)).shape
        torch.Size([4, 4096])
        >>> encoder.code(torch.randn(4, 128, 32)).shape
        torch.Size([4, 8, 8, 2])
    Notebook: 04_autoencoders
    """

    def __init__(self, channels=(16, 32, 64), bottleneck=8):
        super().__init__()
        channels, bottleneck = counts(channels, "channels"), given.count(bottleneck, "bottleneck")
        sizes = list(pairwise([1, *channels, bottleneck]))
        self.down = nn.ModuleList(Halve(before, after) for before, after in sizes)
        back = [Double(after, before) for before, after in reversed(sizes[1:])]
        self.up = nn.ModuleList([*back, Double(sizes[0][1], 1, linear=True)])
        self.apply(initialize)
        self.to(memory_format=torch.channels_last)

    def forward(self, x):
        return (x - self.rebuild(x)).flatten(1)

    def code(self, x):
        """What the bottleneck keeps of each picture.

        Shapes: (N, B, T) -> (N, bottleneck, B / 16, T / 16), rounded up, of four convolutions.
        """
        return self._halved(x)[-1]

    def rebuild(self, x):
        r"""The pictures as the network rebuilds them, $\hat x$.

        Shapes: (N, B, T) -> (N, B, T).
        """
        *sizes, x = self._halved(x)
        for layer, larger in zip(self.up, reversed(sizes)):
            x = layer(x, larger.shape[2:])
        return x[:, 0]

    def _halved(self, x):
        if clips(x, "x", self.down[0][0].weight).ndim != 3:
            raise ValueError(f"ConvAutoEncoder takes log-mels (N, B, T), not {tuple(x.shape)}")
        pictures = [x[:, None]]  # (N, 1, B, T)
        for layer in self.down:
            pictures.append(layer(pictures[-1]))
        return pictures


class Halve(nn.Sequential):
    """A convolution of stride 2, batch norm and ReLU.

    Shapes: (N, c, B, T) -> (N, C, B / 2, T / 2), rounded up.
    """

    def __init__(self, before, after):
        super().__init__(
            nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        )


class Double(nn.Module):
    """A transposed convolution of stride 2, batch norm and ReLU; a ``linear`` one has a bias alone.

    Shapes: (N, c, B, T) and the ``size`` that was halved -> (N, C, *size).
    """

    def __init__(self, before, after, linear=False):
        super().__init__()
        self.conv = nn.ConvTranspose2d(before, after, 3, stride=2, padding=1, bias=linear)
        after_it = [nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
        self.rest = nn.Sequential(*([] if linear else after_it))

    def forward(self, x, size):
        return self.rest(self.conv(x, output_size=size))
