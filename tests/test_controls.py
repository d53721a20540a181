"""The five controls by hand, what each hears, and level-only at chance on built-in machines."""

import tomllib
from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile

from asdkit import controls, metrics, runtime, sound, systems
from asdkit.systems import front

RATE = 16000
NAMES = ["nearest neighbor", "maximum nearest neighbor", "level only", "DC offset", "crest"]


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
        ("fan", "00", "target", "b", 0.10), ("fan", "00", "target", "b", 0.12),
        ("pump", "00", "source", "", 0.05),
    )  # fmt: skip
    test = table(
        tmp_path, ("fan", "00", "source", "a", 0.05), ("fan", "00", "target", "b", 0.05),
        ("fan", "00", None, "", 0.05), ("pump", "00", "source", "", 0.06),
    )  # fmt: skip
    return train, test


def waves(clips):
    return [soundfile.read(path)[0] for path in clips["path"]]


def decibels(clips):
    return np.array([10 * np.log10(np.mean(wave**2)) for wave in waves(clips)])


def crests(clips):
    return np.array([20 * np.log10(np.abs(w).max() / np.sqrt(np.mean(w**2))) for w in waves(clips)])


def offsets(clips):
    return np.array([wave.mean() for wave in waves(clips)])


def deviations(known, new):
    """Of the ``parts``: a fan of class a, one of b, one that does not tell, and a pump."""
    a, b, pump = known[:2].mean(), known[2:4].mean(), known[4]
    unknown = min(abs(new[2] - a), abs(new[2] - b))
    return [abs(new[0] - a), abs(new[1] - b), unknown, abs(new[3] - pump)]


@pytest.mark.parametrize(
    "name, measure", [("level only", decibels), ("DC offset", offsets), ("crest", crests)]
)
def test_a_deviation_by_hand(parts, name, measure):
    train, test = parts
    for number, path in enumerate([*train["path"], *test["path"]]):  # and each an offset of its own
        soundfile.write(path, soundfile.read(path)[0] + 0.01 * number, RATE, subtype="FLOAT")
    expected = deviations(measure(train), measure(test))
    score = controls.scores(train, test, seconds=1.0)[name]
    assert min(expected) > 1e-4
    np.testing.assert_allclose(score, expected, rtol=1e-4, atol=1e-4 * max(expected))


def log_mel(path):
    wave = soundfile.read(path)[0]
    wave = (wave - wave.mean()) / wave.std()
    mel = librosa.feature.melspectrogram(
        y=wave, sr=RATE, n_fft=1024, hop_length=512, n_mels=128, pad_mode="reflect", power=2.0
    )
    return 10 * np.log10(np.maximum(mel, 1e-10))


def nearest(known, new):
    """Of the ``parts``: three of the four clips of the fan, and the pump with one."""
    distance = np.linalg.norm(new[:, None] - known[None], axis=2)
    return [*distance[:3, :4].min(axis=1), distance[3, 4]]


def summaries(parts, summary):
    return [np.array([summary(log_mel(path)) for path in clips["path"]]) for clips in parts]


def test_nearest_neighbor_by_hand(parts):
    expected = nearest(*summaries(parts, lambda mel: mel.mean(axis=1)))
    score = controls.scores(*parts, seconds=1.0)["nearest neighbor"]
    np.testing.assert_allclose(score, expected, rtol=1e-4)


def test_the_nearest_maximum_by_hand(parts):
    """Each band is standardized over the training clips of the group; one clip has no deviation."""
    known, new = summaries(parts, lambda mel: mel.max(axis=1))
    mean, deviation = known[:4].mean(axis=0), known[:4].std(axis=0)
    assert deviation.min() > 0.01
    known[:4], new[:3] = (known[:4] - mean) / deviation, (new[:3] - mean) / deviation
    score = controls.scores(*parts, seconds=1.0)["maximum nearest neighbor"]
    np.testing.assert_allclose(score, nearest(known, new), rtol=2e-3)


def changed(wave, name):
    """The same clip with another level, offset or crest, and the other two nearly as they were."""
    mean, noise = wave.mean(), wave - wave.mean()
    if name == "level only":
        return mean + 2 * noise
    if name == "DC offset":
        return 0.5 * noise.std() + np.sqrt(0.75) * noise
    loud = noise.copy()
    loud[[100, 200]] = 12 * noise.std(), -12 * noise.std()
    return mean + (loud - loud.mean()) / loud.std() * noise.std()


@pytest.mark.parametrize("name", ["level only", "DC offset", "crest"])
def test_a_control_hears_what_its_name_says_alone(tmp_path, name):
    rows = [("fan", "00", "source", "a", 0.05)] * 5
    train, test = table(tmp_path, *rows[1:]), table(tmp_path, *rows)
    before = controls.scores(train, test, seconds=1.0)
    for path in test["path"]:
        wave = changed(soundfile.read(path)[0], name)
        soundfile.write(path, wave, RATE, subtype="FLOAT")
    after = controls.scores(train, test, seconds=1.0)
    assert after[name].min() > 4 * before[name].max()
    for other in {"level only", "DC offset", "crest"} - {name}:
        assert after[other].max() < 3 * before[other].max(), other


def test_silence_has_a_level(parts):
    train, test = parts
    soundfile.write(test["path"][0], np.zeros(RATE), RATE)
    score = controls.level_only(train, test, seconds=1.0)
    assert score[0] == pytest.approx(decibels(train)[:2].mean() + 100.0, abs=1e-4)


def test_the_single_ones_are_those_of_all_bit_for_bit(parts, monkeypatch):
    train, test = parts
    single = {
        "nearest neighbor": controls.nearest_neighbor(train, test, seconds=1.0),
        "level only": controls.level_only(train, test, seconds=1.0),
    }
    monkeypatch.setattr(front, "BLOCK", 3)  # two blocks each
    every = controls.scores(train, test, seconds=1.0)
    assert list(every) == NAMES
    for name, score in single.items():
        np.testing.assert_array_equal(every[name], score)


def test_all_at_once_read_each_clip_once(parts, reads):
    train, test = parts
    controls.scores(train, test, seconds=1.0)
    assert sorted(reads) == sorted([*train["path"], *test["path"]])


def test_clips_that_were_measured_are_not_read_again(parts, reads):
    """What the front has made of them is taken, and made by the same parts where it has not."""
    before = controls.scores(*parts, seconds=1.0)
    level, mel = controls.LOG_MEL
    for known in ((level, mel), (level,), (mel,)):
        heard = [
            front.hear(clips, front.Front(known, 1.0), measure=controls.measure) for clips in parts
        ]
        reads.clear()
        again = controls.scores(*parts, measures=[one.measures for one in heard])
        assert reads == [] and list(again) == NAMES
        for name in NAMES:
            np.testing.assert_array_equal(again[name], before[name])


def test_a_digest_is_that_of_the_samples(parts):
    """However the file is written."""
    path = parts[1]["path"][0]
    wave = np.round(soundfile.read(path)[0] * 2**15) / 2**15
    digests = []
    for subtype in ("PCM_16", "FLOAT", "PCM_24"):
        soundfile.write(path, wave, RATE, subtype=subtype)
        bare = front.Front((), 1.0)
        digests.append(front.hear(parts[1], bare, measure=controls.measure).measures["digest"])
    assert (digests[0] == digests[1]).all() and (digests[0] == digests[2]).all()
    assert len(set(digests[0])) == len(parts[1])


def test_the_temporal_mean_is_that_of_the_log_mel_of_normalized_levels(parts):
    expected = np.array([log_mel(path).mean(axis=1) for path in parts[0]["path"]])
    ours = controls.temporal_mean(parts[0], seconds=1.0)
    assert ours.shape == (5, 128)
    np.testing.assert_allclose(ours, expected, atol=1e-3)


@pytest.mark.parametrize(
    "control", [controls.level_only, controls.nearest_neighbor, controls.scores]
)
def test_a_machine_without_training_clips(parts, control):
    train, test = parts
    with pytest.raises(
        ValueError,
        match=r"4_3.wav is of pump/00, which has no training clips \(1 such test clips in",
    ):
        control(train.head(4), test)


def test_level_only_is_at_chance_on_the_built_in_machines(tmp_path):
    recipe = tomllib.loads((runtime.home() / "data" / "toy.toml").read_text()) | {"seconds": 1.0}
    clips = sound.index(sound.synthesize(tmp_path / "toy", recipe, clips=8))
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]

    def mean_auc():
        report = metrics.report(
            test, controls.level_only(train, test, seconds=1.0), intervals=False
        )
        return report[report["domain"] == "both"]

    report = mean_auc()
    assert len(report) == 12 and (report[["normal", "anomaly"]] == 8).all(axis=None)
    spread = np.sqrt(
        (8 + 8 + 1) / (12 * 8 * 8) / len(report)
    )  # of the mean AUC of scores that know nothing
    assert abs(report["auc"].mean() - 0.5) < 4 * spread
    for path in test.loc[
        test["label"] == 1, "path"
    ]:  # the bound can fail: a level that tells the label is found
        soundfile.write(path, 3 * soundfile.read(path)[0], RATE, subtype="FLOAT")
    assert Path(path).is_file() and mean_auc()["auc"].mean() > 0.5 + 4 * spread


def test_the_strongest_controls_are_those_of_the_system_and_of_the_maximum(tmp_path):
    rows = [("fan", section, "source", "a", 0.01) for section in ("00", "02") for _ in range(4)]
    train, test = table(tmp_path, *rows), table(tmp_path, *rows[2:6])
    train = train.assign(split="train", label=0)
    found = controls.strongest(train, test, seconds=1.0)
    expected = systems.get("mean_gaussian", seconds=1.0).fit(train).score(test)
    np.testing.assert_array_equal(found["mean Gaussian"], expected)
    others = controls.scores(train, test, seconds=1.0)["maximum nearest neighbor"]
    np.testing.assert_array_equal(found["maximum nearest neighbor"], others)
