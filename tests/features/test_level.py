"""Offset and level: what each removes, what each leaves, and that either alone can give the label
away.
"""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit import metrics
from asdkit.features import LogMel, normalize_level, remove_offset


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
    """One step of 16 bits beside a large offset is still a sound; what no file can hold becomes
    silence, not NaN.
    """
    steps = torch.randint(0, 2, (1, 16000)) / 32768 + 0.5
    assert normalize_level(steps).square().mean().item() == pytest.approx(1.0, rel=1e-3)
    for gain in (1e-8, 1e-15, 1e-25, 1e-38):
        level = normalize_level(gain * torch.randn(1, 16000))
        assert level.isfinite().all() and level.square().mean() < 1.5


@pytest.mark.parametrize("value", [0.0, 0.1, -0.77, 1e-30])
def test_a_constant_clip_has_no_sound(value):
    assert torch.equal(remove_offset(torch.full((2, 160000), value)), torch.zeros(2, 160000))


def test_the_offset_goes_and_the_level_stays():
    waves = torch.randn(3, 4000) * torch.tensor([[1.0], [5.0], [0.1]])
    moved = remove_offset(waves + 0.3)
    torch.testing.assert_close(moved.mean(dim=1), torch.zeros(3), rtol=0, atol=1e-6)
    torch.testing.assert_close(moved, waves - waves.mean(dim=1, keepdim=True), rtol=0, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_type_is_kept(dtype):
    waves = torch.randn(2, 4000, dtype=dtype)
    assert normalize_level(waves).dtype == remove_offset(waves).dtype == dtype


def leaks(waves):
    """AUC of the largest deviation of a band from the first 40 clips, on 20 more and 20 that were
    meddled with.
    """
    x = LogMel()(waves).mean(dim=2)  # (N, B)
    known, new = x[:40], x[40:]
    score = (new - known.mean(dim=0)).div(known.std(dim=0)).abs().amax(dim=1)
    return metrics.auc([0] * 20 + [1] * 20, score.numpy())


@pytest.mark.parametrize(
    ("plant", "cure", "no_cure"),
    [
        (lambda w: w * 10 ** (-0.5 / 20), normalize_level, remove_offset),
        (
            lambda w: w + 0.3,
            remove_offset,
            lambda w: w / w.square().mean(dim=1, keepdim=True).sqrt(),
        ),
    ],
    ids=["level", "offset"],
)
def test_either_gives_the_label_away_and_the_other_cure_does_not_help(plant, cure, no_cure):
    """Noise of one level with no offset; the last 20 of 80 clips differ in one of the two and in
    nothing else.
    """
    waves = torch.randn(80, 160000, generator=torch.Generator().manual_seed(0))
    waves = normalize_level(waves)
    leaking = torch.cat([waves[:60], plant(waves[60:])])
    assert leaks(leaking) > 0.99 and leaks(no_cure(leaking)) > 0.99
    assert abs(leaks(cure(leaking)) - leaks(waves)) < 1e-3 and abs(leaks(waves) - 0.5) < 0.3
