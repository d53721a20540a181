"""Magnitude spectrogram: every frequency of the transform, none of them in dB."""

import torch
from torch import nn

from .. import given
from .frames import by_blocks, check, frames


class Spectrogram(nn.Module):
    r"""Magnitude spectrogram without its temporal mean, $|X_{kt}| - \frac1F \sum_{t'} |X_{kt'}|$
    over the F frames.

    Paper: [AP] 4.2: the mean is taken out so that what stands still is left to the other branch,
        ``Spectrum``; window 1024 (periodic Hann) and hop 512 as in the author's code.
    Shapes: (N, T) -> (N, 513, 311) for 10 s at 16 kHz; frequency before time.
    Raises: ValueError where the input is not (N, T) of float32 or float64, or shorter than a
        window.
    Choices: frames are not centered, so all samples of a frame belong to the clip.
        ``remove_mean=False`` keeps what stands still.
    Example:
        >>> x = features.Spectrogram()(torch.randn(2, 160000))
        >>> x.shape, bool(x.mean(dim=2).abs().max() < 1e-3)
        (torch.Size([2, 513, 311]), True)
    Notebook: 02_features
    """

    def __init__(self, window=1024, hop=512, remove_mean=True):
        super().__init__()
        self.hop = given.count(hop, "hop")
        self.remove_mean = given.switch(remove_mean, "remove_mean")
        self.window = torch.hann_window(given.count(window, "window"), dtype=torch.float64)

    def forward(self, waves):
        check(waves, len(self.window), "Spectrogram")
        window = self.window.to(waves.dtype).to(waves.device)
        return by_blocks(lambda block: self._spectrogram(block, window), waves)

    def _spectrogram(self, waves, window):
        magnitude = (
            torch.fft.rfft(frames(waves, len(window), self.hop) * window).abs().mT
        )  # (N, frequencies, frames)
        return magnitude - magnitude.mean(dim=2, keepdim=True) if self.remove_mean else magnitude

    def extra_repr(self):
        return f"window={len(self.window)}, hop={self.hop}, remove_mean={self.remove_mean}"
