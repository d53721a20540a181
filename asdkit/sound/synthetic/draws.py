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


def draw(kind, ranges, rng):
    """Draw each field of ``kind``, a NamedTuple class, uniformly from its range.

    Whole ends give whole numbers.

    Shapes: ``ranges`` maps a field to (low, high), or to a tuple of such pairs for a tuple of
        numbers.
    """
    return kind(**{field: _between(span, rng) for field, span in ranges.items()})


def _between(span, rng):
    if isinstance(span[0], tuple):
        return tuple(_between(part, rng) for part in span)
    if all(isinstance(end, int) for end in span):
        return int(rng.integers(span[0], span[1] + 1))
    return float(rng.uniform(*span))
