"""Own names by a pattern: what each field takes, what is left out, and what no pattern can be."""

import re

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from asdkit import sound
from asdkit.__main__ import main
from asdkit.sound.pattern import WORDS, Pattern

WORD = st.text("abcXYZ é-7", min_size=1, max_size=6)
FILES = (
    "pump/good/take 1.wav", "pump/good/take 2.wav", "pump/good/take 3.wav", "pump/good/take 4.wav",
    "pump/NG/take 1.wav", "fan/good/take 9.wav", "fan/good/take 10.wav", "notes/room.wav",
    "fan/good/.take 3.wav",
)  # fmt: skip


def write(root, names):
    for number, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        wave = 0.1 * np.random.default_rng(number).normal(size=8000)
        soundfile.write(root / name, wave, 16000)
    return root


@pytest.fixture
def own(tmp_path):
    return write(tmp_path / "own", FILES)


@given(
    machine=WORD, section=WORD, number=st.integers(0, 10**6), data=st.data(),
)  # fmt: skip
def test_a_path_that_a_pattern_makes_is_read_again(machine, section, number, data):
    words = {name: data.draw(st.sampled_from(sorted(known))) for name, known in WORDS.items()}
    told = {"machine": machine, "section": section, **words}
    pattern = "{machine}/of {domain}/{split}/{label}_{section}_#{id}.wav"
    read = Pattern(pattern).read(pattern.format(**told, id=number).upper().replace("OF", "oF"))
    assert read["machine"] == machine.upper() and read["section"] == section.upper()
    assert all(read[name] == WORDS[name][word] for name, word in words.items())


@pytest.mark.parametrize(
    "pattern, path, told",
    [
        ("{split}/{label}*{id}.wav", "train/ok take12.wav", {"split": "train", "label": 0}),
        ("{label}/{machine}_{id}.flac", "ng/a_b_3.flac", {"machine": "a_b", "label": 1}),
        ("{split}/*/{attributes}.wav", "test/x/a_1.wav", {"split": "test", "attributes": "a_1"}),
        ("{split}/{id}.wav", "train/take1.wav", None),
        ("{split}/*.wav", "train/deeper/1.wav", None),
        ("{split}/a.b.wav", "train/axb.wav", None),
    ],
)
def test_what_a_path_tells(pattern, path, told):
    assert Pattern(pattern).read(path) == told


def test_a_path_that_fits_in_two_ways_is_refused_as_counting_all_splits_shows():
    pattern = Pattern("{split}/{machine}_{section}_*.wav")
    for stem in ("a_b_c", "a_b_c_d", "a__b", "_a_b_c"):
        cuts = [at for at, letter in enumerate(stem) if letter == "_"]
        ways = {(stem[:i], stem[i + 1 : j]) for i in cuts for j in cuts if i and i + 1 < j}
        if len(ways) > 1:
            with pytest.raises(ValueError, match=r"in two ways, \w+ '.+' or '.+': write out"):
                pattern.read(f"test/{stem}.wav")
        else:
            told = [{"split": "test", "machine": one, "section": two} for one, two in ways]
            assert [pattern.read(f"test/{stem}.wav")] == (told or [None])


@pytest.mark.parametrize(
    "pattern, words",
    [
        ("", "pattern is '': give one such as"),
        (3, "pattern is 3: give one such as"),
        ("/data/{split}/*.wav", "is no way down from a folder: leave the folder out"),
        ("../{split}/*.wav", "is no way down"),
        ("{split}/{mashine}.wav", "has the field {mashine}: its fields are {machine}, {section}"),
        ("{machine}/{split}/{machine}.wav", "names {machine} twice: take * for one of them"),
        ("{machine}/{id}.wav", "tells neither {split} nor {label}, so nothing says"),
        ("{machine/{split}.wav", "has a brace without its other half"),
        ("{split}/{label}", "does not end as a sound file: end it with"),
    ],
)
def test_what_no_pattern_can_be(own, pattern, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        sound.index(own, pattern=pattern)


def test_without_a_split_anomalies_and_each_fourth_normal_clip_are_test_clips(own):
    with pytest.warns(UserWarning) as told:
        clips = sound.index(own, pattern="{machine}/{label}/take {id}.wav")
    assert [str(one.message).replace(str(own), "own") for one in told] == [
        "1 of 8 files do not fit the pattern '{machine}/{label}/take {id}.wav' and are left out, "
        "first own/notes/room.wav",
        "the pattern tells no {split}: 1 of 6 normal clips and all others are test clips",
    ]
    assert list(clips["machine"]) == ["fan"] * 2 + ["pump"] * 5
    assert list(clips["split"]) == ["train"] * 2 + ["test"] + ["train"] * 3 + ["test"]
    assert list(clips["label"]) == [0, 0, 1, 0, 0, 0, 0] and set(clips["section"]) == {"00"}


def test_the_command_line_reads_a_pattern_and_tells_what_fits_nothing_or_twice(
    own, tmp_path, capsys
):
    out, pattern = tmp_path / "out", "{machine}/{label}/take {id}.wav"
    assert main(["data", "check", str(own), "--pattern", pattern]) == 0
    assert "notes/room.wav" in capsys.readouterr().out
    run = ["run", "mean_gaussian", "--data", str(own), "--out", str(out), "--set", "seconds=0.5"]
    assert main([*run, "--pattern", pattern]) == 0
    assert "pump/NG/take 1.wav" in (out / "scores.csv").read_text()
    capsys.readouterr()
    for wrong, words in {
        "{machine}/{split}/{label}.wav": "fits none of the 8 files in",
        "{machine}/{label}/{section} {attributes}.flac": "holds no .flac files",
        "{label}/*.wav": "such as 'fan/good/take 10.wav': write it like that path",
    }.items():
        assert main([*run, "--pattern", wrong]) == 2
        told = capsys.readouterr().err
        assert words in told and told.count("\n") == 1
    (own / "pump/good/a_b_c.wav").write_bytes((own / FILES[0]).read_bytes())
    twice = "{machine}/{label}/{section}_{attributes}.wav"
    assert main(["data", "check", str(own), "--pattern", twice]) == 2
    assert "in two ways, section 'a' or 'a_b'" in capsys.readouterr().out
    assert main(["run", "adacos", "--data", "toy", "--out", str(out), "--pattern", pattern]) == 2
    assert "--pattern is for folders, and --data toy" in capsys.readouterr().err
