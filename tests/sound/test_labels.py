"""The ground truth in the forms of each year, and truths that do not fit the clips."""

import pandas as pd
import pytest

from asdkit import sound

LABELS = [0, 1, 1, 0]


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def hidden(root, *paths):
    return sound.index(write(root, dict.fromkeys(paths, "")))


def lines(names, values):
    return "".join(f"{name},{value}\n" for name, value in zip(names, values))


@pytest.fixture
def clips(tmp_path):
    """An evaluation set of 2023, two machines of four hidden clips and a training clip each."""
    tests = [
        f"{name}/test/section_00_000{k}.wav" for name in ("Vacuum", "shaker") for k in range(4)
    ]
    train = [
        f"{name}/train/section_00_source_train_normal_0000.wav" for name in ("Vacuum", "shaker")
    ]
    return hidden(tmp_path / "dcase2023" / "eval_data", *tests, *train)


NAMES = [f"section_00_000{k}.wav" for k in range(4)]


@pytest.fixture
def truth(tmp_path):
    files = {}
    for name, labels in (("Vacuum", LABELS), ("shaker", LABELS[::-1])):
        files[f"ground_truth_data/ground_truth_{name}_section_00_test.csv"] = lines(NAMES, labels)
        files[f"ground_truth_domain/ground_truth_{name}_section_00_test.csv"] = lines(
            NAMES, [0, 0, 1, 1]
        )
    return write(tmp_path / "evaluator", files)


def test_labels_and_domains_of_2022_and_later(clips, truth):
    labeled = sound.label(clips, truth)
    test = labeled[labeled["split"] == "test"]
    assert test["label"].tolist() == LABELS + LABELS[::-1] and labeled["label"].dtype == "Int64"
    assert test["domain"].tolist() == ["source", "source", "target", "target"] * 2
    assert labeled.drop(columns=["label", "domain"]).equals(clips.drop(columns=["label", "domain"]))
    assert labeled[labeled["split"] == "train"].equals(clips[clips["split"] == "train"])
    assert clips.loc[clips["split"] == "test", "label"].isna().all()


def test_without_domain_files_the_domain_stays_hidden(clips, truth):
    labeled = sound.label(clips, truth / "ground_truth_data")
    assert labeled.loc[labeled["split"] == "test", "domain"].isna().all()


def test_attribute_files_with_full_names_tell_both(clips, truth, tmp_path):
    full = [
        "section_00_target_test_normal_0032_car_C2_spd_H",
        "section_00_source_anomaly_0027_weight15_BckgA",
        "section_00_source_test_anomaly_0003_noAttribute,section_00_source_test_anomaly_0003_fl_1.wav",
        "section_00_target_test_normal_0008_noAttribute",
    ]  # fmt: skip
    files = {
        f"ground_truth_attributes/ground_truth_{m}_section_00_test.csv": lines(NAMES, full)
        for m in ("Vacuum", "shaker")
    }
    labeled = sound.label(clips, write(tmp_path / "attributes", files))
    assert labeled.loc[labeled["split"] == "test", "label"].tolist() == LABELS * 2
    assert (
        labeled.loc[labeled["split"] == "test", "domain"].tolist()
        == ["target", "source", "source", "target"] * 2
    )
    assert set(labeled["attributes"]) == {""}


def test_the_list_of_2020(tmp_path):
    clips = hidden(
        tmp_path / "dcase2020",
        *[f"{m}/test/id_01_0000000{k}.wav" for m in ("fan", "pump") for k in range(2)],
    )
    text = "".join(
        f"{m}\nid_01_00000000.wav,{'anomaly' if a else 'normal'}_id_01_00000000.wav,{a}\n"
        f"id_01_00000001.wav,{'normal' if a else 'anomaly'}_id_01_00000001.wav,{1 - a}\n"
        for m, a in (("fan", 1), ("pump", 0))
    )
    file = write(tmp_path, {"eval_data_list.csv": text}) / "eval_data_list.csv"
    labeled = sound.label(clips, file)
    assert labeled["label"].tolist() == [1, 0, 0, 1] and set(labeled["domain"]) == {"source"}
    assert sound.label(clips, write(tmp_path / "folder", {"eval_data_list_2020.csv": text})).equals(
        labeled
    )


def test_the_files_of_2021(tmp_path):
    names = {d: [f"section_03_{d}_test_000{k}.wav" for k in range(2)] for d in ("source", "target")}
    clips = hidden(
        tmp_path / "dcase2021", *[f"fan/{d}_test/{name}" for d in names for name in names[d]]
    )
    files = {f"ground_truth_fan_section_03_{d}_test.csv": lines(names[d], [0, 1]) for d in names}
    labeled = sound.label(clips, write(tmp_path / "truth", files))
    assert labeled["label"].tolist() == [0, 1, 0, 1]
    assert labeled["domain"].tolist() == ["source", "source", "target", "target"]


def test_the_list_of_2025(tmp_path):
    clips = hidden(
        tmp_path / "dcase2025",
        "AutoTrash/test/section_00_0000.wav",
        "AutoTrash/test/section_00_0001.wav",
    )
    text = (
        "AutoTrash\nsection_00_0000.wav,section_00_target_test_anomaly_0012_id_C1_spd_2_mic_2.wav\n"
        "section_00_0001.wav,section_00_source_test_normal_0031_id_B2_spd_1_mic_2.wav\nHomeCamera\n"
        "section_00_0000.wav,section_00_source_test_anomaly_0037_id_A2_spd_2_mic_3.wav\n"
    )
    labeled = sound.label(
        clips, write(tmp_path, {"eval_data_list_2025.csv": text}) / "eval_data_list_2025.csv"
    )
    assert labeled["label"].tolist() == [1, 0] and labeled["domain"].tolist() == [
        "target",
        "source",
    ]


def test_whole_machines_may_be_left_out(clips, truth):
    one = clips[clips["machine"] == "shaker"]
    assert sound.label(one, truth).loc[one["split"] == "test", "label"].tolist() == LABELS[::-1]


def test_a_clip_without_a_line(clips, truth):
    file = truth / "ground_truth_data" / "ground_truth_shaker_section_00_test.csv"
    file.write_text(lines(NAMES[:3], LABELS))
    with pytest.raises(
        ValueError,
        match=r"shaker.test.section_00_0003\.wav has no label in its name and no line in .*evalu",
    ):
        sound.label(clips, truth)


def test_a_line_without_a_clip(clips, truth):
    with pytest.raises(
        ValueError,
        match=r"a line for section_00_0000\.wav of Vacuum, which the table does not hold",
    ):
        sound.label(clips[clips.index != clips.index[clips["split"] == "test"][0]], truth)


def test_a_line_that_contradicts_a_name(tmp_path):
    clips = hidden(tmp_path / "data", "fan/test/section_00_source_test_normal_0000_speed_1.wav")
    row = "section_00_source_test_normal_0000_speed_1.wav,{}\n"
    for folder, value, words in (
        ("ground_truth_data", 1, "label 0 in its name and 1 in"),
        ("ground_truth_domain", 1, "domain source in its name and target in"),
    ):
        root = write(
            tmp_path / folder, {f"{folder}/ground_truth_fan_section_00_test.csv": row.format(value)}
        )
        with pytest.raises(ValueError, match=f"_speed_1.wav has the {words} .*: mend one of them"):
            sound.label(clips, root)
    right = write(tmp_path / "right", {"ground_truth_fan_section_00_test.csv": row.format(0)})
    assert sound.label(clips, right)["label"].tolist() == [0]


def test_files_that_contradict_each_other(clips, truth):
    name = "ground_truth_Vacuum_section_00_test.csv"
    full = [
        f"section_00_source_test_{word}_0000" for word in ("normal", "normal", "anomaly", "normal")
    ]
    write(truth, {f"ground_truth_attributes/{name}": lines(NAMES, full)})
    with pytest.raises(
        ValueError, match=r"contradict each other for section_00_000[12]\.wav of Vacuum: remove one"
    ):
        sound.label(clips, truth)


@pytest.mark.parametrize(
    "text",
    [
        "section_00_0000.wav,2\n",
        "section_00_0000.wav\n",
        "section_00_0000.wav,strange\n",
        "clip,label\n",
    ],
)
def test_a_file_of_another_form(clips, tmp_path, text):
    root = write(tmp_path / "strange", {"ground_truth_Vacuum_section_00_test.csv": text})
    with pytest.raises(
        ValueError,
        match=r"ground_truth_Vacuum_section_00_test\.csv has the line '.*': expected <clip>\.wav,0",
    ):
        sound.label(clips, root)


def test_a_list_whose_columns_contradict_each_other(tmp_path):
    clips = hidden(tmp_path / "dcase2020", "fan/test/id_01_00000000.wav")
    file = write(
        tmp_path, {"eval_data_list.csv": "fan\nid_01_00000000.wav,normal_id_01_00000000.wav,1\n"}
    )
    with pytest.raises(ValueError, match="has the line"):
        sound.label(clips, file / "eval_data_list.csv")


def test_a_list_that_names_no_machine(clips, tmp_path):
    root = write(
        tmp_path / "strange",
        {"eval_data_list.csv": "section_00_0000.wav,section_00_source_test_normal_0000.wav\n"},
    )
    with pytest.raises(ValueError, match="has the line"):
        sound.label(clips, root)


def test_no_truth_at_all(clips, tmp_path):
    for place in (tmp_path / "nowhere", write(tmp_path / "else", {"notes.csv": "a,b"})):
        with pytest.raises(
            FileNotFoundError,
            match="holds no ground_truth_<machine>_section_XX_test.csv and no eval_data",
        ):
            sound.label(clips, place)


def test_a_table_of_another_index_keeps_it(clips, truth):
    shuffled = clips.sample(frac=1, random_state=0)
    labeled = sound.label(shuffled, truth)
    assert labeled.index.equals(shuffled.index)
    assert labeled.sort_index().equals(sound.label(clips, truth))
    assert isinstance(labeled, pd.DataFrame)
