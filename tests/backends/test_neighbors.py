"""The nearest neighbor by brute force."""

import math

import numpy as np
import pytest

from asdkit.backends import NearestNeighbor

RNG = np.random.default_rng(0)
X, NEW = RNG.normal(size=(30, 4)), RNG.normal(size=(9, 4))


def brute(x, new):
    return [min(math.sqrt(sum((a - b) ** 2)) for a in x) for b in new]


def test_against_a_loop():
    def length(rows):
        return np.sqrt((rows**2).sum(axis=1, keepdims=True))

    expected = brute(X / length(X), NEW / length(NEW))
    np.testing.assert_allclose(NearestNeighbor().fit(X).score(NEW), expected, rtol=1e-9)
    np.testing.assert_allclose(NearestNeighbor(normalize=False).fit(X).score(NEW), brute(X, NEW), rtol=1e-9)
    assert NearestNeighbor().fit(X).score(7 * X[:3]) == pytest.approx([0, 0, 0], abs=1e-6)


def test_without_normalization_the_input_is_checked_all_the_same():
    bad = X.copy()
    bad[3, 1] = np.nan
    with pytest.raises(ValueError, match="embedding 3 holds NaN"):
        NearestNeighbor(normalize=False).fit(bad)
    with pytest.raises(ValueError, match="embedding 3 holds NaN"):
        NearestNeighbor(normalize=False).fit(X).score(bad)
