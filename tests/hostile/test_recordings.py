"""Sound files of every kind: read as they were written, or refused; never in part."""

import os
import struct
import warnings

import numpy as np
import pandas as pd
import pytest
import soundfile
from scipy import signal

from asdkit import controls, sound, systems
from asdkit.__main__ import main
from asdkit.experiment import Experiment
from asdkit.sound.audit import audit
from asdkit.systems.recordings import check_copies

RATE, COUNT = 16_000, 32_000
WAVE = np.random.default_rng(0).uniform(-0.5, 0.5, COUNT)
FORMS = {  # of soundfile, and how near to the samples it comes
    "wav": ("WAV", "PCM_16", 2**-15), "8 bit": ("WAV", "PCM_U8", 2**-7),
    "24 bit": ("WAV", "PCM_24", 2**-23), "32 bit": ("WAV", "PCM_32", 2**-23),
    "float": ("WAV", "FLOAT", 2**-23), "double": ("WAV", "DOUBLE", 2**-23),
    "mu-law": ("WAV", "ULAW", 2**-5), "a-law": ("WAV", "ALAW", 2**-5),
    "extensible": ("WAVEX", "PCM_16", 2**-15), "rf64": ("RF64", "PCM_16", 2**-15),
    "w64": ("W64", "PCM_16", 2**-15), "aiff": ("AIFF", "PCM_16", 2**-15),
    "au": ("AU", "PCM_16", 2**-15), "caf": ("CAF", "PCM_16", 2**-15),
    "flac": ("FLAC", "PCM_16", 2**-15),
}  # fmt: skip
LOSSY = {
    "ms adpcm": ("WAV", "MS_ADPCM"), "ima adpcm": ("WAV", "IMA_ADPCM"),
    "vorbis": ("OGG", "VORBIS"), "opus": ("OGG", "OPUS"), "mp3": ("MP3", "MPEG_LAYER_III"),
    "alac": ("CAF", "ALAC_16"),
}  # fmt: skip


def table(*paths):
    return pd.DataFrame({"path": [str(path) for path in paths]})


def load(*paths, seconds=2.0):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sound.load(table(*paths), seconds).numpy()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The bytes of the wave in each form, all called .wav."""
    folder, found = tmp_path_factory.mktemp("forms"), {}
    for name, (kind, subtype, *_) in (FORMS | LOSSY).items():
        path = folder / f"{name}.wav"
        soundfile.write(path, WAVE, RATE, format=kind, subtype=subtype)
        found[name] = path.read_bytes()
    path = folder / "rifx.wav"
    soundfile.write(path, WAVE, RATE, format="WAV", subtype="PCM_16", endian="BIG")
    return found | {"rifx": path.read_bytes()}


@pytest.fixture
def put(tmp_path):
    def write(data, name="a.wav"):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


@pytest.mark.parametrize("form", [*FORMS, "rifx"])
def test_a_whole_file_is_read_sample_by_sample(written, put, form):
    step = FORMS.get(form, FORMS["wav"])[2]
    np.testing.assert_allclose(load(put(written[form]))[0], WAVE, atol=1.5 * step)


@pytest.mark.parametrize("form", LOSSY)
def test_a_whole_file_of_a_lossy_form_is_near_its_samples(written, put, form):
    read = sound.load(table(put(written[form])), 2.0)[0].numpy()
    whole, own = ((wave - wave.mean()) / wave.std() for wave in (WAVE, read))
    alike, lags = signal.correlate(whole, own) / COUNT, signal.correlation_lags(COUNT, COUNT)
    assert alike[(lags >= -400) & (lags < 600)].max() > (0.15 if form == "opus" else 0.6)


@pytest.mark.parametrize("lost", [0.4, 0.02, 1000, 200, 2, 1], ids=str)
@pytest.mark.parametrize("form", [*FORMS, *LOSSY, "rifx"])
def test_a_cut_file_is_refused(written, put, refused, form, lost):
    data = written[form]
    count = round(lost * len(data)) if lost < 1 else lost
    path = put(data[: len(data) - count])
    told = refused(lambda: load(path), str(path), "copy it again or remove it")
    assert audit(table(path))["fault"].item() == told


def patched(at, form, value):
    def change(data):
        data = bytearray(data)
        struct.pack_into(form, data, at, value)
        return bytes(data)

    return change


HEADERS = {  # of a plain WAV: what is changed, and the words
    "samples promised that are not there": (patched(40, "<I", 2 * 64_000), "cut short"),
    "one sample too many": (patched(40, "<I", 64_002), "cut short"),
    "fewer samples than there are": (patched(40, "<I", 32_000), "more than its header promises"),
    "half a second fewer": (patched(40, "<I", 48_000), "more than its header promises"),
    "no samples": (patched(40, "<I", 0), "more than its header promises"),
    "whole file longer": (patched(4, "<I", 80_000), "cut short"),
    "rate 0": (patched(24, "<I", 0), "no readable sound file"),
    "rate 1": (patched(24, "<I", 1), "a sampling rate of 1 Hz: mend its header"),
    "rate 100": (patched(24, "<I", 100), "a sampling rate of 100 Hz: mend its header"),
    "rate 2e9": (patched(24, "<I", 2_000_000_000), "a sampling rate of 2e+09 Hz"),
    "rate 4e9": (patched(24, "<I", 4_000_000_000), "no readable sound file"),
    "no channel": (patched(22, "<H", 0), "no readable sound file"),
    "65535 channels": (patched(22, "<H", 65_535), "no readable sound file"),
    "no bits": (patched(34, "<H", 0), "no readable sound file"),
    "unknown form": (patched(20, "<H", 0x7777), "no readable sound file"),
    "no chunk of samples": (patched(36, "<4s", b"dust"), "no readable sound file"),
    "more behind": (lambda data: data + bytes(5000), "more than its header promises"),
    "another file behind": (lambda data: data + data, "copy it again or remove it"),
    "nothing": (lambda data: b"", "no readable sound file"),
    "zeros": (lambda data: bytes(len(data)), "no readable sound file"),
    "text": (lambda data: b"a recording of a fan" * 99, "no readable sound file"),
    "page of the web": (lambda data: b"<!DOCTYPE html><html></html>" * 99, "no readable sound f"),
    "pointer": (lambda data: b"version https://git-lfs.github.com/spec/v1\n", "no readable sou"),
    "header alone": (lambda data: data[:44], "cut short"),
    "first bytes": (lambda data: data[:12], "cut short"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_that_is_not_true(written, put, refused, kind):
    change, words = HEADERS[kind]
    path = put(change(written["wav"]))
    refused(lambda: load(path), str(path), words)


HARMLESS = {
    "open sizes": lambda data: patched(4, "<I", 2**32 - 1)(patched(40, "<I", 2**32 - 1)(data)),
    "whole file shorter": patched(4, "<I", 1000),
    "whole file of no size": patched(4, "<I", 0),
    "a tag behind": lambda data: data + b"TAG" + bytes(125),
    "a long tag behind": lambda data: data + b"ID3\x04" + bytes(9000),
    "a few bytes behind": lambda data: data + bytes(100),
    "a note behind": lambda data: data + b"LIST" + struct.pack("<I", 4000) + bytes(4000),
    "a note before": lambda data: patched(4, "<I", len(data))(
        data[:36] + b"LIST" + struct.pack("<I", 100) + bytes(100) + data[36:]
    ),
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_header_that_is_not_true_and_loses_nothing(written, put, kind):
    path = put(HARMLESS[kind](written["wav"]))
    np.testing.assert_allclose(load(path)[0], WAVE, atol=2**-15)


def made(**how):
    def write(path):
        wave = how.get("wave", WAVE)
        soundfile.write(path, wave, how.get("rate", RATE), format="WAV", subtype=how["subtype"])

    return write


SAMPLES = {
    "1e25": (made(wave=WAVE * 1e25, subtype="FLOAT"), "full scale is 1"),
    "whole numbers": (made(wave=WAVE * 32_768, subtype="FLOAT"), "full scale is 1"),
    "1e300": (made(wave=WAVE * 1e300, subtype="DOUBLE"), "NaN or infinite"),
    "one NaN": (made(wave=np.r_[WAVE, np.nan], subtype="FLOAT"), "NaN or infinite"),
    "one infinity": (made(wave=np.r_[WAVE, -np.inf], subtype="FLOAT"), "NaN or infinite"),
    "NaN in the second channel": (
        made(wave=np.stack([WAVE, WAVE * np.nan], axis=1), subtype="FLOAT"), "NaN or infinite"),
    "no samples": (made(wave=np.zeros(0), subtype="PCM_16"), "lasts 0 s"),
    "one sample": (made(wave=np.ones(1), subtype="PCM_16"), "record at least 0.25 s"),
    "a fifth of a second": (made(wave=WAVE[:3200], subtype="PCM_16"), "record at least 0.25 s"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAMPLES)
def test_samples_that_are_no_sound(tmp_path, refused, kind):
    make, words = SAMPLES[kind]
    make(tmp_path / "a.wav")
    refused(lambda: load(tmp_path / "a.wav"), str(tmp_path / "a.wav"), words)
    assert words in audit(table(tmp_path / "a.wav"))["fault"].item()


def test_samples_beyond_full_scale_stay_as_they_are(tmp_path):
    made(wave=WAVE * 6, subtype="FLOAT")(tmp_path / "a.wav")
    np.testing.assert_allclose(load(tmp_path / "a.wav")[0], WAVE * 6, rtol=1e-6)


def test_the_first_of_200_channels_is_taken(tmp_path):
    many = np.zeros((COUNT, 200))
    many[:, 0] = WAVE
    made(wave=many, subtype="PCM_16")(tmp_path / "a.wav")
    with pytest.warns(UserWarning, match="several channels, of which the first is taken"):
        waves = sound.load(table(tmp_path / "a.wav"), 2.0)
    np.testing.assert_allclose(waves[0], WAVE, atol=2**-15)


NO_FILE = {
    "pipe": (os.mkfifo, "is a pipe or a device"),
    "folder": (os.mkdir, "is a folder"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "is a link that leads nowhere"),
    "link to itself": (lambda path: path.symlink_to(path), "a.wav"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
    "nothing": (lambda path: None, "is missing: index the folder again"),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", NO_FILE)
def test_what_is_no_file_is_not_waited_for(tmp_path, refused, kind):
    make, words = NO_FILE[kind]
    make(tmp_path / "a.wav")
    refused(lambda: load(tmp_path / "a.wav"), str(tmp_path / "a.wav"), words)


def test_a_name_of_raw_samples(written, put, refused):
    refused(lambda: load(put(written["wav"], "a.raw")), "a.raw", "no readable sound file")


SETTINGS = {
    "seconds": [0, -1, float("nan"), float("inf"), "10", None, 1e9],
    "sr": [0, -1, 16_000.5, "16000", None],
    "block": [0, -1, 1.5, "2"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in SETTINGS.items() for value in values]
)
def test_settings_that_cannot_be(written, put, refused, name, value):
    clips = table(put(written["wav"]))
    refused(lambda: sound.blocks(clips, **{name: value}), f"{name} is {value!r}", "give a")


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    """Two machines of noise of their own: 4 training clips, 2 normal and 2 anomalous test clips."""
    root, rng = tmp_path_factory.mktemp("plant"), np.random.default_rng(1)
    for machine in ("fan", "pump"):
        for split, label, count in (("train", "normal", 4), ("test", "normal", 2),
                                    ("test", "anomaly", 2)):  # fmt: skip
            for number in range(count):
                path = root / machine / split / f"{label}_id_00_{number:08d}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, rng.normal(0, 0.1, RATE), RATE)
    return root


@pytest.fixture
def copy(plant, tmp_path):
    """The plant, to be spoiled."""
    for path in plant.rglob("*.wav"):
        place = tmp_path / "plant" / path.relative_to(plant)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    return tmp_path / "plant"


def name(machine, split, label="normal", number=0):
    return f"{machine}/{split}/{label}_id_00_{number:08d}.wav"


def same_in_both(root):
    twin = root / name("fan", "test", "anomaly", 1)
    twin.write_bytes((root / name("fan", "test")).read_bytes())


def same_in_train(root):
    (root / name("fan", "test")).write_bytes((root / name("fan", "train")).read_bytes())


def same_in_another_form(root):
    wave, rate = soundfile.read(root / name("fan", "test"))
    soundfile.write(root / name("fan", "test", "anomaly", 1), wave, rate, subtype="PCM_24")


def still(value):
    def spoil(root):
        for path in (root / "fan" / "train").iterdir():
            soundfile.write(path, np.full(RATE, value), RATE)

    return spoil


SPOILED = {  # and the words of the sentence
    "normal and anomaly": (same_in_both, ["is the same recording as", "the other an anomaly"]),
    "in another form": (same_in_another_form, ["is the same recording as", "an anomaly"]),
    "trained on": (same_in_train, ["is the same recording as the training clip"]),
    "silence": (still(0.0), ["all training clips of fan/00 are silent", "record them again"]),
    "an offset alone": (still(0.25), ["all training clips of fan/00 are silent"]),
}
SMALL = {"seconds": 1.0}


def run(train, test):
    parts = systems.Front(systems.MEAN_AND_MAX, 1.0, train["machine"])
    return systems.inputs(parts, train, test, 1.0)


USERS = {
    "controls.scores": lambda train, test: controls.scores(train, test, 1.0),
    "controls.strongest": lambda train, test: controls.strongest(train, test, 1.0),
    "level_only": lambda train, test: controls.level_only(train, test, 1.0),
    "nearest_neighbor": lambda train, test: controls.nearest_neighbor(train, test, 1.0),
    "systems.inputs": run,
    "Experiment": lambda train, test: Experiment(train, test),
}


@pytest.mark.filterwarnings("ignore:.*were repeated")
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("kind", SPOILED)
def test_recordings_that_make_an_answer_worthless(copy, refused, kind, user):
    spoil, words = SPOILED[kind]
    spoil(copy)
    train, test = sound.split(sound.index(copy))
    refused(lambda: USERS[user](train, test), *words)


@pytest.mark.parametrize("kind", SPOILED)
def test_a_run_refuses_such_recordings_and_leaves_nothing(copy, capsys, tmp_path, kind):
    spoil, words = SPOILED[kind]
    spoil(copy)
    command = ["run", "mean_gaussian", "--data", str(copy), "--out", str(tmp_path / "out")]
    assert main([*command, "--device", "cpu", "--set", "seconds=1.0"]) == 2
    told = capsys.readouterr().err.strip()
    assert "\n" not in told and all(word in told for word in words)
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


@pytest.mark.parametrize("kind", ["silence", "an offset alone"])
def test_a_system_is_not_fitted_to_silence(copy, refused, kind):
    spoil, words = SPOILED[kind]
    spoil(copy)
    train, _ = sound.split(sound.index(copy))
    refused(lambda: systems.get("mean_gaussian", **SMALL).fit(train, device="cpu"), *words)


def test_a_still_clip_among_others_is_heard(copy):
    soundfile.write(copy / name("fan", "train"), np.zeros(RATE), RATE)
    train, test = sound.split(sound.index(copy))
    detector = systems.get("mean_gaussian", **SMALL).fit(train, device="cpu")
    assert np.isfinite(detector.score(test)).all()


def test_copies_among_training_clips_are_warned_of(copy):
    (copy / name("fan", "train", number=2)).write_bytes((copy / name("fan", "train")).read_bytes())
    train, _ = sound.split(sound.index(copy))
    with pytest.warns(UserWarning, match="1 of 8 training clips repeat another, first .*00000002"):
        systems.get("mean_gaussian", **SMALL).fit(train, device="cpu")


def test_copies_of_one_label_are_no_contradiction(copy):
    (copy / name("fan", "test", number=1)).write_bytes((copy / name("fan", "test")).read_bytes())
    train, test = sound.split(sound.index(copy))
    front = systems.Front((), 1.0)
    check_copies(*(systems.hear(clips, front) for clips in (train, test)))


def test_a_check_tells_of_one_recording_that_is_normal_and_an_anomaly(copy, capsys):
    same_in_both(copy)
    assert main(["data", "check", str(copy)]) == 2
    assert "the other an anomaly" in capsys.readouterr().out
