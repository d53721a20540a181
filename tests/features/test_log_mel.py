"""Log-mel against librosa: the settings of each paper, silence, borders, blocks, float64."""

import librosa
import numpy as np
import pytest
import torch

from asdkit import features
from asdkit.features import LogMel
from asdkit.systems.recipes import L2S_MEL, NAM_MEL, STGRAM_MEL


@pytest.fixture(scope="module")
def waves():
    rng = np.random.default_rng(0)
    time = np.arange(160000) / 16000
    noise = 0.1 * rng.standard_normal(160000)
    tones = sum(
        np.sin(2 * np.pi * f * time + f) / k for k, f in enumerate((50, 440, 1760, 7900), start=3)
    )
    tones += 1e-5 * rng.standard_normal(160000)
    faint = 1e-4 * rng.standard_normal(160000)
    sweep = 0.5 * np.sin(2 * np.pi * (20 * time + 395 * time**2))
    quiet = np.where(time < 5, noise, 0.0)
    return torch.tensor(np.stack([noise, tones, faint, sweep, quiet]), dtype=torch.float32)


def by_librosa(wave, window=1024, mels=128, pad_mode="reflect", added=0.0, floor=1e-10, **scale):
    power = librosa.feature.melspectrogram(
        y=np.asarray(wave, dtype=np.float64), sr=16000, n_fft=window, hop_length=512, n_mels=mels,
        fmin=0, fmax=8000, center=True, pad_mode=pad_mode, **scale,
    )  # fmt: skip
    return 10 * np.log10(np.maximum(power + added, floor))


def test_log_mel_is_librosas(waves):
    ours = LogMel()(waves)
    assert ours.shape == (5, 128, 313) and ours.dtype == torch.float32
    for clip, wave, name in zip(
        ours.numpy(), waves.numpy(), ("noise", "tones", "faint", "sweep", "half silent")
    ):
        theirs = by_librosa(wave)
        off = np.abs(clip - theirs)
        heard = theirs > theirs.max() - 90.0  # below, between pure tones, float32 holds rounding
        assert off[heard].mean() < 1e-3 and off[heard].max() < 0.1, name
        assert off.mean() < 1e-2 and off.max() < 1.0, name


def test_digital_silence_is_minus_100_db():
    assert torch.equal(LogMel()(torch.zeros(2, 16000)), torch.full((2, 128, 32), -100.0))


def test_a_longer_clip_keeps_its_last_frames(waves):
    longer = torch.cat([torch.randn(5, 20000), waves], dim=1)[:2]
    ours = LogMel()(longer)
    assert ours.shape == (2, 128, 313)
    assert np.abs(ours[0].numpy() - by_librosa(longer[0])[:, -313:]).mean() < 1e-3


def test_blocks_do_not_matter(waves):
    many = waves.repeat(4, 1)[:, :20000]
    at_once = LogMel()(many)
    torch.testing.assert_close(
        at_once, torch.cat([LogMel()(wave[None]) for wave in many]), rtol=0, atol=1e-3
    )


@pytest.mark.parametrize("shape", [(16000,), (1, 1, 16000), (1, 512), (0, 16000)])
def test_what_is_no_batch_of_waves(shape):
    with pytest.raises(ValueError, match=r"waveforms \(N, T\) of 513 samples or more"):
        LogMel()(torch.zeros(shape))
    assert LogMel()(torch.zeros(1, 513)).shape == (1, 128, 2)


EPS = np.finfo(float).eps
SETTINGS = {"SCA": {}, "NAM": NAM_MEL, "STgram": STGRAM_MEL, "L2S classifier": L2S_MEL}
PUBLISHED = {  # as the papers and their authors' code state them, in librosa's words
    "SCA": {},
    "NAM": {"window": 2048, "pad_mode": "constant", "added": EPS, "floor": 0.0},
    "STgram": {"pad_mode": "constant", "added": EPS, "floor": 0.0, "htk": True, "norm": None},
    "L2S classifier": {"mels": 64},
}


@pytest.mark.parametrize("paper", SETTINGS)
def test_the_settings_of_each_paper_are_librosas(waves, paper):
    ours = LogMel(**SETTINGS[paper])(waves)
    assert ours.shape == (5, PUBLISHED[paper].get("mels", 128), 313) and ours.dtype == torch.float32
    for clip, wave in zip(ours.numpy(), waves.numpy()):
        theirs = by_librosa(wave, **PUBLISHED[paper])
        heard = theirs > max(theirs.max() - 90.0, -110.0)
        assert np.abs(clip - theirs)[heard].mean() < 1e-3, paper


@pytest.mark.parametrize("paper", SETTINGS)
def test_in_float64_it_is_librosas_to_rounding(waves, paper):
    ours = LogMel(**SETTINGS[paper])(waves[:3].double())
    assert ours.dtype == torch.float64
    theirs = np.stack([by_librosa(wave, **PUBLISHED[paper]) for wave in waves[:3]])
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_nams_clip_ends_after_ten_seconds(waves):
    longer = torch.cat([waves, torch.randn(5, 20000)], dim=1)
    torch.testing.assert_close(LogMel(**NAM_MEL)(longer), LogMel(**NAM_MEL)(waves), rtol=0, atol=0)


def test_all_frames_may_be_kept(waves):
    longer = torch.cat([waves, waves], dim=1)
    assert LogMel(frames=None)(longer).shape == (5, 128, 626)
    assert torch.equal(LogMel(frames=None)(longer)[..., -313:], LogMel()(longer))


def test_bands_without_a_frequency_stay_at_the_floor():
    with pytest.warns(UserWarning, match="Empty filters"):
        log_mel = LogMel(window=128, hop=64, mels=128, frames=None)
    x = log_mel(torch.randn(1, 4000))
    empty = ~log_mel.filters.any(dim=1)
    assert 0 < empty.sum() < 128 and (x[0, empty] == -100.0).all() and (x[0, ~empty] > -100.0).all()


def test_gradients_pass(waves):
    clip = waves[:1, :4000].double().requires_grad_()
    LogMel()(clip).sum().backward()
    assert clip.grad.isfinite().all() and clip.grad.abs().max() > 0


def test_integers_are_refused():
    with pytest.raises(ValueError, match="float32 or float64, not torch.int16: convert them first"):
        LogMel()(torch.zeros(1, 16000, dtype=torch.int16))


def test_decibels_of_known_powers():
    power = torch.tensor([0.0, 1e-12, 0.5, 100.0], dtype=torch.float64)
    torch.testing.assert_close(
        features.decibels(power), torch.tensor([-100.0, -100.0, -3.0103, 20.0]).double()
    )
    assert features.decibels(power, floor=0.0, added=1e-10)[1].item() == pytest.approx(
        10 * np.log10(1.01e-10)
    )
