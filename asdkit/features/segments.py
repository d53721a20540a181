"""Segments of a picture: overlapping spans of time, each a row of its clip."""

import torch
from torch import nn

from .. import given, memory
from .frames import pictures


class Segments(nn.Module):
    r"""Cut a picture into n overlapping segments of F frames, the first at its beginning and the
    last at its end: segment i starts at frame $i\,(T - F) / (n - 1)$, rounded.

    Paper: [DDC] IV-A: ten segments of 256 frames of each clip, whose scores are averaged.
    Shapes: (N, B, T) -> (N, count, B, frames), n and F above.
    Raises: ValueError for what is no (N, B, T), or a clip of fewer ``frames``, or no segment or
        frame.
    Choices: the paper says that segments may overlap, not where they start: evenly here, 6.3 frames
        apart for 313 frames. A single segment is the beginning of the clip, and a clip of as many
        ``frames`` as a segment is ``count`` times the same.
    Example:
        >>> log_mel = torch.arange(313.0).expand(1, 1, 313)
        >>> features.Segments()(log_mel)[0, :, 0, 0].tolist()
        [0.0, 6.0, 13.0, 19.0, 25.0, 32.0, 38.0, 44.0, 51.0, 57.0]
    Notebook: 09_binary_and_centroids
    """

    rows = True  # several segments of a clip, each of which is trained on and judged

    def __init__(self, frames=256, count=10):
        super().__init__()
        self.frames, self.count = given.count(frames, "frames"), given.count(count, "count")

    def forward(self, x):
        if pictures(x, "Segments").shape[2] < self.frames:
            raise ValueError(
                f"a clip of {x.shape[2]} frames holds no segment of {self.frames}: take longer "
                "clips, or shorter segments"
            )
        size = x[:, :, : self.frames].nbytes * self.count
        memory.check(size, f"count={self.count}", "give a smaller count")
        starts = self._starts(x)
        return torch.stack([x[:, :, start : start + self.frames] for start in starts], dim=1)

    def cut(self, x, clip, row):
        """Some segments of pictures.

        Shapes: (N, B, T), numbers of clips (n,) and of their segments (n,) -> (n, B, frames).
        """
        waits = x.device.type == "mps"  # which may read memory that is free again
        starts = torch.tensor(self._starts(x)).to(x.device, non_blocking=not waits)
        return x.unfold(2, self.frames, 1)[clip, :, starts[row]].contiguous()

    def _starts(self, x):
        left = x.shape[2] - self.frames
        return [round(i * left / max(self.count - 1, 1)) for i in range(self.count)]

    def extra_repr(self):
        return f"frames={self.frames}, count={self.count}"
