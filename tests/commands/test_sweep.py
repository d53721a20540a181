"""``asdkit sweep``: the scores of each network are those of ``fit`` and ``score``, and a file or
folder that was cut off goes on.
"""

import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from asdkit import runtime, sound, systems, traces
from asdkit.__main__ import main
from asdkit.commands import sweep_notes
from asdkit.commands.sweep_tables import COLUMNS
from asdkit.held import LOCK, held
from asdkit.sound.synthetic import recipe as recipes
from asdkit.systems import System

TINY = "encoder=Toy dim=16 seconds=1.0"
CHOICES = {"encoder": "Toy", "dim": 16, "seconds": 1.0, "epochs": 2}
PLAIN, MARGIN = f"arcface margin=0 {TINY}", f"arcface margin=0.7 {TINY}"
MEAN = "mean_gaussian seconds=1.0"
RECIPE = """
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
machines.valve = { faults = ["sluggish"], snr = [0.0, 3.0] }
"""


@pytest.fixture
def sweep(data, tmp_path):
    """Call it on the small data set, with two systems and two epochs unless told otherwise."""

    def call(*more, names=(PLAIN, MARGIN), seeds=2, epochs=2, out="scores.csv", data=data):
        words = ["--data", data, "--seeds", seeds, "--epochs", epochs, "--out", tmp_path / out]
        return main(["sweep", *map(str, [*names, *words, "--device", "cpu", *more])])

    return call


@pytest.fixture
def fits(monkeypatch):
    """The seeds of the networks that are trained; the training numbered ``fits.cut`` is stopped."""
    fit, seeds = System.fit, Fits()

    def counted(self, clips, *more, seed=0, **choices):
        seeds.append(seed)
        if len(seeds) == seeds.cut:
            raise KeyboardInterrupt
        return fit(self, clips, *more, seed=seed, **choices)

    monkeypatch.setattr(System, "fit", counted)
    return seeds


class Fits(list):
    cut = None


@pytest.fixture
def tables(data):
    clips = sound.index(data)
    return clips[clips["split"] == "train"], clips[clips["split"] == "test"]


def test_scores_are_those_of_a_system_fitted_by_itself(sweep, tables, tmp_path):
    train, test = tables
    others = ("angle", "NearestNeighbor", "CosineToClusters", "PLDA", "Probability")
    assert sweep("--backends", *others, names=(PLAIN, MEAN)) == 0
    table, _ = traces.read(tmp_path / "scores.csv")
    for seed in range(2):
        for backend in ("Gaussian", *others[1:]):
            alone = systems.get("arcface", margin=0, backend=backend, **CHOICES)
            score = alone.fit(train, seed=seed, device="cpu").score(test)
            np.testing.assert_allclose(table[f"{PLAIN}|{backend}|{seed}"], score, rtol=1e-4)
        detector = systems.get("arcface", margin=0, **CHOICES).fit(train, seed=seed, device="cpu")
        angle = detector.angle(detector.embed(test), sound.groups(test))
        np.testing.assert_allclose(table[f"{PLAIN}|angle|{seed}"], angle, rtol=1e-4)
    score = systems.get("mean_gaussian", seconds=1.0).fit(train, device="cpu").score(test)
    np.testing.assert_allclose(table[f"{MEAN}|Gaussian"], score, rtol=1e-4)
    assert len(table.columns) == len(traces.FACTS) + 2 * 6 + 1
    assert table["label"].tolist() == test["label"].tolist()


def test_clips_are_read_once_for_all_systems(sweep, tables, reads):
    assert sweep(names=(PLAIN, MARGIN, MEAN), seeds=1, epochs=1) == 0
    assert len(reads) == len(set(reads)) == sum(map(len, tables))


def test_a_sweep_goes_on_where_it_was_cut(sweep, fits, tmp_path):
    fits.cut = 4
    assert sweep() == 130
    table, _ = traces.read(tmp_path / "scores.csv")
    names = [f"{PLAIN}|Gaussian|0", f"{MARGIN}|Gaussian|0", f"{PLAIN}|Gaussian|1"]
    assert list(table.columns[len(traces.FACTS) :]) == names
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scores.csv", "scores.csv.cells"]
    assert sweep() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]
    assert fits == [0, 0, 1, 1, 1]
    assert sweep(out="whole.csv") == 0
    cut, whole = [(tmp_path / name).read_text() for name in ("scores.csv", "whole.csv")]
    for text in (cut, whole):
        assert text.split("\n")[2].startswith("# digest ")
    kept = (0, 2)  # the command, which names the file, and the digest of both
    lines = [
        [line for number, line in enumerate(text.split("\n")) if number not in kept]
        for text in (cut, whole)
    ]
    assert lines[0] == lines[1]


def test_more_seeds_and_backends_are_added(sweep, fits, tmp_path):
    assert sweep(names=(PLAIN, MEAN), seeds=1) == 0 and fits == [0, 0]
    assert sweep(names=(PLAIN, MEAN), seeds=1) == 0 and fits == [0, 0]
    assert sweep(names=(PLAIN, MEAN), seeds=2) == 0 and fits == [0, 0, 1]
    assert sweep("--backends", "angle", names=(PLAIN, MEAN)) == 0 and fits == [0, 0, 1, 0, 1]
    table, notes = traces.read(tmp_path / "scores.csv")
    keys = [f"{PLAIN}|{name}" for name in ("Gaussian|0", "angle|0")]
    keys += [f"{MEAN}|Gaussian", f"{PLAIN}|Gaussian|1", f"{PLAIN}|angle|1"]
    assert list(table.columns[len(traces.FACTS) :]) == keys
    assert "--seeds 2" in notes[0] and "--backends angle" in notes[0]


def test_the_command_in_the_file_makes_it_again(sweep, tmp_path, monkeypatch):
    import shlex

    assert sweep("--backends", "angle", seeds=1) == 0
    told = (tmp_path / "scores.csv").read_text().split("\n")[0].removeprefix("# ")
    assert str(tmp_path) not in told
    parsed = shlex.split(told)
    assert parsed[:4] == ["asdkit", "sweep", PLAIN, MARGIN]
    assert parsed[-2:] == ["--out", "scores.csv"]


def test_a_file_of_another_sweep_is_refused(sweep, refused, broken, tmp_path):
    assert sweep(seeds=1) == 0
    before = (tmp_path / "scores.csv").read_bytes()
    assert "2 epochs, and this would be" in refused(sweep(epochs=3))
    assert "which this command does not make" in refused(sweep(names=(PLAIN,)))
    broken.test()[0].unlink()
    assert "give another --out" in refused(sweep(data=broken.root))
    (tmp_path / "notes.csv").write_text("what,else\n1,2\n")
    assert "is no table of scores" in refused(sweep(out="notes.csv"))
    assert (tmp_path / "scores.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("choices", "more", "words"),
    [
        ({"seeds": 0}, (), "--seeds is 0: give a whole number, 1 or more"),
        ({"epochs": 0}, (), "epochs is 0: give a whole number"),
        ({"names": (PLAIN, PLAIN)}, (), "a system stands twice"),
        ({"names": ("nothing",)}, (), "no system is called 'nothing'"),
        ({"names": ("adacos margin",)}, (), "adacos takes NAME=VALUE, not 'margin'"),
        ({"names": ("adacos margin=1",)}, (), "adacos has no choice 'margin'"),
        ({}, ("--backends", "Ear"), "no backend is called 'Ear'"),
        ({"names": (f"adacos task=types {TINY}",)}, ("--backends", "Probability"), "needs classes"),
        ({}, ("--clips", "8"), "--clips is of the built-in sets"),
        ({"names": (f"{PLAIN} each=group",)}, ("--backends", "angle"), "is several networks"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_a_clip_is_read(
    sweep, refused, reads, tmp_path, choices, more, words
):
    assert words in refused(sweep(*more, **choices))
    assert reads == [] and list(tmp_path.iterdir()) == []


def test_test_clips_without_labels_are_refused(sweep, refused, broken, reads):
    path = broken.test()[0]
    path.rename(path.with_name("section_00_0007.wav"))
    assert "no test clips with labels" in refused(sweep(data=broken.root)) and reads == []


def test_more_toy_clips_leave_the_test_clips_as_they_are(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "toy.toml").write_text(RECIPE)
    monkeypatch.setattr(runtime, "home", lambda: tmp_path)
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache"))
    plan = recipes.plan(recipes.read(tmp_path / "data" / "toy.toml"))
    wanted = sorted(clip.path for clip in plan if clip.split == "test")
    for clips in (6, 12):
        out = tmp_path / f"{clips}.csv"
        assert main(["sweep", MEAN, "--clips", str(clips), "--out", str(out)]) == 0
        table, notes = traces.read(out)
        assert sorted(table["machine"] + "/test/" + table["clip"]) == wanted
        assert f"{2 * clips} training clips" in notes[1]


def test_another_built_in_set_is_taken_as_its_recipe_stands(tmp_path, monkeypatch, refused):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "halls.toml").write_text(RECIPE)
    monkeypatch.setattr(runtime, "home", lambda: tmp_path)
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache"))
    plan = recipes.plan(recipes.read(tmp_path / "data" / "halls.toml"))
    out = tmp_path / "halls.csv"
    assert main(["sweep", MEAN, "--data", "halls", "--out", str(out)]) == 0
    table, notes = traces.read(out)
    assert "halls data, 12 training clips" in notes[1]
    wanted = sorted(clip.path for clip in plan if clip.split == "test")
    assert sorted(table["machine"] + "/test/" + table["clip"]) == wanted
    few = main(["sweep", MEAN, "--data", "halls", "--clips", "0", "--out", str(tmp_path / "x.csv")])
    assert "clips is 0: give a whole number" in refused(few)


def test_paths_are_told_from_the_clone():
    assert sweep_notes.told(runtime.home() / "data" / "traces" / "x.csv") == "data/traces/x.csv"
    assert sweep_notes.told("runs/x.csv") == "runs/x.csv"


@pytest.fixture
def second(data, tmp_path_factory):
    return shutil.copytree(data, tmp_path_factory.mktemp("other") / "second")


def results(folder):
    return pd.read_csv(folder / "results.csv", dtype={"section": str})


def test_a_folder_holds_one_table_of_all(sweep, tmp_path, data, second):
    assert sweep("--data", data, second, "--backends", "angle", names=(PLAIN, MEAN), out="o") == 0
    out = tmp_path / "o"
    found = results(out)
    assert tuple(found.columns) == COLUMNS and len(found) == 2 * 2 * (2 * 2 + 1)
    scores = {name: traces.read(out / f"{name}.csv") for name in ("data", "second")}
    assert "second data, 12 training clips" in scores["second"][1][1]
    assert scores["data"][0].equals(scores["second"][0])
    table, _ = scores["data"]
    own = found[(found["data"] == "data") & (found["system"] == PLAIN) & (found["seed"] == 1)]
    for name in ("Gaussian", "angle"):
        part = own[own["backend"] == name].set_index("machine")
        for machine, clips in table.groupby("machine"):
            column = clips[f"{PLAIN}|{name}|1"]
            assert part["auc"][machine] == pytest.approx(roc_auc_score(clips["label"], column))
    assert set(own["epochs"]) == {2} and set(own["clips"]) == {6}
    free = found[found["system"] == MEAN]
    assert set(free["seed"]) == set(free["epochs"]) == {0} and (found["seconds"] > 0).all()
    assert pd.read_csv(out / "refused.csv").empty
    assert sorted(path.name for path in out.iterdir()) == [
        "cells", "data.csv", "refused.csv", "results.csv", "second.csv"
    ]  # fmt: skip


def test_what_cannot_be_is_listed_and_stops_nothing(sweep, refused, tmp_path, capsys):
    fan = f"{PLAIN} each=machine"
    assert sweep(names=(fan, PLAIN), seeds=2, epochs=1, out="o") == 0
    listed = pd.read_csv(tmp_path / "o" / "refused.csv")
    assert listed[["system", "data"]].values.tolist() == [[fan, "data"]]
    assert "its clips are of one class of the task" in listed["reason"][0]
    assert capsys.readouterr().out.count("refused:") == 1
    assert set(results(tmp_path / "o")["system"]) == {PLAIN}
    assert "2 of 4 cells are not finished" in refused(sweep(names=(fan, PLAIN), epochs=1))


def test_a_folder_goes_on_and_grows(sweep, fits, refused, tmp_path, capsys):
    fits.cut = 3
    assert sweep(out="o", epochs=1) == 130
    assert "goes on from its last" in capsys.readouterr().err
    assert len(results(tmp_path / "o")) == 4
    assert sweep(out="o", epochs=1) == 0 and fits == [0, 0, 1, 1, 1]
    assert sweep(names=(PLAIN, MARGIN, MEAN), out="o", epochs=1) == 0 and len(fits) == 6
    first = (tmp_path / "o" / "results.csv").read_bytes()
    assert f"holds {MEAN}, seed 0, data, which" in refused(sweep(out="o", epochs=1))
    assert "which this command does not make" in refused(sweep(out="o", epochs=2))
    assert (tmp_path / "o" / "results.csv").read_bytes() == first and len(fits) == 6


def test_a_cell_that_fails_leaves_the_others(sweep, refused, tmp_path, monkeypatch):
    fit = System.fit

    def broken(self, *some, seed=0, **more):
        if seed == 0:
            raise FloatingPointError("the loss is nan at step 3")
        return fit(self, *some, seed=seed, **more)

    monkeypatch.setattr(System, "fit", broken)
    told = refused(sweep(names=(PLAIN,), out="o", epochs=1))
    assert "1 of 2 cells are not finished, and the same command goes on" in told
    assert told.endswith(f"{PLAIN}, seed 0, data: the loss is nan at step 3")
    assert set(results(tmp_path / "o")["seed"]) == {1}


def test_two_sweeps_into_one_folder_are_refused(sweep, refused, tmp_path):
    with held(tmp_path / "o" / "cells" / LOCK, "o", "sweep"):
        assert "is held by another sweep (process" in refused(sweep(out="o"))
    assert not (tmp_path / "o" / "results.csv").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--jobs", "0"), "--jobs is 0: give a whole number from 1 to "),
        (("--jobs", "1000000"), "--jobs is 1000000: give a whole number from 1 to "),
        (("--jobs", "2", "--scheduler", "tcp://x:1"), "a scheduler's workers are its jobs"),
        (("--data", "toy", "shift"), "is for one data set: give a folder"),
        (("--device", "cuda:77"), "there is no device 'cuda:77' here"),
    ],
)
def test_a_command_that_cannot_be_is_refused(sweep, refused, tmp_path, more, words):
    assert words in refused(sweep(*more)) and list(tmp_path.iterdir()) == []


def test_own_names_are_read_by_a_pattern_and_another_pattern_is_another_cell(
    sweep, fits, refused, tables, tmp_path
):
    for clip in pd.concat(tables).itertuples():
        kind = {0: "ok", 1: "ng"}[clip.label]
        way = tmp_path / "own" / clip.machine / clip.split / kind / clip.domain
        way.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip.path, way / f"{sum(1 for _ in way.iterdir())}.wav")
    pattern, same = (
        f"{{machine}}/{{split}}/{{label}}/{{domain}}/{end}.wav" for end in ("{id}", "*")
    )
    clips = sound.index(tmp_path / "own", pattern)
    assert clips.equals(sound.index(tmp_path / "own", same))
    how = {"data": tmp_path / "own", "seeds": 1, "epochs": 1, "names": (PLAIN, MEAN)}
    for out in ("o", "scores.csv"):
        assert sweep("--pattern", pattern, out=out, **how) == 0
        begun = len(fits)
        assert sweep("--pattern", pattern, out=out, **how) == 0 and len(fits) == begun
        told = refused(sweep("--pattern", same, out=out, **how))
        assert ("which this command does not make" if out == "o" else "{domain}/{id}.wav") in told
    table, notes = traces.read(tmp_path / "scores.csv")
    assert table["clip"][0] == "fan/test/ng/source/0.wav" and table["clip"].is_unique
    assert f"--pattern '{pattern}'" in notes[0]
    train, test = (clips[clips["split"] == name] for name in ("train", "test"))
    alone = systems.get("mean_gaussian", seconds=1.0).fit(train, device="cpu").score(test)
    np.testing.assert_allclose(table[f"{MEAN}|Gaussian"], alone, rtol=1e-4)
    told = refused(sweep("--pattern", pattern, data="toy"))
    assert "--pattern is for folders, and --data toy is a built-in set" in told


def test_two_data_sets_of_one_name_are_refused(sweep, refused, data, tmp_path):
    shutil.copytree(data, tmp_path / data.name)
    told = refused(sweep("--data", data, tmp_path / data.name, out="o"))
    assert f"two data sets are called {data.name}: rename" in told
