"""Inputs and numbers in words."""

import numpy as np
import pytest

from asdkit.checks import words


@pytest.mark.parametrize(("value", "told"), [
    (8, "8"), (1500.0, "1500"), (-0.0, "0"), (np.float64(1 / 3), "0.3333"), (1e-10, "1e-10"),
    (np.nan, "nan"), (-np.inf, "-inf"), (np.True_, "True"), (np.array([[1, 2], [3, 4]]), None),
])  # fmt: skip
def test_numbers_are_short(value, told):
    assert words.value(value) == (told or "[[1, 2], [3, 4]]")


def test_a_large_array_is_its_shape_and_first_values():
    assert words.value(np.arange(20.0).reshape(4, 5)) == "(4, 5) that begins 0, 1, 2"


@pytest.mark.parametrize(("mine", "right"), [(-0.752851, -0.752858), (1.0, 1.0 + 1e-12), (3, 4)])
def test_two_numbers_get_the_digits_that_tell_them_apart(mine, right):
    told = words.apart(mine, right)
    assert told[0] != told[1]
    assert [float(one) for one in told] == pytest.approx([mine, right], rel=1e-3)


def test_inputs_and_places():
    probe = (np.ones((2, 9)), 0.5)
    assert words.inputs(probe, "xm") == "x = (2, 9) that begins 1, 1, 1, m = 0.5"
    assert words.sizes(probe, "xm") == "x (2, 9), m = 0.5"
    assert words.place((1, 2)) == " at [1, 2]" and not words.place(())
    assert words.sentence("for x = NaN") == "For x = NaN"
