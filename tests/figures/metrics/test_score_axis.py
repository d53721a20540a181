"""The ends of an axis of scores: cut only where the tail would take the room of all others."""

import numpy as np
import pytest

from asdkit.figures.metrics.score_axis import score_ends


def test_an_axis_without_a_tail_is_left_alone():
    score = np.random.default_rng(0).normal(size=300)
    assert score_ends(score) == (score.min(), score.max(), 0)
    assert score_ends([2.0, 2.0]) == (2.0, 2.0, 0)


def test_a_tail_is_cut_at_the_quantile_and_counted():
    score = np.r_[np.arange(95.0), 1e3 + np.arange(5.0)]
    low, high, count = score_ends(score)
    assert (low, high) == pytest.approx((0.0, np.quantile(score, 0.9)))
    assert count == 10
