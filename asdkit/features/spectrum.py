"""Spectrum of a whole clip: no time at all, and the finest frequencies a clip can give."""

import torch
from torch import nn

from .frames import check


class Spectrum(nn.Module):
    r"""Magnitude of the whole clip's Fourier transform, $|\sum_n w_n e^{-2 \pi i k n / T}|$ for $k
    < T/2$.

    Paper: [AP] 4.2: the branch with the highest possible resolution in frequency; no window, no
        logarithm.
    Shapes: (N, T) -> (N, T // 2): 80000 bins of 0.1 Hz for 10 s at 16 kHz.
    Raises: ValueError where the input is not (N, T) of float32 or float64.
    Choices: the bin at half the sampling rate is left out, which makes the first half even, as in
        the author's code.
    Example:
        >>> tone = torch.sin(2 * torch.pi * 440.0 * torch.arange(16000) / 16000)
        >>> features.Spectrum()(tone[None]).argmax(dim=1)  # one second: a bin is 1 Hz
        tensor([440])
    Notebook: 02_features
    """

    def forward(self, waves):
        check(waves, 2, "Spectrum")
        return torch.fft.rfft(waves).abs()[:, : waves.shape[1] // 2]
