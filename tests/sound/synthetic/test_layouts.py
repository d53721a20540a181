"""The layouts of 2020, 2022 and 2023: names, attribute files, and what sound.index reads back."""

import copy
import csv
import hashlib
import os
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from asdkit import runtime, sound
from asdkit.sound.synthetic import layouts
from asdkit.sound.synthetic import recipe as recipes

MACHINES = tomllib.loads((runtime.home() / "data" / "machines.toml").read_text(encoding="utf-8"))


def small(**changes):
    """The recipe of all machines, with two of them and clips of half a second."""
    recipe = copy.deepcopy(MACHINES) | {"seconds": 0.5, "ids": 2}
    recipe["machines"] = {name: recipe["machines"][name] for name in ("fan", "bearing")}
    return recipe | changes


@pytest.fixture(scope="module", params=layouts.YEARS)
def made(request, tmp_path_factory):
    root = sound.synthesize(
        tmp_path_factory.mktemp("made") / f"dcase{request.param}", small(year=request.param), 4
    )
    return request.param, root


def test_every_clip_is_read_back(made):
    year, root = made
    clips = sound.index(root)
    wanted = recipes.plan(recipes.read(small(year=year)), 4)
    assert sorted(clips["path"]) == sorted(str(root / clip.path) for clip in wanted)
    assert set(clips["year"]) == {year} and set(clips["machine"]) == {"fan", "bearing"}
    by_path = clips.set_index("path")
    for clip in wanted:
        row = by_path.loc[str(root / clip.path)]
        assert (row["split"], row["domain"], row["label"]) == (
            clip.split,
            clip.domain,
            int(clip.label == "anomaly"),
        )
        assert row["section"] == (f"{clip.section:02d}" if year != 2023 else "00")
        state = f"speed_{clip.speed:03d}_load_{clip.load:03d}_mic_{clip.mic}_noise_{clip.noise}"
        assert (
            row["attributes"]
            == {2020: "", 2022: state, 2023: f"id_{clip.section:02d}_{state}"}[year]
        )
    train = clips[clips["split"] == "train"]
    assert (train.groupby("machine").size() == 8).all() and (train["label"] == 0).all()


def test_the_names_are_those_of_the_year(made):
    year, root = made
    side = r"(source|target)_(train|test)_(normal|anomaly)_\d{4}"
    forms = {
        2020: r"(normal|anomaly)_id_\d\d_\d{8}",
        2022: rf"section_\d\d_{side}_speed_\d{{3}}_load_\d{{3}}_mic_\d.*",
        2023: rf"section_00_{side}_id_\d\d_speed_\d{{3}}_load_\d{{3}}.*",
    }
    names = [path.stem for path in root.rglob("*.wav")]
    assert names and all(re.fullmatch(forms[year], name) for name in names)
    if year == 2023:
        numbers = [
            re.match(r"section_00_(\w+?_\w+?_\w+?_\d{4})_", name)[1]
            for name in names
            if "_train_" in name
        ]
        assert len(set(numbers)) == len(numbers) / 2  # two machines; no number twice in one


def test_attribute_files_tell_what_the_names_do(made):
    year, root = made
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("attributes_*.csv"))
    sections = {2020: [], 2022: ["00", "01"], 2023: ["00"]}[year]
    assert files == [
        f"{machine}/attributes_{section}.csv"
        for machine in ("bearing", "fan")
        for section in sections
    ]
    described = []
    for name in files:
        with (root / name).open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        assert head[:3] == ["file_name", "d1p", "d1v"] and len(head) % 2 == 1
        for path, *pairs in rows:
            assert (root / path).is_file() and "_".join(pairs) in path
            described.append(path)
    assert (
        len(described)
        == len(set(described))
        == (0 if year == 2020 else len(list(root.rglob("*.wav"))))
    )


def digests(root):
    return {
        path.relative_to(root): hashlib.sha256(path.read_bytes()).digest()
        for path in root.rglob("*.*")
    }


def test_threads_change_no_byte(tmp_path, monkeypatch):
    many = digests(sound.synthesize(tmp_path / "many", small(), 2))
    for name, answer in (("sched_getaffinity", lambda _: {0}), ("cpu_count", lambda: 1)):
        monkeypatch.setattr(os, name, answer, raising=False)
    assert many == digests(sound.synthesize(tmp_path / "one", small(), 2))


def test_a_larger_set_keeps_the_clips_of_a_smaller_one(tmp_path):
    kinds = {"train": {"source": 10, "target": 2}, "test": {"source": 9, "target": 9}}
    recipe = small(year=2023, ids=1, **kinds)
    few, many = (
        digests(sound.synthesize(tmp_path / str(clips), recipe, clips)) for clips in (4, 16)
    )
    waves = {path: digest for path, digest in few.items() if Path(path).suffix == ".wav"}
    assert len(waves) < len(many) and waves.items() <= many.items()


@pytest.mark.parametrize(("year", "most"), [(2020, 10**8), (2022, 10**4), (2023, 5000)])
def test_names_have_room_for_so_many_clips(year, most):
    recipe = recipes.read(small(year=year, train={"source": most + 1, "target": 0}))
    with pytest.raises(ValueError, match=f"at most {most} clips of a kind"):
        recipes.plan(recipe)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"year": 2021}, "year = 2021: give a layout, 2020, 2022, 2023"),
        ({"year": "2022"}, "year = 2022: give"),
    ],
)
def test_another_year_is_told(change, told):
    with pytest.raises(ValueError, match=told):
        recipes.read(small(**change))


def test_a_background_may_be_named(tmp_path):
    recipe = small(ids=1)
    recipe["domains"]["target"]["noise"] = "babble"
    clips = sound.index(sound.synthesize(tmp_path / "made", recipe, 2))
    assert set(clips[clips["domain"] == "target"]["attributes"].str.split("_noise_").str[1]) == {
        "babble"
    }
    recipe["domains"]["target"]["noise"] = "street"
    with pytest.raises(
        ValueError, match="noise = street: give a whole number from 0 to 99, or one of factory"
    ):
        recipes.read(recipe)


def test_the_borrowed_set_has_64_anomalies_an_id_to_learn_from_and_60_to_be_tested_on():
    recipe = recipes.read(runtime.built_in()["borrowed"])
    clips = recipes.plan(recipe)
    ids = {(clip.machine, clip.section) for clip in clips}
    assert recipe["year"] == 2020 and len(ids) == 8
    assert {clip.domain for clip in clips} == {"source"}
    for machine, section in ids:
        own = [clip for clip in clips if (clip.machine, clip.section) == (machine, section)]
        counts = Counter((clip.split, clip.label) for clip in own)
        assert counts == {
            ("train", "normal"): 32, ("test", "normal"): 124, ("test", "anomaly"): 124,
        }  # fmt: skip
        faults = [clip.fault for clip in own if clip.label == "anomaly"]
        assert set(faults[:64]) == set(faults[64:]) == set(recipe["machines"][machine]["faults"])
