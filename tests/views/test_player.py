"""Sounds in a page: the bytes decode to what was asked for, and fit."""

import base64
import io
import re

import numpy as np
import pytest
import soundfile
import torch

from asdkit import views
from asdkit.views import player

TIME = np.arange(160_000) / 16_000
TONE = 3.0 * np.sin(2 * np.pi * 440 * TIME)


def decoded(shown):
    sources = re.findall(r"data:audio/ogg;base64,([\w+/=]+)", shown._repr_html_())
    return [soundfile.read(io.BytesIO(base64.b64decode(source))) for source in sources]


def test_a_part_is_heard_at_its_own_pitch():
    ((wave, sr),) = decoded(views.hear(TONE, seconds=2.0, start=1.0))
    assert sr == 16_000 and len(wave) == 32_000
    assert np.abs(np.fft.rfft(wave)).argmax() / 2.0 == pytest.approx(440, abs=1)


def test_loud_and_soft_get_the_same_peak():
    peaks = [np.abs(decoded(views.hear(gain * TONE))[0][0]).max() for gain in (1e-4, 1.0)]
    assert peaks[0] == pytest.approx(peaks[1], rel=0.02) and 0.8 < peaks[0] < 1


def test_noise_fits_into_its_25_kb_and_is_not_clipped():
    player = views.hear(np.random.default_rng(0).normal(size=160_000))
    assert len(player._repr_html_()) < 26_000
    ((wave, _),) = decoded(player)
    assert len(wave) == 48_000 and np.abs(wave).max() < 1


def test_too_much_noise_is_refused():
    with pytest.raises(ValueError, match="hiss: 10.0 s do not fit into 25 kB"):
        views.hear(np.random.default_rng(0).normal(size=160_000), seconds=10.0, title="hiss")


def test_a_file_brings_its_own_rate_and_name(tmp_path):
    path = tmp_path / "valve.wav"
    soundfile.write(path, np.stack([TONE, TONE], axis=1)[:48_000] / 3, 24_000)
    player = views.hear(path, seconds=1.0)
    assert decoded(player)[0][1] == 24_000 and "valve.wav" in repr(player)


def test_several_sounds_stand_in_a_row_with_their_names():
    player = views.listen({"normal <1>": TONE, "anomaly": torch.tensor(TONE)}, seconds=1.0)
    page = player._repr_html_()
    assert page.count("<audio controls") == 2 and "flex-wrap: wrap" in page
    assert 'aria-label="normal &lt;1&gt;"' in page and "<1>" not in page
    assert repr(player) == "<Player: normal <1>, anomaly>"


def test_silence_stays_silent():
    assert np.abs(decoded(views.hear(np.zeros(16_000)))[0][0]).max() == 0


def test_a_short_clip_is_heard_to_its_end():
    assert len(decoded(views.hear(TONE[:8000]))[0][0]) == 8000


@pytest.mark.parametrize(
    ("wave", "options", "sentence"),
    [
        (np.zeros((2, 100)), {}, "such as waves\\[0\\]"),
        (TONE, {"start": 10.0}, "lasts 10.0 s, nothing can be heard from 10.0 s on"),
        (TONE, {"seconds": 0.0}, "for 0.0 s"),
        (np.full(100, np.nan), {}, "NaN"),
        (np.zeros(0), {}, "lasts 0.0 s"),
    ],
)
def test_what_cannot_be_heard_is_refused(wave, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        views.hear(wave, **options)


def test_sounds_together_keep_their_loudness_to_each_other():
    tone = torch.sin(2 * np.pi * 440 * torch.arange(8000) / 16000)
    coded = player.together({"loud": 3.0 * tone, "soft": 0.3 * tone, "none": 0.0 * tone}, 16000)
    peaks = [np.abs(soundfile.read(io.BytesIO(ogg))[0]).max() for ogg in coded.values()]
    np.testing.assert_allclose(peaks, [0.85, 0.085, 0.0], rtol=0.05)  # Vorbis overshoots a little
