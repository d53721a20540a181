"""The whole clip's spectrum against numpy, a tone, and Parseval."""

import numpy as np
import pytest
import torch

from asdkit.features import Spectrum


@pytest.mark.parametrize("samples", [160000, 16001, 288000])
def test_it_is_the_first_half_of_numpys(samples):
    waves = np.random.default_rng(0).normal(size=(2, samples))
    ours = Spectrum()(torch.from_numpy(waves))
    assert ours.shape == (2, samples // 2) and ours.dtype == torch.float64
    np.testing.assert_allclose(
        ours, np.abs(np.fft.fft(waves))[:, : samples // 2], rtol=1e-9, atol=1e-9
    )
    in_float32 = Spectrum()(torch.from_numpy(waves).float())
    assert in_float32.dtype == torch.float32
    np.testing.assert_allclose(in_float32, ours, rtol=0, atol=2e-2)


def test_two_tones_a_tenth_of_a_hertz_apart_are_two():
    time = torch.arange(160000, dtype=torch.float64) / 16000
    tones = torch.sin(2 * torch.pi * 440.0 * time) + torch.sin(2 * torch.pi * 440.2 * time)
    x = Spectrum()(tones[None])[0]
    assert x.topk(2).indices.sort().values.tolist() == [4400, 4402] and x[4401] < 1e-6 * x[4400]


def test_a_moment_is_nowhere_to_be_seen():
    """A click at another time has the same magnitudes: the spectrum does not know when."""
    early, late = torch.zeros(2, 16000, dtype=torch.float64)
    early[10], late[15000] = 1.0, 1.0
    torch.testing.assert_close(*Spectrum()(torch.stack([early, late])))


@pytest.mark.parametrize("shape", [(16000,), (1, 1)])
def test_what_is_no_batch_of_waves(shape):
    with pytest.raises(ValueError, match=r"Spectrum takes waveforms \(N, T\)"):
        Spectrum()(torch.zeros(shape))
