"""The controls by hand, and level-only at chance on the built-in machines."""

import tomllib
from functools import partial
from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile

from asdkit import controls, metrics, runtime, sound

RATE = 16000


def table(root, *rows):
    """Clips of noise: machine, section, domain, attributes, rms."""
    rng, clips = np.random.default_rng(len(rows)), []
    for number, (machine, section, domain, attributes, rms) in enumerate(rows):
        path = root / f"{len(rows)}_{number}.wav"
        soundfile.write(path, rms * rng.normal(size=RATE), RATE, subtype="FLOAT")
        clips.append((str(path), machine, section, domain, attributes))
    return pd.DataFrame(clips, columns=["path", "machine", "section", "domain", "attributes"])


@pytest.fixture
def parts(tmp_path):
    train = table(
        tmp_path, ("fan", "00", "source", "a", 0.01), ("fan", "00", "source", "a", 0.02),
        ("fan", "00", "target", "b", 0.10), ("fan", "00", "target", "b", 0.12), ("pump", "00", "source", "", 0.05),
    )  # fmt: skip
    test = table(
        tmp_path, ("fan", "00", "source", "a", 0.05), ("fan", "00", "target", "b", 0.05),
        ("fan", "00", None, "", 0.05), ("pump", "00", "source", "", 0.06),
    )  # fmt: skip
    return train, test


def decibels(clips):
    return np.array([10 * np.log10(np.mean(soundfile.read(path)[0] ** 2)) for path in clips["path"]])


def test_level_only_by_hand(parts):
    train, test = parts
    known, level = decibels(train), decibels(test)
    a, b, pump = known[:2].mean(), known[2:4].mean(), known[4]
    expected = [abs(level[0] - a), abs(level[1] - b), min(abs(level[2] - a), abs(level[2] - b)), abs(level[3] - pump)]
    np.testing.assert_allclose(controls.level_only(train, test, seconds=1.0), expected, atol=1e-4)


def summary(path):
    wave = soundfile.read(path)[0]
    wave = (wave - wave.mean()) / wave.std()
    mel = librosa.feature.melspectrogram(
        y=wave, sr=RATE, n_fft=1024, hop_length=512, n_mels=128, pad_mode="reflect", power=2.0
    )
    return (10 * np.log10(np.maximum(mel, 1e-10))).mean(axis=1)


def test_nearest_neighbor_by_hand(parts):
    train, test = parts
    known, new = [np.array([summary(path) for path in clips["path"]]) for clips in (train, test)]
    distance = np.linalg.norm(new[:, None] - known[None], axis=2)
    expected = [*distance[:3, :4].min(axis=1), distance[3, 4]]
    np.testing.assert_allclose(controls.nearest_neighbor(train, test, seconds=1.0), expected, rtol=1e-4)


def test_silence_has_a_level(parts):
    train, test = parts
    soundfile.write(test["path"][0], np.zeros(RATE), RATE)
    score = controls.level_only(train, test, seconds=1.0)
    assert score[0] == pytest.approx(decibels(train)[:2].mean() + 100.0, abs=1e-4)


def test_both_at_once_are_the_single_ones_bit_for_bit(parts, monkeypatch):
    train, test = parts
    single = {
        "nearest neighbor": controls.nearest_neighbor(train, test, seconds=1.0),
        "level only": controls.level_only(train, test, seconds=1.0),
    }
    monkeypatch.setattr(sound, "blocks", partial(sound.blocks, block=3))  # two blocks each
    both = controls.scores(train, test, seconds=1.0)
    assert list(both) == list(single)
    for name in single:
        np.testing.assert_array_equal(both[name], single[name])


def test_both_at_once_read_each_clip_once(parts, reads):
    train, test = parts
    controls.scores(train, test, seconds=1.0)
    assert sorted(reads) == sorted([*train["path"], *test["path"]])


@pytest.mark.parametrize("control", [controls.level_only, controls.nearest_neighbor, controls.scores])
def test_a_machine_without_training_clips(parts, control):
    train, test = parts
    with pytest.raises(ValueError, match=r"4_3.wav is of pump/00, which has no training clips \(1 such test clips in"):
        control(train.head(4), test)


def test_level_only_is_at_chance_on_the_built_in_machines(tmp_path):
    recipe = tomllib.loads((runtime.home() / "data" / "toy.toml").read_text()) | {"seconds": 1.0}
    clips = sound.index(sound.synthesize(tmp_path / "toy", recipe, clips=8))
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]

    def mean_auc():
        report = metrics.report(test, controls.level_only(train, test, seconds=1.0), intervals=False)
        return report[report["domain"] == "both"]

    report = mean_auc()
    assert len(report) == 12 and (report[["normal", "anomaly"]] == 8).all(axis=None)
    spread = np.sqrt((8 + 8 + 1) / (12 * 8 * 8) / len(report))  # of the mean AUC of scores that know nothing
    assert abs(report["auc"].mean() - 0.5) < 4 * spread
    for path in test.loc[test["label"] == 1, "path"]:  # the bound can fail: a level that tells the label is found
        soundfile.write(path, 3 * soundfile.read(path)[0], RATE, subtype="FLOAT")
    assert Path(path).is_file() and mean_auc()["auc"].mean() > 0.5 + 4 * spread
