"""How a learner's function is called: as arrays, as tensors, in float32, and what it is told."""

import math

import numpy as np
import pytest
import torch

from asdkit.checks.trial import Stopped, Trial, numbers

X = np.random.default_rng(0).normal(size=(5, 3))


def lengths(x, ridge):
    return np.sqrt((x**2).sum(axis=1) + ridge)


def tried(learner, reference=lengths, probes=((X, 0.5), (2 * X, 1e-3))):
    return Trial(learner, reference, list(probes), 1e-6)


@pytest.mark.parametrize("learner", [
    lengths,
    lambda x, ridge: [math.sqrt(row @ row + ridge) for row in x],
    lambda x, ridge: (x.square().sum(dim=1) + ridge).sqrt(),
    lambda x, ridge: ((x @ torch.eye(3)).square().sum(dim=1) + ridge).sqrt(),
    lambda x, ridge: (torch.as_tensor(x).float().square().sum(dim=1) + ridge).sqrt(),
    lambda x, ridge: (x.clone().requires_grad_().square().sum(dim=1) + ridge).sqrt(),
    lambda x, ridge: list((x.float().square().sum(dim=1) + ridge).sqrt()),
], ids=["numpy", "loop", "torch", "mixed", "float32", "gradient", "list"])  # fmt: skip
def test_a_right_answer_is_right_in_any_kind_of_numbers(learner):
    trial = tried(learner)
    assert trial.is_from(trial.reference)


def test_the_reference_sees_the_numbers_that_a_float32_function_saw():
    limit = np.array([0.1, 0.2, 0.3])

    def above(score, limit):
        return score >= limit

    trial = tried(
        lambda s, limit: ((s * torch.ones(3)) @ torch.eye(3)) >= torch.as_tensor(limit),
        above, [(limit, limit)],
    )  # fmt: skip
    assert trial.logical and trial.is_from(above)


@pytest.mark.parametrize(("learner", "told"), [
    (lambda x, ridge: x.nothing, "'nothing'. It got x (5, 3), ridge = 0.5."),
    (lambda x, ridge: (x @ torch.eye(3)).nothing, "AttributeError"),
    (lambda x, ridge: x + None, "unsupported operand"),
    (lambda x, ridge: x - x.mean(axis=1), "keepdims=True keeps the axis of a mean"),
    (lambda x, ridge: x - x.mean(dim=1), "keepdims=True keeps the axis of a mean"),
    (lambda x, ridge: np.array([max(row, ridge) for row in x]), "max, if and 'and' take a single"),
    (lambda x: x, "takes 1 positional argument but 2 were given"),
])  # fmt: skip
def test_an_error_is_told_with_the_inputs(learner, told):
    with pytest.raises(Stopped) as stopped:
        tried(learner)
    assert told in str(stopped.value) and "expected m1 and m2" not in str(stopped.value)


def test_arguments_are_named_as_the_learner_does():
    assert tried(lambda waves, floor: 0).names == ["waves", "floor"]
    assert tried(lambda *inputs: 0).names == ["x", "ridge"]
    assert tried(lambda *inputs: 0, reference=lambda *inputs: 0).names[1] == "argument 2"


def test_an_entry_alone_needs_a_reference_that_takes_it_alone():
    part, along, wanted, given = tried(lengths).entry(0, 0, 4)
    assert part[0].shape == (1, 3) and along == [True, False]
    assert wanted == given == pytest.approx(math.sqrt(X[4] @ X[4] + 0.5))
    assert tried(lengths, lambda x, r: x / x.sum()).entry(0, 0, 4) is None


def test_nested_answers_are_read_and_words_are_not():
    assert numbers([torch.ones(2, requires_grad=True), (1, 2)]).tolist() == [[1, 1], [1, 2]]
    with pytest.raises((TypeError, ValueError)):
        numbers(["angle"])
