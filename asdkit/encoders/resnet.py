"""The residual network of [SCA]: log-mel spectrogram -> embedding."""

import torch
from torch import nn
from torch.nn import functional as F

from .. import given
from ..given_tensors import clips

SLOPE = 0.1


class ResNet(nn.Module):
    """Four residual stages of 16, 32, 64 and 128 channels, pooled over time and mapped to the
    embedding.

    Paper: [SCA] Table I; 766,944 parameters for 128 dimensions.
    Shapes: (N, 128, 313) log-mel -> (N, dim); any (N, B, T) of at least 128 bands and 157 frames.
    Raises: ValueError where the input is not (N, B, T) or is too small.
    Choices: Table I prints stride 1 for every block, but its output sizes need stride 2 from the
        second stage on. Padding is that of TensorFlow's "same", kernels are Glorot-uniform, batch
        norm has eps 1e-3 and momentum .01.
    Example:
        >>> encoder = encoders.ResNet(dim=128)
        >>> encoder(torch.randn(2, 128, 313)).shape
        torch.Size([2, 128])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        766944
    Notebook: 00_start_here
    """

    shortest = 157  # frames: half of those that 10 s have

    def __init__(self, dim=128):
        super().__init__()
        self.stem = nn.Sequential(
            SameConv(1, 16, 7, stride=2),
            nn.LeakyReLU(SLOPE, inplace=True),
            batch_norm(16),
            nn.MaxPool2d(3, 2),
        )
        self.stages = nn.Sequential(
            Residual(16, 16), Residual(16, 16),
            Residual(16, 32), Residual(32, 32),
            Residual(32, 64), Residual(64, 64),
            Residual(64, 128), Residual(128, 128),
        )  # fmt: skip
        self.embed = nn.Linear(128 * 4, given.count(dim, "dim"))
        self.apply(_initialize)
        self.to(memory_format=torch.channels_last)  # a training step on a CPU takes a fifth less

    def forward(self, x):
        clips(x, "x", self.embed.weight)
        if x.ndim != 3 or x.shape[1] < 128 or x.shape[2] < self.shortest:
            raise ValueError(
                f"ResNet takes log-mels (N, 128, T) of {self.shortest} frames or more (5 s as "
                f"LogMel makes them), not {tuple(x.shape)}"
            )
        x = self.stages(self.stem(x[:, None]))  # (N, 1, B, T) -> (N, 128, 4, 10)
        return self.embed(x.amax(dim=3).flatten(1))


class Residual(nn.Module):
    """One residual unit, pre-activated, with batch norm after the sum; it halves the picture where
    channels grow.

    Paper: [SCA] Table I.
    Shapes: (N, c, B, T) -> (N, C, B, T), or halves of B and T (rounded up) where C > c.
    """

    def __init__(self, before, after):
        super().__init__()
        stride = 1 if before == after else 2
        self.branch = nn.Sequential(
            nn.LeakyReLU(SLOPE),
            SameConv(before, after, 3, stride),
            nn.LeakyReLU(SLOPE, inplace=True),
            batch_norm(after),
            SameConv(after, after, 3),
        )
        self.skip = (
            nn.Identity()
            if before == after
            else nn.Sequential(nn.MaxPool2d(2, ceil_mode=True), nn.Conv2d(before, after, 1))
        )
        self.norm = batch_norm(after)

    def forward(self, x):
        return self.norm(self.skip(x) + self.branch(x))


class SameConv(nn.Conv2d):
    """A convolution whose output is the input divided by the stride, rounded up, the odd pixel of
    padding last.

    Shapes: (N, c, B, T) -> (N, C, ceil(B / stride), ceil(T / stride)).
    """

    def __init__(self, before, after, kernel, stride=1, bias=True):
        super().__init__(before, after, kernel, stride, bias=bias)

    def forward(self, x):
        kernel, stride = self.kernel_size[0], self.stride[0]
        pads = [max((-(-size // stride) - 1) * stride + kernel - size, 0) for size in x.shape[-2:]]
        if all(pad % 2 == 0 for pad in pads):
            return F.conv2d(x, self.weight, self.bias, self.stride, [pad // 2 for pad in pads])
        (low, high), (left, right) = [(pad // 2, pad - pad // 2) for pad in pads]
        return super().forward(F.pad(x, (left, right, low, high)))


def batch_norm(channels):
    """Batch norm with TensorFlow's default settings.

    Shapes: (N, C, B, T) -> the same.
    """
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def _initialize(module):
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
