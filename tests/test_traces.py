"""Stored traces: one or several are read by name, and what the kit keeps is whole and small."""

import shlex

import numpy as np
import pandas as pd
import pytest

import asdkit
from asdkit import metrics, runtime, systems, traces
from asdkit.tablefile import write_table

MEASURES = {  # no scores; tests/test_explain.py reads one
    "all_systems", "explanations", "spreads", "summaries",
}  # fmt: skip
STORED = [
    path for path in sorted((runtime.home() / "data" / "traces").glob("*.csv"))
    if path.stem not in MEASURES
]  # fmt: skip
LARGEST = 300_000
CLIPS = {  # anomalies, and clips in all, that a section is tested on where they are not 18 and 36
    "shift": (44, 88), "large": (25, 50), "anomalies": (60, 120), "valve": (100, 140),
    "valve_autoencoders": (100, 140), "valve_roles": (9, 19), "valve_combined": (25, 35),
    "valve_map": (100, 200),
}  # fmt: skip
MIDDLE = {  # of tests/benchmarks/learning_and_summaries.py
    "places": 1, "snr": 0, "snr_range": 10, "states": 2, "drift": 0, "clips": 48, "ids": 3,
    "spread": 1,
}  # fmt: skip
NOTES = ["asdkit sweep adacos --seeds 2 --out x.csv", "asdkit 0, toy data"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "data" / "traces").mkdir(parents=True)
    monkeypatch.setattr(traces, "home", lambda: tmp_path)
    return tmp_path / "data" / "traces"


def test_a_trace_has_a_row_a_seed(home, scored):
    columns = {f"adacos|{name}|{seed}": [seed, 2.0, 3.0] for seed in (0, 1) for name in "ab"}
    traces.write(home / "mine.csv", scored(**columns, **{"mean|Gaussian": [7.0, 8.0, 9.0]}), NOTES)
    trace = traces.load("mine")
    assert list(trace.scores) == ["adacos, a", "adacos, b", "mean, Gaussian"]
    assert trace.scores["adacos, b"].tolist() == [[0, 2, 3], [1, 2, 3]]
    assert trace.scores["mean, Gaussian"].tolist() == [7, 8, 9]
    assert trace.command == NOTES[0]
    assert trace.clips["section"].tolist() == ["00", "01", "00"]
    assert trace.clips["machine"].tolist() == ["fan", "fan", "NA"]


def test_traces_of_the_same_clips_are_read_as_one(home, scored):
    told = scored(**{f"a|angle|{seed}": [seed, 2.0, 3.0] for seed in (0, 1)})
    more = scored(**{f"b k=1|angle|{seed}": [seed, 5.0, 6.0] for seed in (0, 1)})
    for name, some in {"one": told, "two": more, "three": scored(**{"c|angle": [7.0] * 3})}.items():
        traces.write(home / f"{name}.csv", some, [f"asdkit sweep {name}", *NOTES[1:]])
    trace = traces.load("one", "two", "three")
    assert list(trace.scores) == ["a, angle", "b k=1, angle", "c, angle"]
    assert trace.scores["b k=1, angle"].tolist() == [[0, 5, 6], [1, 5, 6]]
    assert trace.scores["c, angle"].tolist() == [7, 7, 7]
    assert trace.command.splitlines() == [
        f"asdkit sweep {name}" for name in ("one", "two", "three")
    ]
    pd.testing.assert_frame_equal(trace.clips, traces.load("one").clips)
    assert trace.conditions == NOTES[1] and list(traces.load("two").scores) == ["b k=1, angle"]
    apart = {
        "the same clips": (more.assign(clip=["a.wav", "b.wav", "c.wav"]), NOTES[1]),
        "the same conditions": (more, "asdkit 0, large data"),
        "as many seeds": (more.iloc[:, :-1], NOTES[1]),
        "different scores": (more.join(told[["a|angle|1"]]), NOTES[1]),
    }
    for words, (some, conditions) in apart.items():
        traces.write(home / "four.csv", some, ["asdkit sweep four", conditions])
        with pytest.raises(ValueError, match=f"^one and four do not have {words}: load each for "):
            traces.load("one", "four")
    with pytest.raises(ValueError, match="no table of scores is named"):
        traces.load()
    with pytest.raises(ValueError, match=r"no trace is called \['one'\]: take one of four, one, "):
        traces.load(["one"])


def test_results_have_a_row_a_system_seed_and_id(home):
    rng = np.random.default_rng(0)
    ids = pd.DataFrame({"machine": ["fan", "NA"], "section": ["00", "01"]})
    clips = ids.loc[ids.index.repeat(20)].reset_index(drop=True)
    clips = clips.assign(domain="source", label=[0, 1] * 20, clip=[f"{n}.wav" for n in range(40)])
    names = ["a|angle|0", "a|angle|1", "b epochs=4|PLDA|0", "mean|Gaussian"]
    told = clips.assign(**{name: rng.normal(size=40) for name in names})
    traces.write(
        home / "x.csv", told, ["asdkit sweep a", "asdkit 0, toy data, 16 training clips, 30 epochs"]
    )
    found = traces.load("x").results()
    assert list(found.columns) == list(traces.RESULTS) and len(found) == 4 * 2
    assert set(found["data"]) == {"toy"} and set(found["clips"]) == {8}
    assert found["epochs"].fillna(-1).tolist() == [30] * 4 + [4] * 2 + [-1] * 2
    assert found["seed"].fillna(-1).tolist() == [0, 0, 1, 1, 0, 0, -1, -1]
    one = found.query("system == 'a' and seed == 1 and machine == 'NA'").squeeze()
    own = told[told["machine"] == "NA"]
    assert one["auc"] == pytest.approx(metrics.auc(own["label"], own["a|angle|1"]), abs=1e-3)
    assert one["pauc"] == pytest.approx(metrics.pauc(own["label"], own["a|angle|1"]), abs=1e-3)


def test_all_that_was_trained_is_judged_by_one_backend_or_by_its_own(home, scored):
    columns = {"adacos epochs=3|Gaussian|0": 1.0, "adacos epochs=3|angle|0": 2.0,
               "arcface margin=0.3|Gaussian|0": 3.0, "arcface margin=0.7|angle|0": 4.0,
               "mean_gaussian|Gaussian": 5.0}  # fmt: skip
    traces.write(home / "x.csv", scored(**{name: [at] * 3 for name, at in columns.items()}), NOTES)
    trace = traces.load("x")
    own = {name: score[0, 0] for name, score in trace.judged().items()}
    assert own == {"adacos": 1, "arcface margin=0.3": 3, "arcface": 4}
    by_angle = {name: score[0, 0] for name, score in trace.judged("angle").items()}
    assert by_angle == {"adacos": 2, "arcface": 4}
    words = "'PLDA' has judged no trained system of any encoder: take one of Gaussian, angle"
    with pytest.raises(ValueError, match=words):
        trace.judged("PLDA")


def test_networks_are_told_apart_though_their_labels_are_not(home, scored):
    columns = {"adacos|Gaussian|0": [1.0] * 3, "adacos encoder=Toy|Gaussian|0": [2.0] * 3}
    traces.write(home / "x.csv", scored(**columns), NOTES)
    trace = traces.load("x")
    assert trace.judged("Gaussian", "ResNet")["adacos"][0, 0] == 1
    assert trace.judged(encoder="Toy")["adacos"][0, 0] == 2


def test_where_no_data_are_told_the_file_names_them():
    trace = traces.load("valve")
    row = trace.results().iloc[0]
    assert (row["data"], row["clips"], row["section"]) == ("valve", 60, "00")


def test_an_unknown_name_is_told_the_known_ones(home, scored):
    with pytest.raises(ValueError, match="no trace is called 'yours': take one of none yet"):
        traces.load("yours")
    for name in ("two", "one"):
        traces.write(home / f"{name}.csv", scored(), NOTES)
    with pytest.raises(ValueError, match="no trace is called 'yours': take one of one, two"):
        traces.load("yours")


def test_the_package_has_them():
    assert asdkit.traces is traces


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_trace_is_whole_small_and_tells_its_command(path):
    assert path.stat().st_size <= LARGEST
    trace = traces.load(path.stem)
    words = shlex.split(trace.command)
    assert words[-1] == f"data/traces/{path.name}"
    if words[0] == "asdkit":
        assert words[1] == "sweep"
    else:
        assert words[0] == "python" and (runtime.home() / words[1]).is_file()
    data = words[words.index("--data") + 1] if "--data" in words else path.stem
    broken, each = CLIPS.get(data, (18, 36))
    counts = trace.clips.groupby(["machine", "section"])["label"].agg(["sum", "size"])
    assert counts.eq([broken, each]).all(axis=None) and not trace.clips["clip"].duplicated().all()
    for name, score in trace.scores.items():
        assert score.shape[-1] == len(trace.clips) and np.isfinite(score).all(), name
        if "FOLDER" not in words:  # of computed sounds
            assert 0.4 < np.mean(metrics.mean_auc(trace.clips, score)) < 1.0, name


def test_measures_are_read_by_name(home, scored):
    table = pd.DataFrame({"level": [1], "auc": [0.5]})
    write_table(home / "mine.csv", table, ["python mine.py", "asdkit 0, 3 clips, 1 id"])
    traces.write(home / "scores.csv", scored(), NOTES)
    table = traces.measures("mine")
    assert table.to_dict("list") == {"level": [1], "auc": [0.5]}
    assert table.attrs == {"command": "python mine.py", "note": "3 clips, 1 id"}
    with pytest.raises(ValueError, match="no trace is called 'scores': take one of mine$"):
        traces.measures("scores")
    with pytest.raises(ValueError, match="no trace is called 'mine': take one of scores$"):
        traces.load("mine")


@pytest.mark.parametrize("name", ["all_systems", "spreads", "summaries"])
def test_stored_measures_are_whole_small_and_tell_their_command(name):
    table = traces.measures(name)
    path, words = runtime.home() / "data/traces" / f"{name}.csv", table.attrs["command"].split()
    assert path.stat().st_size <= LARGEST and len(table)
    assert name == "all_systems" or not table.isna().any(axis=None)
    assert words[0] == "python" and (runtime.home() / words[1]).is_file()
    assert words[-1] == f"data/traces/{name}.csv"


def test_each_curve_of_the_summaries_goes_through_the_middle_and_leads_itself_by_nothing():
    table = traces.measures("summaries")
    middle = table[table["level"] == table["parameter"].map(MIDDLE)]
    one = middle[middle["detector"] == "mean Gaussian"]
    assert set(one["parameter"]) == set(MIDDLE) and one["auc"].nunique() == 1
    areas = table[["auc", "low", "high"]].to_numpy().T
    assert (areas[1] <= areas[0]).all() and (areas[0] <= areas[2]).all()
    np.testing.assert_allclose(
        table[["fan", "pump", "slider", "valve"]].mean(axis=1), areas[0], atol=2e-4
    )  # of as many ids each
    keys = ["parameter", "level"]
    mean = table[table["detector"] == "mean Gaussian"].set_index(keys)["auc"]
    assert (
        not mean.index.duplicated().any()
        and not table.duplicated([*keys, "detector", "seed"]).any()
    )
    lead = areas[0] - mean.loc[list(map(tuple, table[keys].to_numpy()))].to_numpy()
    np.testing.assert_allclose(table["lead"], lead, atol=2e-4)


def test_all_systems_are_trained_or_refused_on_each_set():
    """With the small network the systems on STgram would be those on TASTgram."""
    table = traces.measures("all_systems")
    assert not table.duplicated(["data", "system"]).any()
    names = {name for name in systems.names() if not name.startswith("stgram")}
    names = names - {"mean_gaussian"} | {"mean", "nearest", "level"}  # and its controls
    for data, some in table.groupby("data"):
        assert {told.split()[0] for told in some["system"]} == names, data
        some = some.set_index("system")
        lead = some["auc"] - some["auc"]["mean Gaussian"]
        np.testing.assert_allclose(some["lead"], lead, atol=2e-4)
    refused = table["reason"].notna()
    assert 0 < refused.sum() < len(table) / 3
    assert table.loc[refused].drop(columns=["data", "system", "reason"]).isna().all(axis=None)
    told = table[~refused]
    assert not told[["backend", "seeds", "auc"]].isna().any(axis=None)
    trained = told["epochs"].notna()
    assert told.loc[trained, "seeds"].eq(5).all() and trained.sum() > 60
    assert (told.loc[trained, "seeds_low"] <= told.loc[trained, "seeds_high"]).all()


def test_some_scores_get_shorter_names(home, scored):
    traces.write(home / "mine.csv", scored(**{"a k=1|angle|0": [1.0, 2.0, 3.0]}), NOTES)
    trace = traces.load("mine")
    assert trace.named({"short": "a k=1, angle"})["short"].tolist() == [[1, 2, 3]]
    with pytest.raises(ValueError, match="no scores are stored of 'b, angle': take one of a k=1"):
        trace.named({"short": "b, angle"})


def test_the_first_words_of_a_system_name_its_scores(home, scored):
    columns = {"a k=1 b=2|angle|0": [1.0] * 3, "a k=2|angle|0": [2.0] * 3, "c|angle|0": [3.0] * 3}
    traces.write(home / "mine.csv", scored(**columns, **{"c|PLDA|0": [4.0] * 3}), NOTES)
    trace = traces.load("mine")
    names = {"one": "a k=1", "two": "a k=2, angle", "three": "c, angle", "four": "c, PLDA"}
    found = {name: score[0, 0] for name, score in trace.named(names).items()}
    assert found == {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
    for told, words in {
        "a": "more than one row is stored of 'a': take one of a k=1 b=2, angle; a k=2, angle",
        "c": "more than one row is stored of 'c': take one of c, angle; c, PLDA",
        "a k": "no scores are stored of 'a k'",
        "a k=1, PLDA": "no scores are stored of 'a k=1, PLDA'",
        "a b=2": "no scores are stored of 'a b=2'",
    }.items():
        with pytest.raises(ValueError, match=words):
            trace.named({"short": told})


def test_a_trace_is_compared_beside_the_stored_controls():
    trace = traces.load("start")
    names = {"angle": "subcluster_adacos, angle", "near": "subcluster_adacos, NearestNeighbor"}
    table = trace.compare(names, against="near")
    assert list(table.index) == [*names, *traces.CONTROLS]
    untrained = trace.scores["mean_gaussian, Gaussian"]  # stored beside these systems too
    wanted = metrics.paired(
        trace.clips, trace.named(names) | {"mean Gaussian": untrained}, against="near"
    )
    pd.testing.assert_frame_equal(table.iloc[:3], wanted)


def test_the_controls_of_a_trace_come_first(monkeypatch):
    questions = traces.load("questions")
    own = {key: 0 * questions.scores[key] for key in traces.CONTROLS.values()}
    score = {"a, angle": np.stack([questions.scores[key] for key in own])}
    trace = traces.Trace(questions.clips, score | own, "asdkit sweep a")
    table = trace.compare({"a": "a"}, against="a")
    assert table.loc[[*traces.CONTROLS], "auc"].tolist() == [0.5, 0.5]
    for key in own:
        other = trace._replace(scores={name: some for name, some in trace.scores.items()} | own)
        del other.scores[key]
        assert (other.compare({"a": "a"}, against="a")["auc"] > 0.55).all()


def test_other_clips_have_no_stored_controls(scored):
    trace = traces.Trace(scored(), {"a, angle": np.zeros((2, 3))}, "asdkit sweep a")
    with pytest.raises(ValueError, match="no controls are stored of these clips"):
        trace.compare({"a": "a, angle"}, against="a")
