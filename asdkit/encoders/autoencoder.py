"""The dense auto-encoders of [L2S] and of the official baseline: vectors -> what they cannot
rebuild.
"""

from itertools import pairwise

from torch import nn

from .. import given
from ..given_tensors import clips


class AutoEncoder(nn.Module):
    r"""Dense layers down to a bottleneck and back; out comes the residual $x - \hat x$.

    Paper: [L2S] 2.1: 1024-512-256-128-16-128-256-512-1024, each with batch norm and ReLU, and a
        linear layer back to 640 numbers; 2,703,280 trainable parameters, 2,710,992 with the
        statistics of batch norm.
    Shapes: (N, bands) vectors of ``features.FramedLogMel`` -> (N, bands).
    Raises: ValueError for vectors of another length, or a layer without numbers.
    Choices: ``widths`` are the layers before the bottleneck, those behind it mirror them. The
        official baseline is ``widths=(128,) * 4, bottleneck=8``, with 267,928 parameters. Weights
        are Glorot-uniform and biases zero, as in Keras; batch norm has torch's eps 1e-5 and
        momentum .1, since the .01 of Keras lags behind where training is short.
    Example:
        >>> encoder = encoders.AutoEncoder()
        >>> encoder(torch.randn(4, 640)).shape
        torch.Size([4, 640])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        2703280
    Notebook: 04_autoencoders
    """

    def __init__(self, bands=640, widths=(1024, 512, 256, 128), bottleneck=16):
        super().__init__()
        bands, bottleneck = given.count(bands, "bands"), given.count(bottleneck, "bottleneck")
        self.bands, widths = bands, counts(widths, "widths")
        self.down, self.up = dense(bands, *widths, bottleneck), up(bottleneck, widths, bands)
        self.apply(initialize)

    def forward(self, rows):
        return rows - self.rebuild(rows)

    def code(self, rows):
        """What the bottleneck keeps of each vector.

        Shapes: (N, bands) -> (N, bottleneck), 0 or more.
        """
        return self.down(checked(rows, self))

    def rebuild(self, rows):
        r"""The vectors as the network rebuilds them, $\hat x$.

        Shapes: (N, bands) -> (N, bands).
        """
        return self.up(self.code(rows))


def dense(*sizes):
    """Dense layers from each size to the next.

    Shapes: (N, first of the sizes) -> (N, last of the sizes).
    """
    return nn.Sequential(*[Dense(before, after) for before, after in pairwise(sizes)])


def up(bottleneck, widths, bands):
    """Dense layers back from the bottleneck, the last one linear.

    Shapes: (N, bottleneck) -> (N, bands).
    """
    sizes = [bottleneck, *reversed(widths)]
    return dense(*sizes).append(nn.Linear(sizes[-1], bands))


class Dense(nn.Sequential):
    """A dense layer, batch norm and ReLU.

    Paper: [L2S] 2.1.
    Shapes: (N, before) -> (N, after), 0 or more.
    """

    def __init__(self, before, after):
        super().__init__(nn.Linear(before, after), nn.BatchNorm1d(after), nn.ReLU(inplace=True))


def checked(rows, network):
    """The rows, once they are seen to be vectors of the length that a network was made for.

    Shapes: (N, bands) -> the same.
    Raises: ValueError where they are not.
    """
    bands = network.bands
    if clips(rows, "rows", next(network.parameters())).ndim != 2 or rows.shape[1] != bands:
        raise ValueError(
            f"{type(network).__name__} was made for vectors (N, {bands}), not {tuple(rows.shape)}: "
            "features.FramedLogMel makes them, and bands is their length"
        )
    return rows


def counts(sizes, name):
    """Check the sizes of several layers before any is made.

    Shapes: several numbers, or none -> tuple of int.
    Raises: ValueError for a size that is no whole number, or below 1.
    """
    if not isinstance(sizes, tuple | list):
        raise ValueError(f"{name} is {sizes!r}: give several whole numbers, such as (128, 128)")
    return tuple(given.count(size, name) for size in sizes)


def initialize(module):
    """Glorot-uniform weights and zero biases.

    Shapes: a module -> none.
    """
    if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
