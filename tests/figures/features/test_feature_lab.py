"""The feature microscope: z by hand, where a click and a tone stick out, and what no summary can
see.
"""

import numpy as np
import pytest
import torch

from asdkit import figures
from asdkit.features import LogMel, Spectrogram

CHANCE = torch.Generator().manual_seed(0)
NOISE = torch.randn(10, 80000, generator=CHANCE)
NORMAL, OTHERS = NOISE[0], NOISE[1:]
CLICK = NORMAL.clone()
CLICK[40000] += 40.0
TONE = NORMAL + 0.2 * torch.sin(2 * torch.pi * 1000 * torch.arange(80000) / 16000)


def state(faulty, **settings):
    return figures.feature_state(NORMAL, faulty, OTHERS, **settings)


@pytest.mark.parametrize("remove_mean", [False, True])
def test_z_by_hand(remove_mean):
    ours = state(CLICK, window=512, hop=256, mels=32, remove_mean=remove_mean)
    x = LogMel(window=512, hop=256, mels=32, frames=None)(
        torch.stack([NORMAL, CLICK, *OTHERS])
    ).numpy()
    x = x - x.mean(axis=2, keepdims=True) if remove_mean else x
    scatter = x[2:].transpose(1, 0, 2).reshape(32, -1).std(axis=1, ddof=1)
    z = (x[1:] - x[0]) / scatter[:, None]
    np.testing.assert_allclose(ours["faulty"], z[0].max(), rtol=1e-3)
    np.testing.assert_allclose(ours["others"], np.median(z[1:].max(axis=(1, 2))), rtol=1e-3)
    assert (ours["band"], ours["frame"]) == np.unravel_index(z[0].argmax(), z[0].shape)
    np.testing.assert_allclose(ours["pictures"], x[:2], atol=1e-4)


def test_a_click_shows_in_frames_and_maximum_and_less_in_the_mean():
    shown = {
        summary: state(CLICK, summary=summary)
        for summary in ("every frame", "temporal max", "temporal mean")
    }
    assert abs(shown["every frame"]["frame"] - 78) <= 1  # sample 40000, hop 512
    assert shown["temporal max"]["faulty"] > 2 * shown["temporal max"]["others"]
    assert shown["temporal max"]["faulty"] > 2 * shown["temporal mean"]["faulty"]


def test_a_tone_shows_in_the_mean_and_a_longer_window_shows_it_better():
    mean = state(TONE, summary="temporal mean")
    assert mean["faulty"] > 3 * mean["others"] and mean["frame"] == 0
    short, long = (
        state(TONE, window=w, hop=w // 2, mels=0, summary="temporal mean") for w in (256, 4096)
    )
    # 1000 Hz in bins of 16000 / 4096
    assert long["faulty"] > short["faulty"] and long["band"] == 256


def test_without_its_mean_a_steady_tone_is_gone():
    gone = state(TONE, summary="temporal mean", remove_mean=True)
    assert gone["faulty"] == gone["others"] == 0


def test_no_fault_shows_nothing():
    same = state(NORMAL)
    assert same["faulty"] == 0 < same["others"]


def test_every_frequency_is_the_spectrogram():
    ours = state(CLICK, mels=0)["pictures"]
    theirs = Spectrogram(remove_mean=False)(torch.stack([NORMAL, CLICK])).numpy()
    np.testing.assert_allclose(ours, 20 * np.log10(theirs), atol=1e-3)


@pytest.mark.parametrize(
    ("others", "settings", "sentence"),
    [
        (OTHERS[:2], {}, "2 other sounds, hop 512 of 1024: give 3 or more"),
        (
            OTHERS,
            {"window": 256, "hop": 512},
            "9 other sounds, hop 512 of 256: .* a hop up to the window",
        ),
        (
            OTHERS,
            {"summary": "median"},
            "no summary is called 'median': give one of every frame, temporal mean",
        ),
    ],
)
def test_what_cannot_be_is_refused(others, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        figures.feature_state(NORMAL, CLICK, others, **settings)


@pytest.mark.parametrize("summary", ["every frame", "temporal mean", "temporal max"])
@pytest.mark.parametrize("mels", [0, 64])
def test_the_figure_says_its_numbers(summary, mels):
    now = state(CLICK, summary=summary, mels=mels)
    figure = figures.feature_figure(now)
    assert f"the fault shows by {now['faulty']:.1f} scatters" in figure.alt
    assert all(ax.get_xlabel() for ax in figure.axes if ax.get_label() != "<colorbar>")
    assert figure.png()[:4] == b"\x89PNG"


def test_a_short_window_leaves_mel_bands_empty_without_a_warning(recwarn):
    assert state(CLICK, window=128, hop=64, mels=128)["faulty"] > 0 and not recwarn.list
