"""A wrong type or shape is told with the axis at fault."""

import numpy as np
import pytest
import torch

from asdkit.checks.shapes import no_numbers, wrong_shape
from asdkit.checks.trial import Trial

PROBES = [(np.random.default_rng(0).normal(size=(4, 3)), np.arange(6.0))]


def outer(x, w):
    return x.sum(axis=1)[:, None] * w  # (4, 6)


def rows(x, w):
    return x.sum(axis=1)


def centered(x, w):
    return x - x.mean(axis=1, keepdims=True)


@pytest.mark.parametrize(("reference", "learner", "told"), [
    (rows, lambda x, w: x.sum(), "an axis is forgotten: a sum, mean, maximum or norm runs over "
                                 "all values. Here it is axis=1 of x."),
    (rows, lambda x, w: x.sum(axis=0), "runs along axis=0 of x, and must run along axis=1."),
    (rows, lambda x, w: x.sum(axis=1, keepdims=True), "an axis of length 1 is too many"),
    (rows, lambda x, w: x, "a sum, mean or maximum along axis=1 is missing."),
    (rows, lambda x, w: x.sum(1) - x.sum(1)[:, None], "a column (4, 1) meets a row (4,)"),
    (rows, lambda x, w: w, "as many values as w has entries, and one for each entry of x"),
    (rows, lambda x, w: np.r_[x.sum(axis=1), 0], "one value too many"),
    (outer, lambda x, w: outer(x, w).T, "the values are right, but the axes are swapped"),
    (centered, lambda x, w: x.mean(axis=1), "axis 1 is lost"),
    (lambda x, w: x.sum(), lambda x, w: x.sum(axis=1), "these are 4 values, a sum or a mean"),
    (lambda x, w: x.sum(keepdims=True), lambda x, w: x.sum()[None], "an axis of length 1 is miss"),
])  # fmt: skip
def test_a_wrong_shape_names_the_axis(reference, learner, told):
    trial = Trial(learner, reference, PROBES, 1e-6)
    message = wrong_shape(trial)
    assert message.startswith("x (4, 3), w (6,) must give") and told in message, message
    assert wrong_shape(Trial(reference, reference, PROBES, 1e-6)) is None


@pytest.mark.parametrize(("answer", "told"), [
    (None, "returns None: end it with 'return'"),
    ("angle", "returns str, not numbers"),
    ([[1.0], [1.0, 2.0]], "returns list, not numbers in one array"),
    (np.ones(4) * 1j, "your values are complex"),
    (torch.ones(4) * 1j, "your values are complex"),
])  # fmt: skip
def test_what_holds_no_numbers_is_named(answer, told):
    assert told in no_numbers(Trial(lambda x, w: answer, rows, PROBES, 1e-6))


def test_numbers_of_all_kinds_pass():
    for answer in (1, True, [1, 2.0], torch.ones(2, requires_grad=True), np.float32(3)):
        assert no_numbers(Trial(lambda x, w, a=answer: a, rows, PROBES, 1e-6)) is None
