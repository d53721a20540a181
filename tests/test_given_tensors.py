"""What is given as a tensor is looked at where that costs nothing, and nowhere else."""

import math

import pytest
import torch
from torch.func import grad, vmap

from asdkit import given_tensors, losses
from asdkit.mixup import Mix

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_finite_numbers_whose_sum_is_not_are_finite(dtype):
    most = torch.full((9,), torch.finfo(dtype).max, dtype=dtype)
    assert given_tensors.finite(most, "x") is most


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_the_first_place_is_told(value):
    x = torch.zeros(2, 3, 4)
    x[1, 2, 3] = x[1, 0, 2] = value
    with pytest.raises(ValueError, match=rf"x is {value} at \(1, 0, 2\): give finite numbers"):
        given_tensors.finite(x, "x")
    with pytest.raises(ValueError, match=rf"x is {value}: give finite numbers"):
        given_tensors.finite(x[1, 2, 3], "x")


def test_a_training_looks_once_at_what_does_not_change():
    """Shapes and types are looked at in every step."""
    with given_tensors.seen():
        assert given_tensors.batch(X * math.nan).isnan().all()
        assert given_tensors.within(torch.tensor([7]), 0, 1, "less").tolist() == [7]
        for wrong in (X[0], X.int(), X.tolist()):
            with pytest.raises(ValueError, match="^x "):
                given_tensors.batch(wrong)
        with given_tensors.seen(False), pytest.raises(ValueError, match="lam holds 2: give the s"):
            losses.AdaCos(2, 3)(X, Mix(*torch.tensor([[0, 1], [1, 2]]), torch.full((2,), 2.0)))
    with pytest.raises(ValueError, match=r"x is nan at \(0, 0\)"):
        given_tensors.batch(X * math.nan)


def test_it_looks_again_after_a_training_that_failed():
    with pytest.raises(RuntimeError), given_tensors.seen():
        raise RuntimeError
    with pytest.raises(ValueError, match="x is nan at"):
        given_tensors.batch(X * math.nan)


def test_nothing_is_read_that_has_no_number():
    """Neither of a device that would be waited for, nor of what stands for several tensors."""
    there = torch.empty(2, 2, device="meta")
    assert given_tensors.batch(there) is there
    assert given_tensors.within(there, 0, 1, "less") is there
    doubled = vmap(lambda x: given_tensors.batch(x).sum())(torch.stack([X, X * math.nan]))
    assert doubled[0] == 10 and doubled[1].isnan()
    assert torch.equal(grad(lambda x: given_tensors.batch(x).square().sum())(X), 2 * X)


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("make", [losses.ArcFace, losses.AdaCos, losses.NoisyArcMix])
def test_nothing_breaks_what_is_compiled(make, mixed):
    """One graph, without a number that has to be read."""
    loss, x, y = make(4, 3), torch.randn(6, 4), torch.arange(6) % 3
    label = Mix(y, y.flip(0), torch.full((6,), 0.3)) if mixed else y
    wanted = loss.eval()(x, label)
    compiled = torch.compile(loss, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(x, label), wanted)
    torch.compiler.reset()


@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16])
def test_types_may_differ_under_autocast_only(precision):
    with torch.autocast("cpu", precision):
        assert given_tensors.floats(X.to(precision), "x", X).dtype == precision
    with pytest.raises(ValueError, match=r"convert it, x.to\(torch.float32\)"):
        given_tensors.floats(X.to(precision), "x", X)


def test_labels_come_out_as_they_are_taken():
    y = torch.tensor([0, 2])
    assert given_tensors.indices(y) is y
    assert given_tensors.indices(y.short()).dtype == torch.int64
