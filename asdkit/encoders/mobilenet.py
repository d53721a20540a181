"""MobileNetV2, the network of [L2S]: a log-mel made a square picture -> 1280 features."""

import torch
from torch import nn
from torch.nn import functional as F

from .. import given
from ..given_tensors import clips

STAGES = (  # expansion t, channels c, blocks n, stride s of the first: Table 2 of its paper
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
)  # fmt: skip
SMALLEST = 32


class MobileNetV2(nn.Module):
    """Inverted residual blocks from 16 to 320 channels, a last convolution, and the mean over the
    picture.

    Paper: [L2S] 3, Sandler et al. Table 2; 2,223,872 trainable parameters for 1280 dimensions.
    Shapes: (N, B, T) log-mel of any B and T -> (N, dim).
    Raises: ValueError where the input is not (N, B, T), or for a ``size`` below 32.
    Choices: [L2S] does not say how 64 x 313 becomes 224 x 224 x 3: here bilinearly, with the
        averaging that a shrinking axis needs (time), and three times the same picture. A smaller
        ``size`` trains on a laptop: the parameters are as many, the work falls with its square.
        Weights start at random (He, by fan-out), not from photographs; batch norm has eps 1e-5 and
        momentum .1; ``dim`` sets the channels of the last convolution.
    Example:
        >>> encoder = encoders.MobileNetV2(size=32)
        >>> encoder(torch.randn(2, 64, 313)).shape
        torch.Size([2, 1280])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        2223872
    Notebook: 05_classify_to_detect
    """

    def __init__(self, dim=1280, size=224):
        super().__init__()
        dim, size = given.count(dim, "dim"), given.count(size, "size")
        if size < SMALLEST:
            raise ValueError(
                f"size is {size}: give {SMALLEST} pixels or more, since the picture is halved five "
                "times"
            )
        self.size = size
        self.stem = ConvNorm(3, 32, kernel=3, stride=2)
        blocks, before = [], 32
        for expansion, channels, count, stride in STAGES:
            for number in range(count):
                blocks.append(
                    InvertedResidual(before, channels, 1 if number else stride, expansion)
                )
                before = channels
        self.blocks = nn.Sequential(*blocks)
        self.last = ConvNorm(before, dim, kernel=1)
        self.apply(_initialize)
        self.to(memory_format=torch.channels_last)  # a training step on a CPU takes a third less

    def forward(self, x):
        if clips(x, "x", self.last[0].weight).ndim != 3:
            raise ValueError(f"MobileNetV2 takes log-mels (N, B, T), not {tuple(x.shape)}")
        return self.last(self.blocks(self.stem(self.picture(x)))).mean(dim=(2, 3))

    def picture(self, x):
        """The log-mel as a square picture of three equal channels.

        Paper: [L2S] 3, "Resize 224*224*3".
        Shapes: (N, B, T) -> (N, 3, size, size).
        Example:
            >>> encoders.MobileNetV2(size=32).picture(torch.randn(5, 64, 313)).shape
            torch.Size([5, 3, 32, 32])
        Notebook: 05_classify_to_detect
        """
        square = F.interpolate(x[:, None], (self.size, self.size), mode="bilinear", antialias=True)
        return square.expand(-1, 3, -1, -1)


class InvertedResidual(nn.Module):
    """Widen by a 1x1 convolution, filter each channel by itself, and narrow again without a
    nonlinearity.

    Paper: Sandler et al. Table 1; the sum only where stride and channels leave the picture's shape.
    Shapes: (N, c, H, W) -> (N, C, ceil(H / stride), ceil(W / stride)).
    """

    def __init__(self, before, after, stride, expansion):
        super().__init__()
        wide = before * expansion
        widen = [] if expansion == 1 else [ConvNorm(before, wide, kernel=1)]
        self.branch = nn.Sequential(
            *widen,
            ConvNorm(wide, wide, kernel=3, stride=stride, groups=wide),
            nn.Conv2d(wide, after, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        self.adds = stride == 1 and before == after

    def forward(self, x):
        return x + self.branch(x) if self.adds else self.branch(x)


class ConvNorm(nn.Sequential):
    """A convolution without bias, batch norm, and ReLU6, the ReLU that ends at 6.

    Shapes: (N, c, H, W) -> (N, C, ceil(H / stride), ceil(W / stride)).
    """

    def __init__(self, before, after, kernel, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU6(inplace=True),
        )


def _initialize(module):
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out")
