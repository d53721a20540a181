"""Parts of a clip exchanged for those of normal clips, and what the score loses with each."""

import numpy as np
import torch

from . import given
from .explanations import Explanation, Part
from .given_tensors import finite, floats

__all__ = ["Explanation", "Part", "exchange", "explain", "samples"]
WINDOW, HOP = 1024, 256
BLOCK = 16  # waves that are scored at a time
MOST = 2**28  # cells of all masks, a byte each
QUIET = 1e-12  # power of a part that is silent


def explain(score, wave, neighbors, *, bands=8, span=0.5, sr=16000, threshold=None):
    r"""Score a clip again with each band, span and patch exchanged for that of normal clips.

    $$w_p = s(x) - \frac1k \sum_{i=1}^k s\big(x + \mathrm{STFT}^{-1}[m_p\, \mathrm{STFT}(n_i -
    x)]\big)$$

    is the worth of part p with the mask $m_p$, for neighbors $n_i$.

    Paper: none of the five; to take a part away and look at what remains is Zeiler and Fergus
        (2014).
    Shapes: ``score`` a function of waves (N, T) -> (N,); ``wave`` (T,), ``neighbors`` (k, T) ->
        Explanation.
    Raises: ValueError for neighbors of another length, clips that are no finite waves, scores that
        are not one finite number a wave, and bands or spans that cannot be or are too many.
    Choices: bands are equally wide on the mel scale, spans equally long and of about ``span`` s.
        A larger score is more anomalous. A neighbor is not aligned in time: what comes in is what a
        normal machine does at another moment of its cycle.
    Example:
        >>> quiet, tone = 0.1 * torch.randn(16000), torch.sin(2.0 * torch.arange(16000))
        >>> tone[:8000] = 0.0
        >>> energy = lambda waves: waves.square().sum(dim=1).numpy()
        >>> explain.explain(energy, quiet + tone, quiet[None]).sentence()
        'From 0.5 to 1.0 s, 3.7 to 5.4 kHz, 2... dB above its nearest normal: worth ...
    Notebook: 14_embedding_explorer
    """
    wave, neighbors = _checked(wave, neighbors)
    bands, threshold = given.count(bands, "bands"), _limit(threshold)
    edges, times = _edges(len(wave), bands, span, sr)
    masks = _masks(len(wave), edges, times, sr)
    remaining = np.mean([_scores(score, wave, one, masks) for one in neighbors], axis=0)
    excess = _excess(wave, neighbors, masks)
    rest = float(_told(score, neighbors).mean())
    cut = [bands * (len(times) - 1), bands * len(times)]
    (patches, of_bands, of_spans), (louder, *loud) = np.split(remaining, cut), np.split(excess, cut)
    shape = bands, len(times) - 1
    return Explanation(
        float(_told(score, wave[None])[0]), rest, patches.reshape(shape), of_bands, of_spans,
        louder.reshape(shape), *loud, edges, times, threshold,
    )  # fmt: skip


def exchange(wave, other, masks):
    """Exchange what masks select of a clip for that of another one.

    Shapes: ``wave`` and ``other`` (T,), ``masks`` (P, 513, 1 + T // 256) in [0, 1] -> (P, T).
    Raises: ValueError for masks or clips of another length.
    Choices: only the difference goes through the transform, so that a mask of zeros changes nothing
        at all; one of ones gives the other clip up to rounding.
    """
    if other.shape != wave.shape or masks.shape[1:] != (WINDOW // 2 + 1, 1 + len(wave) // HOP):
        raise ValueError(
            f"waves {tuple(wave.shape)} and {tuple(other.shape)} and masks {tuple(masks.shape)} do "
            "not go together: give two of (T,) and masks (P, 513, 1 + T // 256)"
        )
    window = torch.hann_window(WINDOW, dtype=wave.dtype)
    change = torch.istft(
        masks * _stft(other - wave), WINDOW, HOP, window=window, length=len(wave)
    )  # (P, T)
    return wave + change


def _checked(wave, neighbors):
    wave, neighbors = samples(wave, "wave"), samples(neighbors, "neighbors")
    if wave.ndim != 1 or len(wave) <= WINDOW or neighbors.shape[1:] != wave.shape:
        raise ValueError(
            f"a wave is (T,) of more than {WINDOW} samples and its neighbors are (k, T), not "
            f"{tuple(wave.shape)} and {tuple(neighbors.shape)}: cut them to one length"
        )
    if not len(neighbors):
        raise ValueError("neighbors holds no clip: give at least one normal clip")
    return wave, neighbors


def samples(waves, name):
    """Check the samples of waves.

    Shapes: (T,) or (k, T) -> the same as a tensor in float32 or float64, without a gradient.
    Raises: ValueError for text, whole and complex numbers, NaN and infinity.
    """
    try:
        waves = torch.as_tensor(waves)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name} is {given.told(waves)}: give samples") from error
    waves = finite(floats(waves, name).detach(), name, waits=True)
    return waves if waves.dtype == torch.float64 else waves.float()


def _limit(threshold):
    return None if threshold is None else given.number(threshold, "threshold")


def _told(score, waves):
    """The scores of some waves, one finite number each."""
    if not callable(score):
        raise ValueError(f"score is {given.told(score)}: give a function of waves (N, T)")
    return given.column(score(waves), "score", length=len(waves))


def _edges(samples, bands, span, sr):
    """Return the edges of bands in Hz and of spans in s."""
    from librosa import mel_frequencies  # which takes a second to load

    seconds = samples / given.count(sr, "sr")
    count = max(1, round(seconds / max(given.number(span, "span", 0, such_as=0.5), 1e-6)))
    if bands * count * (WINDOW // 2 + 1) * (1 + samples // HOP) > MOST:
        raise ValueError(
            f"{bands} bands and {count} spans are too many patches to hear one by one: give fewer "
            "bands, or a longer span"
        )
    return mel_frequencies(bands + 1, fmin=0.0, fmax=sr / 2), np.linspace(0, seconds, count + 1)


def _masks(samples, edges, times, sr):
    """Return what each patch, band and span selects of the transform (B * F + B + F, 513, frames).

    Choices: each cell of the transform belongs to one patch, that of its own frequency and time.
    """
    hertz = np.arange(WINDOW // 2 + 1) * sr / WINDOW
    seconds = np.arange(1 + samples // HOP) * HOP / sr
    band = np.searchsorted(edges[1:-1], hertz, side="right")
    span = np.searchsorted(times[1:-1], seconds, side="right")
    of_band = torch.from_numpy(band == np.arange(len(edges) - 1)[:, None])
    of_span = torch.from_numpy(span == np.arange(len(times) - 1)[:, None])
    patches = of_band[:, None, :, None] & of_span[None, :, None]
    whole = patches.shape[2:]
    every = of_band[:, :, None].expand(-1, *whole), of_span[:, None].expand(-1, *whole)
    return torch.cat([patches.flatten(0, 1), *every])


def _scores(score, wave, other, masks):
    blocks = [_told(score, exchange(wave, other, block)) for block in masks.split(BLOCK)]
    return np.concatenate(blocks)


def _excess(wave, neighbors, masks):
    """Return how much louder each part of a wave is than that of the neighbors, in dB (P,)."""
    power, usual = (_stft(one).abs().double().square() for one in (wave, neighbors))
    chosen = masks.flatten(1).double()
    own, theirs = chosen @ power.flatten(), chosen @ usual.mean(dim=0).flatten()
    return given.array(10.0 * ((own + QUIET) / (theirs + QUIET)).log10(), "the level of a part")


def _stft(waves):
    window = torch.hann_window(WINDOW, dtype=waves.dtype)
    return torch.stft(waves, WINDOW, HOP, window=window, return_complex=True)
