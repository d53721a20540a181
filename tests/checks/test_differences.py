"""The smallest inputs that fail are shown, and where values are NaN or infinite."""

import numpy as np

from asdkit.checks.differences import difference, not_finite
from asdkit.checks.trial import Trial

PROBES = [(np.array(values, dtype=float),) for values in ([-1, -2, 3, 4], [1, 2], [5, -6])]


def tried(learner, reference=np.abs):
    return Trial(learner, reference, PROBES, 1e-6)


def test_one_entry_stands_for_its_probe():
    message = difference(tried(lambda x: x))
    assert message == (
        "for x = [-6] a value is -6 at [0] and must be 6; 3 of all 8 values differ; "
        "1 of 3 inputs tried are right."
    )


def test_a_whole_probe_is_shown_where_an_entry_alone_says_nothing():
    message = difference(tried(lambda x: np.sort(x), lambda x: np.sort(x)[::-1]))
    assert message == "for x = [1, 2] a value is 1 at [0] and must be 2; all 8 values differ."


def test_nan_and_infinity_are_counted_and_placed():
    nan = not_finite(tried(np.sqrt))
    assert nan.startswith("3 of your 8 values are NaN: rounding can")
    assert nan.endswith("It happens at [1] for x = [5, -6].")
    assert "1 of your 8 values is minus infinity" in not_finite(
        tried(lambda x: np.log(abs(abs(x) - 5)))
    )
    assert "are infinite: an exponential" in not_finite(tried(lambda x: np.exp(800 * x)))
    assert not_finite(tried(np.abs)) is None
