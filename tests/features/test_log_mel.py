"""Log-mel against librosa, level and standardization against plain numpy."""

import librosa
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.features import LogMel, Standardize, normalize_level


@pytest.fixture(scope="module")
def waves():
    rng = np.random.default_rng(0)
    time = np.arange(160000) / 16000
    noise = 0.1 * rng.standard_normal(160000)
    tones = sum(np.sin(2 * np.pi * f * time + f) / k for k, f in enumerate((50, 440, 1760, 7900), start=3))
    tones += 1e-5 * rng.standard_normal(160000)
    faint = 1e-4 * rng.standard_normal(160000)
    sweep = 0.5 * np.sin(2 * np.pi * (20 * time + 395 * time**2))
    quiet = np.where(time < 5, noise, 0.0)
    return torch.tensor(np.stack([noise, tones, faint, sweep, quiet]), dtype=torch.float32)


def by_librosa(wave):
    power = librosa.feature.melspectrogram(
        y=np.asarray(wave, dtype=np.float64), sr=16000, n_fft=1024, hop_length=512, n_mels=128, fmin=0, fmax=8000,
        center=True, pad_mode="reflect",
    )  # fmt: skip
    return librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)


def test_log_mel_is_librosas(waves):
    ours = LogMel()(waves)
    assert ours.shape == (5, 128, 313) and ours.dtype == torch.float32
    for clip, wave, name in zip(ours.numpy(), waves.numpy(), ("noise", "tones", "faint", "sweep", "half silent")):
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
    torch.testing.assert_close(at_once, torch.cat([LogMel()(wave[None]) for wave in many]), rtol=0, atol=1e-3)


@pytest.mark.parametrize("shape", [(16000,), (1, 1, 16000), (1, 512)])
def test_what_is_no_batch_of_waves(shape):
    with pytest.raises(ValueError, match=r"waveforms \(N, T\) of 513 samples or more"):
        LogMel()(torch.zeros(shape))
    assert LogMel()(torch.zeros(1, 513)).shape == (1, 128, 2)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(gain=st.floats(1e-6, 1e6), offset=st.floats(-1, 1), seed=st.integers(0, 1000))
def test_level_and_offset_are_removed(gain, offset, seed):
    torch.manual_seed(seed)
    wave = torch.randn(2, 4000)
    level = normalize_level(gain * (wave + offset))
    torch.testing.assert_close(level.mean(dim=1), torch.zeros(2), rtol=0, atol=1e-5)
    torch.testing.assert_close(level.square().mean(dim=1).sqrt(), torch.ones(2), rtol=1e-5, atol=0)
    torch.testing.assert_close(level, normalize_level(wave), rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(LogMel()(level), LogMel()(normalize_level(wave)), rtol=0, atol=0.05)


@pytest.mark.parametrize("value", [0.0, 0.1, 0.3, -0.77, 1.0, 1e-3, 1e-30, 3e-5])
def test_silence_stays_silent_whatever_its_offset(value):
    assert torch.equal(normalize_level(torch.full((2, 160000), value)), torch.zeros(2, 160000))


def test_faint_sound_is_kept_and_finite():
    """One step of 16 bits beside a large offset is still a sound; what no file can hold becomes silence, not NaN."""
    steps = torch.randint(0, 2, (1, 16000)) / 32768 + 0.5
    assert normalize_level(steps).square().mean().item() == pytest.approx(1.0, rel=1e-3)
    for gain in (1e-8, 1e-15, 1e-25, 1e-38):
        level = normalize_level(gain * torch.randn(1, 16000))
        assert level.isfinite().all() and level.square().mean() < 1.5


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
