"""What a whole file holds is checked: notes, weights, and one sentence for all that is wrong."""

import pytest
import torch
from torch import nn

from asdkit.contents import check, facts, read_as, state


def test_facts_are_a_dict_of_finite_numbers():
    assert facts('{"a": 1, "b": [0.5, {"c": null}]}') == {"a": 1, "b": [0.5, {"c": None}]}
    for number in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999"):
        with pytest.raises(ValueError, match="its notes hold NaN or infinity"):
            facts(f'{{"a": [{number}]}}')
    for text in ("[1]", "3", '"text"', "null"):
        with pytest.raises(ValueError, match="its notes are no dict"):
            facts(text)


def test_the_state_of_a_module_is_all_of_it_and_nothing_else():
    layer = nn.Linear(3, 2)
    good = {f"part.{name}": value for name, value in layer.state_dict().items()}
    found = state(good | {"other.weight": torch.zeros(1)}, "part", layer)
    assert found.keys() == layer.state_dict().keys()
    for change, told in {
        "weight": (None, "part.weight is missing"),
        "more": (torch.zeros(1), "part.more is strange"),
        "bias": (torch.zeros(3), "part.bias has another shape or type"),
    }.items():
        changed = good | {f"part.{change}": told[0]}
        changed = {name: value for name, value in changed.items() if value is not None}
        with pytest.raises(ValueError, match=told[1]):
            state(changed, "part", layer)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_named(value):
    check("x", torch.tensor([2**62]), (1,), torch.int64)
    with pytest.raises(ValueError, match="x holds NaN or infinity"):
        check("x", torch.tensor([0.0, value]), (2,), torch.float32)


def failing(error, path="f", kind="run"):
    with read_as(path, kind, "go"):
        raise error


@pytest.mark.parametrize("error", [KeyError("a"), TypeError("a\nb"), RecursionError("deep")])
def test_whatever_is_wrong_is_one_sentence(error):
    with pytest.raises(ValueError, match=r"^f is no cell that this asdkit \S+ can read: go$"):
        failing(error, kind="cell")


def test_the_reason_is_told_where_it_is_ours_and_short():
    with pytest.raises(ValueError, match=r"can read: go \(its epoch is -1\)$"):
        failing(ValueError("its epoch is -1"))
    for hidden in ("a\nb", "\x1b[31m", "x" * 500):
        with pytest.raises(ValueError, match="can read: go$"):
            failing(ValueError(hidden))
    with pytest.raises(ValueError, match="^f is of another kind$"):
        failing(ValueError("f is of another kind"))


def test_a_full_memory_is_no_fault_of_the_file():
    with pytest.raises(RuntimeError, match="out of memory"):
        failing(RuntimeError("CUDA out of memory"))
