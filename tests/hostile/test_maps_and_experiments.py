"""Maps, what is near on them, explanations, stores of embeddings, experiments and published tables,
given what is not one finite number for each clip.
"""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from every import every

from asdkit import (
    backends,
    controls,
    embeddings,
    exchanges,
    experiment,
    explain,
    losses,
    machines,
    map_controls,
    papers,
    projection,
    sound,
    systems,
)
from asdkit.traces import RESULTS

N = 24
RNG = np.random.default_rng(0)
X, XY = RNG.normal(size=(N, 4)), RNG.normal(size=(N, 2))
GROUP = np.array(["fan", "pump", "valve"] * 8)
MAP = projection.pca_map(X)
FACTS = pd.DataFrame({"machine": GROUP})
CLIPS = pd.DataFrame({
    "path": [f"clip_{number}.wav" for number in range(N)], "machine": "fan", "section": "00",
    "split": "test", "label": [0, 1] * 12,
}, index=range(50, 50 + N))  # fmt: skip


def hole(x, value):
    x = x.astype(object if value is None else float)
    x.flat[5] = value
    return x


BROKEN = {
    "NaN": lambda x: hole(x, np.nan),
    "infinity": lambda x: hole(x, np.inf),
    "None among numbers": lambda x: hole(x, None),
    "masked": lambda x: np.ma.masked_array(x, mask=np.arange(x.size).reshape(x.shape) == 5),
    "text": lambda x: x.astype(str),
    "complex": lambda x: x + 0j,
    "without a batch": lambda x: x[0],
    "another axis": lambda x: x[..., None, None],
    "no clip": lambda x: x[:0],
    "None": lambda x: None,
    "a number": lambda x: 3,
    "on no device": lambda x: torch.tensor(x, device="meta"),
}
OF_X = {
    "fit_map": projection.fit_map,
    "pca_map": projection.pca_map,
    "basis": lambda x: projection.pca_map(X, basis=0 if x is None else x),
    "nearest": lambda x: projection.nearest(x, 3),
    "agreement": lambda x: projection.agreement(x, XY, 3),
    "trustworthiness": lambda x: projection.trustworthiness(x, XY, 3),
    "fit_epochs": lambda x: projection.fit_epochs({0: x, 1: x}),
    "pca_epochs": lambda x: projection.pca_epochs({0: X, 1: x}),
    "gap_ranks": lambda x: map_controls.gap_ranks(x, {"PCA": MAP}, GROUP),
    "gap_range": lambda x: map_controls.gap_range(x, {"PCA": MAP}, GROUP),
    "table": lambda x: map_controls.table({"a": XY}, x, 3),
    "gaps": lambda x: map_controls.gaps(x, GROUP),
    "to_nearest": lambda x: map_controls.to_nearest(x, [0, 1]),
    "to_nearest by cosine": lambda x: map_controls.to_nearest(x, [0, 1], "cosine"),
}
OF_XY = {
    "agreement": lambda xy: projection.agreement(X, xy, 3),
    "trustworthiness": lambda xy: projection.trustworthiness(X, xy, 3),
    "table": lambda xy: map_controls.table({"a": xy}, X, 3),
    "shuffled": lambda xy: map_controls.shuffled(xy, GROUP),
    "clumping": map_controls.clumping,
    "gaps": lambda xy: map_controls.gaps(xy, GROUP),
    "to_nearest": lambda xy: map_controls.to_nearest(xy, [0, 1]),
    "alike": lambda xy: map_controls.alike(xy, FACTS, k=3),
}


@pytest.fixture(autouse=True)
def no_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path_factory.getbasetemp() / "no_map"))


@every("kind", BROKEN)
@pytest.mark.parametrize("name", OF_X)
def test_a_map_is_of_finite_embeddings(name, kind, refused):
    refused(lambda: OF_X[name](BROKEN[kind](X)))


@pytest.mark.parametrize("name", sorted(set(OF_X) - {"gaps", "to_nearest"}))
def test_zero_and_one_direction_have_no_neighbors(name, refused):
    refused(lambda: OF_X[name](np.where(np.arange(N)[:, None] == 3, 0.0, X)), "zero")
    if name != "to_nearest by cosine":
        refused(lambda: OF_X[name](np.ones((N, 4))), "one direction")


@every("kind", BROKEN)
@pytest.mark.parametrize("name", OF_XY)
def test_places_are_finite(name, kind, refused):
    refused(lambda: OF_XY[name](BROKEN[kind](XY)))


@pytest.mark.parametrize("name", sorted(set(OF_XY) - {"clumping", "to_nearest"}))
def test_there_are_as_many_places_as_clips(name, refused):
    refused(lambda: OF_XY[name](XY[:-1]))


def test_a_length_that_no_square_holds_is_no_other_direction():
    for power in (-300, -200, 200, 300):
        found = projection.pca_map(X * 10.0**power)
        np.testing.assert_allclose(found.xy, MAP.xy, atol=1e-6)


BAD = {
    "text": "x", "a number as text": "3", "a fraction": 2.5, "negative": -1, "zero": 0,
    "True": True, "None": None, "NaN": np.nan, "infinity": np.inf, "a list": [3], "complex": 1j,
    "beyond all": 10**9, "an object": object(),
}  # fmt: skip
OF_K = {
    "pca_map": lambda k: projection.pca_map(X, k=k),
    "fit_map": lambda k: projection.fit_map(X, k=k),
    "neighbors": lambda k: projection.fit_map(X, neighbors=k),
    "nearest": lambda k: projection.nearest(X, k),
    "agreement": lambda k: projection.agreement(X, XY, k),
    "trustworthiness": lambda k: projection.trustworthiness(X, XY, k),
    "table": lambda k: map_controls.table({"a": XY}, X, k),
    "alike": lambda k: map_controls.alike(XY, FACTS, k=k),
}


@every("kind", BAD)
@pytest.mark.parametrize("name", OF_K)
def test_neighbors_are_counted(name, kind, refused):
    if not (kind == "None" and name in ("pca_map", "fit_map")):  # which choose it themselves
        refused(lambda: OF_K[name](BAD[kind]))


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"zero", "beyond all"}))
def test_a_seed_and_a_distance_of_a_map_are_numbers(kind, refused):
    refused(lambda: projection.fit_map(X, seed=BAD[kind]), "seed is")
    refused(lambda: map_controls.shuffled(XY, GROUP, BAD[kind]), "seed is")
    refused(lambda: map_controls.alike(XY, FACTS, k=2, seed=BAD[kind]), "seed is")
    refused(lambda: projection.fit_map(X, min_dist=BAD[kind]), "min_dist is")
    if kind not in ("a fraction", "negative"):
        refused(lambda: MAP.poor(BAD[kind]), "below is")


def test_a_seed_beyond_those_of_umap_is_refused(refused):
    refused(lambda: projection.fit_map(X, seed=2**32), "seed is 4294967296")


def test_a_map_of_a_clip_or_of_as_many_neighbors_as_clips_is_refused(refused):
    refused(lambda: projection.fit_map(X[:1]), "4 to 50,000")
    refused(lambda: projection.pca_map(X[:3]), "4 to 50,000")
    refused(lambda: projection.fit_map(X, neighbors=N), "pass neighbors from 2 to 23")


NO_GROUPS = {
    "one too few": GROUP[:-1], "one too many": [*GROUP, "fan"], "None among names": [None, *GROUP],
    "NaN": np.where(np.arange(N) == 2, np.nan, 1.0), "a column": GROUP[:, None], "text": "fan",
    "None": None, "a number": 3,
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_GROUPS)
def test_a_group_is_known_of_each_clip_of_a_map(kind, refused):
    group = NO_GROUPS[kind]
    refused(lambda: map_controls.gaps(XY, group), "group")
    refused(lambda: map_controls.shuffled(XY, group), "group")
    refused(lambda: map_controls.gap_ranks(X, {"PCA": MAP}, group), "group")
    refused(lambda: map_controls.gap_range(X, {"PCA": MAP}, group), "group")
    if group is not None:
        refused(lambda: map_controls.alike(XY, FACTS, k=2, within=group), "group")


def test_one_group_has_no_gap(refused):
    refused(lambda: map_controls.gaps(XY, ["fan"] * N), "one group")


NO_ROWS = {
    "negative": [-1, 0], "out of reach": [0, N], "fractions": [0.5, 1.0], "text": ["a"],
    "none": [], "a table": [[0, 1]], "NaN": [np.nan], "other bools": [True] * 3, "a number": 3,
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_ROWS)
def test_chosen_clips_are_rows_that_there_are(kind, refused):
    refused(lambda: projection.nearest(X, 1, among=NO_ROWS[kind]), "among")
    refused(lambda: map_controls.to_nearest(XY, NO_ROWS[kind]), "known")


def test_rows_may_be_told_by_bool_and_one_known_clip_is_too_few(refused):
    known = np.arange(N) < 5
    np.testing.assert_array_equal(
        map_controls.to_nearest(XY, known), map_controls.to_nearest(XY, range(5))
    )
    refused(lambda: map_controls.to_nearest(XY, [3]), "two or more")


NO_MAPS = {
    "None": None, "empty": {}, "a map": MAP, "a list": [MAP], "text": "x", "of a text": {"a": "x"},
    "of None": {"a": None}, "a number": 3,
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_MAPS)
def test_maps_have_names(kind, refused):
    maps = NO_MAPS[kind]
    for take in (
        partial(map_controls.gap_ranks, X, group=GROUP),
        partial(map_controls.gap_range, X, group=GROUP),
        map_controls.training,
        lambda maps: map_controls.table(maps, X, 3),
        projection.pca_epochs,
        projection.fit_epochs,
    ):
        refused(partial(take, maps=maps) if isinstance(take, partial) else partial(take, maps))
    for other in (None, "x", 3, XY):
        refused(partial(projection.changed, MAP, other), "after is")
        refused(partial(projection.steps, other, MAP), "before is")


def test_maps_of_other_clips_are_not_compared(refused):
    other = projection.pca_map(X[:20])
    for take in (projection.changed, projection.steps):
        refused(partial(take, MAP, other), "same")
    refused(lambda: map_controls.training({0: MAP, 1: other}))
    refused(lambda: map_controls.gap_ranks(X, {"PCA": other}, GROUP), "20 points", "24 embeddings")
    refused(lambda: projection.pca_epochs({0: X, 1: X[:20]}), "same clips")


@pytest.mark.parametrize("metric", ["manhattan", None, 3, ["cosine"]])
def test_a_metric_is_known(metric, refused):
    refused(lambda: map_controls.gaps(XY, GROUP, metric), "euclidean, cosine")
    refused(lambda: map_controls.to_nearest(XY, [0, 1], metric), "euclidean, cosine")


WAVE, OTHERS = torch.randn(4000, generator=torch.manual_seed(0)), torch.randn(2, 4000)


def loudness(waves):
    return waves.square().sum(dim=1).numpy()


NO_WAVES = {
    "NaN": WAVE * torch.nan, "infinity": WAVE / 0, "text": "x", "None": None, "short": WAVE[:100],
    "complex": WAVE + 0j, "whole numbers": (1000 * WAVE).int(), "of four axes": WAVE[None, None],
    "silent words": ["a", "b"], "beyond all": WAVE.double() * 1e300,
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_WAVES)
def test_a_wave_that_is_explained_is_finite(kind, refused):
    wave = NO_WAVES[kind]
    refused(lambda: exchanges.explain(loudness, wave, OTHERS))
    refused(lambda: exchanges.explain(loudness, WAVE, wave[None] if wave is WAVE else wave))


NO_SCORES = {
    "NaN": lambda waves: np.full(len(waves), np.nan), "too few": lambda waves: np.zeros(3),
    "a column": lambda waves: np.zeros((len(waves), 1)), "None": lambda waves: None, "text": "x",
    "words": lambda waves: ["a"] * len(waves),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_SCORES)
def test_a_score_that_is_explained_is_one_finite_number_a_wave(kind, refused):
    refused(lambda: exchanges.explain(NO_SCORES[kind], WAVE, OTHERS), "score")


@pytest.mark.parametrize("kind", BAD)
def test_parts_of_a_wave_are_counted(kind, refused):
    explained = partial(exchanges.explain, loudness, WAVE, OTHERS)
    refused(lambda: explained(bands=BAD[kind]), "bands")
    if kind != "beyond all":  # which is a rate
        refused(lambda: explained(sr=BAD[kind]))
    if kind not in ("a fraction", "beyond all"):
        refused(lambda: explained(span=BAD[kind]), "span")
    if kind in ("text", "NaN", "infinity", "a list", "True"):
        refused(lambda: explained(threshold=BAD[kind]), "threshold is")


def test_an_exchange_is_of_waves_and_masks_of_one_length(refused):
    masks = torch.ones(1, 513, 1 + 4000 // 256)
    for told in ((WAVE, WAVE[:100], masks), (WAVE, WAVE, masks[..., :3]), (WAVE, WAVE, masks[0])):
        refused(partial(exchanges.exchange, *told), "do not go together")


NO_STORE = {
    "NaN": np.full(N, np.nan), "too few": np.zeros(3), "text": ["a"] * N, "None": None,
    "a column": np.zeros((N, 1)), "complex": 1j * np.ones(N), "a number": 1.0,
    "another order": pd.Series(np.arange(N) * 1.0, CLIPS.index[::-1]),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_STORE)
def test_a_store_takes_one_finite_number_a_clip(kind, refused, tmp_path):
    refused(lambda: embeddings.write(tmp_path / "x.npz", X, CLIPS, score=NO_STORE[kind]), "score")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [*BROKEN, "other clips", "beyond float32"])
def test_a_store_takes_finite_embeddings_of_its_clips(kind, refused, tmp_path):
    x = {"other clips": X[:3], "beyond float32": X * 1e200}.get(kind)
    x = BROKEN[kind](X) if x is None else x
    refused(lambda: embeddings.write(tmp_path / "x.npz", x, CLIPS))
    refused(lambda: embeddings.write(tmp_path / "x.npz", X, CLIPS, mine=np.ones(N)), "'mine'")
    assert not list(tmp_path.iterdir())


LINE = {
    "system": "adacos", "backend": "GaussianMixture", "data": "toy", "epochs": 3, "seed": 0,
    "machine": "fan", "section": "00", "auc": 0.8, "pauc": 0.6, "clips": 10, "seconds": 1.0,
}  # fmt: skip
LINES = pd.DataFrame([
    {name: LINE.get(name, 0) for name in RESULTS} | {"machine": machine, "seed": seed}
    for machine in ("fan", "pump") for seed in (0, 1)
])  # fmt: skip
NO_RESULTS = {
    "None": None, "a list": [1], "empty": pd.DataFrame(), "a column lacking": LINES[["system"]],
    "NaN": LINES.assign(auc=np.nan), "percent": LINES.assign(auc=80.0),
    "text": LINES.assign(auc="0.8"), "negative": LINES.assign(pauc=-0.1),
    "infinity": LINES.assign(pauc=np.inf), "epochs as text": LINES.assign(epochs="three"),
    "a line twice": pd.concat([LINES, LINES[:1]]), "an id lacking": LINES[:3],
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_RESULTS)
def test_results_beside_published_ones_are_shares(kind, refused):
    refused(lambda: papers.compare(NO_RESULTS[kind]))


@pytest.mark.parametrize("name", [None, 3, "SCA", ["SCA IV"], "sca iv"])
def test_a_published_table_has_a_name(name, refused):
    refused(lambda: papers.table(name), "no table is called", "SCA IV")


@pytest.mark.parametrize("told", [None, 3, pd.DataFrame(), LINES])
def test_a_list_is_of_compared_results(told, refused):
    refused(lambda: papers.listed(told), "papers.compare")
    refused(lambda: papers.listed(papers.compare(LINES), "f1"), "metric is 'f1'")
    assert len(papers.listed(papers.compare(LINES), "mauc")) == 0


STATE = {"states": [{"speed": 100, "load": 60}], "mic": 1, "noise": 1}
RECIPE = {
    "seed": 3, "seconds": 1.0, "ids": 3, "level": [-44.0, -38.0], "strength": [0.8, 1.0],
    "train": {"source": 2, "target": 1}, "test": {"source": 1, "target": 1},
    "domains": {"source": STATE, "target": STATE | {"mic": 2, "noise": 2}},
    "machines": {"fan": {"faults": ["clogging"], "snr": [0.0, 3.0]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    clips = sound.index(sound.synthesize(tmp_path_factory.mktemp("few") / "data", RECIPE))
    return [clips[clips["split"] == split] for split in ("train", "test")]


@pytest.fixture(scope="module")
def tried(tables):
    """An experiment, and its runs from one seed."""
    own = experiment.Experiment(*tables, front=systems.MEAN_AND_MAX, epochs=1, batch_size=8)
    return own, own.fit(losses.AdaCos, dim=4)


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"zero", "beyond all"}))
def test_an_experiment_takes_losses_runs_and_backends(tried, kind, refused):
    (own, runs), value, nearest = tried, BAD[kind], backends.NearestNeighbor()
    for take in (
        lambda: own.asking(value), lambda: own.fit(value), lambda: own.embed(value),
        lambda: own.fit(losses.AdaCos, encoder=value), lambda: own.judge(value, nearest),
        lambda: own.judge(runs, value), lambda: own.angle(value), lambda: own.maps(value, "fan"),
        lambda: own.maps({"a": runs}, value), lambda: own.maps({"a": runs}, "fan", value),
        lambda: own.compare(value, "a"), lambda: own.compare({"a": value}, "a", by=nearest),
    ):  # fmt: skip
        refused(take)
    if kind != "None":
        refused(lambda: own.fit(losses.AdaCos, y=value))
        refused(lambda: own.compare({"a": runs}, "a", by=value))
    if kind != "a list":
        refused(lambda: own.stages(losses.AdaCos, value))


@pytest.mark.parametrize("epochs", [[3, 1], [1, 1], [0], ["1"], [0.5]])
def test_stages_are_rising_epochs(tried, epochs, refused):
    refused(lambda: tried[0].stages(losses.AdaCos, epochs), "epochs")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"zero", "beyond all"}))
def test_a_machine_takes_an_experiment_and_inputs(tried, kind, refused):
    own, value = tried[0], BAD[kind]
    refused(lambda: machines.Machine(value, "fan/00"), "experiment is")
    refused(lambda: machines.Machines(value), "experiment is")
    refused(lambda: machines.Machine(own, value), "no training clip is of")
    refused(lambda: machines.Machine(own, "fan/00", value), "outliers")
    refused(lambda: machines.Machine(own, "fan/00", anomalies=value), "anomalies")
    refused(lambda: machines.Machines(own).judge(value, backends.OwnLoss()), "fan/00, fan/01")


def test_outliers_have_the_shape_of_the_inputs(tried, refused):
    own = tried[0]
    for some in (own.inputs[:2, :3], own.inputs[:2].int(), own.inputs[:2].numpy(), own.inputs[:0]):
        refused(partial(machines.Machine, own, "fan/00", some), "outliers")


@pytest.mark.parametrize("kind", BAD)
def test_a_control_hears_some_seconds(tables, kind, refused):
    if kind != "a fraction":
        refused(lambda: controls.level_only(*tables, seconds=BAD[kind]), "seconds is")
        refused(lambda: controls.scores(*tables, seconds=BAD[kind]), "seconds is")


@pytest.fixture(scope="module")
def detector(tables):
    choices = {"encoder": "Toy", "dim": 4, "seconds": 1.0, "epochs": 1}
    return systems.get("subcluster_adacos", **choices).fit(tables[0], device="cpu")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"beyond all"}))
def test_an_explainer_takes_a_detector_and_counts(detector, tables, kind, refused):
    value = BAD[kind]
    refused(lambda: explain.Explainer(value, tables[0]), "detector is")
    refused(lambda: explain.scorer(value, "fan/00"), "detector is")
    refused(lambda: explain.scorer(detector, value), "not trained on")
    for setting in ("k", "bands", "span"):
        if (setting, kind) != ("span", "a fraction"):
            refused(partial(explain.Explainer, detector, tables[0], **{setting: value}), setting)


@pytest.mark.parametrize("kind", ["NaN", "text", "None", "complex", "whole numbers", "a batch"])
def test_a_wave_of_a_detector_is_finite(detector, tables, kind, refused):
    wave = torch.randn(1, 16000) if kind == "a batch" else NO_WAVES[kind]
    own = explain.Explainer(detector, tables[0])
    refused(lambda: own.explain_wave(wave, "fan/00"))
    refused(lambda: own.nearest(wave, "fan/00", 1))
    refused(lambda: own.neighbors(wave, "fan/00", 1))
    many = wave[0] if kind == "a batch" else wave
    refused(lambda: explain.scorer(detector, "fan/00")(many))
