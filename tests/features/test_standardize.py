"""Standardization against plain numpy."""

import numpy as np
import pytest
import torch

from asdkit.features import Standardize


def test_standardize_is_numpys():
    torch.manual_seed(0)
    x = 20 * torch.randn(150, 6, 31) * torch.rand(6, 1) - 60
    standardize = Standardize(6).fit(x)
    wide = x.double().numpy().transpose(1, 0, 2).reshape(6, -1)
    np.testing.assert_allclose(standardize.mean[:, 0], wide.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(standardize.deviation[:, 0], wide.std(axis=1), rtol=1e-5)
    expected = (x.double().numpy() - wide.mean(axis=1)[:, None]) / wide.std(axis=1)[:, None]
    np.testing.assert_allclose(standardize(x), expected, atol=1e-4)
    assert {"mean", "deviation"} == set(standardize.state_dict())
    assert torch.equal(Standardize(6)(x), x)


@pytest.mark.parametrize("frames", [7, 313])
@pytest.mark.parametrize("value", [-100.0, -37.3, 0.1, -12.34567, 1e-3])
def test_a_constant_band_is_divided_by_one(value, frames):
    x = torch.randn(70, 3, frames)
    x[:, 1] = value
    standardize = Standardize(3).fit(x)
    assert standardize.deviation[1].item() == 1.0
    assert standardize(x)[:, 1].abs().max() < 1e-4 and standardize(x).isfinite().all()


def test_float64_stays_float64():
    x = torch.randn(3, 2, 9, dtype=torch.float64)
    standardize = Standardize(2).double().fit(x)
    wide = x.numpy().transpose(1, 0, 2).reshape(2, -1)
    expected = (x.numpy() - wide.mean(axis=1)[:, None]) / wide.std(axis=1)[:, None]
    np.testing.assert_allclose(standardize(x), expected, atol=1e-12)
