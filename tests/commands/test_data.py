"""``asdkit data``: a set made, checked with one fault of each kind, labeled; each refusal."""

import shutil
import signal

import numpy as np
import pandas as pd
import pytest
import soundfile

from asdkit import runtime, sound, systems
from asdkit.__main__ import main
from asdkit.commands import data as command


@pytest.fixture
def check(capsys):
    """The faults of ``asdkit data check``, its notes, and all it printed."""

    def call(root):
        code = main(["data", "check", str(root)])
        told = capsys.readouterr()
        assert told.err == ""
        lines = told.out.splitlines()
        faults, notes = (
            [line[6:] for line in lines if line.startswith(kind)] for kind in ("FAULT ", "note  ")
        )
        assert code == (2 if faults else 0)
        assert (
            lines[-1].endswith(f"faults: {len(faults)}, notes: {len(notes)}") or "more" in told.out
        )
        return faults, notes, told.out

    return call


def one(lines):
    assert len(lines) == 1, lines
    return lines[0]


def wave(seconds=1.0, seed=0):
    return np.random.default_rng(seed).normal(0, 0.01, round(16000 * seconds))


def test_a_good_folder(check, data):
    faults, notes, out = check(data)
    assert faults == notes == []
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["clips", "test", "anomaly", "test", "normal", "train", "normal"]
    assert ["fan", "00", "source", "2", "2", "5"] in rows and ["target", "2", "2", "1"] in rows
    assert out.splitlines()[-1] == f"{data}: 28 clips, faults: 0, notes: 0"


@pytest.mark.parametrize(
    "make, words",
    [
        (
            lambda path: path.write_text("no sound"),
            "is no readable sound file: copy it again or remove it",
        ),
        (lambda path: path.write_bytes(path.read_bytes()[:-99]), "is cut short"),
        (
            lambda path: soundfile.write(path, np.full(16000, np.nan), 16000, subtype="FLOAT"),
            "holds NaN or infinite",
        ),
        (
            lambda path: soundfile.write(path, np.zeros(16000), 16000),
            "is silent from its start to its end: record",
        ),
        (
            lambda path: soundfile.write(path, wave(0.2), 16000),
            "lasts 0.2 s: record at least 0.25 s",
        ),
        (
            lambda path: path.rename(path.with_name("strange.wav")),
            "strange.wav fits no name of DCASE 2020 to 2026",
        ),
    ],
)
def test_a_bad_file(check, broken, make, words):
    make(broken.train()[0])
    assert words in one([line for line in check(broken.root)[0] if "/fan/train/" in line])


def test_several_faults_are_all_told(check, broken):
    soundfile.write(broken.train()[0], np.zeros(16000), 16000)
    broken.train("valve")[0].write_text("no sound")
    (broken.root / "fan" / "other").mkdir()
    for name in ("a.wav", "b.wav"):
        (broken.root / "fan" / "other" / name).touch()
    faults = check(broken.root)[0]
    assert len(faults) == 3 and "lies in 'other'" in faults[0]


def test_many_faults_are_not_all_listed(check, broken):
    for path in [
        *broken.train(),
        *broken.train("valve"),
        *broken.test(),
        *broken.test("valve"),
        *broken.test(label="anomaly"),
    ]:
        path.write_text("no sound")
    faults, _, out = check(broken.root)
    assert len(faults) == 21 and faults[-1] == "... and 4 more" and "faults: 24" in out


def test_a_test_clip_that_was_trained_on(check, broken):
    shutil.copy(broken.train()[1], broken.test()[0])
    fault = one(check(broken.root)[0])
    assert fault.startswith(
        f"{broken.test()[0]} is the same recording as {broken.train()[1]}, which is no test clip"
    )


def test_a_machine_without_training_clips(check, broken):
    for path in broken.train("valve"):
        path.unlink()
    assert one(check(broken.root)[0]) == (
        "valve/00 has 8 test clips and no training clips: add normal clips to its folder train, or "
        "remove them"
    )


def test_what_is_repaired_is_noted(check, broken):
    first, second, third, fourth = broken.train()[:4]
    soundfile.write(first, wave(), 8000)
    soundfile.write(second, np.stack([wave(1.5), wave(1.5)], axis=1), 16000)
    shutil.copy(third, fourth)
    faults, notes, _ = check(broken.root)
    assert faults == [] and len(notes) == 4
    assert notes[0] == f"1 clips have 8000 Hz and are resampled to 16000 Hz, first {first}"
    assert notes[1] == f"1 clips have several channels, of which the first is taken, first {second}"
    assert (
        notes[2].startswith("the clips of fan differ in length (12 of 1 s, 1 of")
        and "repeated to one" in notes[2]
    )
    assert notes[3] == f"1 clips repeat another, first {fourth}"


SECTIONS = ", ".join(name for name in systems.names() if systems.get(name).task == "sections")
ATTRIBUTES = ", ".join(name for name in systems.names() if systems.get(name).task == "attributes")
FREE = [name for name in systems.names() if systems.get(name).task == "nothing"]
ROLES = ", ".join(name for name in systems.names() if systems.get(name).task == "roles")
CURE = (
    "add another machine, or name attributes in the file names, or take a system that needs no "
    f"classes ({', '.join(FREE)})"
)
TELL = "and the loss learns by telling classes apart"


def refusals(notes):
    """What is noted of systems, by their names; and all other notes."""
    split = [note.split(" will refuse these clips: ") for note in notes]
    return dict(one for one in split if len(one) == 2), [one[0] for one in split if len(one) == 1]


def test_two_machines_are_refused_by_no_system(check, data):
    assert refusals(check(data)[1]) == ({}, [])


def test_one_machine_is_refused_by_those_that_tell_machines_apart(check, broken):
    shutil.rmtree(broken.root / "valve")
    faults, notes, _ = check(broken.root)
    finer = "choose task=attributes (2 classes)"
    assert faults == [] and refusals(notes) == (
        {
            SECTIONS: f"all training clips are of one class, fan/00, {TELL}: {finer}, {CURE}",
            "l2softmax_lof": f"all training clips are of one class, fan, {TELL}: {finer}, {CURE}",
            ROLES: "all training clips are of one class, fan/00, and the task roles compares them "
            "with clips of others: add another machine or id, or take a system that needs none "
            f"({', '.join(FREE)})",
        },
        [],
    )


@pytest.mark.usefixtures("unpainted")
def test_what_is_noted_is_what_a_run_refuses(check, broken, refused, tmp_path):
    """In the same words, and the systems that are not named train."""
    shutil.rmtree(broken.root / "valve")
    told, _ = refusals(check(broken.root)[1])
    for name in systems.names():
        if systems.get(name).task == "attributes":
            continue  # two settings are classes enough for these, of ten networks each
        command = ["run", name, "--data", str(broken.root), "--out", str(tmp_path / name)]
        few = ["--set", "epochs=1"] if systems.get(name).loss is not None else []
        code = main([*command, "--device", "cpu", "--set", "seconds=1.0", *few])
        reasons = [reason for names, reason in told.items() if name in names.split(", ")]
        if reasons:
            assert refused(code) == f"asdkit run: {one(reasons)}"
        else:
            assert code == 0 and name in FREE


def leaking(root, control, clips=48):
    """Noise of one machine, whose anomalies, half of the test clips, one measure alone tells."""
    chance = np.random.default_rng(0)
    for k in range(clips):
        split, label = ("train", "normal") if k < 8 else ("test", "normal" if k % 2 else "anomaly")
        sound, rms = wave(seed=k), 0.01 * (1 + 0.05 * chance.normal())
        sound = (sound - sound.mean()) / sound.std()
        if label == "anomaly" and control == "DC offset":
            sound = (sound + 0.2) / np.sqrt(1.04)
        if label == "anomaly" and control == "crest":
            sound[[100, 200]] = 12, -12
            sound = (sound - sound.mean()) / sound.std()
        if label == "anomaly" and control == "level":
            rms *= 2
        path = root / "dcase2020" / "fan" / split / f"{label}_id_00_{k:08d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, sound * rms + 2e-4 * chance.normal(), 16000)


@pytest.mark.parametrize(
    "control, cure",
    [
        ("level", "keep normalize_level in the front of a system"),
        ("DC offset", "keep normalize_level in the front of a system, which removes it"),
        ("crest", "no part of a front removes it"),
    ],
)
def test_what_tells_the_label_is_noted(check, tmp_path, control, cure):
    leaking(tmp_path, control)
    faults, notes, _ = check(tmp_path)
    told, others = refusals(notes)
    assert faults == [] and set(told) == {SECTIONS, "l2softmax_lof", ATTRIBUTES, ROLES}
    assert one(others) == (
        f"the {control} alone finds the anomalies of fan/00, AUC 1.00 [1.00, 1.00]: {cure}, and "
        "compare with this control"
    )


def test_nothing_leaks_where_anomalies_are_as_the_rest(check, tmp_path):
    leaking(tmp_path, None)
    assert refusals(check(tmp_path)[1])[1] == []


@pytest.mark.parametrize("clips, told", [(12, False), (18, True)])
def test_few_clips_that_stand_apart_by_chance_are_no_leak(check, tmp_path, clips, told):
    """Two of each are apart in one draw of six, five of each in one of 252."""
    leaking(tmp_path, "level", clips)
    assert bool(refusals(check(tmp_path)[1])[1]) == told


def test_a_line_without_a_clip_is_noted(check, broken):
    name = "fan/train/section_00_source_train_normal_9999.wav"
    lines = ["file_name,d1p,d1v", f"{name},a,1"]
    for path in [*broken.train(), *broken.test(), *broken.test(label="anomaly")]:
        lines.append(f"{path.relative_to(broken.root)},a,2")
    (broken.root / "fan" / "attributes_00.csv").write_text("\n".join(lines) + "\n")
    faults, notes, _ = check(broken.root)
    assert faults == []
    assert one(notes).endswith(
        f"attributes_00.csv names 1 clips that are missing, first {name.split('/')[-1]}"
    )


def test_a_folder_of_hidden_clips(check, tmp_path):
    """Nothing leaks where no clip says what it is, and nothing trains on one clip."""
    folder = tmp_path / "eval_data" / "fan"
    for k, name in enumerate(
        (
            "train/section_00_source_train_normal_0000",
            "test/section_00_0000",
            "test/section_00_0001",
        )
    ):
        path = folder / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, wave(seed=k), 16000)
    faults, notes, out = check(tmp_path)
    assert faults == [] and "test unlabeled" in out and "unknown" in out
    told, others = refusals(notes)
    one_class = {SECTIONS, "l2softmax_lof", ATTRIBUTES, ROLES}
    assert set(told) == one_class | {", ".join(FREE)} and others == []
    few = "fan/00 has one training clip only: record at least 2, better 50"
    assert told[", ".join(FREE)] == few


def test_no_folder(refused, tmp_path):
    assert "nowhere is no folder: give the folder" in refused(
        main(["data", "check", str(tmp_path / "nowhere")])
    )


def test_synth_makes_a_set_that_passes(tmp_path, check, capsys):
    text = (runtime.home() / "data" / "toy.toml").read_text(encoding="utf-8")
    recipe = tmp_path / "own.toml"
    recipe.write_text(
        text.replace("seconds = 10.0", "seconds = 1.0").replace("ids = 3", "ids = 1"),
        encoding="utf-8",
    )
    out = tmp_path / "out"
    assert main(["data", "synth", str(recipe), str(out), "--clips", "3"]) == 0
    clips = sound.index(out)
    assert capsys.readouterr().out.startswith(f"{out}: {len(clips)} clips (fan ")
    assert (clips[clips["split"] == "train"].groupby("machine").size() == 3).all()
    assert check(out)[0] == []


def test_a_recipe_may_be_named(tmp_path):
    assert command._recipe("toy") == runtime.home() / "data" / "toy.toml"
    assert command._recipe("own.toml") == "own.toml"


def test_synth_refuses(refused, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert "is there already and is not an empty folder" in refused(
        main(["data", "synth", "toy", str(tmp_path / "full")])
    )
    assert "cannot be read as a TOML recipe" in refused(
        main(["data", "synth", "lathe", str(tmp_path / "new")])
    )
    assert "clips is 1: give a whole number" in refused(
        main(["data", "synth", "toy", str(tmp_path / "new"), "--clips", "1"])
    )
    assert not (tmp_path / "new").exists()


def test_download_passes_on_what_it_is_asked(monkeypatch, capsys, data):
    asked = []
    monkeypatch.setattr(
        sound, "download", lambda *choices, **more: asked.append((choices, more)) or data
    )
    assert (
        main(
            [
                "data",
                "download",
                "2023",
                "out",
                "--machines",
                "fan",
                "valve",
                "--part",
                "eval",
                "--site",
                "https://x",
            ]
        )
        == 0
    )
    assert main(["data", "download", "2020", "out"]) == 0
    assert asked == [
        ((2023, "out", ["fan", "valve"], "eval"), {"site": "https://x"}),
        ((2020, "out", None, "dev"), {}),
    ]
    out = capsys.readouterr().out
    assert "28 clips (fan 14, valve 14)" in out and "license" in out


def test_download_refuses(refused, tmp_path):
    told = refused(main(["data", "download", "2019", str(tmp_path)]))
    assert told == "asdkit data: no archives of 2019 are known: give a year from 2020 to 2026"
    told = refused(main(["data", "download", "2023", str(tmp_path), "--site", "ftp://x"]))
    assert "give an address that starts with https://" in told and list(tmp_path.iterdir()) == []


def test_an_interrupted_download_says_how_it_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(sound, "download", lambda *_: signal.raise_signal(signal.SIGINT))
    assert main(["data", "download", "2023", "out"]) == 130
    assert (
        capsys.readouterr().err
        == "asdkit data: stopped; a download goes on from there, everything else starts anew\n"
    )


@pytest.fixture
def hidden(tmp_path):
    for path in ("fan/test/section_00_0000.wav", "fan/test/section_00_0001.wav"):
        (tmp_path / "eval" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "eval" / path).touch()
    (tmp_path / "ground_truth_fan_section_00_test.csv").write_text(
        "section_00_0000.wav,1\nsection_00_0001.wav,0\n"
    )
    return tmp_path


def test_label_writes_a_table(hidden, capsys):
    assert main(["data", "label", str(hidden / "eval"), str(hidden), str(hidden / "out.csv")]) == 0
    assert (
        capsys.readouterr().out
        == f"{hidden / 'out.csv'}: 2 test clips of 1 machines, 1 anomalies\n"
    )
    table = pd.read_csv(hidden / "out.csv", dtype={"section": str})
    assert table["label"].tolist() == [1, 0] and table["section"].tolist() == ["00", "00"]
    (hidden / "eval" / "fan" / "test").rename(hidden / "heard")
    own = ["--pattern", "{split}/{machine}/section_{section}_*.wav"]
    (hidden / "own" / "test").mkdir(parents=True)
    (hidden / "heard").rename(hidden / "own" / "test" / "fan")
    out = hidden / "out.csv"
    assert main(["data", "label", str(hidden / "own"), str(hidden), str(out), *own]) == 0
    again = pd.read_csv(out, dtype={"section": str})
    facts = ["machine", "section", "split", "label"]
    assert again[facts].equals(table.loc[table["split"] == "test", facts].reset_index(drop=True))


def test_label_refuses_and_writes_nothing(hidden, refused):
    (hidden / "ground_truth_fan_section_00_test.csv").write_text("section_00_0000.wav,1\n")
    told = refused(
        main(["data", "label", str(hidden / "eval"), str(hidden), str(hidden / "out.csv")])
    )
    assert "section_00_0001.wav has no label in its name and no line in" in told
    assert not (hidden / "out.csv").exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "the following arguments are required: synth | download | check | label"),
        (["sing"], "invalid choice: 'sing' (choose from"),
        (["download", "year", "out"], "year: invalid int value: 'year'"),
        (
            ["download", "2023", "out", "--part", "test"],
            "--part: invalid choice: 'test' (choose from",
        ),
        (["label", "folder"], "the following arguments are required: truth, out"),
    ],
)
def test_what_cannot_be(capsys, arguments, words):
    with pytest.raises(SystemExit) as ended:
        main(["data", *arguments])
    assert ended.value.code == 2 and words in capsys.readouterr().err
