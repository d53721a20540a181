"""Two sounds in five pictures: the lines are the features, and bad waves are refused."""

import numpy as np
import pytest
import torch

from asdkit import figures
from asdkit.features import LogMel, Spectrum

NOISE = torch.randn(2, 16000, generator=torch.Generator().manual_seed(0))
TONE = NOISE[1] + torch.sin(2 * torch.pi * 1000 * torch.arange(16000) / 16000)


def axes(figure):
    return {ax.get_title(): ax for ax in figure.axes}


def test_the_lines_are_the_features():
    figure = figures.five_pictures(NOISE[0], TONE, names=("noise", "noise and tone"))
    shown = axes(figure)
    x = LogMel()(torch.stack([NOISE[0], TONE])).numpy()
    for title, expected in (("temporal mean", x.mean(axis=2)), ("temporal max", x.max(axis=2))):
        np.testing.assert_allclose(
            [line.get_ydata() for line in shown[title].lines], expected, atol=1e-4
        )
    f, level = shown["spectrum of the whole clip"].lines[1].get_data()
    assert f[level.argmax()] <= 1000 < f[level.argmax() + 1]
    assert level.max() == pytest.approx(
        20 * np.log10(Spectrum()(TONE[None])[0, 1000].item()), abs=1e-4
    )
    assert {"noise: log-mel", "noise and tone: log-mel", "noise: minus its mean"} < set(shown)
    assert "n = 1 each" in figure.alt and figure.png()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("faulty", "sentence"),
    [
        (TONE[:100], r"two waves \(T,\) of one length"),
        (NOISE, r"two waves \(T,\)"),
        (TONE * torch.nan, "holds NaN"),
    ],
)
def test_bad_waves_are_refused(faulty, sentence):
    with pytest.raises(ValueError, match=sentence):
        figures.five_pictures(NOISE[0], faulty)
