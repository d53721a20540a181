"""What goes from one process to another arrives as it was, and a check says the same of it."""

import functools
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from asdkit import checks
from asdkit.commands import wire

ANSWERS = sorted((Path(__file__).parents[1] / "checks" / "answers").glob("*.py"))


def sent(value):
    return wire.unpacked(json.loads(json.dumps(wire.packed(value))))


def through(answer):
    """The same function, in another process as far as its inputs and values can tell."""

    @functools.wraps(answer)
    def call(*inputs):
        return sent(answer(*map(sent, inputs)))

    return call


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_a_check_knows_an_answer_from_afar(path):
    spec = importlib.util.spec_from_file_location(f"sent_{path.stem}", path)
    answers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(answers)
    for exercise, right in answers.RIGHT.items():
        assert getattr(checks, exercise)(through(right[0]))
    check = getattr(checks, exercise)
    hint, wrong = next(iter(answers.WRONG[exercise].items()))
    assert hint in check(through(wrong)).message
    assert check(through(lambda *inputs: ...)).state == "not attempted"


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 0.1, float("inf"), "text", ..., [1, (2.0, ...)], np.float32(0.1),
        np.arange(6.0).reshape(2, 3).T, np.zeros((0, 3)), np.array(2), np.array([1 + 2j]),
        np.array([True, False]), np.array(["a", "bc"]), torch.arange(4).reshape(2, 2),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_arrives_as_it_was(value):
    found = sent(value)
    assert type(found) is type(value)
    if isinstance(value, np.ndarray | np.generic | torch.Tensor):
        assert found.dtype == value.dtype and found.shape == value.shape
        assert np.array_equal(found, value)
    else:
        assert found == value


def test_of_another_type_its_name_arrives_and_nothing_is_unpickled():
    class Trap:
        def __reduce__(self):
            raise AssertionError("it was pickled")

    for value, name in ((Trap(), "Trap"), ({1: 2}, "dict"), (np.array([Trap()]), "ndarray")):
        assert type(sent(value)).__name__ == name
    told = checks.ex_00_3(through(lambda label, score: Trap())).message
    assert told == "your function returns Trap, not numbers in one array."
    kept = torch.ones(2, requires_grad=True)
    assert torch.equal(sent(kept), kept)
