"""The class in whose cone a direction lies, found by loops."""

import math

import numpy as np
import pytest


@pytest.fixture(scope="session")
def cone_by_hand():
    return owners


def owners(x, centers, margin):
    """Loops over clips, classes and centers; angles by arccos."""
    found = []
    for row in x:
        angles = []
        for clusters in centers:
            rows = clusters if np.ndim(clusters) == 2 else [clusters]
            cos = [row @ c / math.sqrt(row @ row) / math.sqrt(c @ c) for c in rows]
            angles.append(min(math.acos(max(-1.0, min(1.0, value))) for value in cos))
        wins = [
            all(a + margin < b for k, b in enumerate(angles) if k != j)
            for j, a in enumerate(angles)
        ]
        found.append(wins.index(True) if any(wins) else -1)
    return found
