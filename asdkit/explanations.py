"""What is known of the score of a clip: the worth of its parts, and a sentence that tells it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

SHARE = 0.25  # of the lead over the neighbors that a part has to take, so that it stands out
HALF = 0.5  # of the worth of the strongest part: a patch that has so much is told in its place


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


def _short(number):
    return f"{number:.4g}"


def _louder(excess):
    if abs(excess) < 1.0:
        return "as loud as"
    return f"{abs(excess):.0f} dB {'above' if excess > 0 else 'below'}"
