"""A wave beside the log-mel that LogMel makes of it."""

import pytest
import torch

from asdkit.features import LogMel, WaveAndLogMel

SETTINGS = {"window": 2048, "padding": "constant", "floor": 0.0, "added": 2.0**-52}


@pytest.mark.parametrize("samples", [16000, 48000])
def test_both_are_of_the_first_seconds(samples):
    waves = torch.randn(3, samples)
    wave, log_mel = WaveAndLogMel(**SETTINGS, seconds=2.0)(waves)
    torch.testing.assert_close(wave, waves[:, :32000], rtol=0, atol=0)
    torch.testing.assert_close(log_mel, LogMel(**SETTINGS)(waves[:, :32000]), rtol=0, atol=0)


def test_without_seconds_the_wave_is_whole():
    waves = torch.randn(1, 20000).double()
    wave, log_mel = WaveAndLogMel(frames=None)(waves)
    assert wave.shape == (1, 20000) and log_mel.shape == (1, 128, 40)
    assert log_mel.dtype == torch.float64


def test_what_is_no_wave_is_refused():
    with pytest.raises(ValueError):
        WaveAndLogMel()(torch.randn(2, 128, 313))
    with pytest.raises(ValueError):
        WaveAndLogMel()(torch.randn(2, 100))
