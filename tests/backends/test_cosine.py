"""Cosine distance to the mean, by hand."""

import math

import numpy as np
import pytest

from asdkit.backends import CosineToMean


def test_by_hand():
    """The mean is taken of unit vectors: the long one counts no more than the short one."""
    x = np.array([[10.0, 0.0], [0.0, 0.1]])
    scores = CosineToMean().fit(x).score(np.array([[3.0, 3.0], [1.0, 0.0], [-2.0, -2.0], [1.0, -1.0]]))
    assert scores == pytest.approx([0.0, 1 - math.sqrt(0.5), 2.0, 1.0], abs=1e-12)


def test_against_a_loop():
    rng = np.random.default_rng(0)
    x, new = rng.normal(size=(20, 5)) + 1, rng.normal(size=(7, 5))
    mean = sum(row / math.sqrt(sum(row**2)) for row in x) / 20
    expected = [1 - sum(row * mean) / math.sqrt(sum(row**2)) / math.sqrt(sum(mean**2)) for row in new]
    np.testing.assert_allclose(CosineToMean().fit(x).score(new), expected, rtol=1e-10)
