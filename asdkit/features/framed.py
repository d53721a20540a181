"""Framed log-mel: some neighboring frames as one vector, which an autoencoder takes."""

from torch import nn

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
    Notebook: 02_features
    """

    rows = True  # several vectors of a clip, each of which is trained on and judged

    def __init__(self, neighbors=5, sr=16000, window=1024, hop=512, mels=128, frames=313):
        super().__init__()
        self.neighbors = neighbors
        self.log_mel = LogMel(sr, window, hop, mels, frames)

    def forward(self, waves):
        x = self.log_mel(waves)  # (N, B, F)
        if x.shape[2] < self.neighbors:
            raise ValueError(
                f"a clip of {x.shape[2]} frames holds no {self.neighbors} neighbors: take longer "
                "clips"
            )
        return x.unfold(2, self.neighbors, 1).permute(0, 2, 3, 1).flatten(2)  # (N, F - 4, 5 * B)

    def extra_repr(self):
        return f"neighbors={self.neighbors}"
