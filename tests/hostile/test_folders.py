"""Folders of every kind: each clip is read once, as the machine of its own folder, or told."""

import os
import unicodedata
import warnings
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from asdkit import sound
from asdkit.commands.score import clip
from asdkit.sound.clips import survey

GOOD = "fan/train/section_00_source_train_normal_0000.wav"
NEXT = "section_00_source_train_normal_0001"
TEST = "section_00_source_test_normal_0000.wav"
NFC, NFD = "L\u00fcfter", unicodedata.normalize("NFD", "L\u00fcfter")


@pytest.fixture
def tree(tmp_path):
    """A folder of one good clip, and a way to add files."""

    def add(*paths):
        for path in paths:
            (tmp_path / "data" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "data" / path).touch()

    add(GOOD)
    return SimpleNamespace(root=tmp_path / "data", add=add, other=tmp_path / "other")


def files(*paths):
    return lambda tree: tree.add(*paths)


def link(name, target):
    def make(tree):
        place = tree.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(tree.root / target)

    return make


def folder(name):
    return lambda tree: (tree.root / name).mkdir(parents=True)


def pipe(name):
    return lambda tree: os.mkfifo(tree.root / name)


def odd(data):
    """A name of bytes that are no UTF-8."""
    return os.fsdecode(data)


REFUSED = {  # what is added, and the words of the sentence
    "folder in another case": (files(f"pump/Train/{NEXT}.wav"), ["lies in 'Train'", "move it"]),
    "another folder": (files(f"pump/training/{NEXT}.wav"), ["lies in 'training'", "move it"]),
    "no folder of a split": (files(f"pump/{NEXT}.wav"), ["lies in 'pump'", "move it"]),
    "clip in the root": (files(f"{NEXT}.wav"), ["lies in 'data'", "move it"]),
    "train in train": (files(f"fan/train/train/{NEXT}.wav"), ["within the clips of", "move"]),
    "test in train": (files(f"fan/train/test/{TEST}"), ["within the clips of", "move"]),
    "train in test": (files(f"pump/test/train/{NEXT}.wav"), ["lies in 'test/train'", "move it"]),
    "set in train": (files(f"fan/train/pump/train/{NEXT}.wav"), ["within the clips of", "move"]),
    "folder in train": (files(f"fan/train/more/{NEXT}.wav"), ["within the clips of", "move"]),
    "clip twice by case": (files(GOOD[:-4] + ".WAV"), ["two clips of one name", "remove one"]),
    "clip twice by letters": (
        files("fan/train/section_00_source_train_normal_0001_a.wav",
              "fan/train/section_00_source_train_normal_0001_A.wav"),
        ["two clips of one name", "remove one"]),
    "clip twice by form": (files(f"{NFC}/train/{NEXT}.wav", f"{NFD}/train/{NEXT}.wav"),
                           ["two clips of one name", "remove one"]),
    "machine twice by case": (files(f"Fan/train/{NEXT}.wav"), ["differ in case only", "rename"]),
    "folder named like a clip": (folder(f"fan/train/{NEXT}.wav"), ["is a folder", "rename it"]),
    "pipe": (pipe(f"fan/train/{NEXT}.wav"), ["is a pipe", "remove it"]),
    "link of a clip to nothing": (link(f"fan/train/{NEXT}.wav", "nothing"), ["leads nowhere"]),
    "link of a machine to nothing": (link("pump", "nothing"), ["pump", "leads nowhere"]),
    "link to itself": (link("fan/train/x.wav", "fan/train/x.wav"), ["x.wav", "cannot be opened"]),
    "folder that leads to itself": (link("pump", "pump"), ["pump", "cannot be opened"]),
    "bytes in a machine": (files(odd(b"f\xff") + f"/train/{NEXT}.wav"), ["no text", "rename it"]),
    "bytes in a clip": (files(f"fan/train/{NEXT}_" + odd(b"\xff.wav")), ["no text", "rename it"]),
    "line break in a machine": (files(f"f\nx/train/{NEXT}.wav"), [r"f\nx", "rename it"]),
    "escape in a clip": (files(f"fan/train/{NEXT}_\x1b[31m.wav"), [r"\x1b", "rename it"]),
    "bell in a machine": (files(f"f\ax/train/{NEXT}.wav"), [r"f\x07x", "rename it"]),
    "section of one digit": (files("fan/train/section_1_source_train_normal_0000.wav"),
                             ["fits no name", "rename it"]),
    "section of three digits": (files("fan/train/section_100_source_train_normal_0000.wav"),
                                ["fits no name", "rename it"]),
    "name in another case": (files("fan/train/Section_00_source_train_normal_0001.wav"),
                             ["fits no name", "rename it"]),
    "test clip in train": (files(f"fan/train/{TEST}"), ["a test clip among", "move it"]),
    "target in source_test": (
        files("fan/source_test/section_00_target_test_normal_0000.wav"), ["is named target"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_would_be_lost_or_taken_for_another_is_told(tree, refused, kind):
    make, words = REFUSED[kind]
    make(tree)
    refused(lambda: sound.index(tree.root), *words)
    clips, faults, _ = survey(tree.root)
    assert len(faults) == 1 and all(word in faults[0] for word in words)
    assert str(tree.root / GOOD) in set(clips["path"]) or "one name" in faults[0]


def index(root):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        clips = sound.index(root)
    return clips, [str(one.message) for one in told]


NOTED = {  # what is added, the machines that are read, and the words of the warning
    "link to a machine here": (link("pump", "fan"), ["fan"], "data/pump leads to a folder"),
    "link before its folder": (link("archive", "fan"), ["fan"], "data/archive leads to a folder"),
    "loop": (link("fan/train/again", "fan"), ["fan"], "again leads to a folder"),
    "link to the root": (link("again", "."), ["fan"], "again leads to a folder"),
    "link to all": (link("all", "/"), ["fan"], "all leads to a folder"),
    "other endings": (files("fan/train/a.flac", "fan/train/b.MP3"), ["fan"], "(2, first a.flac)"),
    "other endings alone": (files("pump/train/a.ogg"), ["fan"], "(1, first a.ogg)"),
    "other endings, other case": (files("pump/Train/a.flac"), ["fan"], "(1, first a.flac)"),
    "empty train": (folder("pump/train"), ["fan"], "pump/train holds no clips"),
    "empty test": (folder("fan/test"), ["fan"], "fan/test holds no clips"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOTED)
def test_what_is_left_out_is_warned_of(tree, kind):
    make, machines, words = NOTED[kind]
    make(tree)
    clips, told = index(tree.root)
    assert sorted(set(clips["machine"])) == machines and len(clips) == 1
    assert len(told) == 1 and words in told[0]


READ = {  # what is added, and the machine that it is read as
    "ending in another case": (files(f"fan/train/{NEXT}.WAV"), "fan"),
    "below a machine's name": (files(f"fan/recordings/pump/train/{NEXT}.wav"), "pump"),
    "deep": (files("/".join("x" * 300) + f"/pump/train/{NEXT}.wav"), "pump"),
    "dot in a machine": (files(f"fan.v2/train/{NEXT}.wav"), "fan.v2"),
    "ending in a machine": (files(f"pump.wav/train/{NEXT}.wav"), "pump.wav"),
    "spaces": (files(f" a  b /train/{NEXT}_x y.wav"), " a  b "),
    "long names": (files(f"{'m' * 200}/train/{NEXT}_{'a' * 200}.wav"), "m" * 200),
    "accents in one form": (files(f"{NFC}/train/{NEXT}.wav"), NFC),
    "accents in the other": (files(f"{NFD}/train/{NEXT}.wav"), NFC),
    "a number": (files(f"007/train/{NEXT}.wav"), "007"),
    "a word for nothing": (files(f"nan/train/{NEXT}.wav"), "nan"),
    "html": (files(f"<b>/train/{NEXT}.wav"), "<b>"),
    "a link to a clip": (
        lambda tree: (tree.root / f"fan/train/{NEXT}.wav").symlink_to(tree.root / GOOD), "fan"),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_what_has_one_meaning_is_read(tree, kind):
    make, machine = READ[kind]
    make(tree)
    clips, told = index(tree.root)
    assert not told and len(clips) == 2
    other = clips[clips["path"] != str(tree.root / GOOD)]
    assert other["machine"].tolist() == [machine]


def test_a_linked_machine_is_read_under_the_name_of_the_link(tree):
    (tree.other / "train").mkdir(parents=True)
    (tree.other / "train" / f"{NEXT}.wav").touch()
    (tree.root / "pump").symlink_to(tree.other)
    clips, told = index(tree.root)
    assert not told and clips["machine"].tolist() == ["fan", "pump"]
    assert clips["path"].tolist()[1] == str(tree.root / "pump" / "train" / f"{NEXT}.wav")


def test_a_folder_that_cannot_be_opened_is_told(tree, refused, monkeypatch):
    scandir = os.scandir

    def closed(path):
        if str(path).endswith("pump"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    (tree.root / "pump").mkdir()
    monkeypatch.setattr(os, "scandir", closed)
    refused(lambda: sound.index(tree.root), "pump", "Permission denied", "make it readable")


def test_the_nearest_folder_that_names_a_year_counts(tree):
    tree.add(f"dcase2021/dcase2023/pump/train/{NEXT}.wav")
    assert index(tree.root)[0]["year"].tolist()[0] == 2023


@pytest.mark.parametrize("start", [".", "fan", "fan/train"])
def test_a_folder_from_where_one_stands(tree, monkeypatch, start):
    for root in (".", os.path.relpath(tree.root / "fan" / "train", tree.root / start)):
        monkeypatch.chdir(tree.root / start)
        assert index(root)[0]["machine"].tolist() == ["fan"]
    monkeypatch.chdir(tree.root / "fan" / "train")
    assert index("..")[0]["machine"].tolist() == ["fan"]


@pytest.mark.parametrize("root", [None, 5, b"data", "", [], "missing", "a\0b", True])
def test_what_is_no_folder(refused, root):
    refused(lambda: sound.index(root), "give the folder")


def test_a_root_of_no_text(tmp_path, refused):
    root = tmp_path / odd(b"r\xff")
    (root / "fan" / "train").mkdir(parents=True)
    (root / GOOD).touch()
    refused(lambda: sound.index(root), r"r\xff", "rename it")


KNOWN = ["fan/00", "pump/00"]
TOLD = {  # where a recording lies, and the group that it is of
    "machine above test": ("recordings/pump/test/section_00_0001.wav", "pump/00"),
    "another machine above": ("fan/recordings/pump/test/section_00_0001.wav", "pump/00"),
    "machine of the folder": ("fan/recordings/pump/section_00_0001.wav", "pump/00"),
    "name of 2020": ("fan/pump/test/anomaly_id_00_00000001.wav", "pump/00"),
    "in source_test": ("fan/pump/source_test/section_00_source_test_normal_0001.wav", "pump/00"),
}
NOT_TOLD = {
    "machine further above": ("fan/recordings/old/section_00_0001.wav", "does not tell"),
    "another machine in the layout": ("fan/valve/test/section_00_0001.wav", "is of valve/00"),
    "another section": ("fan/test/section_01_0001.wav", "is of fan/01"),
    "section within the name": ("fan/test/my_section_00_0001.wav", "does not tell"),
    "two sections": ("fan/test/section_01_section_00_0001.wav", "is of fan/01"),
    "machine in another case": ("Fan/test/section_00_0001.wav", "is of Fan/00"),
}


def placed(root, path):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).touch()
    return str(root / path)


@pytest.mark.parametrize("kind", TOLD)
def test_the_group_of_a_recording_is_that_of_its_folder(tmp_path, monkeypatch, kind):
    path, group = TOLD[kind]
    row = clip(placed(tmp_path, path), None, KNOWN)
    assert f"{row['machine']}/{row['section']}" == group
    monkeypatch.chdir((tmp_path / path).parent)
    assert clip(Path(path).name, None, KNOWN)["machine"] == row["machine"]


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_a_recording_of_no_known_group_is_not_judged(tmp_path, refused, kind):
    path, words = NOT_TOLD[kind]
    refused(lambda: clip(placed(tmp_path, path), None, KNOWN), words, "give --group one of fan/00")


@pytest.mark.parametrize("path", ["pump/test/section_00_0001.wav", "fan/test/section_01_0001.wav",
                                  "x/section_01_0001.wav"])  # fmt: skip
def test_a_detector_of_one_group_judges_no_other(tmp_path, refused, path):
    refused(lambda: clip(placed(tmp_path, path), None, ["fan/00"]), "give --group one of fan/00")


@pytest.mark.parametrize("path", ["take 1.wav", "x/section_00_0001.wav", "pump/take 1.wav"])
def test_a_detector_of_one_group_takes_what_tells_of_no_other(tmp_path, path):
    assert clip(placed(tmp_path, path), None, ["fan/00"])["machine"] == "fan"


LINES = "section_00_0000.wav,{}\nsection_00_0001.wav,{}\n"
GOOD_TRUTH = {
    "plain": LINES.format(0, 1).encode(),
    "byte order mark": b"\xef\xbb\xbf" + LINES.format(0, 1).encode(),
    "lines of Windows": LINES.format(0, 1).replace("\n", "\r\n").encode(),
    "lines of old": LINES.format(0, 1).replace("\n", "\r").encode(),
    "spaces": LINES.format(" 0 ", " 1 ").encode(),
    "lines twice": LINES.format(0, 1).encode() * 2,
    "empty lines": b"\n\n" + LINES.format(0, 1).encode() + b"\n",
    "quotes": LINES.format('"0"', '"1"').encode(),
    "no ending": LINES.format(0, 1).replace(".wav", "").encode(),
}
BAD_TRUTH = {
    "empty": (b"", "holds no line"),
    "blank": (b"\n\n", "holds no line"),
    "semicolons": (LINES.format(0, 1).replace(",", ";").encode(), "expected <clip>.wav,0"),
    "tabs": (LINES.format(0, 1).replace(",", "\t").encode(), "expected <clip>.wav,0"),
    "header": (b"file,label\n" + LINES.format(0, 1).encode(), "expected <clip>.wav,0"),
    "label 2": (LINES.format(0, 2).encode(), "expected <clip>.wav,0"),
    "label -1": (LINES.format(0, -1).encode(), "expected <clip>.wav,0"),
    "label 1.0": (LINES.format(0, 1.0).encode(), "expected <clip>.wav,0"),
    "no label": (LINES.format(0, "").encode(), "expected <clip>.wav,0"),
    "word": (LINES.format("normal", "anomaly").encode(), "expected <clip>.wav,0"),
    "columns exchanged": (b"0,section_00_0000.wav\n", "expected <clip>.wav,0"),
    "two labels": (LINES.format(0, 1).encode() + LINES.format(0, 0).encode(), "contradict"),
    "line lacks": (LINES.format(0, 1).split("\n")[0].encode(), "has no label in its name"),
    "line too many": (LINES.format(0, 1).encode() + b"section_00_0009.wav,1", "does not hold"),
    "line of no grammar": (LINES.format(0, 1).encode() + b"x.wav,1", "does not hold"),
    "UTF-16": (LINES.format(0, 1).encode("utf-16"), "no readable csv file"),
    "no text": (bytes(range(128, 256)), "no readable csv file"),
    "endless cell": (b"x" * 200_000 + b",1\n", "no readable csv file"),
}


@pytest.fixture
def hidden(tmp_path):
    for number in range(2):
        placed(tmp_path, f"data/fan/test/section_00_{number:04d}.wav")
    return sound.index(tmp_path / "data")


NAME = "ground_truth_fan_section_00_test.csv"


@pytest.mark.parametrize("kind", GOOD_TRUTH)
def test_a_truth_in_another_form_is_read(hidden, tmp_path, kind):
    (tmp_path / NAME).write_bytes(GOOD_TRUTH[kind])
    for truth in (tmp_path, tmp_path / NAME, str(tmp_path / NAME)):
        assert sound.label(hidden, truth)["label"].tolist() == [0, 1]


@pytest.mark.parametrize("kind", BAD_TRUTH)
def test_a_truth_that_cannot_be_read(hidden, tmp_path, refused, kind):
    data, words = BAD_TRUTH[kind]
    (tmp_path / NAME).write_bytes(data)
    refused(lambda: sound.label(hidden, tmp_path), str(tmp_path), words)


@pytest.mark.parametrize("truth", [None, 5, "", "missing", [], pd.DataFrame()], ids=repr)
def test_what_is_no_truth(hidden, refused, monkeypatch, tmp_path, truth):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    refused(lambda: sound.label(hidden, truth), "give the")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("nowhere")],
                         ids=["pipe", "folder", "link"])  # fmt: skip
def test_a_truth_that_is_no_file(hidden, tmp_path, refused, make):
    make(tmp_path / NAME)
    refused(lambda: sound.label(hidden, tmp_path), NAME, "is no file", "remove it")
