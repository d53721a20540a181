"""The network of [AP]: a wave -> its whole spectrum and its spectrogram -> embedding."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from .. import given
from ..given_tensors import clips
from .resnet import SameConv, batch_norm

BRANCHES = ("both", "spectrum", "spectrogram")
SR, WINDOW, HOP = 16000, 1024, 512
LENGTHS = 1.0, 3600.0  # s, shortest and longest


class TwoBranch(nn.Module):
    """One branch hears which tones stand still, at 0.1 Hz, the other what changes; their halves
    make the embedding. No layer has a bias.

    Paper: [AP] 3.2; 2,540,978 parameters for 10 s and 256 dimensions, 2,672,050 for 18 s.
    Shapes: (N, T) waves of ``seconds`` at 16 kHz -> (N, dim).
    Raises: ValueError for waves of another length, an odd ``dim`` of both branches, another
        ``branch``, or less than 1 s.
    Choices: the paper leaves the layers to an earlier one; they are those of the author's code, by
        count. The dense layers of the spectrum are as many as its bins ask for, so a network is
        made for one length; the spectrogram's branch alone takes any. ``branch`` takes one of them
        alone, then with all dimensions; ``remove_mean=False`` keeps in the spectrogram what stands
        still. Weights are Glorot-uniform, batch norm has TensorFlow's eps and momentum.
    Example:
        >>> encoder = encoders.TwoBranch(dim=256, seconds=10.0)
        >>> encoder(torch.randn(2, 160000)).shape
        torch.Size([2, 256])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        2540978
    """

    def __init__(self, dim=512, seconds=10.0, branch="both", remove_mean=True):
        super().__init__()
        given.choice(branch, "branch", BRANCHES)
        dim, seconds = given.count(dim, "dim"), given.number(seconds, "seconds", *LENGTHS, 10.0)
        if branch == "both" and dim % 2:
            raise ValueError(f"dim is {dim}: each of two branches gives half, so it must be even")
        self.samples = round(seconds * SR)
        self.remove_mean = given.switch(remove_mean, "remove_mean")
        half = dim // 2 if branch == "both" else dim
        self.spectrum = SpectrumBranch(self.samples // 2, half) if branch != "spectrogram" else None
        self.spectrogram = SpectrogramBranch(half) if branch != "spectrum" else None
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        self.apply(_initialize)
        self.to(memory_format=torch.channels_last)  # a training step on a CPU takes half

    def forward(self, waves):
        clips(waves, "waves", next(self.parameters()))
        tied = self.spectrum is not None
        if waves.ndim != 2 or (tied and waves.shape[1] != self.samples):
            raise ValueError(
                f"TwoBranch was made for waves (N, {self.samples}), {self.samples / SR:g} s at "
                f"16 kHz, not {tuple(waves.shape)}: give it other seconds, or cut the waves"
            )
        if waves.dtype not in (torch.float32, torch.float64):
            raise ValueError(
                f"TwoBranch takes waves in float32 or float64, not {waves.dtype}: convert them"
            )
        halves = []
        if self.spectrum is not None:
            halves.append(self.spectrum(torch.fft.rfft(waves).abs()[:, : waves.shape[1] // 2]))
        if self.spectrogram is not None:
            halves.append(self.spectrogram(self.picture(waves)))
        return torch.cat(halves, dim=1)

    def picture(self, waves):
        """The magnitude spectrogram, without its temporal mean: what ``features.Spectrogram``
        makes.

        Shapes: (N, T) -> (N, 513, frames).
        """
        frames = waves.unfold(1, WINDOW, HOP) * self.window  # (N, frames, 1024)
        picture = torch.fft.rfft(frames).abs().mT
        return picture - picture.mean(dim=2, keepdim=True) if self.remove_mean else picture


class SpectrumBranch(nn.Sequential):
    """Three convolutions with long strides over frequency, and five dense layers.

    Paper: [AP] 3.2.
    Shapes: (N, bins) -> (N, dim); of 80000 bins 1250, 40 and 10 are left.
    """

    def __init__(self, bins, dim):
        left = math.ceil(bins / (64 * 32 * 4))  # steps: rounding up at each is rounding up once
        dense = []
        for before in (128 * left, 128, 128, 128):
            dense += [nn.Linear(before, 128, bias=False), _norm(128), nn.ReLU(inplace=True)]
        super().__init__(
            nn.Unflatten(1, (1, bins)),
            SameConv1d(1, 128, 256, stride=64), nn.ReLU(inplace=True),
            SameConv1d(128, 128, 64, stride=32), nn.ReLU(inplace=True),
            SameConv1d(128, 128, 16, stride=4), nn.ReLU(inplace=True),
            nn.Flatten(),
            *dense,
            nn.Linear(128, dim, bias=False),
        )  # fmt: skip


class SpectrogramBranch(nn.Module):
    """Four residual stages of 16, 32, 64 and 128 channels, pooled over time.

    Paper: [AP] 3.2.
    Shapes: (N, 513, T) -> (N, dim).
    """

    def __init__(self, dim):
        super().__init__()
        self.norm = _norm(513)
        self.stem = nn.Sequential(
            SameConv(1, 16, 7, stride=2, bias=False),
            batch_norm(16),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
        )
        self.stages = nn.Sequential(
            PreActivated(16, 16, first=True), PreActivated(16, 16),
            PreActivated(16, 32), PreActivated(32, 32),
            PreActivated(32, 64), PreActivated(64, 64),
            PreActivated(64, 128), PreActivated(128, 128),
        )  # fmt: skip
        self.embed = nn.Sequential(_norm(2048), nn.Linear(2048, dim, bias=False))

    def forward(self, x):
        x = self.stages(self.stem(self.norm(x)[:, None]))  # (N, 128, 16, T / 32)
        return self.embed(x.amax(dim=3).flatten(1))


class PreActivated(nn.Module):
    """A residual unit whose batch norm and ReLU stand before its convolutions.

    Paper: [AP] 3.2; the first unit stands behind the norm of the stem and has none before it.
    Shapes: (N, c, B, T) -> (N, C, B, T), or halves of B and T (rounded up) where C > c.
    """

    def __init__(self, before, after, first=False):
        super().__init__()
        stride = 1 if before == after else 2
        self.branch = nn.Sequential(
            *([] if first else [batch_norm(before)]),
            nn.ReLU(),
            SameConv(before, after, 3, stride, bias=False),
            batch_norm(after),
            nn.ReLU(inplace=True),
            SameConv(after, after, 3, bias=False),
        )
        self.skip = (
            nn.Identity()
            if before == after
            else nn.Sequential(
                nn.MaxPool2d(2, ceil_mode=True), nn.Conv2d(before, after, 1, bias=False)
            )
        )

    def forward(self, x):
        return self.skip(x) + self.branch(x)


class SameConv1d(nn.Conv1d):
    """A convolution without bias whose output is the input divided by the stride, rounded up.

    Shapes: (N, c, T) -> (N, C, ceil(T / stride)).
    """

    def __init__(self, before, after, kernel, stride):
        super().__init__(before, after, kernel, stride, bias=False)

    def forward(self, x):
        kernel, stride = self.kernel_size[0], self.stride[0]
        pad = max((-(-x.shape[2] // stride) - 1) * stride + kernel - x.shape[2], 0)
        return super().forward(F.pad(x, (pad // 2, pad - pad // 2)))


def _norm(channels):
    return nn.BatchNorm1d(channels, eps=1e-3, momentum=0.01)


def _initialize(module):
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(module.weight)
