"""``asdkit score``: the numbers of the run, its verdict, and every bad file in one sentence."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch

from asdkit import embeddings, sound, systems, train
from asdkit.__main__ import main
from asdkit.tensorfile import read_tensors, write_tensors


@pytest.fixture
def score(result):
    def call(*arguments, detector=result / "detector.safetensors"):
        return main(["score", str(detector), *map(str, arguments), "--device", "cpu"])

    return call


def test_scores_and_verdicts_are_those_of_the_run(score, result, data, capsys):
    clips = sound.index(data)
    test = clips[clips["split"] == "test"]
    assert score(*test["path"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    lines = told.out.splitlines()
    thresholds = systems.load(result / "detector.safetensors", "cpu").thresholds
    table = pd.read_csv(result / "scores.csv")
    for line, path, group, known in zip(
        lines, test["path"], sound.groups(test), table["score"], strict=True
    ):
        verdict, _, value, _, threshold, owner, where = line.split(maxsplit=6)
        assert (owner, where) == (group, path)
        assert float(value) == pytest.approx(known, rel=1e-3, abs=2e-2)
        assert float(threshold) == pytest.approx(thresholds[group], abs=6e-4)
        assert verdict == ("anomalous" if known >= thresholds[group] else "normal")


def test_one_file_alone_and_one_by_group(score, result, data, capsys, tmp_path):
    path = sorted((data / "valve" / "test").iterdir())[0]
    table = pd.read_csv(result / "scores.csv").set_index(["machine", "clip"])["score"]
    other = shutil.copy(path, tmp_path / "shop floor.wav")
    for arguments in ([path], [other, "--group", "valve/00"]):
        assert score(*arguments) == 0
        line = capsys.readouterr().out.strip()
        assert float(line.split()[2]) == pytest.approx(
            table["valve", path.name], rel=1e-3, abs=2e-2
        )
        assert line.endswith(f"valve/00  {arguments[0]}")


def test_another_rate_moves_the_threshold_and_draws_it(
    score, result, data, capsys, refused, tmp_path
):
    file, limits = sorted((data / "fan" / "test").iterdir())[0], []
    for choice in (["--rate", "0.5"], ["--percentile", "50"], ["--rate", "0.1"]):
        capsys.readouterr()
        picture = tmp_path / f"{len(limits)}.png"
        assert score(file, *choice, "--histogram", picture) == 0
        limits.append(float(capsys.readouterr().out.split("threshold")[1].split()[0]))
        assert picture.read_bytes().startswith(b"\x89PNG")
    assert limits[0] == limits[1] < limits[2]
    for wrong, words in {
        ("--rate", "1"): "--rate is a share between 0 and 1, not 1.0",
        ("--percentile", "0"): "--percentile is 0: give a number between 0 and 100",
        ("--histogram", "a.jpg"): "give a file that ends in .png",
    }.items():
        assert words in refused(score(file, *wrong))


def test_both_verdicts(score, result, data, capsys, tmp_path):
    path = sorted((data / "fan" / "test").iterdir())[0]
    tensors, notes = read_tensors(result / "detector.safetensors", "detector")
    for threshold, verdict in ((-1e9, "anomalous"), (1e9, "normal")):
        changed = json.loads(notes) | {"thresholds": {"fan/00": threshold, "valve/00": 0.0}}
        write_tensors(tmp_path / "moved.safetensors", tensors, {"detector": json.dumps(changed)})
        assert score(path, detector=tmp_path / "moved.safetensors") == 0
        assert capsys.readouterr().out.split()[0] == verdict


def test_embeddings_are_written_on_request(score, result, data, capsys, refused, tmp_path):
    paths = sorted((data / "fan" / "test").iterdir())[:3]
    assert score(*paths, "--embeddings", tmp_path / "own.npz") == 0
    shown = [float(line.split()[2]) for line in capsys.readouterr().out.splitlines()]
    known = embeddings.read(tmp_path / "own.npz")
    np.testing.assert_allclose(known["score"], shown, atol=6e-4)
    assert known["group"].tolist() == ["fan/00"] * 3 and "label" not in known
    assert known["name"].tolist() == [f"fan/{path.name}" for path in paths]
    detector = systems.load(result / "detector.safetensors", "cpu")
    clips = sound.index(data).set_index("path", drop=False).loc[list(map(str, paths))]
    np.testing.assert_allclose(known["x"], detector.embed(clips), atol=1e-5)
    told = refused(score(paths[0], "--embeddings", tmp_path / "own.csv"))
    assert "own.csv': give a file that ends in .npz" in told


def test_a_name_that_does_not_tell_its_group(score, data, refused, tmp_path):
    path = shutil.copy(sorted((data / "fan" / "test").iterdir())[0], tmp_path / "shop floor.wav")
    told = refused(score(path))
    assert (
        f"{path} does not tell its machine and section: give --group one of fan/00, valve/00"
        in told
    )
    for group in ("pump/00", "fan", "fan/01"):
        told = refused(score(path, "--group", group))
        assert (
            f"the detector was not trained on '{group}': give --group one of fan/00, valve/00"
            in told
        )


def test_the_only_group_needs_no_name(data, refused, capsys, tmp_path):
    """Files of one's own names, and a detector of one machine: nothing else can be meant."""
    only = shutil.copytree(data, tmp_path / "only", ignore=shutil.ignore_patterns("valve"))
    command = ["run", "mean_gaussian", "--data", str(only), "--out", str(tmp_path / "out")]
    assert main([*command, "--device", "cpu", "--set", "seconds=1.0"]) == 0
    table = pd.read_csv(tmp_path / "out" / "scores.csv").set_index("clip")["score"]
    paths = sorted((only / "fan" / "test").iterdir())[:3]
    files = [
        shutil.copy(path, tmp_path / f"take {number}.wav") for number, path in enumerate(paths)
    ]
    detector = str(tmp_path / "out" / "detector.safetensors")
    for more in ([], ["--group", "fan/00"]):
        capsys.readouterr()
        assert main(["score", detector, *map(str, files), "--device", "cpu", *more]) == 0
        lines = capsys.readouterr().out.splitlines()
        for line, path, file in zip(lines, paths, files, strict=True):
            assert float(line.split()[2]) == pytest.approx(table[path.name], rel=1e-3, abs=2e-2)
            assert line.endswith(f"fan/00  {file}")
    told = refused(main(["score", detector, str(files[0]), "--group", "valve/00"]))
    assert "the detector was not trained on 'valve/00': give --group one of fan/00" in told


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda path: None, "is missing: give the path of a recording"),
        (lambda path: path.mkdir(), "is a folder: give the path of a recording"),
        (lambda path: path.touch(), "is no readable sound file: copy it again"),
        (lambda path: path.write_text("text"), "is no readable sound file"),
        (
            lambda path: soundfile.write(path, np.full(1600, 0.1), 16000),
            "lasts 0.1 s: record at least 0.25 s",
        ),
        (
            lambda path: soundfile.write(path, np.full(16000, np.nan), 16000, subtype="FLOAT"),
            "holds NaN or infinite samples: export it again",
        ),
    ],
    ids=["missing", "folder", "empty", "text", "short", "nan"],
)
def test_files_that_cannot_be_scored(score, data, refused, capsys, tmp_path, make, words):
    make(tmp_path / "bad.wav")
    good = sorted((data / "fan" / "test").iterdir())[0]
    told = refused(score(good, tmp_path / "bad.wav", "--group", "fan/00"))
    assert f"{tmp_path / 'bad.wav'} {words}" in told and str(good) not in told


def change(result, path, tensors=lambda tensors: tensors, notes=lambda notes: notes):
    old, words = read_tensors(result / "detector.safetensors", "detector")
    write_tensors(path, tensors(old), {"detector": json.dumps(notes(json.loads(words)))})


def system(result, path, **fields):
    change(result, path, notes=lambda notes: notes | {"system": notes["system"] | fields})


DETECTORS = {
    "missing": (lambda result, path: None, "is missing: give the path of a saved detector"),
    "folder": (
        lambda result, path: path.mkdir(),
        "is a folder: give the path of a saved detector, a file such as",
    ),
    "empty": (
        lambda result, path: path.touch(),
        "is damaged or cut short, or never was a saved detector: give",
    ),
    "text": (
        lambda result, path: path.write_text("no detector"),
        "never was a saved detector: give another",
    ),
    "cut": (
        lambda result, path: path.write_bytes((result / "detector.safetensors").read_bytes()[:-9]),
        "is damaged or cut short",
    ),
    "run": (
        lambda result, path: shutil.copy(result / "run.safetensors", path),
        "holds no detector of asdkit: give",
    ),
    "version": (
        lambda result, path: change(result, path, notes=lambda notes: notes | {"format": 99}),
        "has format 99 of a detector, and this asdkit reads 2: train it again",
    ),
    "of before": (
        lambda result, path: change(result, path, notes=lambda notes: notes | {"format": 1}),
        "has format 1 of a detector, and this asdkit reads 2: train it again",
    ),
    "no version": (
        lambda result, path: change(result, path, notes=lambda notes: {}),
        "is no detector that this asdkit",
    ),
    "no notes": (
        lambda result, path: write_tensors(path, {}, {"detector": "{"}),
        "is no detector that this asdkit",
    ),
    "no system": (
        lambda result, path: change(result, path, notes=lambda notes: notes | {"system": None}),
        "holds a recipe that this asdkit",
    ),
    "other choices": (
        lambda result, path: system(result, path, new=1),
        "cannot follow: a system has no field 'new': it has name, paper, task, front, encoder",
    ),
    "other encoder": (
        lambda result, path: system(result, path, encoder="VGG"),
        "cannot follow: no encoder is called 'VGG': choose one of AutoEncoder, ConvAu",
    ),
    "part of another package": (
        lambda result, path: system(result, path, loss={"part": "Gaussian"}),
        "cannot follow: no loss is called 'Gaussian': choose one of AdaCos",
    ),
    "code for a part": (
        lambda result, path: system(result, path, loss={"part": "__import__('os').getcwd()"}),
        "cannot follow: no loss is called \"__import__('os').getcwd()\": choose one of AdaCos",
    ),
    "other setting": (
        lambda result, path: system(result, path, loss={"part": "AdaCos", "margin": 1}),
        "cannot follow: AdaCos has no choice 'margin': it has classes, dim, trainable",
    ),
    "no tensors": (
        lambda result, path: change(result, path, tensors=lambda old: {}),
        "can read: train it again",
    ),
}


@pytest.mark.parametrize("kind", DETECTORS)
def test_files_that_are_no_detector(score, result, data, refused, tmp_path, kind):
    make, words = DETECTORS[kind]
    path = tmp_path / "own.safetensors"
    make(result, path)
    told = refused(score(sorted((data / "fan" / "test").iterdir())[0], detector=path))
    assert str(path) in told and words in told


def test_a_full_memory(score, data, refused, monkeypatch):
    monkeypatch.setattr(train, "embed", lambda *_: torch.empty(2**50))
    told = refused(score(sorted((data / "fan" / "test").iterdir())[0]))
    assert (
        told
        == "asdkit score: the memory is full: score fewer recordings at once, or give --device cpu"
    )


def test_an_unknown_device(result, data, refused):
    path = sorted((data / "fan" / "test").iterdir())[0]
    told = refused(
        main(["score", str(result / "detector.safetensors"), str(path), "--device", "abacus"])
    )
    assert "there is no device 'abacus' here: give cpu, cuda or mps" in told
