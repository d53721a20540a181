"""Third-octave spectra: tones in their bands, white noise 1 dB a band, any level the same, and a
labeled picture.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit import figures

RATE = 16_000
RNG = np.random.default_rng(0)


@settings(max_examples=30, deadline=None)
@given(st.integers(-14, 8), st.floats(-0.12, 0.12))
def test_a_tone_lies_in_its_band(step, off):
    hertz = 1000 * 2 ** ((step + off) / 3)
    wave = np.sin(2 * np.pi * hertz * np.arange(4 * RATE) / RATE)
    centers, levels = figures.third_octaves(wave[None])
    assert (
        np.isclose(centers[levels[0].argmax()], 1000 * 2 ** (step / 3)) and levels[0].max() > -1.5
    )


def test_white_noise_rises_as_the_width_of_the_bands():
    waves = RNG.standard_normal((4, 20 * RATE))
    centers, levels = figures.third_octaves(waves)
    width = centers * (2 ** (1 / 6) - 2 ** (-1 / 6))
    width[-1] = 8000 - centers[-1] * 2 ** (-1 / 6)  # cut by half the sampling rate
    np.testing.assert_allclose(
        levels[:, 6:], np.tile(10 * np.log10(width / 8000), (4, 1))[:, 6:], atol=0.6
    )


def test_neither_level_nor_offset_counts():
    waves = RNG.standard_normal((2, 2 * RATE))
    centers, levels = figures.third_octaves(waves)
    np.testing.assert_allclose(figures.third_octaves(7 * waves + 3)[1], levels, atol=1e-6)
    assert centers[0] < 32 and centers[-1] == 8000 and levels.shape == (2, len(centers))


@pytest.mark.parametrize(
    ("waves", "told"),
    [
        (np.ones(RATE), r"\(16000,\): pass \(clips, samples\)"),
        (np.ones((2, 100)), "at least a second"),
        (np.ones((1, RATE)), "silent"),
        (np.full((1, RATE), np.nan), "waves is nan"),
    ],
)
def test_waves_without_a_spectrum_are_told(waves, told):
    with pytest.raises(ValueError, match=told):
        figures.third_octaves(waves)


def test_the_picture_has_median_band_and_numbers():
    centers, levels = figures.third_octaves(RNG.standard_normal((30, RATE)))
    figure = figures.spectra({"synthetic": levels[:20], "real": levels[20:]}, centers, "fan")
    ax = figure.axes[0]
    assert "Hz" in ax.get_xlabel() and "dB" in ax.get_ylabel() and "n = 30 clips" in ax.get_title()
    np.testing.assert_allclose(ax.lines[0].get_ydata(), np.median(levels[:20], axis=0))
    edge = ax.collections[0].get_paths()[0].vertices[:, 1]
    low, high = np.percentile(levels[:20], [10, 90], axis=0)
    assert np.isclose(edge.min(), low.min()) and np.isclose(edge.max(), high.max())
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()
    assert len(figure.png()) < 60_000 and "synthetic, n = 20 clips" in figure.alt


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ({}, "there is no spectrum to draw: pass a dict"),
        ({"a": np.zeros((0, 3))}, r"a is \(0, 3\): pass finite levels"),
        ({"a": np.zeros((2, 4))}, r"a is \(2, 4\): pass finite levels"),
        ({"a": np.full((1, 3), np.nan)}, "a is nan at"),
    ],
)
def test_what_cannot_be_drawn_is_told(levels, words):
    with pytest.raises(ValueError, match=words):
        figures.spectra(levels, np.array([1.0, 2.0, 4.0]))
