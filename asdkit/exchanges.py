"""Parts of a clip exchanged for those of normal clips, and what the score loses with each."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

WINDOW, HOP = 1024, 256
SHARE = 0.25  # of the lead over the neighbors that a part has to take, so that it stands out
HALF = 0.5  # of the worth of the strongest part: a patch that has so much is told in its place
BLOCK = 16  # waves that are scored at a time
QUIET = 1e-12  # power of a part that is silent


class Part(NamedTuple):
    """A part of a clip: from ``begin`` to ``end`` in s, from ``low`` to ``high`` in Hz, its worth
    in units of the score, and how many dB it is louder than that of the nearest normal clips.

    Shapes: six numbers.
    """

    begin: float
    end: float
    low: float
    high: float
    worth: float
    excess: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """The score of a clip, and what remains of it when a part is that of its nearest normal clips.

    ``rest`` remains when all of it is exchanged. Patches, bands and spans are B * F, B and F parts,
    with edges ``bands`` in Hz and ``times`` in s; ``excess`` is their level over that of the
    neighbors in dB. ``threshold`` is that of the detector, where there is one.

    Shapes: ``remaining`` and ``excess`` (B, F), ``remaining_bands`` and ``excess_bands`` (B,),
        ``remaining_spans`` and ``excess_spans`` (F,), ``bands`` (B + 1,), ``times`` (F + 1,).
    Notebook: 14_embedding_explorer
    """

    score: float
    rest: float
    remaining: np.ndarray
    remaining_bands: np.ndarray
    remaining_spans: np.ndarray
    excess: np.ndarray
    excess_bands: np.ndarray
    excess_spans: np.ndarray
    bands: np.ndarray
    times: np.ndarray
    threshold: float | None = None

    @property
    def worth(self):
        """What the score loses with each patch, positive where the patch made it anomalous (B, F).

        Choices: patches act together, as a network is not linear and the level of a clip is
            normalized anew after an exchange: worths need not sum to the score minus the rest.
        """
        return self.score - self.remaining

    @property
    def patch(self):
        """The patch that is worth most."""
        band, span = np.unravel_index(self.worth.argmax(), self.worth.shape)
        return self._part((band, band + 1), (span, span + 1), self.worth, self.excess, (band, span))

    @property
    def band(self):
        """The band that is worth most, all along the clip."""
        worth = self.score - self.remaining_bands
        at = worth.argmax()
        return self._part((at, at + 1), (0, -1), worth, self.excess_bands, at)

    @property
    def span(self):
        """The span of time that is worth most, at all frequencies."""
        worth = self.score - self.remaining_spans
        at = worth.argmax()
        return self._part((0, -1), (at, at + 1), worth, self.excess_spans, at)

    @property
    def strongest(self):
        """The part that tells most: the one that is worth most, and the patch where it is worth at
        least half of that.
        """
        parts = [self.patch, self.band, self.span]
        most = max(part.worth for part in parts)
        return next(part for part in parts if part.worth >= HALF * most or part.worth == most)

    @property
    def stands_out(self):
        """Whether there is a part to be told: the score is at or above the threshold and above the
        rest, and the strongest part takes at least a quarter of its lead.
        """
        lead = self.score - self.rest
        heard = self.threshold is None or self.score >= self.threshold
        return bool(heard and lead > 0 and self.strongest.worth >= SHARE * lead)

    def sentence(self):
        """Say where the score comes from, with time, band and level, or that nothing stands out."""
        score, rest = _short(self.score), _short(self.rest)
        if self.threshold is not None and self.score < self.threshold:
            threshold = _short(self.threshold)
            return f"Nothing stands out: its score {score} is below the threshold {threshold}."
        if self.score <= self.rest:
            return f"Nothing stands out: its score {score} is not above {rest} of its neighbor."
        part, lead = self.strongest, self.score - self.rest
        share = f"{part.worth / lead:.0%} of what its score has over its nearest normal"
        if not self.stands_out:
            return f"Nothing stands out: the strongest part is worth {share}."
        return f"{self._place(part)}, {_louder(part.excess)} its nearest normal: worth {share}."

    def _place(self, part):
        if part.end - part.begin >= self.times[-1]:
            when = "All along"
        else:
            when = f"From {part.begin:.1f} to {part.end:.1f} s"
        if part.high - part.low >= self.bands[-1]:
            return f"{when}, at all frequencies"
        return f"{when}, {part.low / 1000:.1f} to {part.high / 1000:.1f} kHz"

    def _part(self, bands, spans, worth, excess, at):
        (low, high), (begin, end) = self.bands[list(bands)], self.times[list(spans)]
        numbers = begin, end, low, high, worth[at], excess[at]
        return Part(*(float(number) for number in numbers))


def explain(score, wave, neighbors, *, bands=8, span=0.5, sr=16000, threshold=None):
    r"""Score a clip again with each band, span and patch exchanged for that of normal clips.

    $$w_p = s(x) - \frac1k \sum_{i=1}^k s\big(x + \mathrm{STFT}^{-1}[m_p\, \mathrm{STFT}(n_i -
    x)]\big)$$

    is the worth of part p with the mask $m_p$, for neighbors $n_i$.

    Paper: none of the five; to take a part away and look at what remains is Zeiler and Fergus
        (2014).
    Shapes: ``score`` a function of waves (N, T) -> (N,); ``wave`` (T,), ``neighbors`` (k, T) ->
        Explanation.
    Raises: ValueError for neighbors of another length, or clips that are no finite waves.
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
    edges, times = _edges(len(wave), bands, span, sr)
    masks = _masks(len(wave), edges, times, sr)
    remaining = np.mean([_scores(score, wave, one, masks) for one in neighbors], axis=0)
    excess = _excess(wave, neighbors, masks)
    rest = float(np.mean(score(neighbors)))
    cut = [bands * (len(times) - 1), bands * len(times)]
    (patches, of_bands, of_spans), (louder, *loud) = np.split(remaining, cut), np.split(excess, cut)
    shape = bands, len(times) - 1
    return Explanation(
        float(score(wave[None])[0]), rest, patches.reshape(shape), of_bands, of_spans,
        louder.reshape(shape), *loud, edges, times, threshold,
    )  # fmt: skip


def exchange(wave, other, masks):
    """Exchange what masks select of a clip for that of another one.

    Shapes: ``wave`` and ``other`` (T,), ``masks`` (P, 513, 1 + T // 256) in [0, 1] -> (P, T).
    Choices: only the difference goes through the transform, so that a mask of zeros changes nothing
        at all; one of ones gives the other clip up to rounding.
    """
    window = torch.hann_window(WINDOW, dtype=wave.dtype)
    change = torch.istft(
        masks * _stft(other - wave), WINDOW, HOP, window=window, length=len(wave)
    )  # (P, T)
    return wave + change


def _checked(wave, neighbors):
    wave, neighbors = torch.as_tensor(wave), torch.as_tensor(neighbors)
    if wave.ndim != 1 or len(wave) <= WINDOW or neighbors.shape[1:] != wave.shape:
        raise ValueError(
            f"a wave is (T,) of more than {WINDOW} samples and its neighbors are (k, T), not "
            f"{tuple(wave.shape)} and {tuple(neighbors.shape)}"
        )
    if not len(neighbors) or not (wave.isfinite().all() and neighbors.isfinite().all()):
        raise ValueError("a clip or its neighbors hold NaN or infinite samples, or there are none")
    return wave, neighbors


def _edges(samples, bands, span, sr):
    """Return the edges of bands in Hz and of spans in s."""
    from librosa import mel_frequencies  # which takes a second to load

    seconds = samples / sr
    count = max(1, round(seconds / span))
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
    blocks = [score(exchange(wave, other, block)) for block in masks.split(BLOCK)]
    return np.concatenate(blocks)


def _excess(wave, neighbors, masks):
    """Return how much louder each part of a wave is than that of the neighbors, in dB (P,)."""
    power, usual = (_stft(one).abs().square().double() for one in (wave, neighbors))
    chosen = masks.flatten(1).double()
    own, theirs = chosen @ power.flatten(), chosen @ usual.mean(dim=0).flatten()
    return 10.0 * ((own + QUIET) / (theirs + QUIET)).log10().numpy()


def _stft(waves):
    window = torch.hann_window(WINDOW, dtype=waves.dtype)
    return torch.stft(waves, WINDOW, HOP, window=window, return_complex=True)


def _short(number):
    return f"{number:.4g}"


def _louder(excess):
    if abs(excess) < 1.0:
        return "as loud as"
    return f"{abs(excess):.0f} dB {'above' if excess > 0 else 'below'}"
