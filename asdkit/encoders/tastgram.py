"""The networks of [NAM]: a wave and its log-mel -> embedding, one with attention over time."""

import torch
from torch import nn

from .. import given
from ..given_tensors import clips, floats

SR, HOP = 16000, 512
SLOPE = 0.2
BOTTLENECKS = ((2, 128), (4, 128), (4, 128))  # expansion t, channels c; two units, the first halves


class STgram(nn.Module):
    """Two pictures of a clip, its log-mel and one that is learned from its wave, read by
    MobileFaceNet.

    Paper: the base system of [NAM], STgram-MFN; 1,161,279 parameters with 41 centers and a layer
        of 5,289 that the author's code never uses, which is left out here.
    Shapes: the tuple of waves (N, T) and log-mels (N, 128, frames) -> (N, dim).
    Raises: ValueError where the input is no such tuple, or has another number of frames.
    Choices: the layer norms and the last depth-wise kernel hold one number of frames each, 313 of
        10 s: a network is made for one length, ``seconds``, and its parameters grow with it.
    Example:
        >>> encoder = encoders.STgram()
        >>> encoder((torch.randn(2, 160000), torch.randn(2, 128, 313))).shape
        torch.Size([2, 128])
    """

    pictures = 2

    def __init__(self, dim=128, seconds=10.0):
        super().__init__()
        dim, seconds = given.count(dim, "dim"), given.number(seconds, "seconds", 0.1, 3600, 10.0)
        self.frames = round(seconds * SR) // HOP + 1
        self.tgram = Tgram(self.frames)
        self.face = MobileFaceNet(self.pictures, dim, self.frames)
        self.to(memory_format=torch.channels_last)  # a training step on a CPU takes a fifth less

    def forward(self, batch):
        wave, log_mel = self.check(batch)
        return self.face(torch.stack([self.tgram(wave), log_mel], dim=1))

    def check(self, batch):
        """The wave and the log-mel of a batch, once they are seen to fit the network.

        Shapes: -> (N, T), (N, 128, frames).
        Raises: ValueError where they do not.
        """
        name = type(self).__name__
        if not isinstance(batch, tuple) or len(batch) != 2:
            raise ValueError(f"{name} takes a tuple of waves and log-mels: features.WaveAndLogMel")
        wave, log_mel = batch
        for part, called in ((wave, "wave"), (log_mel, "log_mel")):
            clips(part, called, self.tgram[1].weight)
        if (wave.ndim, log_mel.ndim) != (2, 3) or len(wave) != len(log_mel):
            raise ValueError(
                f"{name} takes waves (N, T) and log-mels (N, 128, frames), not {tuple(wave.shape)} "
                f"and {tuple(log_mel.shape)}: give the two of the same clips"
            )
        if log_mel.shape[1:] != (128, self.frames) or wave.shape[1] // HOP + 1 != self.frames:
            raise ValueError(
                f"{name} was made for 128 bands and {self.frames} frames, not for waves "
                f"{tuple(wave.shape)} and log-mels {tuple(log_mel.shape)}: give it the seconds of "
                "the clips, or cut or repeat them to its own"
            )
        return wave, log_mel


class TASTgram(STgram):
    """STgram with a third picture: the log-mel under an attention over time.

    Paper: [NAM] 5 to 7, TASTgram-MFN; 1,161,855 parameters with 41 centers and a layer of 5,289
        that the author's code never uses, which is left out here.
    Shapes: the tuple of waves (N, T) and log-mels (N, 128, frames) -> (N, dim).
    Raises: ValueError where the input is no such tuple, or has another number of frames.
    Choices: those of STgram.
    Example:
        >>> encoder = encoders.TASTgram()
        >>> encoder((torch.randn(2, 160000), torch.randn(2, 128, 313))).shape
        torch.Size([2, 128])
        >>> sum(parameter.numel() for parameter in encoder.parameters())  # 41 x 128 centers apart
        1151318
    """

    pictures = 3

    def forward(self, batch):
        wave, log_mel = self.check(batch)
        heeded = temporal_attention(log_mel)[:, None] * log_mel  # [NAM] 6
        return self.face(torch.stack([self.tgram(wave), log_mel, heeded], dim=1))  # [NAM] 7


def temporal_attention(log_mel):
    r"""How much of each frame is heeded, $\sigma(\max_f X_{ft} + \frac1F \sum_f X_{ft})$, without
    weights.

    Paper: [NAM] 5 and 6.
    Shapes: (N, F, T) log-mel in dB -> (N, T), between 0 and 1.
    Raises: ValueError for what is no (N, F, T) of floating-point numbers.
    Example:
        >>> encoders.temporal_attention(torch.tensor([[[-3.0, 0.0, 3.0]]]))  # one band
        tensor([[0.0025, 0.5000, 0.9975]])
    Notebook: 11_noisy_arcmix
    """
    if floats(log_mel, "log_mel").ndim != 3 or not log_mel.numel():
        raise ValueError(f"log_mel has the shape {tuple(log_mel.shape)}: give log-mels (N, F, T)")
    return torch.sigmoid(log_mel.amax(dim=1) + log_mel.mean(dim=1))


class Tgram(nn.Sequential):
    """A picture learned from the wave: 128 filters of 64 ms, every 32 ms, and three convolutions.

    Paper: [NAM], TgramNet; 280,406 parameters at 313 frames.
    Shapes: (N, T) -> (N, 128, frames).
    """

    def __init__(self, frames):
        layers = []
        for _ in range(3):
            layers += [
                nn.LayerNorm(frames),
                nn.LeakyReLU(SLOPE),
                nn.Conv1d(128, 128, 3, padding=1, bias=False),
            ]
        super().__init__(
            nn.Unflatten(1, (1, -1)),
            nn.Conv1d(1, 128, 1024, stride=512, padding=512, bias=False),
            *layers,
        )


class MobileFaceNet(nn.Sequential):
    r"""Depth-wise convolutions, six bottlenecks, and one weight for each place of the last picture.

    Paper: [NAM]; 876,201 parameters of three pictures and 128 dimensions, of them 5,289 unused.
    Shapes: (N, pictures, 128, frames) -> (N, dim).
    Choices: the weights of a convolution are normal with the standard deviation
        $\sqrt{2 / (k k C)}$ for C channels out, as in the author's code.
    """

    def __init__(self, pictures, dim, frames):
        layers, before = [ConvNorm(pictures, 64, 3, 2), ConvNorm(64, 64, 3, groups=64)], 64
        for expansion, channels in BOTTLENECKS:
            layers += [
                Bottleneck(before, channels, 2, expansion),
                Bottleneck(channels, channels, 1, expansion),
            ]
            before = channels
        left = (8, -(-frames // 16))  # what four halvings leave of 128 bands and the frames
        super().__init__(
            *layers,
            ConvNorm(before, 512, 1),
            ConvNorm(512, 512, left, groups=512, linear=True),
            ConvNorm(512, dim, 1, linear=True),
            nn.Flatten(),
        )
        self.apply(_initialize)


class Bottleneck(nn.Module):
    """Widen, filter each channel by itself, and narrow again without a nonlinearity.

    Paper: [NAM], after MobileNetV2; the sum only where stride and channels leave the shape.
    Shapes: (N, c, H, W) -> (N, C, ceil(H / stride), ceil(W / stride)).
    """

    def __init__(self, before, after, stride, expansion):
        super().__init__()
        wide = before * expansion
        self.branch = nn.Sequential(
            ConvNorm(before, wide, 1),
            ConvNorm(wide, wide, 3, stride, groups=wide),
            ConvNorm(wide, after, 1, linear=True),
        )
        self.adds = stride == 1 and before == after

    def forward(self, x):
        return x + self.branch(x) if self.adds else self.branch(x)


class ConvNorm(nn.Sequential):
    """A convolution without bias, batch norm, and a slope of its own below zero for each channel.

    Shapes: (N, c, H, W) -> (N, C, ceil(H / stride), ceil(W / stride)), or one place where the
        kernel is the picture.
    """

    def __init__(self, before, after, kernel, stride=1, groups=1, linear=False):
        padding = 1 if kernel == 3 else 0
        layers = [
            nn.Conv2d(before, after, kernel, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(after),
        ]
        super().__init__(*layers, *([] if linear else [nn.PReLU(after)]))


def _initialize(module):
    if isinstance(module, nn.Conv2d):
        places = module.kernel_size[0] * module.kernel_size[1]
        nn.init.normal_(module.weight, std=(2.0 / (places * module.out_channels)) ** 0.5)
