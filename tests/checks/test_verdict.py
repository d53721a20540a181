"""The brick under every check."""

import numpy as np
import pytest

from asdkit.checks import Verdict, examine

PROBES = [(np.arange(1.0, 4.0),), (np.arange(2.0, 7.0),)]


def judged(function, **options):
    return examine("99.1", function, lambda x: x / np.linalg.norm(x), PROBES, **options)


@pytest.mark.parametrize(("state", "truth", "line"), [
    ("right", True, "✓ Exercise 99.1: right. Well."),
    ("wrong", False, "✗ Exercise 99.1: Well."),
    ("not attempted", False, "· Exercise 99.1: not attempted. Well."),
])  # fmt: skip
def test_three_states(state, truth, line):
    verdict = Verdict("99.1", state, "Well.")
    assert bool(verdict) is truth and repr(verdict) == line


def test_a_known_mistake_comes_before_a_general_one():
    mistakes = [("twice as long as it should be.", lambda x: 2 * x / np.linalg.norm(x))]
    assert judged(lambda x: 2 * x / np.linalg.norm(x), mistakes=mistakes).message == mistakes[0][0]
    assert "2 times" in judged(lambda x: 2 * x / np.linalg.norm(x)).message


def test_norm_dependence_is_asked_for_with_rescale():
    assert "L2-normalize" in judged(lambda x: x + 1, rescale=lambda x: (2 * x,)).message
    assert "a value is" in judged(lambda x: x + 1).message


def test_a_function_for_tensors_gets_tensors():
    assert judged(lambda x: x / x.norm())


def test_all_zeros_have_no_factor():
    assert "a value is 0 and must be" in judged(np.zeros_like).message
