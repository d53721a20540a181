"""Log-mel spectrogram: power in bands that are spaced as we hear, in dB."""

from functools import lru_cache

import torch
from torch import nn

from .. import given
from ..given_tensors import floats, within
from .frames import by_blocks, check, check_padding, frames

TOGETHER = (
    16  # mel bands of one product: together they reach over few frequencies, the others are zero
)


class LogMel(nn.Module):
    r"""Log-mel spectrogram, $10 \log_{10} \max(M\,|\mathrm{STFT}(w)|^2 + \epsilon, p_{\min})$ in
    dB.

    Paper: [SCA] IV-B: window 1024 (Hann), hop 512, 128 mel bands (Slaney) from 0 Hz to half the
        sampling rate, the floor 1e-10 and nothing ``added``. [NAM] takes windows of 2048, pads with
        zeros and adds $2^{-52}$ instead of the floor; its base system STgram HTK's mel without
        ``norm``; the classifier of [L2S] 64 bands: ``systems.recipes`` has their settings.
    Shapes: (N, T) -> (N, 128, 313) for 10 s at 16 kHz; mel before time. A longer clip keeps its
        first ``seconds``, and of these the last ``frames``; None keeps all.
    Raises: ValueError where the input is not (N, T) of float32 or float64, or shorter than half a
        window.
    Choices: frames are centered, at the borders mirrored or, for [NAM], padded with zeros; there is
        no top_db. [DDC] and [L2S] state window, hop and bands only: the rest is [SCA]'s. Window and
        filters are kept in float64 and follow the waves in type and device. On a CPU the batch is
        worked through clip by clip, which stays in the cache.
    Example:
        >>> features.LogMel()(torch.zeros(2, 160000)).shape
        torch.Size([2, 128, 313])
        >>> silence = features.LogMel(floor=0.0, added=2.0**-52)(torch.zeros(1, 160000))
        >>> silence.unique()  # 10 log10(2 ** -52)
        tensor([-156.5356])
    Notebook: 00_start_here, 02_features
    """

    def __init__(
        self, sr=16000, window=1024, hop=512, mels=128, frames=313, *, padding="reflect",
        floor=1e-10, added=0.0, htk=False, norm="slaney", seconds=None,
    ):  # fmt: skip
        super().__init__()
        self.sr, self.hop = given.count(sr, "sr"), given.count(hop, "hop")
        window, mels = given.count(window, "window"), given.count(mels, "mels")
        self.frames = frames if frames is None else given.count(frames, "frames")
        self.seconds = seconds if seconds is None else given.number(seconds, "seconds", 0.001)
        self.floor, self.added = _check_silence(floor, added)
        self.padding = check_padding(padding)
        self.window = torch.hann_window(window, dtype=torch.float64)
        norm = norm if norm is None else given.choice(norm, "norm", ["slaney"])
        self.filters = _filters(sr, window, mels, given.switch(htk, "htk"), norm)

    def forward(self, waves):
        check(waves, len(self.window) // 2 + 1, "LogMel")
        if self.seconds:
            waves = waves[:, : round(self.seconds * self.sr)]
        window = self.window.to(waves.dtype).to(waves.device)
        bands = [
            (reach, filters.to(waves.dtype).to(waves.device)) for reach, filters in self._bands()
        ]
        return by_blocks(lambda block: self._log_mel(block, window, bands), waves)

    def _bands(self):
        """Some mel bands at a time: the frequencies they reach over, and their filters there."""
        for filters in self.filters.split(TOGETHER):
            heard = filters.any(dim=0).nonzero()[:, 0].tolist() or [0]
            reach = slice(heard[0], heard[-1] + 1)
            yield reach, filters[:, reach]

    def _log_mel(self, waves, window, bands):
        pieces = frames(waves, len(window), self.hop, self.padding)
        if self.frames:
            pieces = pieces[:, -self.frames :]
        spectrum = torch.fft.rfft(pieces * window)  # (N, frames, frequencies)
        power = spectrum.real.square() + spectrum.imag.square()
        mel = torch.cat(
            [power[..., reach] @ filters.T for reach, filters in bands], dim=2
        )  # (N, frames, mels)
        return decibels(mel, self.floor, self.added).mT  # (N, mels, frames)

    def extra_repr(self):
        mels, window = len(self.filters), len(self.window)
        return f"sr={self.sr}, window={window}, hop={self.hop}, mels={mels}, frames={self.frames}"


@lru_cache(maxsize=16)
def _filters(sr, window, mels, htk, norm):
    """The triangles of all bands, (mels, window / 2 + 1); a lesson makes a dozen ``LogMel``."""
    from librosa.filters import mel

    filters = mel(
        sr=sr, n_fft=window, n_mels=mels, fmin=0.0, fmax=sr / 2, htk=htk, norm=norm, dtype="float64"
    )
    return torch.from_numpy(filters)


def decibels(power, floor=1e-10, added=0.0):
    r"""A power in dB, $10 \log_{10} \max(p + \epsilon, p_{\min})$, so that silence stays finite.

    Paper: [SCA] IV-B with the floor $p_{\min} = 10^{-10}$, -100 dB; [NAM] adds $\epsilon = 2^{-52}$
        instead.
    Shapes: any -> the same.
    Raises: ValueError for a power below 0, what is no floating-point number, and a floor that
        leaves silence infinite.
    Example:
        >>> features.decibels(torch.tensor([0.0, 1.0, 2.0]))
        tensor([-100.0000,    0.0000,    3.0103])
    Notebook: 02_features
    """
    floor, added = _check_silence(floor, added)
    within(floats(power, "power"), 0.0, torch.inf, "powers, 0 or more", "power")
    return 10.0 * (power + added if added else power).clamp_min(floor).log10()


def _check_silence(floor, added):
    """What keeps the logarithm of silence finite: one of the two at least."""
    floor, added = given.number(floor, "floor", 0), given.number(added, "added", 0)
    if floor + added == 0.0:
        raise ValueError("floor and added are 0, so silence has no decibels: give floor=1e-10")
    return floor, added
