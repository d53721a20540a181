"""Values that follow from the right ones by a simple relation are recognized, others are not."""

import numpy as np
import pytest

from asdkit.checks.relations import TRANSFORMS, relation
from asdkit.checks.trial import Trial

RNG = np.random.default_rng(0)
PROBES = [(RNG.uniform(0.2, 0.9, size=size),) for size in (5, 3, 6)]


def cubed(x):
    return 0.5 + x**3


def related(learner):
    return relation(Trial(learner, cubed, PROBES, 1e-6))


@pytest.mark.parametrize(("function", "hint"), TRANSFORMS)
def test_each_transform_of_the_right_values_is_named(function, hint):
    def signed(x):
        return 3 * x - 1.5 if function in (np.abs, np.round, np.floor) else 0.1 + 0.8 * x

    with np.errstate(all="ignore"):
        trial = Trial(lambda x: function(signed(x)), signed, PROBES, 1e-6)
        assert relation(trial) == hint


@pytest.mark.parametrize(("order", "hint"), [
    (lambda x: x[::-1], "in reverse order"),
    (lambda x: np.roll(x, 1), "one place too late"),
    (lambda x: np.roll(x, -1), "one place too early"),
    (lambda x: x[np.r_[1, 0, 2 : len(x)]], "in another order. For x = ["),
])  # fmt: skip
def test_another_order_is_named(order, hint):
    assert hint in related(lambda x: order(cubed(x)))


def test_a_small_constant_is_named_and_a_large_gap_is_not_near():
    assert "the 1e-05 in it makes it differ" in related(lambda x: 0.5 + (x + 1e-5) ** 3)
    assert related(lambda x: 0.5 + (x + 1e-2) ** 3) is None


def test_nothing_is_said_of_values_without_a_relation():
    assert related(lambda x: np.sin(9 * x)) is None
    assert related(lambda x: x * np.nan) is None
