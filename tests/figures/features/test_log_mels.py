"""Log-mel spectrograms: one color scale, seconds to the right, kilohertz where the filters are."""

import numpy as np
import pytest

from asdkit import figures

SOUND = np.random.default_rng(0).normal(-40, 10, size=(128, 313))


def test_spectrograms_share_one_color_scale_and_have_seconds():
    figure = figures.log_mels([SOUND, SOUND + 30], ["low", "high"])
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert images[0].get_clim() == images[1].get_clim()
    assert images[0].get_extent()[:2] == pytest.approx([0, 313 * 512 / 16000])
    assert [ax.get_title() for ax in figure.axes[:2]] == ["low", "high"]
    assert (
        figure.axes[0].get_xlabel() == "time in s" and figure.axes[-1].get_ylabel() == "level in dB"
    )


def test_the_frequency_axis_agrees_with_the_filters():
    librosa = pytest.importorskip("librosa")
    right = figures.log_mel(SOUND).axes[0].child_axes[0]
    places, names = right.get_yticks(), [label.get_text() for label in right.get_yticklabels()]
    filters = librosa.filters.mel(sr=16000, n_fft=8192, n_mels=128)
    for place, name in zip(places, names):
        peak = filters[round(place)].argmax() * 16000 / 8192
        assert peak / 1000 == pytest.approx(float(name), rel=0.03, abs=0.015)


@pytest.mark.parametrize("broken", [np.zeros(5), np.zeros((2, 3, 4)), np.full((2, 3), np.nan)])
def test_what_is_no_spectrogram_is_refused(broken):
    with pytest.raises(ValueError):
        figures.log_mel(broken)


def test_titles_and_spectrograms_go_together():
    with pytest.raises(ValueError, match="1 titles for 2"):
        figures.log_mels([SOUND, SOUND], ["one"])
