"""Every form of file name of DCASE 2020 to 2025, and what is no such name."""

import pandas as pd
import pytest

from asdkit import sound


def tree(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def one(root, path):
    clips = sound.index(tree(root, path))
    assert len(clips) == 1 and clips["path"].iloc[0] == str(root / path)
    return clips.drop(columns="path").astype(object).where(clips.drop(columns="path").notna(), None).iloc[0].tolist()


FORMS = {
    "fan/train/normal_id_00_00000012.wav": ["fan", "00", "source", "train", 0, "", 2020],
    "fan/test/anomaly_id_06_00000003.wav": ["fan", "06", "source", "test", 1, "", 2020],
    "ToyCar/test/id_05_00000003.wav": ["ToyCar", "05", "source", "test", None, "", 2020],
    "fan/train/section_00_target_train_normal_0002.wav": ["fan", "00", "target", "train", 0, "", 2022],
    "fan/source_test/section_03_source_test_normal_0009.wav": ["fan", "03", "source", "test", 0, "", 2021],
    "fan/target_test/section_03_target_test_anomaly_0009.wav": ["fan", "03", "target", "test", 1, "", 2021],
    "fan/train/section_01_source_train_normal_0000_strength_1_ambient.wav": [
        "fan", "01", "source", "train", 0, "strength_1_ambient", 2022,
    ],
    "dcase2022/fan/train/section_01_source_train_normal_0000_m-n_W.wav": [
        "fan", "01", "source", "train", 0, "m-n_W", 2022,
    ],
    "dcase2023/dev_data/valve/test/section_00_target_test_anomaly_0041_pat_03.wav": [
        "valve", "00", "target", "test", 1, "pat_03", 2023,
    ],
    "dcase2024/gearbox/train/section_00_source_train_normal_0000_noAttribute.wav": [
        "gearbox", "00", "source", "train", 0, "noAttribute", 2024,
    ],
    "dcase2023/eval_data/Vacuum/test/section_00_0123.wav": ["Vacuum", "00", None, "test", None, "", 2023],
    "dcase2025/ToyRC/supplemental/section_00_source_supplemental_normal_0003_noAttribute.wav": [
        "ToyRC", "00", "source", "supplemental", 0, "noAttribute", 2025,
    ],
    "dcase2025/ToyRC/supplemental/section_00_source_supplemental_noise_0003.wav": [
        "ToyRC", "00", "source", "supplemental", None, "", 2025,
    ],
    "dcase2025/ToyRC/supplemental/section_00_target_supplemental_clean_0003_speed_2.WAV": [
        "ToyRC", "00", "target", "supplemental", None, "speed_2", 2025,
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_every_form_of_name(tmp_path, path):
    assert one(tmp_path, path) == FORMS[path]


def test_a_table_of_several_machines(tmp_path):
    paths = [path for path in FORMS if path.startswith("dcase2023")] + ["dcase2023/attributes_00.csv"]
    clips = sound.index(str(tree(tmp_path, *paths)))
    assert list(clips.columns) == ["path", "machine", "section", "domain", "split", "label", "attributes", "year"]
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
    same = [name for path, name in of.items() if path.endswith(("normal_0000_pat_00.wav", "normal_0004_pat_00.wav"))]
    assert len(same) == 2
    train = clips[(clips["machine"] == "valve") & (clips["split"] == "train")]
    names = sound.classes(train)
    assert names.iloc[0] == names.iloc[2] and names.nunique() == 4
    assert all(name.startswith(owner + "/") for name, owner in zip(sound.classes(clips), group))
    assert isinstance(names, pd.Series) and names.index.equals(train.index)


def test_classes_of_2020_are_machine_and_id(tmp_path):
    clips = sound.index(tree(tmp_path, *[f"fan/train/normal_id_0{i}_0000000{k}.wav" for i in (0, 2) for k in range(3)]))
    assert sound.classes(clips).nunique() == 2


@pytest.mark.parametrize(
    "paths, words",
    [
        (["fan/section_00_source_train_normal_0000.wav"], r"section_00_.*lies in 'fan': move it to <machine>/train or"),
        (["fan/training/normal_id_00_00000000.wav"], "lies in 'training'"),
        (["fan/train/recording 7.wav"], "recording 7.wav fits no name of DCASE 2020 to 2025: rename it like"),
        (["fan/train/normal_id_00_0000.wav"], "fits no name"),
        (["fan/train/section_00_source_train_strange_0000.wav"], "fits no name"),
        (["fan/train/section_00_source_test_normal_0000.wav"], "a test clip among the training clips: move"),
        (["fan/train/section_00_source_train_anomaly_0000.wav"], "an anomaly among the training clips: move"),
        (["fan/train/anomaly_id_00_00000000.wav"], "an anomaly among the training clips: move"),
        (["fan/train/section_00_0000.wav"], "is not named normal"),
        (["fan/train/id_00_00000000.wav"], "is not named normal"),
        (["fan/test/section_00_source_train_normal_0000.wav"], "a training clip in the folder test: move"),
        (["fan/source_test/section_00_source_train_normal_0000.wav"], "a training clip in the folder test"),
        (["a/fan/test/section_00_0000.wav", "b/fan/test/section_00_0000.wav"], "are two clips of one name"),
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
    clips = sound.index(tree(tmp_path, *[f"fan/{split}/normal_id_00_00000000.wav" for split in ("train", "test")]))
    assert sorted(clips["split"]) == ["test", "train"]


def test_folders_without_clips(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere is no folder: give"):
        sound.index(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="holds no .wav files: give a folder with <machine>/train"):
        sound.index(tree(tmp_path, "fan/train/readme.txt"))


def test_the_year_is_read_from_folders_and_never_from_numbers(tmp_path):
    for root, year in (("dcase2023/dev", 2023), ("x/dcase2022_48_120233", 2022), ("plain", 2022), ("12021", 2022)):
        folder = tmp_path / root / "fan" / "train"
        folder.mkdir(parents=True)
        (folder / "section_00_source_train_normal_2021_speed_2024.wav").touch()
        assert list(sound.index(tmp_path / root)["year"]) == [year]
