"""IDNN: the middle frame of a vector, interpolated from its neighbors."""

import torch
from torch import nn

from .. import given
from .autoencoder import checked, counts, dense, initialize, up


class Idnn(nn.Module):
    r"""Rebuild the middle frame from the frames around it, which alone are seen; out comes its
    residual $x_m - \hat x_m$.

    Paper: Suefusa et al., ICASSP 2020, whose network [NAM] compares with (Table 1). An
        auto-encoder can hand a frame on; this one cannot, as it does not see it.
    Shapes: (N, bands) vectors of ``span`` frames each -> (N, bands / span).
    Raises: ValueError for vectors of another length, a length that is no ``span`` frames, a
        ``span`` without a middle and neighbors, or a layer without numbers.
    Choices: the layers are those of ``AutoEncoder``, so that only the question differs; ``span`` is
        the ``neighbors`` of ``features.FramedLogMel``.
    Example:
        >>> encoder = encoders.Idnn()
        >>> encoder(torch.randn(4, 640)).shape
        torch.Size([4, 128])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        2047408
    Notebook: 04_autoencoders
    """

    def __init__(self, bands=640, span=5, widths=(1024, 512, 256, 128), bottleneck=16):
        super().__init__()
        bands, bottleneck = given.count(bands, "bands"), given.count(bottleneck, "bottleneck")
        widths, span = counts(widths, "widths"), given.count(span, "span", least=3)
        if span % 2 == 0:
            raise ValueError(f"span is {span}: give an odd number of frames, 3 or more")
        if bands % span:
            raise ValueError(
                f"vectors of {bands} numbers are no {span} frames: set span to the neighbors of "
                "the front"
            )
        self.bands, mels = bands, bands // span
        self.middle = slice(span // 2 * mels, (span // 2 + 1) * mels)
        self.down = dense(bands - mels, *widths, bottleneck)
        self.up = up(bottleneck, widths, mels)
        self.apply(initialize)

    def forward(self, rows):
        rebuilt = self.rebuild(rows)
        return rows[:, self.middle] - rebuilt

    def rebuild(self, rows):
        """The middle frame as the network interpolates it.

        Shapes: (N, bands) -> (N, bands / span).
        """
        rows, middle = checked(rows, self), self.middle
        around = torch.cat([rows[:, : middle.start], rows[:, middle.stop :]], dim=1)
        return self.up(self.down(around))
