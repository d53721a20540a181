"""A table of clips that was changed on its way: mended where it has one meaning, refused by name
otherwise, by all that take clips.
"""

import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from every import every

from asdkit import controls, embeddings, explain, metrics, sound, systems, tables, traces
from asdkit.backends import NearestNeighbor
from asdkit.experiment import Experiment
from asdkit.sound.audit import audit
from asdkit.views.clip_table import ClipTable


@pytest.fixture(scope="module")
def kit(tmp_path_factory, recipe):
    """Clips of two machines, a detector of them, and scores. Leave it."""
    folder = tmp_path_factory.mktemp("tables")
    clips = sound.index(sound.synthesize(folder / "data", recipe(3, 2)))
    train, test = sound.split(clips)
    truth = folder / "ground_truth_fan_section_00_test.csv"
    truth.write_text("section_00_0000.wav,1\n")
    detector = systems.get("mean_gaussian", seconds=1.0).fit(train, device="cpu")
    score = np.random.default_rng(0).normal(size=len(test))
    return SimpleNamespace(
        clips=clips, train=train, test=test, detector=detector, score=score, folder=folder,
        truth=truth, system=systems.get("mean_gaussian", seconds=1.0),
    )  # fmt: skip


def measured(function, **more):
    return lambda kit, clips: function(clips, kit.score, **more)


def compared(function, **more):
    def call(kit, clips):
        return function(clips, {"a": kit.score, "b": -kit.score}, **more)

    return call


RUN = SimpleNamespace(encoder=None)
WHOLE = "path machine section domain split label attributes"
FACTS = "machine section domain label"
TAKERS = {  # what is called, with which clips, and the columns that it needs
    "tables.checked": (lambda kit, clips: tables.checked(clips), "clips", WHOLE + " year"),
    "sound.classes": (lambda kit, clips: sound.classes(clips), "clips",
                      "machine section domain attributes"),
    "sound.groups": (lambda kit, clips: sound.groups(clips), "clips", "machine section"),
    "sound.split": (lambda kit, clips: sound.split(clips), "clips", "split"),
    "sound.load": (lambda kit, clips: sound.load(clips, 1.0), "test", "path"),
    "sound.blocks": (lambda kit, clips: sound.blocks(clips, 1.0), "test", "path"),
    "sound.truth": (lambda kit, clips: sound.truth(clips), "test", "path"),
    "audit": (lambda kit, clips: audit(clips), "test", "path"),
    "sound.label": (lambda kit, clips: sound.label(clips, kit.truth), "test",
                    "path machine section split label domain"),
    "check_training": (lambda kit, clips: systems.check_training(clips), "train", WHOLE),
    "systems.ask": (lambda kit, clips: systems.ask(clips).y, "train", WHOLE),
    "systems.fit": (lambda kit, clips: kit.system.fit(clips, device="cpu").thresholds, "train",
                    WHOLE),
    "new_front": (lambda kit, clips: systems.new_front(kit.system, clips).hears, "train", WHOLE),
    "systems.hear": (lambda kit, clips: systems.hear(clips, kit.detector.network.front).x, "test",
                     "path"),
    "systems.inputs": (
        lambda kit, clips: systems.inputs(systems.MEAN_AND_MAX, clips, kit.test, 1.0)[0], "train",
        "path machine section label"),
    "inputs of test": (
        lambda kit, clips: systems.inputs(systems.MEAN_AND_MAX, kit.train, clips, 1.0)[1], "test",
        "path machine section label"),
    "systems.judge": (
        lambda kit, clips: systems.judge([RUN], NearestNeighbor(), clips, None, kit.test, None),
        "train", "machine section"),
    "Detector.score": (lambda kit, clips: kit.detector.score(clips), "test",
                       "path machine section"),
    "Detector.embed": (lambda kit, clips: kit.detector.embed(clips), "test", "path machine"),
    "Detector.inputs": (lambda kit, clips: kit.detector.inputs(clips), "test", "path machine"),
    "Experiment": (lambda kit, clips: Experiment(clips, kit.test).inputs, "train", WHOLE),
    "Experiment of test": (lambda kit, clips: Experiment(kit.train, clips).inputs_test, "test",
                           WHOLE),
    "Explainer": (lambda kit, clips: explain.Explainer(kit.detector, clips).group, "train",
                  "path machine section"),
    "Explainer.explain": (
        lambda kit, clips: explain.Explainer(kit.detector, kit.train).explain(clips), "one",
        "path machine section"),
    "controls.scores": (lambda kit, clips: controls.scores(clips, kit.test, 1.0)["crest"], "train",
                        "path machine section"),
    "controls.strongest": (
        lambda kit, clips: controls.strongest(kit.train, clips, 1.0)["mean Gaussian"], "test",
        "path machine section"),
    "level_only": (lambda kit, clips: controls.level_only(kit.train, clips, 1.0), "test",
                   "path machine section domain attributes"),
    "nearest_neighbor": (lambda kit, clips: controls.nearest_neighbor(kit.train, clips, 1.0),
                         "test", "path machine section"),
    "temporal_mean": (lambda kit, clips: controls.temporal_mean(clips, 1.0), "test", "path"),
    "report": (measured(metrics.report, intervals=False), "test", FACTS),
    "mean_auc": (measured(metrics.mean_auc), "test", FACTS),
    "mean_area": (measured(metrics.mean_area, samples=5), "test", FACTS),
    "official 2020": (measured(metrics.official, year=2020), "test", FACTS),
    "official 2021": (measured(metrics.official, year=2021), "test", FACTS),
    "official 2023": (measured(metrics.official, year=2023), "test", FACTS),
    "averaged": (measured(metrics.averaged), "test", FACTS),
    "pooled": (measured(metrics.pooled), "test", FACTS),
    "pair_shares": (measured(metrics.pair_shares), "test", FACTS),
    "mauc": (measured(metrics.mauc), "test", FACTS),
    "adaproj_rule": (measured(metrics.adaproj_rule), "test", FACTS),
    "side_by_side": (measured(metrics.side_by_side), "test", FACTS),
    "decisions": (measured(metrics.decisions, threshold=0.0), "test", FACTS),
    "paired": (compared(metrics.paired, against="a", samples=5), "test", FACTS),
    "verdicts": (compared(metrics.verdicts, pairs=[("a", "b")], samples=5), "test", FACTS),
    "rank_draws": (compared(metrics.rank_draws, samples=5), "test", FACTS),
    "embeddings.write": (
        lambda kit, clips: embeddings.write(kit.folder / "x.npz", np.eye(len(kit.test)), clips),
        "test", "path machine section"),
}  # fmt: skip


def base(kit, which):
    return kit.test.iloc[[3]] if which == "one" else getattr(kit, which)


def changed(column, value):
    """A table in which the second clip has another value in a column."""

    def damage(clips):
        values = clips[column].astype(object)
        values.iloc[-1] = value
        return clips.assign(**{column: values})

    return damage


def twice(clips):
    return pd.concat([clips, clips.tail(1)])


KINDS = {  # what is done, in which column, and the words of the cure
    "list": (None, lambda clips: list(clips.iloc[:, 0]), ["a list", "sound.index"]),
    "none": (None, lambda clips: None, ["clips is None", "sound.index"]),
    "path": (None, lambda clips: "data", ["a str", "sound.index"]),
    "dict": (None, lambda clips: clips.to_dict("list"), ["a dict", "sound.index"]),
    "array": (None, lambda clips: clips.to_numpy(), ["a ndarray", "sound.index"]),
    "row": (None, lambda clips: clips.iloc[0], ["one row", "clips.iloc[[0]]"]),
    "column": (None, lambda clips: clips["path"], ["one column", "give a table"]),
    "index twice": (None, twice, ["stands twice in the index", "reset_index(drop=True)"]),
    "no path": ("path", lambda clips: clips.drop(columns="path"), ["lacks", "path"]),
    "no machine": ("machine", lambda clips: clips.drop(columns="machine"), ["lacks", "machine"]),
    "no section": ("section", lambda clips: clips.drop(columns="section"), ["lacks", "section"]),
    "no label": ("label", lambda clips: clips.drop(columns="label"), ["lacks", "label"]),
    "no split": ("split", lambda clips: clips.drop(columns="split"), ["lacks", "split"]),
    "no domain": ("domain", lambda clips: clips.drop(columns="domain"), ["lacks", "domain"]),
    "two columns": ("section", lambda clips: pd.concat([clips, clips[["section"]]], axis=1),
                    ["two columns section", "drop"]),
    "path twice": ("path", lambda clips: twice(clips).reset_index(drop=True),
                   ["stands twice", "drop_duplicates"]),
    "path NaN": ("path", changed("path", np.nan), ["has no path", "give it one"]),
    "path number": ("path", changed("path", 3), ["has the path 3", "give text"]),
    "path bytes": ("path", changed("path", b"a.wav"), ["has the path b'a.wav'", "give text"]),
    "machine NaN": ("machine", changed("machine", np.nan), ["has no machine", "give it one"]),
    "machine empty": ("machine", changed("machine", ""), ["has no machine", "give it one"]),
    "machine slash": ("machine", changed("machine", "a/b"), ["'a/b'", "leave out the slash"]),
    "machine list": ("machine", changed("machine", ["fan"]), ["machine", "holds lists"]),
    "section NaN": ("section", changed("section", None), ["has no section", "give it one"]),
    "section NA": ("section", changed("section", pd.NA), ["has no section", "give it one"]),
    "section half": ("section", changed("section", 0.5), ["has the section 0.5", "give text"]),
    "section below": ("section", changed("section", -1), ["has the section -1", "give text"]),
    "domain other": ("domain", changed("domain", "lab"), ["has the domain 'lab'", "source or t"]),
    "domain number": ("domain", changed("domain", 0), ["has the domain 0", "source or target"]),
    "label 2": ("label", changed("label", 2), ["has the label 2", "0 (normal) or 1 (anomaly)"]),
    "label half": ("label", changed("label", 0.5), ["has the label 0.5", "0 (normal)"]),
    "label word": ("label", changed("label", "bad"), ["has the label 'bad'", "0 (normal)"]),
    "label complex": ("label", changed("label", 1j), ["has the label 1j", "0 (normal)"]),
    "split other": ("split", changed("split", "Train"), ["has the split 'Train'", "train, test"]),
    "split NaN": ("split", changed("split", np.nan), ["has no split", "give it one"]),
}  # fmt: skip
SHORT = {"none", "index twice", "no label", "machine NaN", "section NaN", "domain other", "label 2"}
WHOLLY = ("tables.checked", "report")
RARE = {"dict", "array", "column", "label complex", "section NA", "machine empty", "machine list"}
CASES = [
    (taker, kind)
    for taker, (_, _, columns) in TAKERS.items()
    for kind, (column, _, _) in KINDS.items()
    if column is None or column in columns.split()
    if kind in SHORT or taker in WHOLLY or (columns != FACTS and kind not in RARE)
]


@every(("taker", "kind"), CASES)
def test_what_cannot_be_mended_is_refused_before_a_file_is_read(kit, refused, reads, taker, kind):
    call, which, _ = TAKERS[taker]
    _, damage, words = KINDS[kind]
    clips = damage(base(kit, which))
    refused(lambda: call(kit, clips), *words)
    assert not reads


ALLOW_NONE = ("sound.classes", "sound.groups", "audit")  # of which an empty table has none


@every("taker", [name for name in TAKERS if name not in ALLOW_NONE])
def test_no_clip_is_told(kit, refused, taker):
    call, which, _ = TAKERS[taker]
    told = refused(lambda: call(kit, base(kit, which).iloc[:0]))
    assert "no clips" in told or "no training clips" in told or "no test clips" in told


def from_csv(clips, **how):
    return pd.read_csv(io.StringIO(clips.to_csv(index=False)), **how).set_index(clips.index)


def from_json(clips):
    text = io.StringIO(clips.to_json(orient="records"))
    return pd.read_json(text, dtype=False).set_index(clips.index)


READERS = {
    "csv": from_csv,
    "csv as text": lambda clips: from_csv(clips, dtype=str),
    "csv, empty cells": lambda clips: from_csv(clips, keep_default_na=False),
    "csv, other types": lambda clips: from_csv(clips).convert_dtypes(),
    "json": from_json,
    "categories": lambda clips: clips.astype({"machine": "category", "section": "category"}),
    "objects": lambda clips: clips.astype(object),
    "paths": lambda clips: clips.assign(path=[Path(path) for path in clips["path"]]),
    "floats": lambda clips: clips.assign(
        label=clips["label"].astype(float), section=clips["section"].astype(float),
        year=clips["year"].astype(float),
    ),
    "truth values": lambda clips: clips.assign(label=clips["label"] == 1),
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_the_kits_own_table_comes_back_as_it_was(kit, reader):
    before = kit.clips.copy()
    mended = tables.checked(READERS[reader](kit.clips))
    pd.testing.assert_frame_equal(mended, kit.clips, check_dtype=False)
    assert mended["label"].dtype == "Int64" and mended["year"].dtype.kind == "i"
    pd.testing.assert_frame_equal(kit.clips, before)


def test_a_good_table_is_given_back_itself(kit):
    assert tables.checked(kit.clips) is kit.clips
    assert sound.groups(kit.test).index.equals(kit.test.index)


def same(one, other):
    if isinstance(one, pd.DataFrame | pd.Series):
        one, other = one.reset_index(drop=True), other.reset_index(drop=True)
        equal = pd.testing.assert_frame_equal if one.ndim == 2 else pd.testing.assert_series_equal
        equal(one, other, check_dtype=False)
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        np.testing.assert_allclose(list(one.values()), list(other.values()))
    elif one is not None:
        np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float))


PLAIN = {"check_training", "sound.split", "sound.blocks", "sound.label", "systems.judge",
         "Explainer", "Explainer.explain", "tables.checked", "Experiment",
         "Experiment of test"}  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*were repeated")
@pytest.mark.parametrize("taker", [name for name in TAKERS if name not in PLAIN])
def test_a_table_read_back_gives_the_same_answer(kit, taker):
    call, which, _ = TAKERS[taker]
    clips = base(kit, which)
    same(call(kit, clips), call(kit, from_csv(clips)))


@pytest.mark.filterwarnings("ignore:.*were repeated")
def test_from_csv_to_report(kit, tmp_path):
    """Index, CSV, load, fit, score and report: the numbers of the table that never left."""
    kit.clips.to_csv(tmp_path / "clips.csv", index=False)
    train, test = sound.split(pd.read_csv(tmp_path / "clips.csv"))
    assert np.array_equal(sound.load(test, 1.0), sound.load(kit.test, 1.0))
    detector = kit.system.fit(train, device="cpu")
    assert detector.thresholds == kit.detector.thresholds
    score = detector.score(test)
    np.testing.assert_array_equal(score, kit.detector.score(kit.test))
    same(metrics.report(test, score), metrics.report(kit.test, score))
    assert sorted(detector.thresholds) == ["fan/00", "valve/00"]


ORDERED = ["report", "mean_auc", "official 2020", "pooled", "decisions", "side_by_side", "mauc",
           "averaged", "adaproj_rule", "pair_shares"]  # fmt: skip


@pytest.mark.parametrize("name", ORDERED)
def test_scores_of_another_order_are_refused(kit, refused, name):
    call, _, _ = TAKERS[name]
    score = pd.Series(kit.score, index=kit.test.index)
    mixed = kit.test.sample(frac=1.0, random_state=1)
    for clips, wrong in ((mixed, score), (kit.test, score.reset_index(drop=True))):
        other = SimpleNamespace(score=wrong)
        refused(lambda own=clips, kit=other: call(kit, own), "another index", "to_numpy()")
    in_order = SimpleNamespace(score=score.loc[mixed.index])
    same(call(kit, kit.test), call(in_order, mixed))


@pytest.mark.parametrize("name", ["mean_area", "paired", "verdicts", "rank_draws"])
def test_scores_of_another_order_are_no_pair(kit, refused, name):
    other = SimpleNamespace(score=pd.Series(kit.score))
    refused(lambda: TAKERS[name][0](other, kit.test), "another index", "to_numpy()")


def lost_domains(clips):
    return clips.assign(domain=clips["domain"].where(clips["split"] == "train", None))


@pytest.mark.parametrize("name", ["official 2021", "official 2023", "adaproj_rule"])
def test_rules_that_take_domains_apart_need_them_all(kit, refused, name):
    some = kit.test.assign(domain=kit.test["domain"].mask(np.arange(len(kit.test)) == 2))
    refused(lambda: TAKERS[name][0](kit, some), "has no domain", "sound.label")


def test_clips_of_no_domain_count_where_all_clips_do(kit):
    report = metrics.report(lost_domains(kit.test), kit.score, intervals=False)
    assert report["domain"].tolist() == ["both", "both"]
    assert (report[["normal", "anomaly"]].sum().sum()) == len(kit.test)
    some = kit.test.assign(domain=kit.test["domain"].where(kit.test["domain"] == "source"))
    table = metrics.report(some, kit.score, intervals=False)
    both = table[table["domain"] == "both"]
    assert both[["normal", "anomaly"]].sum().sum() == len(kit.test)
    assert not table["domain"].isna().any()


def test_one_machine_has_one_name_in_all_its_forms():
    clips = pd.DataFrame({"machine": ["Lu\u0308fter", "L\u00fcfter"], "section": [0, "00"]})
    assert sound.groups(clips).tolist() == ["L\u00fcfter/00"] * 2


def test_a_trace_of_lost_sections_is_refused(refused):
    clips = pd.DataFrame({"machine": ["fan"] * 2, "section": ["00", None], "label": [0, 1]})
    trace = traces.Trace(clips, {"a, b": np.zeros((1, 2))}, "asdkit sweep a")
    refused(trace.results, "has no section")


def test_domains_of_ones_own_are_colors_of_a_map_and_no_class():
    clips = pd.DataFrame({
        "machine": ["fan"] * 2, "section": [0, 1], "domain": ["lab", "hall"], "attributes": "",
    })  # fmt: skip
    words = ClipTable(clips, None).words
    assert list(words["section"]) == ["fan/00", "fan/01"] and "class" not in words
