"""Mean and maximum over time: values, order, and what each of them loses."""

import numpy as np
import torch

from asdkit.features import mean_and_max, temporal_max, temporal_mean


def test_they_are_numpys():
    x = torch.randn(4, 6, 31, dtype=torch.float64)
    np.testing.assert_allclose(temporal_mean(x), x.numpy().mean(axis=2))
    np.testing.assert_array_equal(temporal_max(x), x.numpy().max(axis=2))
    both = mean_and_max(x)
    assert both.shape == (4, 6, 2)
    assert torch.equal(both[..., 0], temporal_mean(x))
    assert torch.equal(both[..., 1], temporal_max(x))


def test_neither_knows_when():
    x = torch.randn(2, 5, 40, dtype=torch.float64)
    mixed = x[:, :, torch.randperm(40)]
    torch.testing.assert_close(temporal_mean(mixed), temporal_mean(x))
    assert torch.equal(temporal_max(mixed), temporal_max(x))


def test_a_click_moves_the_maximum_and_a_rise_below_it_the_mean():
    x = torch.zeros(1, 1, 100)
    x[..., 0] = 30.0
    click, rise = x.clone(), x.clone()
    click[..., 50], rise[..., 1:] = 60.0, 10.0
    assert (temporal_max(click) - temporal_max(x)).item() == 30 and (
        temporal_max(rise) - temporal_max(x)
    ).item() == 0
    assert 0.59 < (temporal_mean(click) - temporal_mean(x)).item() < 0.61
    assert 9.8 < (temporal_mean(rise) - temporal_mean(x)).item() < 10
