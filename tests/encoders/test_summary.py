"""Summaries over time in place of an encoder."""

import numpy as np
import pytest
import torch

from asdkit.encoders import TemporalMax, TemporalMean


@pytest.mark.parametrize(("make", "summary"), [(TemporalMean, np.mean), (TemporalMax, np.max)])
def test_one_number_a_band_and_nothing_to_learn(make, summary):
    x = torch.randn(3, 7, 11, dtype=torch.float64)
    np.testing.assert_allclose(make(dim=7)(x).numpy(), summary(x.numpy(), axis=2), rtol=1e-12, atol=1e-15)
    assert list(make().parameters()) == [] and make()(torch.randn(2, 128, 5)).shape == (2, 128)
    for wrong in (x[:, :6], x[0]):
        with pytest.raises(ValueError, match=rf"{make.__name__} takes log-mels \(N, 7, T\)"):
            make(dim=7)(wrong)
