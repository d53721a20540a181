"""From log-mel back to sound: what comes out sounds like it, as the log-mel itself says."""

import pytest
import torch

from asdkit import sound
from asdkit.features import LogMel, invert


@pytest.fixture(scope="module")
def waves():
    machines = ("fan", "pump", "slider", "valve")
    return torch.stack([sound.simulate(machine, snr=10.0, seconds=3.0) for machine in machines])


def test_a_clean_clip_comes_back_to_tenths_of_a_decibel(waves):
    x = LogMel(frames=None)(waves)
    again = LogMel(frames=None)(invert(x))
    assert again.shape == x.shape
    off = (again - x).abs().mean(dim=(1, 2))
    assert (off < 0.5).all(), off
    assert (off < 0.05 * x.std(dim=(1, 2))).all()


def test_phases_come_with_the_steps(waves):
    x = LogMel(frames=None)(waves[:1])
    first, middle, last = [
        (LogMel(frames=None)(invert(x, steps=steps)) - x).abs().mean().item()
        for steps in (1, 8, 32)
    ]
    assert last < 0.7 * middle < 0.4 * first


def test_a_tone_keeps_its_pitch():
    wave = torch.sin(2 * torch.pi * 1000 * torch.arange(16000) / 16000)[None]
    again = invert(LogMel(frames=None)(wave))
    spectrum = torch.fft.rfft(again * torch.hann_window(again.shape[1])).abs()[0]
    assert spectrum.argmax().item() * 16000 / again.shape[1] == pytest.approx(1000, abs=30)


def test_it_is_drawn_from_a_seed_and_leaves_torchs_alone(waves):
    x = LogMel(frames=None)(waves[:1, :8000])
    torch.manual_seed(3)
    before = torch.rand(1)
    torch.manual_seed(3)
    first = invert(x, steps=2)
    assert torch.equal(torch.rand(1), before)
    assert torch.equal(first, invert(x, steps=2)) and not torch.equal(
        first, invert(x, steps=2, seed=1)
    )


def test_silence_stays_silent():
    x = torch.full((1, 128, 10), -100.0)
    wave = invert(x)
    assert wave.shape == (1, 9 * 512) and wave.isfinite().all() and wave.abs().max() < 1e-4


def test_another_log_mel_is_inverted_by_its_own_settings(waves):
    feature = LogMel(window=2048, mels=64, padding="constant", frames=None).double()
    x = feature(waves[:1].double())
    again = invert(x, feature)
    assert again.dtype == torch.float64 and (feature(again) - x).abs().mean() < 0.5


@pytest.mark.parametrize(
    ("log_mel", "steps", "words"),
    [
        (
            torch.zeros(128, 313),
            32,
            r"log-mels \(N, 128, F\) of 2 frames or more, not \(128, 313\)",
        ),
        (torch.zeros(1, 64, 313), 32, r"not \(1, 64, 313\)"),
        (torch.zeros(1, 128, 1), 32, "of 2 frames or more"),
        (torch.full((1, 128, 9), torch.nan), 32, "log_mel holds nan: give decibels"),
        (torch.zeros(1, 128, 9), 0, "steps is 0: give a whole number, 1 or more"),
    ],
)
def test_what_it_refuses(log_mel, steps, words):
    with pytest.raises(ValueError, match=words):
        invert(log_mel, steps=steps)
