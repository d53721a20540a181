"""Synthetic data sets: names, bytes, levels that tell nothing, and a built-in set that is whole or
not there.
"""

import copy
import multiprocessing
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from scipy import stats

from asdkit import runtime, sound
from asdkit.sound.synthetic import recipe as recipes
from asdkit.sound.synthetic import synth

TOY = tomllib.loads((runtime.home() / "data" / "toy.toml").read_text(encoding="utf-8"))


def small(**changes):
    """The built-in recipe with clips of half a second."""
    recipe = copy.deepcopy(TOY) | {"seconds": 0.5, "ids": 1}
    recipe["train"] = {"source": 3, "target": 1}
    recipe["test"] = {"source": 3, "target": 3}
    return recipe | changes


def two(**changes):
    """That of two machines."""
    recipe = small(**changes)
    recipe["machines"] = {name: recipe["machines"][name] for name in ("fan", "valve")}
    return recipe


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """The built-in set at budget smoke, of 2 s a clip, with the level of each clip."""
    root = synth.synthesize(tmp_path_factory.mktemp("smoke") / "toy", TOY | {"seconds": 2.0}, 8)
    clips = sound.index(root)
    waves = [soundfile.read(path)[0] for path in clips["path"]]
    clips["level"] = [20 * np.log10(wave.std()) for wave in waves]
    clips["peak"] = [np.abs(wave).max() for wave in waves]
    clips["offset"] = [wave.mean() for wave in waves]
    clips["size"] = [len(wave) for wave in waves]
    return clips


def test_names_parse_and_counts_balance(smoke):
    assert set(smoke["machine"]) == {"fan", "pump", "slider", "valve"}
    assert set(smoke["section"]) == {"00", "01", "02"} and set(smoke["year"]) == {2022}
    train, test = smoke[smoke["split"] == "train"], smoke[smoke["split"] == "test"]
    assert (train["label"] == 0).all() and (train.groupby(["machine", "section"]).size() == 8).all()
    assert set(train["domain"]) == {"source", "target"}
    assert (test.groupby(["machine", "section", "domain", "label"]).size() == 4).all()
    assert (smoke["size"] == 32_000).all()
    info = soundfile.info(smoke["path"].iloc[0])
    assert (info.samplerate, info.channels, info.subtype) == (16_000, 1, "PCM_16")
    assert smoke["attributes"].str.fullmatch(r"speed_\d{3}_load_\d{3}_mic_\d_noise_\d").all()
    assert sound.classes(train).nunique() == 4 * 3 * 3


def test_course_has_about_a_thousand_clips():
    plan = recipes.plan(recipes.read(TOY), runtime.budget("course").clips)
    assert 950 <= len(plan) <= 1050 and len({clip.path for clip in plan}) == len(plan)


def test_no_clip_clips_or_has_an_offset(smoke):
    assert smoke["peak"].max() < 0.99
    assert smoke["offset"].abs().max() < 2 / 32768
    assert smoke["level"].between(TOY["level"][0] - 0.1, TOY["level"][1] + 0.1).all()


def test_level_tells_no_label(smoke):
    test = smoke[smoke["split"] == "test"]
    normal_mean = smoke[smoke["split"] == "train"].groupby("machine")["level"].mean()
    parts = [("all", test), *test.groupby("machine")]
    scores = {
        "signed": test["level"],
        "distance": (test["level"] - test["machine"].map(normal_mean)).abs(),
    }
    for name, part in parts:
        for how, score in scores.items():
            normal, anomaly = (score[part.index[part["label"] == label]] for label in (0, 1))
            auc = stats.mannwhitneyu(anomaly, normal).statistic / (len(normal) * len(anomaly))
            deviation = np.sqrt(
                (len(normal) + len(anomaly) + 1) / (12 * len(normal) * len(anomaly))
            )
            # Two-sided, at 1 % over all comparisons together.
            bound = stats.norm.isf(0.005 / (2 * len(parts))) * deviation
            assert abs(auc - 0.5) < bound, f"{how} level of {name} gives AUC {auc:.2f}"


def test_level_and_offset_of_all_machines_tell_no_label(tmp_path):
    recipe = tomllib.loads((runtime.home() / "data" / "machines.toml").read_text(encoding="utf-8"))
    clips = sound.index(
        synth.synthesize(tmp_path / "made", recipe | {"seconds": 0.5, "ids": 2}, clips=24)
    )
    clips = clips[clips["split"] == "test"]
    assert set(clips["machine"]) == set(sound.faults())
    waves = [soundfile.read(path)[0] for path in clips["path"]]
    scores = {
        "level": [wave.std() for wave in waves],
        "offset": [abs(wave.mean()) for wave in waves],
    }
    for name, score in scores.items():
        for machine, part in clips.assign(score=score).groupby("machine"):
            normal, anomaly = (part["score"][part["label"] == label] for label in (0, 1))
            told = stats.mannwhitneyu(anomaly, normal).pvalue
            assert told > 0.01 / (2 * len(sound.faults())), (
                f"the {name} of {machine} tells the label"
            )


def test_level_and_snr_do_not_know_the_label():
    wanted = [clip for clip in recipes.plan(small()) if clip.label == "anomaly"]
    for clip in wanted:
        facts = [
            synth.clip(small(), one)[1] for one in (clip, clip._replace(label="normal", fault=None))
        ]
        assert facts[0]["level"] == facts[1]["level"] and facts[0]["snr"] == facts[1]["snr"]
    assert len({synth.clip(small(), clip)[1]["level"] for clip in wanted}) == len(wanted)


def test_truth_tells_fault_and_strength(smoke):
    root = Path(smoke["path"].iloc[0]).parents[2]
    truth = pd.read_csv(root / "truth.csv", keep_default_na=False)
    assert [str(root / path) for path in sorted(truth["path"])] == sorted(smoke["path"])
    anomalous = truth["path"].str.contains("_anomaly_")
    assert (truth["fault"] != "").equals(anomalous)
    assert (
        truth.loc[anomalous, "strength"].between(*TOY["strength"]).all()
        and (truth.loc[~anomalous, "strength"] == 0).all()
    )
    for machine, rows in truth[anomalous].groupby(truth["path"].str.split("/").str[0]):
        assert set(rows["fault"]) == set(TOY["machines"][machine]["faults"])


def test_fewer_clips_are_the_same_clips(tmp_path):
    recipe = two(train={"source": 10, "target": 2}, test={"source": 9, "target": 9})
    few, many = (synth.synthesize(tmp_path / str(clips), recipe, clips) for clips in (4, 24))
    names = [path.relative_to(few) for path in few.rglob("*.wav")]
    assert 0 < len(names) < len(list(many.rglob("*.wav")))
    assert all((few / name).read_bytes() == (many / name).read_bytes() for name in names)


def test_another_seed_is_another_sound(tmp_path):
    clip = recipes.plan(small())[0]
    assert not np.array_equal(synth.clip(small(), clip)[0], synth.clip(small(seed=2), clip)[0])


def broken(change):
    recipe = small()
    change(recipe)
    return recipe


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda recipe: recipe.pop("seed"), "lacks seed"),
        (lambda recipe: recipe["train"].pop("target"), "lacks target"),
        (
            lambda recipe: recipe["machines"].update(drill={"faults": ["x"], "snr": [0, 1]}),
            "drill.*take one of",
        ),
        (lambda recipe: recipe["machines"]["fan"].update(faults=["rust"]), "unknown fault 'rust'"),
        (lambda recipe: recipe["machines"]["fan"].pop("snr"), "lacks snr"),
        (lambda recipe: recipe.update(strength=[0.5, 2]), "strength"),
        (lambda recipe: recipe.update(level=-40), "level"),
        (lambda recipe: recipe.update(ids=0), "ids"),
        (lambda recipe: recipe.update(train={"source": 2.5, "target": 1}), "train.source"),
        (lambda recipe: recipe.update(train={"source": 0, "target": 0}), "no training clips"),
        (lambda recipe: recipe["domains"]["source"].update(states=[]), "no states"),
        (lambda recipe: recipe["domains"]["source"].update(states=5), "no states"),
        (
            lambda recipe: recipe["domains"]["target"].update(states=[{"speed": 1.1, "load": 60}]),
            "speed",
        ),
        (lambda recipe: recipe.update(train={"source": 10_001, "target": 1}), "10000"),
        (lambda recipe: recipe.update(machines=3), "machines"),
        (lambda recipe: recipe.update(level=[-3.0, -3.0]), "full scale"),
    ],
)
def test_a_recipe_that_cannot_be_made_is_told(tmp_path, change, told):
    with pytest.raises(ValueError, match=told):
        synth.synthesize(tmp_path / "out", broken(change))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", [None, "seed = = 3", "seed = 3\n"])
def test_a_file_that_is_no_recipe_is_told_by_name(tmp_path, text):
    path = tmp_path / "mine.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ValueError, match="mine.toml.*toy.toml"):
        synth.synthesize(tmp_path / "out", path)


def test_a_folder_that_holds_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not an empty folder"):
        synth.synthesize(tmp_path, small())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert len(sound.index(synth.synthesize(tmp_path / "empty", two(), 2)))


@pytest.mark.parametrize("clips", [1, 0, 2.5])
def test_too_few_clips_are_told(tmp_path, clips):
    with pytest.raises(ValueError, match="at least 2"):
        synth.synthesize(tmp_path / "out", small(), clips)


@pytest.fixture
def short_home(tmp_path, monkeypatch):
    """A home and a cache of their own, whose built-in recipe makes short clips."""
    text = (
        (runtime.home() / "data" / "toy.toml")
        .read_text(encoding="utf-8")
        .replace("seconds = 10.0", "seconds = 0.5")
        .replace("ids = 3", "ids = 1")
    )
    assert "seconds = 0.5" in text and "ids = 1" in text
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "toy.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(runtime, "home", lambda: tmp_path)
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache_2025"))
    monkeypatch.setenv("ASDKIT_PROGRESS", "0")
    return tmp_path


def _build(barrier, queue, home):
    runtime.home = lambda: home
    barrier.wait()
    queue.put(len(synth.toy("smoke")))


@pytest.mark.skipif(
    sys.platform == "win32", reason="the test hands its home to the processes by forking"
)
def test_two_processes_build_the_toy_at_once(short_home):
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_build, args=(barrier, queue, short_home)) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert [queue.get(timeout=60) for _ in workers] == [96, 96]
    for worker in workers:
        worker.join(timeout=60)
    assert len(list((short_home / "cache_2025").iterdir())) == 1


def test_toy_is_built_once_and_keeps_its_year(short_home, monkeypatch):
    first = sound.toy("smoke")
    assert set(first["year"]) == {2022}
    monkeypatch.setattr(synth, "synthesize", lambda *_: pytest.fail("built twice"))
    assert sound.toy("smoke").equals(first)


def test_toy_takes_another_recipe_of_the_kit(short_home):
    text = (short_home / "data" / "toy.toml").read_text(encoding="utf-8")
    (short_home / "data" / "mine.toml").write_text(
        text.replace("year = 2022", "year = 2023"), encoding="utf-8"
    )
    clips = sound.toy("smoke", recipe="mine")
    assert set(clips["section"]) == {"00"} and set(clips["year"]) == {2023} and len(clips) == 96
    with pytest.raises(
        ValueError, match="no built-in recipe is called 'yours': take one of mine, toy"
    ):
        sound.toy("smoke", recipe="yours")


def test_the_truth_of_some_clips_in_their_order(short_home):
    clips = sound.toy("smoke").iloc[[-1, 3, 60]]
    truth = sound.truth(clips)
    assert truth.index.equals(clips.index) and list(truth) == ["fault", "strength", "snr", "level"]
    broken = clips["label"] == 1
    assert ((truth["fault"] != "") == broken).all() and ((truth["strength"] > 0) == broken).all()
    levels = [
        20 * np.log10(np.sqrt(np.mean(soundfile.read(path)[0] ** 2))) for path in clips["path"]
    ]
    np.testing.assert_allclose(levels, truth["level"], atol=0.01)


def test_an_interrupted_build_leaves_nothing(short_home, monkeypatch):
    made, whole = [], synth.clip

    def stop(recipe, wanted):
        made.append(wanted)
        if len(made) > 20:
            raise KeyboardInterrupt
        return whole(recipe, wanted)

    monkeypatch.setattr(synth, "clip", stop)
    with pytest.raises(KeyboardInterrupt):
        sound.toy("smoke")
    assert len(made) > 20 and not list((short_home / "cache_2025").iterdir())
    monkeypatch.setattr(synth, "clip", whole)
    assert len(sound.toy("smoke")) == 96


def test_another_recipe_or_version_is_another_folder(short_home, monkeypatch):
    monkeypatch.setattr(
        synth, "synthesize", lambda root, *_: (root / "fan" / "train").mkdir(parents=True)
    )
    monkeypatch.setattr(synth, "index", lambda root: root)
    first = sound.toy("smoke")
    monkeypatch.setattr(synth, "VERSION", synth.VERSION + 1)
    second = sound.toy("smoke")
    recipe = short_home / "data" / "toy.toml"
    recipe.write_text(
        recipe.read_text(encoding="utf-8").replace("seed = 1 ", "seed = 3 "), encoding="utf-8"
    )
    assert len({first, second, sound.toy("smoke"), sound.toy("course")}) == 4


def test_a_plain_script_without_guard_may_call_it(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom asdkit.sound.synthetic import synth\n"
        f"recipe = {two()!r}\nprint(synth.synthesize(sys.argv[1], recipe, 2).name)\n"
    )
    command = [sys.executable, str(script), str(tmp_path / "made")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=runtime.home())
    assert done.stdout.strip() == "made", done.stderr


def test_toy_takes_a_number_of_clips(short_home):
    clips = sound.toy(12)
    training = clips[clips["split"] == "train"]
    assert set(training.groupby(["machine", "section"]).size()) == {12}
    assert sound.toy(12).equals(clips) and len(sound.toy("smoke")) < len(clips)
    with pytest.raises(ValueError, match="at least 2"):
        sound.toy(1)
