"""Waveform -> what an encoder sees: level normalization, log-mel spectrogram, standardization."""

import torch
from torch import nn

BLOCK = 8


def normalize_level(waves):
    r"""Remove the offset of each clip and bring it to unit power, $(w - \bar w) / \mathrm{rms}(w - \bar w)$.

    Shapes: (N, T) -> (N, T); digital silence becomes zero, with an offset too.
    Choices: not in [SCA]. The total level of a clip can give its label away, and it says more about the microphone
        than about the machine, so the systems here are not shown it.
    Notebook: 00_start_here
    """
    centered = waves - waves.mean(dim=1, keepdim=True)
    rms = centered.square().mean(dim=1, keepdim=True).sqrt()
    rounding = 8.0 * torch.finfo(waves.dtype).eps * waves.abs().amax(dim=1, keepdim=True)
    return centered * torch.where(rms > rounding, rms.reciprocal(), 0.0)


class LogMel(nn.Module):
    r"""Log-mel spectrogram, $10 \log_{10} \max(M\,|\mathrm{STFT}(w)|^2, 10^{-10})$ in dB.

    Paper: [SCA] IV-B: window 1024 (Hann), hop 512, 128 mel bands (Slaney) from 0 Hz to half the sampling rate.
    Shapes: (N, T) -> (N, 128, 313) for 10 s at 16 kHz; mel before time. A longer clip keeps its last ``frames``.
    Raises: ValueError where the input is not (N, T) or shorter than half a window.
    Choices: centered frames with reflected borders and no top_db, as librosa has them. The batch is worked through in
        blocks of 8 clips, which stay in the processor's cache.
    Notebook: 00_start_here
    """

    def __init__(self, sr=16000, window=1024, hop=512, mels=128, frames=313):
        super().__init__()
        import librosa

        self.hop, self.frames = hop, frames
        self.register_buffer("window", torch.hann_window(window), persistent=False)
        filters = torch.from_numpy(librosa.filters.mel(sr=sr, n_fft=window, n_mels=mels, fmin=0.0, fmax=sr / 2))
        self.register_buffer("filters", filters, persistent=False)  # (mels, window / 2 + 1)

    def forward(self, waves):
        shortest = len(self.window) // 2 + 1
        if waves.ndim != 2 or waves.shape[1] < shortest:
            raise ValueError(f"LogMel takes waveforms (N, T) of {shortest} samples or more, not {tuple(waves.shape)}")
        return torch.cat([self._block(block) for block in waves.split(BLOCK)])

    def _block(self, waves):
        spectrum = torch.stft(
            waves, len(self.window), self.hop, window=self.window, center=True, pad_mode="reflect", return_complex=True
        )[..., -self.frames :]
        power = torch.view_as_real(spectrum).square().sum(dim=-1)  # (N, frequencies, frames)
        return 10.0 * (self.filters @ power).clamp_min(1e-10).log10()


class Standardize(nn.Module):
    r"""Standardize each mel band over all training clips and frames, $(x_b - \mu_b) / \sigma_b$.

    Paper: [SCA] IV-B.
    Shapes: (N, B, T) -> (N, B, T); ``fit`` sets ``mean`` and ``deviation`` (B, 1).
    Choices: a band that varies by rounding alone is divided by 1.
    Notebook: 00_start_here
    """

    def __init__(self, bands=128):
        super().__init__()
        self.register_buffer("mean", torch.zeros(bands, 1))
        self.register_buffer("deviation", torch.ones(bands, 1))

    def fit(self, x):
        """Measure mean and deviation of each band on the training clips.

        Shapes: (N, B, T) -> self.
        Notebook: 00_start_here
        """
        mean, variance = x.new_zeros(x.shape[1]).double(), x.new_zeros(x.shape[1]).double()
        for block in x.split(64):
            mean += block.mean(dim=2).double().sum(dim=0)
        mean /= len(x)
        for block in x.split(64):
            variance += (block - mean.float()[:, None]).square().mean(dim=2).double().sum(dim=0)
        deviation = (variance / len(x)).sqrt()
        self.mean.copy_(mean[:, None])
        self.deviation.copy_(torch.where(deviation > 1e-6 * mean.abs(), deviation, 1.0)[:, None])
        return self

    def forward(self, x):
        return (x - self.mean) / self.deviation
