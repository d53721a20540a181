"""The magnitude spectrogram against librosa and scipy, with and without its mean."""

import librosa
import numpy as np
import pytest
import torch
from scipy.signal import get_window

from asdkit.features import Spectrogram

WAVES = torch.randn(3, 160000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def by_librosa(wave):
    return np.abs(
        librosa.stft(
            wave, n_fft=1024, hop_length=512, center=False, window=get_window("hann", 1024)
        )
    )


@pytest.mark.parametrize(("dtype", "off"), [(torch.float64, 1e-9), (torch.float32, 1e-3)])
def test_it_is_librosas_minus_its_mean(dtype, off):
    ours = Spectrogram()(WAVES.to(dtype))
    theirs = np.stack([by_librosa(wave) for wave in WAVES.numpy()])
    assert ours.shape == (3, 513, 311) and ours.dtype == dtype
    np.testing.assert_allclose(ours, theirs - theirs.mean(axis=2, keepdims=True), atol=off)
    np.testing.assert_allclose(Spectrogram(remove_mean=False)(WAVES.to(dtype)), theirs, atol=off)


def test_a_steady_tone_goes_and_a_click_stays():
    time = torch.arange(160000, dtype=torch.float64) / 16000
    tone = torch.sin(
        2 * torch.pi * 1000.0 * time
    )  # 64 samples a turn: each frame starts at the same phase
    click = torch.zeros(160000, dtype=torch.float64)
    click[80000] = 1.0
    x = Spectrogram()(torch.stack([tone, tone + click]))
    assert x[0].abs().max() < 1e-9
    assert x[1].abs().amax(dim=0).topk(2).indices.sort().values.tolist() == [
        155,
        156,
    ]  # frames from 79360 and 79872 on


def test_a_clip_shorter_than_a_window_is_refused():
    with pytest.raises(
        ValueError, match=r"Spectrogram takes waveforms \(N, T\) of 1024 samples or more"
    ):
        Spectrogram()(torch.zeros(1, 1023))


def test_digital_silence_is_zero_and_has_gradients():
    waves = torch.zeros(1, 4096, requires_grad=True)
    x = Spectrogram()(waves)
    x.sum().backward()
    assert torch.equal(x, torch.zeros_like(x)) and waves.grad.isfinite().all()
