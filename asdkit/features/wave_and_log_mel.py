"""A wave and its log-mel together, for a network that takes both."""

from .frames import check
from .log_mel import LogMel


class WaveAndLogMel(LogMel):
    """The wave itself beside its log-mel spectrogram, of the same first ``seconds``.

    Paper: [NAM] 2, with the settings ``systems.recipes.NAM_MEL``.
    Shapes: (N, T) -> (N, T) and (N, 128, 313) for 10 s at 16 kHz.
    Raises: ValueError as ``LogMel`` does.
    Choices: those of ``LogMel``.
    Example:
        >>> wave, log_mel = features.WaveAndLogMel(seconds=10.0)(torch.zeros(2, 190000))
        >>> wave.shape, log_mel.shape
        (torch.Size([2, 160000]), torch.Size([2, 128, 313]))
    """

    def forward(self, waves):
        check(waves, name="WaveAndLogMel")
        kept = waves if self.seconds is None else waves[:, : round(self.seconds * self.sr)]
        return kept, super().forward(kept)
