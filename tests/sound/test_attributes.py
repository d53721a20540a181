"""The attribute files of 2022 to 2025 in the three forms they are published in, and files that are
wrong.
"""

import warnings

import pytest

from asdkit import sound

SILENT = "section_00_source_train_normal_{:04d}.wav"


def machine(root, table, *clips, name="fan", section="00"):
    """A folder of empty clips and its attribute file."""
    for clip in clips:
        path = root / name / ("test" if "_test_" in clip or len(clip) < 20 else "train") / clip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (root / name / f"attributes_{section}.csv").write_text(table)
    return root


def read(root):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return dict(
            zip(sound.index(root)["path"].str.rpartition("/")[2], sound.index(root)["attributes"])
        )


@pytest.mark.parametrize("form", ["fan/train/{}", "{}", "fan/train/{}.wav", "{}.wav"])
def test_a_name_without_attributes_gets_those_of_the_file(tmp_path, form):
    first, second = (SILENT.format(k) for k in range(2))
    lines = [f"{form.format(first[:-4])},m-n,W,spd,6V", f"{form.format(second[:-4])},m-n,X,spd,3V"]
    root = machine(tmp_path, "\n".join(["file_name,d1p,d1v,d2p,d2v", *lines, ""]), first, second)
    assert read(root) == {first: "m-n_W_spd_6V", second: "m-n_X_spd_3V"}
    assert sound.classes(sound.index(root)).nunique() == 2


def test_no_attribute_is_filled_in_and_stays_where_the_file_tells_none(tmp_path):
    names = [f"section_00_source_train_normal_{k:04d}_noAttribute.wav" for k in range(2)]
    told = machine(
        tmp_path / "told", f"file_name,d1p,d1v\n{names[0]},pat,01\n{names[1]},,\n", *names
    )
    assert read(told) == {names[0]: "pat_01", names[1]: "noAttribute"}
    hidden = machine(tmp_path / "hidden", "file_name\n" + "\n".join(names), *names)
    assert read(hidden) == dict.fromkeys(names, "noAttribute")


def test_a_hidden_test_clip_needs_no_line(tmp_path):
    name = SILENT.format(0)
    root = machine(tmp_path, f"file_name,d1p,d1v\n{name},pat,01\n", name, "section_00_0000.wav")
    assert read(root) == {name: "pat_01", "section_00_0000.wav": ""}


def test_a_file_may_tell_less_than_the_name(tmp_path):
    name = "section_00_source_train_normal_0000_car_F1_spd_3.1V_mic_1.wav"
    assert (
        read(machine(tmp_path, f"file_name,d1p,d1v\n{name},car,F1\n", name))[name]
        == "car_F1_spd_3.1V_mic_1"
    )
    assert (
        read(machine(tmp_path, f"file_name,d1p,d1v\n{name},spd,3_1V\n", name))[name]
        == "car_F1_spd_3.1V_mic_1"
    )
    assert (
        read(machine(tmp_path, f"file_name,d1p,d1v\n{name},hall,7\n", name))[name]
        == "car_F1_spd_3.1V_mic_1"
    )


@pytest.mark.parametrize("value", ["01", "1", "1.0"])
def test_a_number_may_be_written_in_another_way(tmp_path, value):
    name = "section_00_source_train_normal_0000_pat_01_wt_200.wav"
    assert read(machine(tmp_path, f"file_name,d1p,d1v\n{name},pat,{value}\n", name)) == {
        name: "pat_01_wt_200"
    }


@pytest.mark.parametrize("pair", ["pat,2", "pat,none", "wt,20"])
def test_another_number_is_another_value(tmp_path, pair):
    name = "section_00_source_train_normal_0000_pat_01_wt_200.wav"
    with pytest.raises(
        ValueError, match=f"which gives {pair.replace(',', ' = ')}: mend one of them"
    ):
        sound.index(machine(tmp_path, f"file_name,d1p,d1v\n{name},{pair}\n", name))


def test_a_name_and_a_file_that_contradict_each_other(tmp_path):
    name = "section_00_source_train_normal_0000_car_F1_spd_31V.wav"
    root = machine(tmp_path, f"file_name,d1p,d1v,d2p,d2v\n{name},car,F1,spd,3V\n", name)
    with pytest.raises(
        ValueError, match=r"_F1_spd_31V\.wav contradicts .*_00\.csv, which gives spd = 3V: mend"
    ):
        sound.index(root)


def test_sections_and_machines_have_their_own_files(tmp_path):
    for name in ("fan", "pump"):
        for section in ("00", "01"):
            clip = f"section_{section}_source_train_normal_0000.wav"
            machine(
                tmp_path, f"file_name,d1p,d1v\n{clip},of,{name}{section}\n", clip, name=name,
                section=section,
            )  # fmt: skip
    assert sorted(sound.index(tmp_path)["attributes"]) == [
        "of_fan00",
        "of_fan01",
        "of_pump00",
        "of_pump01",
    ]


def test_a_line_without_a_clip_is_told(tmp_path):
    first, second, third = (SILENT.format(k) for k in range(3))
    root = machine(tmp_path, f"file_name,d1p,d1v\n{first},a,1\n{second},a,1\n{third},a,2\n", first)
    with pytest.warns(
        UserWarning, match=r"attributes_00\.csv names 2 clips that are missing, first .*_0001\.wav"
    ) as told:
        sound.index(root)
    assert len(told) == 1


def test_a_training_clip_without_a_line(tmp_path):
    first, second = (SILENT.format(k) for k in range(2))
    root = machine(tmp_path, f"file_name,d1p,d1v\n{first},a,1\n", first, second)
    with pytest.raises(
        ValueError, match=r"_0001\.wav has no attributes in its name and no line in .*_00\.csv"
    ):
        sound.index(root)


@pytest.mark.parametrize(
    "table, words",
    [
        ("", "does not start with the column file_name: name its columns"),
        ("name,speed\nx,1\n", "does not start with the column file_name"),
        ("file_name,d1p,d1v\nx,a,1\nx,a,2\n", "has two different lines for x: remove one"),
    ],
)
def test_files_that_are_no_attribute_files(tmp_path, table, words):
    with pytest.raises(ValueError, match=r"attributes_00\.csv " + words):
        sound.index(machine(tmp_path, table, SILENT.format(0)))


def test_a_file_that_is_no_text(tmp_path):
    root = machine(tmp_path, "", SILENT.format(0))
    (root / "fan" / "attributes_00.csv").write_bytes(b"file_name,d1p\xff\xfe\n")
    with pytest.raises(
        ValueError, match=r"attributes_00\.csv is no readable csv file .*: save it as UTF-8"
    ):
        sound.index(root)


def test_a_byte_order_mark_and_blank_lines_are_no_matter(tmp_path):
    name = SILENT.format(0)
    root = machine(tmp_path, f"\ufefffile_name,d1p,d1v\r\n\r\n{name},a,1\r\n\r\n", name)
    assert read(root) == {name: "a_1"}
