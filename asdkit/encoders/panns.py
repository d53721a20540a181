"""ResNet38 of PANNs, the network of [DDC]: a segment of a log-mel -> 2048 features."""

import torch
from torch import nn

from .. import given
from ..given_tensors import clips

STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))  # blocks, channels; all but the first halve
LAST = 2048
SMALLEST = 32  # bands and frames: the picture is halved five times


class ResNet38(nn.Module):
    """A block of two convolutions, sixteen residual blocks, another two convolutions, and the mean
    over the picture.

    Paper: [DDC] IV-A, after Kong et al. (PANNs); 68,506,944 parameters, 68,508,993 with the logit
        that belongs to the loss.
    Shapes: (N, B, T) log-mel -> (N, 2048); of 128 bands and 256 frames 4 x 8 places are left.
        Any picture of at least 32 bands and 32 frames.
    Raises: ValueError where the input is not (N, B, T) or is too small, or for a ``width`` that
        leaves a layer without channels.
    Choices: ``width`` is the share of the channels in every layer, 2048 times it come out: a small
        one trains on a laptop. Neither text states the first weights but for those of the last
        batch norm of a residual block, which are 0: all others are Glorot-uniform.
    Example:
        >>> encoder = encoders.ResNet38(width=0.125)
        >>> encoder(torch.randn(2, 128, 256)).shape
        torch.Size([2, 256])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        1073256
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, width=1.0):
        super().__init__()
        width = given.number(width, "width")
        if round(width * STAGES[0][1]) < 1:
            raise ValueError(
                f"width is {width}: give {1 / STAGES[0][1]:g} or more, so that every layer has a "
                "channel"
            )
        before = round(width * STAGES[0][1])
        layers = [ConvBlock(1, before), nn.AvgPool2d(2), nn.Dropout(0.2)]
        for stage, (count, channels) in enumerate(STAGES):
            after = round(width * channels)
            for number in range(count):
                layers.append(Basic(before, after, halves=stage > 0 and number == 0))
                before = after
        last = ConvBlock(before, round(width * LAST))
        self.layers = nn.Sequential(
            *layers, nn.AvgPool2d(2), nn.Dropout(0.2), last, nn.Dropout(0.2)
        )
        self.apply(_initialize)
        self.to(memory_format=torch.channels_last)

    def forward(self, x):
        clips(x, "x", self.layers[0][0].weight)
        if x.ndim != 3 or min(x.shape[1:]) < SMALLEST:
            raise ValueError(
                f"ResNet38 takes log-mels (N, B, T) of {SMALLEST} bands and {SMALLEST} frames or "
                f"more, not {tuple(x.shape)}"
            )
        return self.layers(x[:, None]).mean(dim=(2, 3))


class ConvBlock(nn.Sequential):
    """Twice a convolution without bias, batch norm and ReLU.

    Paper: PANNs' block of two 3 x 3 convolutions; its pooling stands in the network.
    Shapes: (N, c, B, T) -> (N, C, B, T).
    """

    def __init__(self, before, after):
        layers = []
        for channels in (before, after):
            layers += [_conv(channels, after), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
        super().__init__(*layers)


class Basic(nn.Module):
    """A residual block of two convolutions, the mean of 2 x 2 places before the first where it
    halves.

    Paper: PANNs' basic block.
    Shapes: (N, c, B, T) -> (N, C, B, T), or halves of B and T (rounded down).
    Choices: since the last batch norm starts at 0, a block starts as its skip and a ReLU.
    """

    def __init__(self, before, after, halves=False):
        super().__init__()
        pool = [nn.AvgPool2d(2)] if halves else []
        self.branch = nn.Sequential(
            *pool,
            _conv(before, after),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
            nn.Dropout(0.1),
            _conv(after, after),
            nn.BatchNorm2d(after),
        )
        widen = [nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after)] if halves else []
        self.skip = nn.Sequential(*pool, *widen)  # of a block that halves nothing, the input

    def forward(self, x):
        return torch.relu(self.skip(x) + self.branch(x))


def _conv(before, after):
    return nn.Conv2d(before, after, 3, padding=1, bias=False)


def _initialize(module):
    if isinstance(module, nn.Conv2d):
        nn.init.xavier_uniform_(module.weight)
    if isinstance(module, Basic):
        nn.init.zeros_(module.branch[-1].weight)
