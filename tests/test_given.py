"""What is given is checked in one way: nothing that is no number becomes one."""

import math

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import given


@pytest.mark.parametrize("value", [1, 2.0, np.int32(3), np.float32(4.0)])
def test_a_whole_number_is_a_count(value):
    assert given.count(value, "dim") == value
    assert type(given.count(value, "dim")) is int


@pytest.mark.parametrize(
    "value", [0, -1, 1.5, "2", True, None, math.nan, math.inf, 1j, [3], np.array([3, 4])]
)
def test_nothing_else_is_a_count(value):
    with pytest.raises(ValueError, match="dim is .*: give a whole number, 1 or more"):
        given.count(value, "dim")


def test_the_ends_of_a_range_belong_to_it():
    assert [given.number(value, "margin", 0, 1) for value in (0, 0.5, 1)] == [0.0, 0.5, 1.0]
    for value in (-0.1, 1.1, math.nan, "0.5", None):
        with pytest.raises(ValueError, match="margin is .*: give a number from 0 to 1"):
            given.number(value, "margin", 0, 1)


@pytest.mark.parametrize(
    "value",
    [
        [1.0, 2.0],
        np.array([1, 2], dtype=np.int8),
        pd.Series([1.0, 2.0]),
        pd.Series([1, 2], dtype="Int64"),
        torch.tensor([1.0, 2.0], requires_grad=True),
        torch.tensor([1.0, 2.0], dtype=torch.bfloat16),
    ],
)
def test_numbers_of_any_kind_come_out_in_float64(value):
    found = given.array(value, "score")
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [1.0, 2.0])


@pytest.mark.parametrize(
    "value",
    [
        ["a", "b"],
        [1j, 2.0],
        torch.tensor([1j]),
        [[1.0], [1.0, 2.0]],
        [{}, 1.0],
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        pd.Series([1, None], dtype="Int64"),
        [1.0, math.nan],
        [math.inf],
        None,
    ],
)
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(ValueError, match="^score (holds|is) .*: give "):
        given.array(value, "score")


def test_the_place_of_nan_is_told():
    with pytest.raises(ValueError, match=r"x is nan at \(1, 0\)"):
        given.rows([[1.0, 2.0], [math.nan, 1.0]])


def test_shapes_are_told():
    with pytest.raises(ValueError, match=r"x has the shape \(2,\): give embeddings \(N, D\)"):
        given.rows([1.0, 2.0])
    with pytest.raises(ValueError, match=r"score has the shape \(2,\): give 3, one for each clip"):
        given.column([1.0, 2.0], "score", length=3)
