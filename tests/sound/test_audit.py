"""Files of every kind, measured against what was written to them."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from asdkit.sound.audit import audit


def write(path, wave, sr=16000, subtype="PCM_16"):
    soundfile.write(path, wave, sr, subtype=subtype)
    return str(path)


def table(*paths, index=None):
    return pd.DataFrame({"path": [str(path) for path in paths]}, index=index)


@pytest.fixture
def noise():
    return np.random.default_rng(0).uniform(-0.5, 0.5, 32000)


def test_measures(tmp_path, noise):
    paths = [
        write(tmp_path / "a.wav", noise), write(tmp_path / "b.wav", noise, 8000),
        write(tmp_path / "c.wav", np.stack([noise, -noise], axis=1)),
    ]  # fmt: skip
    measured = audit(table(*paths, index=[7, 3, 5]))
    assert list(measured.index) == [7, 3, 5]
    assert measured["rate"].tolist() == [16000, 8000, 16000] and measured["channels"].tolist() == [
        1,
        1,
        2,
    ]
    assert measured["seconds"].tolist() == [2.0, 4.0, 2.0] and set(measured["fault"]) == {""}


def test_a_copy_has_one_digest_under_any_name_and_header(tmp_path, noise):
    steps = np.round(noise * 2**15) / 2**15
    other = steps.copy()
    other[-1] += 2**-15
    paths = [
        write(tmp_path / "a.wav", steps), write(tmp_path / "b.wav", steps, subtype="PCM_24"),
        write(tmp_path / "c.flac", steps), write(tmp_path / "d.wav", other),
    ]  # fmt: skip
    digests = audit(table(*paths))["digest"]
    assert digests[:3].nunique() == 1 and digests[3] != digests[0]


@pytest.mark.parametrize(
    "make, words",
    [
        (
            lambda path: write(path, np.full(32000, np.nan), subtype="FLOAT"),
            "holds NaN or infinite samples: export",
        ),
        (
            lambda path: write(path, np.full(32000, np.inf), subtype="FLOAT"),
            "holds NaN or infinite samples: export",
        ),
        (lambda path: write(path, np.zeros(32000)), "is silent from its start to its end: record"),
        (
            lambda path: write(path, np.full(32000, 0.25)),
            "is silent from its start to its end: record",
        ),
        (lambda path: write(path, np.zeros(1600)), "lasts 0.1 s: record at least 0.25 s"),
        (lambda path: write(path, np.zeros(0)), "lasts 0 s"),
        (lambda path: path.write_text("no sound"), "is no readable sound file: copy it again"),
        (lambda path: path.touch(), "is no readable sound file"),
        (lambda path: None, "is missing: index the folder again"),
    ],
)
def test_what_is_wrong_is_said_beside_the_good_ones(tmp_path, noise, make, words):
    good, bad = write(tmp_path / "good.wav", noise), tmp_path / "bad.wav"
    make(bad)
    faults = audit(table(good, bad))["fault"]
    assert faults[0] == "" and faults[1].startswith(f"{bad} {words}")


def test_a_file_cut_short(tmp_path, noise):
    path = tmp_path / "a.wav"
    write(path, noise)
    path.write_bytes(path.read_bytes()[:-2])
    measured = audit(table(path))
    assert "is cut short" in measured["fault"][0] and measured[["rate", "digest"]].isna().all(
        axis=None
    )


def test_an_empty_table():
    assert audit(table()).empty
