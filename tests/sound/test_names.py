"""Every form of file name of DCASE 2020 to 2026, in the folder it is published in, and what is no
such name.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asdkit.sound import names

# path: machine section domain split label attributes year
FORMS = {
    "dcase2020/dev_data/fan/train/normal_id_00_00000012": (
        "fan", "00", "source", "train", 0, "", 2020,
    ),
    "dcase2020/dev_data/fan/test/anomaly_id_06_00000003": (
        "fan", "06", "source", "test", 1, "", 2020,
    ),
    "dcase2020/dev_data/ToyConveyor/test/normal_id_03_00000003": (
        "ToyConveyor", "03", "source", "test", 0, "", 2020,
    ),
    "dcase2020/eval_data/fan/train/normal_id_01_00000000": (
        "fan", "01", "source", "train", 0, "", 2020,
    ),
    "dcase2020/eval_data/ToyCar/test/id_05_00000003": (
        "ToyCar", "05", "source", "test", None, "", 2020,
    ),
    "fan/train/normal_id_00_00000012": ("fan", "00", "source", "train", 0, "", 2020),
    "dcase2021/fan/train/section_00_target_train_normal_0002": (
        "fan", "00", "target", "train", 0, "", 2021,
    ),
    "dcase2021/fan/train/section_01_source_train_normal_0000_strength_1_ambient": (
        "fan", "01", "source", "train", 0, "strength_1_ambient", 2021,
    ),
    "fan/source_test/section_03_source_test_normal_0009": (
        "fan", "03", "source", "test", 0, "", 2021,
    ),
    "fan/target_test/section_03_target_test_anomaly_0009": (
        "fan", "03", "target", "test", 1, "", 2021,
    ),
    "fan/source_test/section_03_source_test_0009": ("fan", "03", "source", "test", None, "", 2021),
    "fan/target_test/section_05_target_test_0199": ("fan", "05", "target", "test", None, "", 2021),
    "dcase2021t2/eval_data/raw/fan/test/section_03_target_test_0001": (
        "fan", "03", "target", "test", None, "", 2021,
    ),
    "dcase2022/dev_data/fan/train/section_01_source_train_normal_0000_m-n_W": (
        "fan", "01", "source", "train", 0, "m-n_W", 2022,
    ),
    "dcase2022/dev_data/ToyCar/test/"
    "section_00_target_test_anomaly_0011_car_G2_spd_34V_mic_1_noise_6": (
        "ToyCar", "00", "target", "test", 1, "car_G2_spd_34V_mic_1_noise_6", 2022,
    ),
    "dcase2022/eval_data/bearing/test/section_03_0123": (
        "bearing", "03", None, "test", None, "", 2022,
    ),
    "fan/train/section_00_target_train_normal_0002": ("fan", "00", "target", "train", 0, "", 2022),
    "dcase2023/dev_data/valve/test/section_00_target_test_anomaly_0041_pat_03": (
        "valve", "00", "target", "test", 1, "pat_03", 2023,
    ),
    "data/dcase2023t2/eval_data/raw/Vacuum/train/"
    "section_00_source_train_normal_0001_car_A1_spd_M_mic_1": (
        "Vacuum", "00", "source", "train", 0, "car_A1_spd_M_mic_1", 2023,
    ),
    "dcase2023/eval_data/Vacuum/test/section_00_0123": (
        "Vacuum", "00", None, "test", None, "", 2023,
    ),
    "dcase2024/gearbox/train/section_00_source_train_normal_0000_noAttribute": (
        "gearbox", "00", "source", "train", 0, "noAttribute", 2024,
    ),
    "dcase2024/eval_data/3DPrinter/train/section_00_source_train_normal_0989_": (
        "3DPrinter", "00", "source", "train", 0, "", 2024,
    ),
    "dcase2024/eval_data/RoboticArm/train/section_00_target_train_normal_0001_weight15_BckgF": (
        "RoboticArm", "00", "target", "train", 0, "weight15_BckgF", 2024,
    ),
    "dcase2024/eval_data/3DPrinter/test/section_00_0200": (
        "3DPrinter", "00", None, "test", None, "", 2024,
    ),
    "dcase2025/dev_data/fan/test/section_00_source_test_normal_0326_n_B": (
        "fan", "00", "source", "test", 0, "n_B", 2025,
    ),
    "dcase2025/eval_data/AutoTrash/test/section_00_0000": (
        "AutoTrash", "00", None, "test", None, "", 2025,
    ),
    "dcase2025/fan/supplemental/section_00_source_supplemental_normal_0003_noAttribute": (
        "fan", "00", "source", "supplemental", 0, "noAttribute", 2025,
    ),
    "dcase2025/fan/supplemental/section_00_noise_supplemental_normal_0000": (
        "fan", "00", None, "supplemental", None, "noise", 2025,
    ),
    "dcase2025/fan/supplemental/section_00_source_supplemental_noise_0003": (
        "fan", "00", "source", "supplemental", None, "noise", 2025,
    ),
    "dcase2025/fan/supplemental/section_00_source_supplemental_machine_0000": (
        "fan", "00", "source", "supplemental", None, "machine", 2025,
    ),
    "dcase2025/fan/supplemental/section_00_target_supplemental_clean_0003_speed_2": (
        "fan", "00", "target", "supplemental", None, "clean_speed_2", 2025,
    ),
    "dcase2025/ToyPet/supplemental/section_00_machine_0001_": (
        "ToyPet", "00", None, "supplemental", None, "machine", 2025,
    ),
    "dcase2026/dev_data/ToyCarEmu/train/"
    "section_00_source_train_normal_0225_car_B1_spd_5_mic_2_mic_1": (
        "ToyCarEmu", "00", "source", "train", 0, "car_B1_spd_5_mic_2_mic_1", 2026,
    ),
    "dcase2026/dev_data/valveEmu/train/section_00_target_train_normal_0009_noAttribute": (
        "valveEmu", "00", "target", "train", 0, "noAttribute", 2026,
    ),
    "data/dcase2026t2/eval_data/raw/BlowerDustCollector/train/"
    "section_00_source_train_normal_0001_nzl_2_pow_3": (
        "BlowerDustCollector", "00", "source", "train", 0, "nzl_2_pow_3", 2026,
    ),
    "dcase2026/eval_data/ToothBrush/test/section_00_0199": (
        "ToothBrush", "00", None, "test", None, "", 2026,
    ),
}  # fmt: skip


def read(path):
    folder, _, stem = path.rpartition("/")
    return names.read(stem, names.folder(folder))


@pytest.mark.parametrize("path", FORMS)
def test_every_form_of_name(path):
    assert read(path) == FORMS[path]


def test_every_year_is_tried():
    assert {form[-1] for form in FORMS.values()} == set(range(2020, 2027))


@pytest.mark.parametrize(
    "path, words",
    [
        (
            "fan/section_00_source_train_normal_0000",
            "^lies in 'fan': move it to <machine>/train or",
        ),
        ("fan/test_rename/section_00_source_test_normal_0000", "^lies in 'test_rename'"),
        ("fan/train/recording 7", "^fits no name of DCASE 2020 to 2026: rename it like"),
        ("fan/train/normal_id_00_0000", "fits no name"),
        ("fan/train/section_00_source_train_strange_0000", "fits no name"),
        ("fan/train/section_0_source_train_normal_0000", "fits no name"),
        ("fan/train/section_00_source_train_normal_0000-speed_1", "fits no name"),
        ("fan/test/section_00_0000_noise_1", "fits no name"),
        ("fan/supplemental/section_00_normal_0000", "fits no name"),
        (
            "fan/train/section_00_source_test_normal_0000",
            "^is a test clip among the training clips: move",
        ),
        (
            "fan/train/section_00_machine_0000",
            "^is a supplemental clip among the training clips: move",
        ),
        (
            "fan/train/section_00_source_train_anomaly_0000",
            "^is an anomaly among the training clips: move",
        ),
        ("fan/train/section_00_0000", "^is not named normal"),
        ("fan/train/id_00_00000000", "^is not named normal"),
        (
            "fan/test/section_00_source_train_normal_0000",
            "^is a training clip in the folder test: move",
        ),
        (
            "fan/source_test/section_00_target_test_0000",
            "^is named target and lies in 'source_test': rename",
        ),
        (
            "fan/target_test/section_00_source_test_anomaly_0000",
            "^is named source and lies in 'target_test'",
        ),
    ],
)
def test_what_is_no_such_name(path, words):
    with pytest.raises(ValueError, match=words):
        read(path)


WORDS = st.text("abcXYZ019.-", min_size=1, max_size=5)


@given(
    section=st.integers(0, 99), number=st.integers(0, 9999),
    domain=st.sampled_from(["source", "target"]),
    pairs=st.lists(st.tuples(WORDS, WORDS), max_size=4),
)  # fmt: skip
def test_attributes_nobody_knows_are_kept_as_they_are(section, number, domain, pairs):
    attributes = "_".join(word for pair in pairs for word in pair)
    stem = f"section_{section:02d}_{domain}_test_anomaly_{number:04d}" + (
        f"_{attributes}" if pairs else ""
    )
    assert read(f"dcase2024/fan/test/{stem}") == (
        "fan",
        f"{section:02d}",
        domain,
        "test",
        1,
        attributes,
        2024,
    )


@pytest.mark.parametrize(
    "root, year",
    [("dcase2023/dev", 2023), ("x/dcase2022_48_120233", 2022), ("plain", None), ("12021", None)],
)
def test_the_year_is_read_from_folders_and_never_from_longer_numbers(root, year):
    assert names.folder(f"{root}/fan/train").year == year
