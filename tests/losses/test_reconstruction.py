"""The squared error of a residual against float64 numpy, and its slope."""

import numpy as np
import torch

from asdkit.losses import SquaredError


def test_it_is_the_mean_square_of_each_residual_and_their_mean():
    x = np.random.default_rng(0).normal(size=(6, 40)) * 3
    each = SquaredError().each(torch.from_numpy(x), None)
    np.testing.assert_allclose(each, (x**2).sum(axis=1) / 40, rtol=1e-12)
    loss = SquaredError()(torch.from_numpy(x), torch.zeros(6))
    np.testing.assert_allclose(loss, (x**2).sum() / 240, rtol=1e-12)


def test_its_slope_by_finite_differences_and_where_nothing_is_left():
    x = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: SquaredError()(x, None), x)
    zero = torch.zeros(2, 3, requires_grad=True)
    SquaredError()(zero, None).backward()
    assert not zero.grad.any()
