"""A proof holds for equal values alone: of another value, shape or no value it is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from asdkit import checks


def test_equal_values_are_told(capsys):
    checks.same(torch.tensor([1.5, 2.0], requires_grad=True), np.array([1.5, 2.0]))
    checks.same(0.25, 0.25, names=("eq. 1", "torch"))
    assert capsys.readouterr().out.splitlines() == [
        "by hand 1.500000, library 1.500000: the first of 2 equal values",
        "eq. 1 0.250000, torch 0.250000",
    ]


@given(st.floats(-1e6, 1e6), st.floats(1e-7, 1.0), st.sampled_from([-1, 1]))
def test_another_value_is_refused(value, off, sign):
    other = value + sign * off * max(1.0, abs(value))
    with pytest.raises(AssertionError, match="by hand and library differ"):
        checks.same(np.array([0.0, value]), np.array([0.0, other]))


def test_float32_is_compared_as_coarsely_as_it_computes():
    third = np.float32(1) / np.float32(3)
    checks.same(third, np.array(1 / 3))
    with pytest.raises(AssertionError, match="differ"):
        checks.same(np.float64(third), np.array(1 / 3))
    with pytest.raises(AssertionError, match="differ"):
        checks.same(third, third * np.float32(1 + 1e-3))


def test_the_limits_can_be_given():
    checks.same(1.0, 1.01, rtol=0.02)
    checks.same(0.0, 1e-3, atol=1e-2)
    with pytest.raises(AssertionError):
        checks.same(1.0, 1.0 + 1e-10, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("by_hand", "library"),
    [([1.0, 1.0], 1.0), ([[1.0]], [1.0]), ([], []), ([np.nan], [1.0]), ([1.0, 2.0], [1.0])],
)
def test_another_shape_and_what_proves_nothing_is_refused(by_hand, library):
    with pytest.raises(AssertionError):
        checks.same(np.array(by_hand), np.array(library))
