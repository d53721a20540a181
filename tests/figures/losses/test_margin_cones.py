"""Cones of a margin: against angles one by one, and where the border of two classes lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.figures import margin_cones


@settings(deadline=None, derandomize=True, max_examples=30)
@given(
    seed=st.integers(0, 10**6), dim=st.integers(2, 3), clusters=st.sampled_from([None, 2]),
    margin=st.floats(0.0, 1.5)
)  # fmt: skip
def test_a_cone_is_where_the_angle_wins_by_the_margin(cone_by_hand, seed, dim, clusters, margin):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(40, dim))
    centers = rng.normal(size=(4, dim) if clusters is None else (4, clusters, dim))
    assert margin_cones(x, centers, margin).tolist() == cone_by_hand(x, centers, margin)


def test_a_margin_takes_its_half_from_either_side_of_the_border():
    """Centers at right angles: the border lies at 45 degrees, and each cone ends m / 2 before."""
    degrees = np.array([0.0, 44.0, 30.1, 29.9, 46.0, 60.1])
    x = np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)
    assert margin_cones(x, np.eye(2)).tolist() == [0, 0, 0, 0, 1, 1]
    assert margin_cones(x, np.eye(2), np.radians(30)).tolist() == [0, -1, -1, 0, -1, 1]


def test_directions_and_centers_have_one_dimension():
    with pytest.raises(ValueError, match="2 coordinates and centers 3"):
        margin_cones(np.eye(2), np.eye(3))
