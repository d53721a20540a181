"""``asdkit run``: each file it leaves, each bad input in one sentence, nothing half-written."""

import errno
import json
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch

from asdkit import controls, digest, embeddings, features, metrics, runtime, sound, systems
from asdkit.__main__ import main
from asdkit.train import loop as training

FILL = {
    "torch": lambda: torch.empty(2**50),
    "numpy": lambda: np.empty(2**56),
    "gpu": lambda: raised(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 MiB.")),
    "cublas": lambda: raised(
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`")
    ),
    "mps": lambda: raised(RuntimeError("MPS backend out of memory (MPS allocated: 8.10 GiB)")),
}  # fmt: skip
FILES = [
    "angles.png",
    "cost.json",
    "detector.safetensors",
    "report.csv",
    "run.json",
    "run.safetensors",
    "scale.png",
    "scores.csv",
    "thresholds.csv",
    "thresholds.png",
]


LAPS = ["read", "controls", "train", "score"]
CONTROLS = ["nearest neighbor", "maximum nearest neighbor", "level only", "DC offset", "crest"]
RATES = ["thresholds.csv", "thresholds.png"]
SEVERAL = [
    "cost.json", "detector.safetensors", "networks", "report.csv", "run.json", "scores.csv", *RATES,
]  # fmt: skip
NO_PICTURES = [name for name in SEVERAL if name != "networks"]
FREE = [name for name in systems.names() if systems.get(name).task == "nothing"]


def raised(error):
    raise error


def untrained(data, out, *more, name="mean_gaussian", choices=()):
    command = ["run", name, "--data", str(data), "--out", str(out), "--device", "cpu", *more]
    return main([*command, "--set", "seconds=1.0", *choices])


@pytest.fixture
def log_mels(monkeypatch):
    """How many log-mels are computed, without the silence by which parts find their sizes."""
    compute, counts = features.LogMel._log_mel, []

    def count(self, waves, *more):
        counts.append(int(waves.any(dim=1).sum()))
        return compute(self, waves, *more)

    monkeypatch.setattr(features.LogMel, "_log_mel", count)
    return counts


def left(out):
    return sorted(path.name for path in out.iterdir()) if out.exists() else None


def test_a_run_leaves_its_files(result):
    assert left(result) == FILES
    for name in ("angles.png", "scale.png"):
        assert (result / name).read_bytes().startswith(b"\x89PNG")
    cost = json.loads((result / "cost.json").read_text())
    assert list(cost["seconds"]) == LAPS and min(cost["seconds"].values()) >= 0
    assert cost["clips"] == 28 and cost["device"] == "cpu" and cost["peak_bytes"] > 2**26


def test_a_loss_without_a_scale_leaves_no_picture_of_one(data, tmp_path):
    choices = ["encoder=Toy", "dim=16"]
    assert untrained(data, tmp_path, "--epochs", "2", name="softmax", choices=choices) == 0
    assert left(tmp_path) == [name for name in FILES if name != "scale.png"]


def test_a_system_without_training_leaves_no_picture_of_one(data, tmp_path):
    assert untrained(data, tmp_path) == 0
    assert left(tmp_path) == NO_PICTURES


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    "name, choices, pictures",
    [
        ("mean_gaussian", (), 1),
        ("max_gaussian", (), 1),
        ("arcface", ("encoder=Toy", "epochs=1"), 1),
        ("subcluster_adacos_published", ("encoder=Toy", "epochs=1"), 2),  # of another level
        ("l2softmax_lof", ("encoder=Toy", "epochs=1"), 2),  # of 64 bands
        ("arcface", ("encoder=Toy", 'trials=[{},{"dim":8}]', "epochs=1"), 1),
        ("arcface", ("encoder=Toy", "task=attributes", "each=machine", "epochs=1"), 1),
    ],
)
def test_each_clip_is_read_once_before_any_training(
    data, tmp_path, reads, log_mels, monkeypatch, name, choices, pictures
):
    """And its log-mel is computed once for controls and system, where it is the same."""
    fit, before = systems.System.fit, []
    monkeypatch.setattr(
        systems.System, "fit", lambda *given, **more: before.extend(reads) or fit(*given, **more)
    )
    assert untrained(data, tmp_path, name=name, choices=choices) == 0
    clips = sorted(sound.index(data)["path"])
    assert len(clips) == 28 and sorted(before) == sorted(reads) == clips
    assert sum(log_mels) == pictures * len(clips)


@pytest.mark.usefixtures("unpainted")
def test_embeddings_are_written_on_request(data, tmp_path, reads):
    choices = ("encoder=Toy", "epochs=1")
    assert untrained(data, tmp_path, "--embeddings", name="arcface", choices=choices) == 0
    assert len(reads) == 28  # once each
    known, clips = embeddings.read(tmp_path / "embeddings.npz"), sound.index(data)
    clips = pd.concat([clips[clips["split"] == split] for split in ("train", "test")])
    assert known["path"].tolist() == [str(Path(path).absolute()) for path in clips["path"]]
    detector = systems.load(tmp_path / "detector.safetensors", "cpu")
    x = detector.embed(clips)
    np.testing.assert_allclose(known["x"], x, atol=1e-5)
    table, test = pd.read_csv(tmp_path / "scores.csv"), known["split"] == "test"
    np.testing.assert_allclose(known["score"][test], table["score"], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(known["angle"], detector.angle(x, sound.groups(clips)), atol=1e-3)
    assert known["label"].tolist() == clips["label"].tolist()
    assert untrained(data, tmp_path, name="arcface", choices=choices) == 0
    assert "embeddings.npz" not in left(tmp_path)  # of the run before


@pytest.mark.parametrize("choice", ['trials=[{},{"dim":8}]', "each=machine"])
def test_embeddings_of_several_networks_are_refused(data, tmp_path, refused, reads, choice):
    choices = ("encoder=Toy", "task=attributes", choice)
    told = refused(
        untrained(data, tmp_path / "out", "--embeddings", name="arcface", choices=choices)
    )
    assert "arcface has 2 networks here, and embeddings of one cannot be compared" in told
    assert reads == [] and left(tmp_path / "out") is None


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("choices", [[], ['trials=[{},{"dim":8}]']])
def test_features_lie_in_memory_once(data, train, tmp_path, monkeypatch, choices):
    """What the last encoder sees takes the memory of what was heard, which no one needs again."""
    hear, epoch, measure = systems.hear, training.train_epoch, features.Standardize._measure
    heard, places, seen = [], [], []

    def noted(*given, **more):
        heard.append(hear(*given, **more))
        return heard[-1]

    def measured(self, x, *into):
        places.append(x.data_ptr())
        return measure(self, x, *into)

    def trained(run, feed, *rest):
        seen.append((heard[0].x, feed.inputs.data_ptr()))
        return epoch(run, feed, *rest)

    monkeypatch.setattr(systems, "hear", noted)
    monkeypatch.setattr(features.Standardize, "_measure", measured)
    monkeypatch.setattr(training, "train_epoch", trained)
    assert train(data, tmp_path, choices=choices) == 0
    assert len(heard) == 2 and seen[-1] == (None, places[-1])
    assert (heard[1].x is None) == (not choices)


def test_the_tables_are_those_of_the_detector(result, data):
    clips = sound.index(data)
    test = clips[clips["split"] == "test"]
    scores = pd.read_csv(result / "scores.csv", dtype={"section": str})
    assert (
        scores["clip"].tolist() == [Path(path).name for path in test["path"]]
        and "path" not in scores
    )
    detector = systems.load(result / "detector.safetensors", "cpu")
    np.testing.assert_allclose(scores["score"], detector.score(test), rtol=1e-3, atol=1e-2)
    report = pd.read_csv(result / "report.csv", dtype={"section": str})
    assert list(report["score"].unique()) == ["detector", *CONTROLS]
    counts = report.groupby("score").size()
    assert counts.tolist() == [6] * 6  # two machines: source, target and both
    assert (report[["normal", "anomaly"]].to_numpy() == [[2, 2], [2, 2], [4, 4]] * 12).all()
    rivals = controls.scores(clips[clips["split"] == "train"], test, seconds=1.0)
    fan = (test["machine"] == "fan").to_numpy()
    for name, score in {"detector": scores["score"].to_numpy(), **rivals}.items():
        own = (report["score"] == name) & (report["machine"] == "fan")
        auc = report[own & (report["domain"] == "both")]["auc"].item()
        assert auc == pytest.approx(metrics.auc(test["label"][fan], score[fan])), name


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    "choices, groups",
    [
        (['trials=[{},{"sub_clusters":2}]'], [["fan/00", "valve/00"]] * 2),
        (["each=machine", "task=attributes"], [["fan/00"], ["valve/00"]]),
        (
            ["each=machine", "task=attributes", 'trials=[{},{"dim":8}]'],
            [["fan/00"]] * 2 + [["valve/00"]] * 2,
        ),
    ],
)
def test_several_networks(data, train, capsys, tmp_path, monkeypatch, choices, groups):
    """Each keeps its run, and the detector of all scores as it did when it was trained."""
    (tmp_path / "notes.txt").write_bytes(b"of another run")
    assert train(data, tmp_path, choices=choices) == 0
    assert left(tmp_path) == sorted([*SEVERAL, "notes.txt"])
    runs = sorted(path.relative_to(tmp_path) for path in (tmp_path / "networks").rglob("*.*"))
    assert runs == [
        Path("networks", str(number), "run.safetensors") for number in range(len(groups))
    ]
    detector = systems.load(tmp_path / "detector.safetensors", "cpu")
    assert [network.groups for network in detector.networks] == groups
    clips = sound.index(data)
    test = clips[clips["split"] == "test"]
    scores = pd.read_csv(tmp_path / "scores.csv")["score"]
    assert scores.std() > 0
    np.testing.assert_allclose(detector.score(test), scores, rtol=1e-6)
    capsys.readouterr()
    assert (
        main(["score", str(tmp_path / "detector.safetensors"), *test["path"], "--device", "cpu"])
        == 0
    )
    told = [float(line.split()[2]) for line in capsys.readouterr().out.splitlines()]
    np.testing.assert_allclose(told, scores, atol=6e-4)

    def refuse(*_):
        raise AssertionError("trained again")

    monkeypatch.setattr(training, "train_epoch", refuse)
    tables = {name: (tmp_path / name).read_bytes() for name in ("scores.csv", "report.csv")}
    assert train(data, tmp_path, choices=choices) == 0
    assert {name: (tmp_path / name).read_bytes() for name in tables} == tables


@pytest.mark.usefixtures("unpainted")
def test_once_more_gives_the_same_numbers_and_trains_nothing(
    result, data, train, tmp_path, monkeypatch
):
    out = shutil.copytree(result, tmp_path / "out")

    def refuse(*_):
        raise AssertionError("trained again")

    monkeypatch.setattr(training, "train_epoch", refuse)
    assert train(data, out) == 0
    assert left(out) == FILES
    for name in ("scores.csv", "report.csv"):
        assert (out / name).read_bytes() == (result / name).read_bytes()


def move_up(broken):
    path = broken.train()[0]
    return path.rename(
        path.parent.parent / path.name
    ), "lies in 'fan': move it to <machine>/train or <machine>/test"


def rename(broken):
    path = broken.train()[0]
    return path.rename(
        path.with_name("recording 7.wav")
    ), "fits no name of DCASE 2020 to 2026: rename it like"


def empty_file(broken):
    broken.train()[1].write_bytes(b"")
    return broken.train()[1], "is no readable sound file: copy it again or remove it"


def text(broken):
    broken.test()[1].write_text("no sound")
    return broken.test()[1], "is no readable sound file: copy it again or remove it"


def cut(broken):
    path = broken.test(label="anomaly")[1]
    path.write_bytes(path.read_bytes()[:9999])
    return path, "is cut short, its header promises more: copy it again"


def nan(broken):
    path = broken.test("valve")[0]
    soundfile.write(path, np.full(16000, np.nan), 16000, subtype="FLOAT")
    return path, "holds NaN or infinite samples: export it again as 16-bit PCM"


def short(broken):
    soundfile.write(broken.train()[0], np.full(1600, 0.1), 16000)
    return broken.train()[0], "lasts 0.1 s: record at least 0.25 s"


def short_test(broken):
    soundfile.write(broken.test()[0], np.full(1600, 0.1), 16000)
    return broken.test()[0], "lasts 0.1 s: record at least 0.25 s"


def anomaly(broken):
    path = broken.test(label="anomaly")[0]
    new = path.parent.parent / "train" / path.name.replace("_test_", "_train_")
    return path.rename(new), "is an anomaly among the training clips: move it to the folder test"


def moved_clip(broken):
    path = broken.test()[0]
    return path.rename(
        broken.root / "fan" / "train" / path.name
    ), "is a test clip among the training clips: move it"


def copied(broken):
    path = broken.test()[1]
    shutil.copy(path, broken.train()[2])
    return (
        path,
        f"is the same recording as the training clip {broken.train()[2]}: remove one of them",
    )


def copied_as_float(broken):
    """The same samples in a file of other bytes."""
    path, twin = broken.test("valve")[1], broken.train("valve")[2]
    soundfile.write(twin, soundfile.read(path)[0], 16000, subtype="FLOAT")
    assert path.read_bytes() != twin.read_bytes()
    return path, f"is the same recording as the training clip {twin}: remove one of them"


def stranger(broken):
    shutil.rmtree(broken.root / "valve" / "train")
    first = broken.test("valve", "anomaly")[0]
    return (
        first,
        "is of valve/00, which has no training clips (8 such test clips in all): add some, or "
        "remove its test",
    )


def one_machine(broken):
    shutil.rmtree(broken.root / "valve")
    return (
        "fan/00",
        "all training clips are of one class, fan/00, and the loss learns by telling classes "
        "apart: choose task=attributes (2 classes), add another machine, or name attributes in the "
        f"file names, or take a system that needs no classes ({', '.join(FREE)})",
    )


def one_setting(broken):
    """Of one machine, of which no file tells a setting or domain of its own."""
    shutil.rmtree(broken.root / "valve")
    for path in broken.train():
        if "source" not in path.name:
            path.unlink()
    return (
        "fan/00",
        "telling classes apart: add another machine, or name attributes in the file names, or take",
    )


def one_clip(broken):
    for path in broken.train()[1:]:
        path.unlink()
    return "fan/00", "has one training clip only: record at least 2"


def no_training_clips(broken):
    for machine in ("fan", "valve"):
        shutil.rmtree(broken.root / machine / "train")
    return broken.root, "holds no training clips: put normal clips into <machine>/train"


def nothing(broken):
    shutil.rmtree(broken.root)
    broken.root.mkdir()
    return (
        broken.root,
        "holds no .wav files: give a folder with <machine>/train and <machine>/test below it",
    )


def nowhere(broken):
    shutil.rmtree(broken.root)
    return broken.root, "is no folder: give the folder that holds the machines' folders"


BAD = (
    move_up, rename, empty_file, text, cut, nan, short, short_test, anomaly, moved_clip, copied,
    copied_as_float, stranger, one_machine, one_setting, one_clip, no_training_clips, nothing,
    nowhere,
)  # fmt: skip


@pytest.mark.parametrize("spoil", BAD, ids=lambda spoil: spoil.__name__)
def test_bad_data_are_refused_before_anything_is_written(broken, train, refused, tmp_path, spoil):
    named, words = spoil(broken)
    told = refused(train(broken.root, tmp_path / "out"))
    assert str(named) in told and words in told
    assert left(tmp_path / "out") is None


@pytest.mark.usefixtures("unpainted")
def test_one_machine_is_trained_on_by_what_the_refusal_names(broken, train, capsys, tmp_path):
    one_machine(broken)
    assert train(broken.root, tmp_path / "attributes", choices=["task=attributes"]) == 0
    assert left(tmp_path / "attributes") == FILES
    for name in ("mean_gaussian", "max_gaussian"):
        assert untrained(broken.root, tmp_path / name, name=name) == 0
        assert left(tmp_path / name) == NO_PICTURES


@pytest.mark.usefixtures("unpainted")
def test_set_may_be_given_more_than_once(data, tmp_path):
    """None of its choices is dropped for the last one."""
    assert untrained(data, tmp_path, "--set", "regularization=0.5", "--set", "normalize=true") == 0
    system = systems.load(tmp_path / "detector.safetensors", "cpu").system
    assert dict(system.backend.settings) == {"normalize": True, "regularization": 0.5}
    assert system.seconds == 1.0


@pytest.mark.parametrize(
    "arguments, name",
    [
        (["--epochs", "3"], "epochs"),
        (["--set", "batch_size=8"], "batch_size"),
        (["--set", "task=types"], "task"),
        (["--set", "precision=bf16"], "precision"),
    ],
)
def test_a_setting_without_effect_is_refused(data, refused, reads, tmp_path, arguments, name):
    told = refused(untrained(data, tmp_path / "out", *arguments))
    assert told == (
        f"asdkit run: mean_gaussian trains nothing, so '{name}' would have no effect: leave it out"
    )
    assert left(tmp_path / "out") is None and reads == []


def channels(count):
    def spoil(path):
        wave, rate = soundfile.read(path)
        soundfile.write(path, np.repeat(wave[:, None], count, axis=1), rate)

    return spoil


def other_rate(path):
    soundfile.write(path, np.repeat(soundfile.read(path)[0], 3), 48000)


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    "spoil, words",
    [
        (channels(2), "1 of 12 clips have several channels, of which the first is taken, first "),
        (channels(8), "1 of 12 clips have several channels, of which the first is taken, first "),
        (other_rate, "1 of 12 clips were resampled to 16000 Hz, first "),
    ],
)
def test_what_can_be_repaired_is_told_in_one_line(broken, train, capsys, tmp_path, spoil, words):
    path = broken.train()[1]
    spoil(path)
    assert train(broken.root, tmp_path / "out") == 0
    assert capsys.readouterr().err == f"warning: {words}{path}\n"
    assert left(tmp_path / "out") == FILES


@pytest.mark.usefixtures("unpainted")
def test_digital_silence_is_scored(broken, train, capsys, tmp_path):
    soundfile.write(broken.test()[0], np.zeros(16000), 16000)
    assert train(broken.root, tmp_path / "out") == 0
    assert np.isfinite(pd.read_csv(tmp_path / "out" / "scores.csv")["score"]).all()


def test_without_test_clips_it_trains_and_says_so(broken, train, capsys, tmp_path):
    no_tests(broken.root)
    assert train(broken.root, tmp_path / "out") == 0
    assert (
        f"{broken.root} holds no test clips: the detector is trained, and not"
        in capsys.readouterr().out
    )
    kept = ["cost.json", "detector.safetensors", "run.json", "run.safetensors", *RATES]
    assert left(tmp_path / "out") == kept


def test_unlabeled_test_clips_are_scored_and_not_measured(broken, train, capsys, tmp_path):
    unlabel(broken.root)
    assert train(broken.root, tmp_path / "out") == 0
    assert "carry no labels" in capsys.readouterr().out
    assert left(tmp_path / "out") == [
        name for name in FILES if name not in ("angles.png", "report.csv")
    ]
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert len(scores) == 16 and scores["label"].isna().all() and np.isfinite(scores["score"]).all()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (
            ["--set", "clusters=4"],
            "subcluster_adacos has no choice 'clusters': it has name, paper, task",
        ),
        (
            ["--set", "level=1"],
            "subcluster_adacos has no choice 'level': it has name, paper, task, front",
        ),
        (["--set", "margin=0.5"], "SubClusterAdaCos sub_clusters, variant, trainable"),
        (
            ["--set", "encoder=VGG"],
            "no encoder is called 'VGG': choose one of AutoEncoder, ConvAu",
        ),
        (["--set", "encoder=AdaCos"], "no encoder is called 'AdaCos': choose one of AutoEncoder"),
        (["--set", "front=Gaussian"], "no front is called 'Gaussian': choose one of "),
        (["--set", "mixing=some"], "no mixing is called 'some': choose one of mix, or None"),
        (["--set", "schedule=some"], "choose one of cosine, halved, or None"),
        (["--set", "batches=balanced"], "balanced are drawn by role: choose shuffled"),
        (
            ["--set", "each=machine"],
            "each='machine' gives fan a network of its own, and its clips are of one class of the "
            "task 'sections': choose each='all', or a task that tells more",
        ),
        (["--set", "how=some"], "how is 'uniform' or 'beta', not 'some'"),
        (
            ["--set", "task=some"],
            "no task is called 'some': choose one of types, sections, attributes",
        ),
        (["--set", "each=id"], "each is 'id': choose one of all, machine, group"),
        (
            ["--set", "trials=3"],
            "trials is 3: give a tuple of dicts of choices, one for each network",
        ),
        (["--set", "trials=[]"], "trials is empty: give one dict of choices for each network"),
        (["--set", 'trials=[{"k":3}]'], "subcluster_adacos has no choice 'k': it has name"),
        (
            ["--set", 'trials=[{"task":"types"}]'],
            "'task' is one for all trials of a system: choose it for",
        ),
        (["--set", "precision=half"], "precision is 'half': choose one of float32, bf16"),
        (["--set", "variant=other"], "variant is 'paper' or 'code', not 'other'"),
        (["--set", "regularization=-1"], "regularization is -1: give a number from 0"),
        (["--set", "trainable=maybe"], "trainable is 'maybe': give True or False"),
        (["--set", "dim=wide"], "dim is 'wide': give a whole number, 1 or more"),
        (["--set", "dim=true"], "dim is True: give a whole number"),
        (["--set", "sub_clusters=0"], "sub_clusters is 0: give a whole number, 1 or more"),
        (["--set", "batch_size=1.5"], "batch_size is 1.5: give a whole number"),
        (["--set", "seconds=-1"], "seconds is -1: give a number from 0.1 to 3600"),
        (
            ["--set", "encoder=ResNet"],
            "ResNet does not fit the front, with seconds=1: ResNet takes log-mels (N, 128, T) of "
            "157 frames or more (5 s as LogMel makes them), not (1, 128, 32)",
        ),
        (["--set", "dim"], "--set takes NAME=VALUE, not 'dim'"),
        (["--epochs", "0"], "epochs is 0: give a whole number, 1 or more"),
        (["--seed", "-1"], "--seed is -1: give a whole number from 0"),
        (["--device", "abacus"], "there is no device 'abacus' here: give cpu, cuda or mps"),
        (["--device", "cuda:99"], "there is no device 'cuda:99' here"),
        (["--device", "meta"], "there is no device 'meta' here"),
        (["--data", ""], "--data is empty: give a folder"),
        (["--out", ""], "--out is empty: give a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_arguments_that_cannot_be(
    data, train, refused, reads, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    name, value = arguments
    more = {"choices": [value]} if name == "--set" else {}
    told = refused(train(data, "out", *([] if more else arguments), **more))
    assert words in told and list(tmp_path.iterdir()) == [] and reads == []


def test_an_unknown_system(data, train, refused, tmp_path):
    from asdkit.__main__ import main

    told = refused(main(["run", "nothing", "--data", str(data), "--out", str(tmp_path / "out")]))
    assert "no system is called 'nothing': choose one of subcluster_adacos" in told
    assert left(tmp_path / "out") is None


def test_an_unknown_budget_in_the_environment(data, train, refused, tmp_path, monkeypatch):
    monkeypatch.setenv("ASDKIT_BUDGET", "huge")
    told = refused(train(data, tmp_path / "out"))
    assert "no budget is called 'huge': set ASDKIT_BUDGET to one of smoke, course, paper" in told
    assert left(tmp_path / "out") is None


SETS = """
seed = 3
seconds = 1.0
ids = 1
level = [-44.0, -38.0]
strength = [0.8, 1.0]
train = { source = 5, target = 1 }
test = { source = 2, target = 2 }
domains.source = { states = [{ speed = 100, load = 60 }], mic = 1, noise = 1 }
domains.target = { states = [{ speed = 100, load = 60 }], mic = 2, noise = 2 }
machines.fan = { faults = ["clogging"], snr = [0.0, 3.0] }
"""


@pytest.mark.usefixtures("unpainted")
def test_each_built_in_set_is_taken_by_its_name(tmp_path, monkeypatch, refused):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "halls.toml").write_text(SETS)
    monkeypatch.setattr(runtime, "home", lambda: tmp_path)
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache"))
    assert untrained("halls", tmp_path / "out", "--budget", "smoke") == 0
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    clips = sound.toy("smoke", "halls")
    assert set(scores["machine"]) == {"fan"} and len(scores) == (clips["split"] == "test").sum()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "halls").mkdir()
    told = refused(untrained("halls", tmp_path / "other"))
    assert "--data halls is a built-in set, and a folder here is called so too: give" in told
    assert str(tmp_path / "halls") in told


@pytest.mark.usefixtures("unpainted")
def test_an_id_without_test_clips_is_told_before_the_training(broken, tmp_path, capsys):
    for path in broken.test("fan", ".wav"):
        path.unlink()
    choices = ["encoder=Toy", "epochs=1", "steps=1", "normal=2", "outlier=2"]
    choices.append('front=["LogMel",{"part":"Segments","frames":16,"count":2}]')
    assert untrained(broken.root, tmp_path / "out", name="ddcsad", choices=choices) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "fan/00: no test clips, so nothing is measured of what is trained"
    assert set(pd.read_csv(tmp_path / "out" / "scores.csv")["machine"]) == {"valve"}


def test_a_cache_that_cannot_be_made(train, refused, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "file" / "cache"))
    told = refused(train("toy", tmp_path / "out"))
    assert "cannot be made (Not a directory): set ASDKIT_CACHE to a folder you may write to" in told


@pytest.mark.parametrize("below", ["", "deep/out"])
def test_out_that_is_a_file(data, train, refused, tmp_path, below):
    (tmp_path / "out").write_text("mine")
    told = refused(train(data, tmp_path / "out" / below))
    assert (
        f"--out {tmp_path / 'out' / below} cannot be a folder, as {tmp_path / 'out'} is a file: "
        "give another" in told
    )
    assert (tmp_path / "out").read_text() == "mine"


def test_out_that_is_read_only(data, train, refused, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    told = refused(train(data, tmp_path / "deep" / "out"))
    assert f"cannot be written, as {tmp_path} is read-only: give another folder" in told
    assert left(tmp_path) == []


def test_out_that_holds_another_run(result, data, broken, train, refused, tmp_path):
    out = shutil.copytree(result, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    broken.train()[0].unlink()
    run, note = out / "run.safetensors", out / "run.json"
    for call, words in (
        (lambda: train(broken.root, out), "data"),
        (lambda: train(data, out, "--seed", 5), "seed"),
        (lambda: train(data, out, choices=["dim=8"]), "encoder"),
        (lambda: train(data, out, choices=["variant=code"]), "loss"),
        (lambda: train(data, out, choices=["task=attributes"]), "task"),
        (lambda: train(data, out, choices=["schedule=cosine"]), "schedule"),
        (lambda: train(data, out, choices=["mixing=none"]), "mixing"),
        (lambda: train(data, out, choices=["components=2"]), "backend"),
        (lambda: untrained(data, out), "system"),
    ):
        assert f"{note} is of a call with another {words}: give another folder" in refused(call())
    told = refused(train(data, out, epochs=2))
    assert f"{run} has trained 3 epochs, more than the 2 asked for: ask for as many" in told
    run.write_bytes(run.read_bytes()[:1000])
    assert f"{run} is damaged or cut short, or never was a saved run: give another, or" in refused(
        train(data, out)
    )
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before | {
        "run.safetensors": run.read_bytes()
    }


@pytest.mark.usefixtures("unpainted")
def test_interrupted_training_goes_on_to_the_same_numbers(
    result, data, train, capsys, tmp_path, monkeypatch
):
    epoch = training.train_epoch

    def interrupted(run, feed, number, *rest):
        told = epoch(run, feed, number, *rest)
        if number == 1:
            signal.raise_signal(signal.SIGINT)
        return told

    out = tmp_path / "out"
    monkeypatch.setattr(training, "train_epoch", interrupted)
    assert train(data, out) == 130
    assert (
        capsys.readouterr().err
        == "asdkit run: stopped; the same command goes on from its last whole epoch\n"
    )
    assert left(out) == ["run.safetensors"]
    trained = []
    monkeypatch.setattr(
        training, "train_epoch", lambda *given: trained.append(given[2]) or epoch(*given)
    )
    assert train(data, out) == 0
    assert trained == [1, 2] and left(out) == FILES
    assert (out / "scores.csv").read_bytes() == (result / "scores.csv").read_bytes()


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("full_from", range(13))
def test_a_full_disk(result, data, train, refused, tmp_path, monkeypatch, full_from):
    """The lock, the note, three epochs, the detector, two tables, two figures, the thresholds and
    theirs, the cost: one of them fills the disk.
    """
    order = [".asdkit.lock.json", "run.json", *["run.safetensors"] * 3, "detector.safetensors"]
    order += ["scores.csv", "report.csv", "scale.png", "angles.png", *RATES, "cost.json"]
    fsync, count = os.fsync, iter(range(99))

    def full(number):
        if next(count) >= full_from:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(number)

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        told = refused(train(data, out))
    assert (
        f"{out / order[full_from]} cannot be written (No space left on device): make room there, "
        "or give" in told
    )
    there = set(order[1:full_from]) - ({"run.json"} if full_from < 6 else set())
    assert left(out) == (sorted(there) or None)
    if full_from == 4:
        assert train(data, out) == 0 and left(out) == FILES
        assert (out / "scores.csv").read_bytes() == (result / "scores.csv").read_bytes()


def test_a_disk_that_is_full_in_the_middle_of_a_file(data, train, refused, tmp_path, monkeypatch):
    def full(file, place):
        file.truncate(place)
        raise OSError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(digest, "stamp", full)
    told = refused(train(data, tmp_path / "out"))
    assert (
        "run.safetensors cannot be written (I/O error: No space left" in told
        and left(tmp_path / "out") is None
    )


def test_the_sentence_stands_on_a_line_of_its_own(broken, train, capsys, tmp_path, monkeypatch):
    """A bar that is still open would stand before it."""
    monkeypatch.setenv("ASDKIT_PROGRESS", "1")
    path, _ = text(broken)

    def interrupt(*_):
        raise KeyboardInterrupt

    assert train(broken.root, tmp_path / "out") == 2
    assert capsys.readouterr().err.split("\r")[-1] == (
        f"asdkit run: {path} is no readable sound file: copy it again or remove it\n"
    )
    path.unlink()
    monkeypatch.setattr(training, "train_epoch", interrupt)
    assert train(broken.root, tmp_path / "out") == 130
    told = capsys.readouterr().err.split("\r")[-1]
    assert told == "asdkit run: stopped; the same command goes on from its last whole epoch\n"


@pytest.mark.parametrize("fill", FILL)
def test_a_full_memory(data, train, refused, tmp_path, monkeypatch, fill):
    monkeypatch.setattr(training, "train_epoch", lambda *_: FILL[fill]())
    told = refused(train(data, tmp_path / "out"))
    assert told == (
        "asdkit run: the memory is full: take smaller batches (--set batch_size=16) or shorter "
        "clips (--set seconds=5), into a new --out"
    )
    assert left(tmp_path / "out") is None


def test_a_fault_of_the_kit_is_no_full_memory(data, train, tmp_path, monkeypatch):
    """A traceback then says more than a sentence could."""
    monkeypatch.setattr(training, "train_epoch", lambda *_: torch.zeros(2) @ torch.zeros(3))
    with pytest.raises(RuntimeError, match="size"):
        train(data, tmp_path / "out")


def unlabel(root):
    for machine in ("fan", "valve"):
        for number, path in enumerate((root / machine / "test").iterdir()):
            path.rename(path.with_name(f"section_00_{number:04d}.wav"))


def no_anomalies(root):
    for path in root.glob("*/test/*anomaly*"):
        path.unlink()


def no_tests(root):
    for machine in ("fan", "valve"):
        shutil.rmtree(root / machine / "test")


@pytest.mark.usefixtures("unpainted")
def test_thresholds_are_told_with_what_other_clips_show(data, tmp_path):
    assert untrained(data, tmp_path / "out", "--percentile", "60") == 0
    table = pd.read_csv(tmp_path / "out" / "thresholds.csv").set_index("group")
    detector = systems.load(tmp_path / "out" / "detector.safetensors", "cpu")
    assert dict(table["threshold"]) == pytest.approx(detector.thresholds)
    assert set(table["rate"]) == {0.4} and set(table["train"]) == {6} and set(table["test"]) == {4}
    clips = sound.index(data).query("split == 'test' and label == 0")
    alarms = detector.decide(detector.score(clips), sound.groups(clips))
    shown = pd.Series(alarms).groupby(sound.groups(clips).to_numpy()).mean()
    assert dict(table["shown"]) == dict(shown)
    for name, score in detector.normal.items():
        assert table["left_out"][name] == metrics.left_out_rate(score, 0.4)


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    "change, gone",
    [
        (unlabel, ["angles.png", "report.csv"]),
        (no_anomalies, ["angles.png"]),
        (no_tests, ["angles.png", "report.csv", "scale.png", "scores.csv"]),
    ],
)
def test_what_no_longer_belongs_to_the_test_clips_is_removed(
    result, broken, train, tmp_path, change, gone
):
    out = shutil.copytree(result, tmp_path / "out")
    (out / "notes.txt").write_text("mine")
    (out / "own.png").write_text("mine")
    change(broken.root)
    assert train(broken.root, out) == 0
    assert left(out) == sorted({*FILES, "notes.txt", "own.png"} - {*gone})


def test_a_loss_that_is_not_finite(data, train, refused, tmp_path, monkeypatch):
    from asdkit import losses

    forward = losses.SubClusterAdaCos.forward
    monkeypatch.setattr(
        losses.SubClusterAdaCos, "forward", lambda *given: forward(*given) * float("nan")
    )
    assert "the loss is nan at step 0" in refused(train(data, tmp_path / "out"))
    assert left(tmp_path / "out") is None


def test_the_help_names_every_recipe_that_lies_there(tmp_path, monkeypatch, capsys):
    (tmp_path / "data").mkdir()
    for name in ("halls", "toy"):
        (tmp_path / "data" / f"{name}.toml").touch()
    monkeypatch.setattr(runtime, "home", lambda: tmp_path)
    for command in (["run"], ["sweep"], ["data", "synth"]):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        assert "halls, toy" in " ".join(capsys.readouterr().out.split()), command
    monkeypatch.setattr(runtime, "home", lambda: (_ for _ in ()).throw(FileNotFoundError))
    with pytest.raises(SystemExit) as ended:
        main(["--version"])  # which needs no clone
    assert ended.value.code == 0
