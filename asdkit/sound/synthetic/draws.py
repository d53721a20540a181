"""Chance by name: a random generator that belongs to a key, and parameters drawn from ranges."""

import hashlib

import numpy as np


def generator(*key):
    """Return the random generator that belongs to a key, the same in every process.

    Choices: the key's SHA-256 seeds it, so one clip's sound does not depend on which others are
        made.
    """
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, "<u4").tolist())


def draw(kind, ranges, rng, spread=1.0):
    """Draw each field of ``kind``, a NamedTuple class, uniformly from its range.

    Whole ends give whole numbers.

    Shapes: ``ranges`` maps a field to (low, high), or to a tuple of such pairs for a tuple of
        numbers; ``spread`` is the share kept of each distance from the middle of a range.
    """
    return kind(**{field: _between(span, rng, spread) for field, span in ranges.items()})


def _between(span, rng, spread):
    if isinstance(span[0], tuple):
        return tuple(_between(part, rng, spread) for part in span)
    middle = (1 - spread) * (span[0] + span[1]) / 2  # at spread 1 what is drawn stays to the bit
    if all(isinstance(end, int) for end in span):
        return round(spread * int(rng.integers(span[0], span[1] + 1)) + middle)
    return spread * float(rng.uniform(*span)) + middle
