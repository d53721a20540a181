"""Framed log-mel: some neighboring frames as one vector, which an autoencoder takes, and the frames
again from such vectors.
"""

from torch import nn

from .. import given
from ..given_tensors import finite, floats
from .frames import pictures
from .log_mel import LogMel


class FramedLogMel(nn.Module):
    r"""Vectors of neighboring log-mel frames, $v_t = (x_t, x_{t+1}, \dots, x_{t+4})$.

    Paper: [L2S] 2.1: five frames of 128 mel bands, window 64 ms (1024), hop one half.
    Shapes: (N, T) -> (N, 309, 640) for 10 s at 16 kHz; the vectors of a clip in the order of time,
        in each vector frame after frame.
    Raises: ValueError as ``LogMel`` does, and for a clip of fewer frames than ``neighbors``.
    Example:
        >>> features.FramedLogMel()(torch.zeros(2, 160000)).shape
        torch.Size([2, 309, 640])
    Notebook: 02_features, 04_autoencoders
    """

    rows = True  # several vectors of a clip, each of which is trained on and judged

    def __init__(self, neighbors=5, sr=16000, window=1024, hop=512, mels=128, frames=313):
        super().__init__()
        self.neighbors = given.count(neighbors, "neighbors")
        self.log_mel = LogMel(sr, window, hop, mels, frames)

    def forward(self, waves):
        return framed(self.log_mel(waves), self.neighbors)

    def whole(self, waves):
        """What is kept of clips until their vectors are needed: the log-mel, of which each number
        stands in five vectors.

        Shapes: (N, T) -> (N, B, F).
        """
        return self.log_mel(waves)

    def cut(self, x, clip, row):
        """Some vectors of what ``whole`` keeps.

        Shapes: (N, B, F), numbers of clips (n,) and of their vectors (n,) -> (n, k B).
        """
        return vectors(x, clip, row, self.neighbors)

    def extra_repr(self):
        return f"neighbors={self.neighbors}"


def framed(x, neighbors=5):
    r"""Vectors of neighboring frames of a picture, $v_t = (x_t, \dots, x_{t+k-1})$.

    Paper: [L2S] 2.1, with k = 5 ``neighbors``.
    Shapes: (N, B, F) -> (N, F - k + 1, k B), as ``FramedLogMel`` orders them.
    Raises: ValueError for what is no (N, B, F), or a clip of fewer frames than ``neighbors``.
    Choices: ``FramedLogMel`` is this behind ``LogMel``; alone it goes behind ``Standardize``.
    Notebook: 04_autoencoders
    """
    neighbors = given.count(neighbors, "neighbors")
    if pictures(x, "framed").shape[2] < neighbors:
        raise ValueError(
            f"a clip of {x.shape[2]} frames holds no {neighbors} neighbors: take longer clips"
        )
    return x.unfold(2, neighbors, 1).permute(0, 2, 3, 1).flatten(2)  # (N, F - 4, 5 * B)


def vectors(x, clip, row, neighbors=5):
    """Some of the vectors that ``framed`` makes.

    Shapes: (N, B, F), numbers of clips (n,) and of their vectors (n,) -> (n, k B).
    """
    return x.unfold(2, neighbors, 1)[clip, :, row].mT.flatten(1)  # (n, B, k) -> (n, k * B)


framed.rows, framed.cut = True, vectors  # of a clip, as those of FramedLogMel


def unframed(rows, bands=128):
    r"""The picture that vectors of neighboring frames hold: each frame is the mean over all vectors
    that it stands in, five in the middle of a clip and one at its ends.

    Paper: none; [L2S] shows no reconstruction.
    Shapes: (N, R, k B) -> (N, B, R + k - 1), with B = ``bands``.
    Raises: ValueError for what is no (N, R, k B).
    Choices: the squared error of a mean is at most the mean of the squared errors, so, the frames
        at both ends apart, what an auto-encoder rebuilds lies closer to the clip as a picture than
        as vectors, which the score is made of.
    Example:
        >>> x = torch.arange(12.0).reshape(1, 2, 6)
        >>> rows = features.framed(x)
        >>> rows.shape, torch.equal(features.unframed(rows, bands=2), x)
        (torch.Size([1, 2, 10]), True)
    Notebook: 04_autoencoders
    """
    bands, shape = given.count(bands, "bands"), tuple(floats(rows, "rows").shape)
    if rows.ndim != 3 or not rows.numel() or shape[2] % bands:
        raise ValueError(
            f"unframed takes vectors (N, R, k * {bands}) of whole frames, not {shape}: bands are "
            "those of the picture"
        )
    finite(rows, "rows")
    count, neighbors = rows.shape[1], rows.shape[2] // bands
    pieces = rows.unflatten(2, (neighbors, bands))  # (N, R, k, B)
    total = rows.new_zeros(len(rows), bands, count + neighbors - 1)
    times = rows.new_zeros(count + neighbors - 1)
    for place in range(neighbors):
        total[:, :, place : place + count] += pieces[:, :, place].mT
        times[place : place + count] += 1
    return total / times  # (N, B, R + k - 1)
