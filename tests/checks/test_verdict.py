"""The brick under every check: the three states, the order of hints, and who is right."""

import math

import numpy as np
import pytest
import torch

from asdkit.checks import Verdict, examine

RNG = np.random.default_rng(0)
PROBES = [(np.arange(1.0, 4.0),), (np.arange(2.0, 7.0),)]
ROWS = [(RNG.normal(size=shape) + 2.0,) for shape in ((4, 3), (2, 5), (6, 2))]
POWERS = [(RNG.exponential(size=count) + 0.1,) for count in (5, 3, 8)]
TURNS = [(0.3, 2, 1.5), (0.9, 5, 0.2), (1.2, 3, 4.0)]
SQUARES = [(RNG.normal(size=(n, 3)),) for n in (3, 4)]
LABELS = [(RNG.normal(size=n), 0.1) for n in (6, 9)]


def judged(function, **options):
    return examine("99.1", function, lambda x: x / np.linalg.norm(x), PROBES, **options)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def total(x):
    return x.sum(axis=1)


def average(x):
    return x.mean()


def bels(p):
    return 10 * np.log10(p)


def wave(angle, n, level):
    return level * np.sin(angle) / (n + 1)


def products(x):
    return np.tril(x @ x.T)


def above(x, limit):
    return x > limit


def share(x):
    return np.mean(x > 2.0)


@pytest.mark.parametrize(("state", "truth", "line"), [
    ("right", True, "✓ Exercise 99.1: right. Well."),
    ("wrong", False, "✗ Exercise 99.1: Well."),
    ("not attempted", False, "· Exercise 99.1: not attempted. Well."),
])  # fmt: skip
def test_three_states(state, truth, line):
    verdict = Verdict("99.1", state, "Well.")
    assert bool(verdict) is truth and repr(verdict) == line


@pytest.mark.parametrize(("reference", "probes", "wrong", "hint"), [
    (unit, ROWS, lambda x: x / np.linalg.norm(x), "alone, each entry along axis 0 of x gets its"),
    (unit, ROWS, lambda x: x / np.linalg.norm(x, axis=0), "along axis 0 of x, and must not"),
    (unit, ROWS, lambda x: x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-5),
     "nearly right, off by 4.6e-06 at most: the 1e-05 in it makes it differ"),
    (total, ROWS, lambda x: x.sum(), "an axis is forgotten"),
    (total, ROWS, lambda x: x.sum(axis=0), "runs along axis=0 of x, and must run along axis=1"),
    (total, ROWS, lambda x: x.mean(axis=1), "divided by the length of axis 1 of x"),
    (total, ROWS, lambda x: x.sum(axis=1) + 1, "off by one: every value is one too many"),
    (total, ROWS, lambda x: x.sum(axis=1) + 1e-5, "the right one plus 1e-05"),
    (total, ROWS, lambda x: -x.sum(axis=1), "the sign is flipped"),
    (total, ROWS, lambda x: x.sum(axis=1)[::-1], "in reverse order"),
    (average, ROWS, lambda x: x.sum(axis=0).mean(), "divide by the length of axis 0 of x"),
    (bels, POWERS, lambda p: 10 * np.log(p), "natural logarithm stands where log10 is wanted"),
    (bels, POWERS, lambda p: 20 * np.log10(p), "2 times the right one"),
    (bels, POWERS, lambda p: np.log10(p), "bels for decibels"),
    (bels, POWERS, lambda p: 10 * np.log10(p) + 3, "the right one plus 3"),
    (wave, TURNS, lambda a, n, v: v * math.sin(math.radians(a)) / (n + 1), "in radians already"),
    (wave, TURNS, lambda a, n, v: v * math.sin(a) / n, "off by one: n - 1 stands where n"),
    (wave, TURNS, lambda a, n, v: math.sin(a) / (n + 1), "divided by v: that factor is missing"),
    (wave, TURNS, lambda a, n, v: a * math.sin(v) / (n + 1), "a and v are swapped"),
    (wave, TURNS, lambda a, n, v: 2 * a * v, "your result does not depend on n"),
    (wave, TURNS, lambda a, n, v: v * math.cos(a) / (n + 1),
     "for a = 0.3, n = 2, v = 1.5 a value is 0.4777 and must be 0.1478."),
    (products, SQUARES, lambda x: np.triu(x @ x.T), "the transpose of the right answer"),
    (above, LABELS, lambda x, limit: x <= limit, "True and False are swapped"),
    (above, LABELS, lambda x, limit: [True] * len(x), "every value you return is True"),
    (share, ROWS, lambda x: np.mean(x <= 2.0), "1 minus the right value"),
    (share, ROWS, lambda x: np.sqrt(np.mean(x > 2.0)), "the square root of the right value"),
])  # fmt: skip
def test_typical_wrong_answers_get_a_hint_without_any_work(reference, probes, wrong, hint):
    assert examine("99.1", reference, reference, probes)
    verdict = examine("99.1", wrong, reference, probes)
    assert verdict.state == "wrong" and hint in verdict.message, verdict


def test_a_known_mistake_comes_before_a_general_one():
    mistakes = [("twice as long as it should be.", lambda x: 2 * x / np.linalg.norm(x))]
    assert judged(lambda x: 2 * x / np.linalg.norm(x), mistakes=mistakes).message == mistakes[0][0]
    assert "2 times" in judged(lambda x: 2 * x / np.linalg.norm(x)).message


def test_a_known_mistake_may_have_another_shape():
    mistakes = [("this is the norm itself.", np.linalg.norm)]
    assert judged(lambda x: math.hypot(*x), mistakes=mistakes).message == mistakes[0][0]


def test_norm_dependence_is_asked_for_with_rescale():
    assert "L2-normalize" in judged(lambda x: x + 1, rescale=lambda x: (2 * x,)).message
    assert "a value is" in judged(lambda x: x * x[0] + x**2).message


def test_an_alternative_is_right_too():
    other = {"alternatives": [lambda x: x / np.abs(x).max()]}
    assert judged(lambda x: x / x.max(), **other) and not judged(lambda x: x / x.max())


def test_an_answer_in_float32_is_right_and_one_with_an_epsilon_is_not():
    assert judged(lambda x: x.astype(np.float32) / np.float32(np.linalg.norm(x)))
    assert judged(lambda x: (torch.as_tensor(x).float() / torch.as_tensor(x).norm()).tolist())
    assert "the 1e-05 in it" in judged(lambda x: x / (np.linalg.norm(x) + 1e-5)).message


def test_a_stub_gets_no_hint():
    verdict = judged(lambda x: ..., mistakes=[("a hint.", lambda x: x)])
    assert repr(verdict) == "· Exercise 99.1: not attempted."


def test_what_is_no_function_is_told():
    assert "hand over the function itself" in judged(np.ones(3)).message
