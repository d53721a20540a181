"""A folder as a table: what is read from where, and every fault in a sentence."""

import pandas as pd
import pytest

from asdkit import sound
from asdkit.sound.clips import survey


def tree(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def test_a_table_of_several_machines(tmp_path):
    paths = [
        "dcase2023/eval_data/Vacuum/test/section_00_0123.wav",
        "dcase2023/dev_data/valve/test/section_00_target_test_anomaly_0041_pat_03.wav",
        "dcase2023/attributes_00.csv",
    ]
    clips = sound.index(str(tree(tmp_path, *paths)))
    assert list(clips.columns) == [
        "path",
        "machine",
        "section",
        "domain",
        "split",
        "label",
        "attributes",
        "year",
    ]
    assert len(clips) == 2 and clips["path"].is_monotonic_increasing
    assert clips["label"].dtype == "Int64" and clips["label"].isna().tolist() == [False, True]


def test_classes_and_groups(tmp_path):
    clips = sound.index(
        tree(
            tmp_path,
            "valve/train/section_00_source_train_normal_0000_pat_00.wav",
            "valve/train/section_00_source_train_normal_0001_pat_01.wav",
            "valve/train/section_00_target_train_normal_0002_pat_00.wav",
            "valve/train/section_01_source_train_normal_0003_pat_00.wav",
            "valve/train/section_00_source_train_normal_0004_pat_00.wav",
            "pump/train/section_00_source_train_normal_0000_pat_00.wav",
            "valve/test/section_00_0123.wav",
        )
    ).set_index("path", drop=False)
    of = {path.rsplit("/", 3)[-1]: name for path, name in sound.classes(clips).items()}
    group = sound.groups(clips)
    assert sorted(set(group)) == ["pump/00", "valve/00", "valve/01"]
    assert sound.classes(clips[clips["split"] == "train"]).nunique() == 5
    same = [
        name
        for path, name in of.items()
        if path.endswith(("normal_0000_pat_00.wav", "normal_0004_pat_00.wav"))
    ]
    assert len(same) == 2
    train = clips[(clips["machine"] == "valve") & (clips["split"] == "train")]
    names = sound.classes(train)
    assert names.iloc[0] == names.iloc[2] and names.nunique() == 4
    assert all(name.startswith(owner + "/") for name, owner in zip(sound.classes(clips), group))
    assert isinstance(names, pd.Series) and names.index.equals(train.index)


def test_classes_of_2020_are_machine_and_id(tmp_path):
    clips = sound.index(
        tree(
            tmp_path,
            *[f"fan/train/normal_id_0{i}_0000000{k}.wav" for i in (0, 2) for k in range(3)],
        )
    )
    assert sound.classes(clips).nunique() == 2


@pytest.mark.parametrize(
    "paths, words",
    [
        (
            ["fan/section_00_source_train_normal_0000.wav"],
            r"section_00_.*lies in 'fan': move it to <machine>/train or",
        ),
        (["fan/training/normal_id_00_00000000.wav"], "lies in 'training'"),
        (
            ["fan/train/recording 7.wav"],
            "recording 7.wav fits no name of DCASE 2020 to 2026: rename it like",
        ),
        (["fan/train/normal_id_00_0000.wav"], "fits no name"),
        (["fan/train/section_00_source_train_strange_0000.wav"], "fits no name"),
        (
            ["fan/train/section_00_source_test_normal_0000.wav"],
            "a test clip among the training clips: move",
        ),
        (
            ["fan/train/section_00_source_train_anomaly_0000.wav"],
            "an anomaly among the training clips: move",
        ),
        (["fan/train/anomaly_id_00_00000000.wav"], "an anomaly among the training clips: move"),
        (["fan/train/section_00_0000.wav"], "is not named normal"),
        (["fan/train/id_00_00000000.wav"], "is not named normal"),
        (
            ["fan/test/section_00_source_train_normal_0000.wav"],
            "a training clip in the folder test: move",
        ),
        (
            ["fan/source_test/section_00_source_train_normal_0000.wav"],
            "a training clip in the folder test",
        ),
        (
            ["a/fan/test/section_00_0000.wav", "b/fan/test/section_00_0000.wav"],
            "are two clips of one name",
        ),
    ],
)
def test_names_and_folders_that_say_something_else(tmp_path, paths, words):
    tree(tmp_path, "pump/train/section_00_source_train_normal_0000.wav", *paths)
    with pytest.raises(ValueError, match=words) as error:
        sound.index(tmp_path)
    assert all(str(tmp_path / path) in str(error.value) for path in paths)


def test_machines_may_share_names(tmp_path):
    name = "train/section_00_source_train_normal_0000.wav"
    assert len(sound.index(tree(tmp_path, f"fan/{name}", f"pump/{name}"))) == 2


def test_train_and_test_of_2020_both_count_from_zero(tmp_path):
    clips = sound.index(
        tree(tmp_path, *[f"fan/{split}/normal_id_00_00000000.wav" for split in ("train", "test")])
    )
    assert sorted(clips["split"]) == ["test", "train"]


def test_folders_without_clips(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere is no folder: give"):
        sound.index(tmp_path / "nowhere")
    with pytest.raises(
        FileNotFoundError, match="holds no .wav files: give a folder with <machine>/train"
    ):
        sound.index(tree(tmp_path, "fan/train/readme.txt"))


def test_the_year_is_read_from_folders_and_never_from_numbers(tmp_path):
    for root, year in (
        ("dcase2023/dev", 2023),
        ("x/dcase2022_48_120233", 2022),
        ("plain", 2022),
        ("12021", 2022),
    ):
        folder = tmp_path / root / "fan" / "train"
        folder.mkdir(parents=True)
        (folder / "section_00_source_train_normal_2021_speed_2024.wav").touch()
        assert list(sound.index(tmp_path / root)["year"]) == [year]


def test_a_hidden_file_or_folder_is_no_clip(tmp_path):
    good = "fan/train/section_00_source_train_normal_0000.wav"
    tree(
        tmp_path, good, "fan/train/._section_00_source_train_normal_0000.wav",
        ".dev_fan.zip.unpacked/fan/train/x.wav",
    )  # fmt: skip
    assert list(sound.index(tmp_path)["path"]) == [str(tmp_path / good)]


def test_a_survey_tells_every_fault_and_an_index_the_first(tmp_path):
    bad = [
        "fan/train/section_00_source_test_normal_0000.wav",
        "fan/train/x.wav",
        "pump/training/y.wav",
    ]
    tree(tmp_path, "fan/train/section_00_source_train_normal_0001.wav", *bad)
    clips, faults, notes = survey(tmp_path)
    assert len(clips) == 1 and len(faults) == 3 and notes == []
    assert all(fault.startswith(str(tmp_path / path)) for fault, path in zip(faults, bad))
    with pytest.raises(
        ValueError, match=r"the folder test \(2 more faults: 'asdkit data check' lists them\)$"
    ):
        sound.index(tmp_path)


def test_a_tree_of_bad_names_only_is_not_called_empty(tmp_path):
    with pytest.raises(ValueError, match="x.wav fits no name"):
        sound.index(tree(tmp_path, "fan/train/x.wav"))


def test_a_table_is_split_into_training_and_test_clips():
    clips = pd.DataFrame({"split": ["test", "train", "test"], "path": ["a", "b", "c"]})
    train, test = sound.split(clips)
    assert train["path"].tolist() == ["b"] and test["path"].tolist() == ["a", "c"]
    for missing, part in (("training", test), ("test", train)):
        with pytest.raises(ValueError, match=f"there are no {missing} clips"):
            sound.split(part)
