"""The sounds of clips: encoded, drawn, kept, and missing."""

import io

import numpy as np
import pytest
import soundfile

from asdkit.views import clip_sounds
from asdkit.views.clip_sounds import ClipSounds

RNG = np.random.default_rng(0)


def seconds(ogg):
    return soundfile.info(io.BytesIO(ogg)).duration


def test_waves_and_files_are_heard_for_the_first_seconds(tmp_path):
    path = tmp_path / "clip.wav"
    wave = 0.1 * RNG.normal(size=44100 * 2)
    soundfile.write(path, wave, 44100)
    sounds = ClipSounds([wave, path, str(path)], ["wave", "path", "text"], seconds=1.5, sr=44100)
    assert [seconds(sounds.ogg(row)) for row in range(3)] == pytest.approx([1.5] * 3, abs=0.01)
    assert [sounds.path(row) for row in range(3)] == [None, str(path), str(path)]


def test_the_picture_shows_the_whole_clip(tmp_path):
    path = tmp_path / "clip.wav"
    soundfile.write(path, 0.1 * RNG.normal(size=16000 * 14), 16000)
    sounds = ClipSounds([path, np.zeros(16000)], ["long", "short"])
    for row, length in ((0, 14), (1, 1)):
        figure = sounds.log_mel(row, "cost: $5$")
        right = figure.axes[0].images[0].get_extent()[1]
        assert right == pytest.approx(length, abs=0.05) and "cost: " in figure.alt


def test_what_is_not_there_is_told(tmp_path):
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    audio = [None, float("nan"), tmp_path / "gone.wav", empty, np.zeros((2, 100))]
    sounds = ClipSounds(audio, list("abcde"))
    told = ["no audio", "no audio", "its file is not there", "Error opening", r"\(T,\)"]
    for row, words in enumerate(told):
        with pytest.raises((ValueError, RuntimeError), match=words):
            sounds.ogg(row)
    for row, words in enumerate([*told[:3], "no readable sound", r"\(N, T\)"]):
        with pytest.raises((ValueError, RuntimeError), match=words):
            sounds.log_mel(row, "title")
    with pytest.raises(ValueError, match="is nan at"):
        ClipSounds([np.full(8000, np.nan)], ["a"]).mel(0)
    with pytest.raises(ValueError, match="there are 1 sounds for 2 clips"):
        ClipSounds([None], ["a", "b"])


def test_sounds_are_encoded_once_and_the_oldest_are_let_go(monkeypatch):
    monkeypatch.setattr(clip_sounds, "KEPT", 2)
    sounds = ClipSounds([np.full(2000, 0.1 * row) for row in range(3)], list("abc"), seconds=0.1)
    first = sounds.ogg(0)
    assert sounds.ogg(0) is first
    sounds.ogg(1)
    sounds.ogg(2)
    assert sounds.ogg(0) is not first
