"""Explanations of detectors: their scores of waves, their neighbors, and the stored measures."""

from types import SimpleNamespace

import numpy as np
import pytest
import sklearn.neighbors
import torch

from asdkit import explain, runtime, sound, systems, traces

SECONDS, GROUP = 2.0, "fan/00"
SYSTEMS = {
    "mean_gaussian": {}, "subcluster_adacos": {"encoder": "Toy"}, "noisy_arcmix": {},
    "adaproj": {"trials": ({}, {})}, "baseline_autoencoder": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def clips():
    train, test = sound.split(sound.toy("smoke"))
    train = train[train["machine"].isin(["fan", "pump"]) & (train["section"] != "02")]
    return train.groupby("machine").head(16), test[sound.groups(test) == GROUP]


def fitted(name, train):
    choices = {"seconds": SECONDS, "epochs": 1} | SYSTEMS[name]
    if name == "mean_gaussian":
        del choices["epochs"]
    if name == "noisy_arcmix":
        choices["held_out"] = 0.0
    return systems.get(name).but(**choices).fit(train, device="cpu")


@pytest.fixture(scope="module")
def detector(clips):
    return fitted("subcluster_adacos", clips[0])


@pytest.mark.parametrize("name", SYSTEMS)
def test_waves_score_as_their_clips_with_every_kind_of_front(name, clips):
    train, test = clips[0], clips[1].iloc[:3]
    made = fitted(name, train)
    score = explain.scorer(made, GROUP)(sound.load(test, SECONDS))
    np.testing.assert_allclose(score, made.score(test), rtol=1e-4)
    near = explain.Explainer(made, train).neighbors(sound.load(test, SECONDS)[0], GROUP, 2)
    assert near.shape == (2, 32000) and not torch.equal(*near)


def test_neighbors_are_the_nearest_of_the_group_in_all_dimensions(detector, clips):
    train, test = clips
    explainer, wave = explain.Explainer(detector, train), sound.load(test.iloc[:1], SECONDS)[0]
    own = np.flatnonzero(sound.groups(train) == GROUP)
    search = sklearn.neighbors.NearestNeighbors(n_neighbors=4, metric="cosine")
    known, found = detector.embed(train.iloc[own]).numpy(), detector.embed(test.iloc[:1]).numpy()
    expected = own[search.fit(known).kneighbors(found)[1][0]]
    np.testing.assert_array_equal(explainer.nearest(wave, GROUP, 4), expected)
    clip = train.iloc[[own[0]]]
    wave = sound.load(clip, SECONDS)[0]
    assert explainer.nearest(wave, GROUP, 1) == own[0]
    assert own[0] not in explainer.nearest(wave, GROUP, len(own) - 1, but=clip["path"].item())
    assert explainer.explain(clip).rest != pytest.approx(explainer.explain(clip).score)


def test_a_neighbor_has_the_level_of_the_clip_only_where_no_one_hears_it(detector, clips):
    train, test = clips
    wave = 3.0 * sound.load(test.iloc[:1], SECONDS)[0]
    explainer = explain.Explainer(detector, train)
    near = explainer.neighbors(wave, GROUP, 2)
    torch.testing.assert_close(near.square().mean(dim=1), wave.square().mean().expand(2))
    heard = sound.load(explainer.normal.iloc[explainer.nearest(wave, GROUP, 2)], SECONDS)
    score = explain.scorer(detector, GROUP)
    np.testing.assert_allclose(score(near), score(heard), rtol=1e-4)
    plain = fitted("baseline_autoencoder", train)
    explainer = explain.Explainer(plain, train)
    row = explainer.nearest(wave, GROUP, 1)
    expected = sound.load(explainer.normal.iloc[row], SECONDS)
    assert torch.equal(explainer.neighbors(wave, GROUP, 1), expected)


def test_a_clip_is_explained_with_the_score_and_threshold_of_its_detector(detector, clips):
    train, test = clips
    why = explain.Explainer(detector, train, k=2, bands=3, span=1.0).explain(test.iloc[[1]])
    assert why.score == pytest.approx(detector.score(test.iloc[[1]])[0], rel=1e-4)
    assert why.threshold == detector.thresholds[GROUP] and why.worth.shape == (3, 2)
    np.testing.assert_allclose(why.times, [0.0, 1.0, 2.0])


def test_what_cannot_be_explained_is_refused(detector, clips):
    train, test = clips
    explainer, wave = explain.Explainer(detector, train), sound.load(test.iloc[:1], SECONDS)[0]
    with pytest.raises(ValueError, match="2 clips were given: explain one"):
        explainer.explain(test.iloc[:2])
    with pytest.raises(ValueError, match="was not trained on 'fan/09': it knows fan/00"):
        explainer.explain_wave(wave, "fan/09")
    with pytest.raises(ValueError, match="99 neighbors were asked for among 8 normal clips"):
        explainer.nearest(wave, GROUP, 99)
    with pytest.raises(ValueError, match="a wave is"):
        explainer.explain_wave(wave[:20000], GROUP)
    backend = SimpleNamespace(together=lambda group: True)
    network = SimpleNamespace(groups=[GROUP], backend=backend, front=SimpleNamespace(seconds=1.0))
    system = SimpleNamespace(backend=SimpleNamespace(name="RoleFusion"))
    strange = object.__new__(systems.Detector)
    strange.networks, strange.system = [network], system
    with pytest.raises(ValueError, match="the backend RoleFusion judges clips by each other"):
        explain.scorer(strange, GROUP)
    network = SimpleNamespace(front=SimpleNamespace(seconds=2.0))
    strange.networks.append(network)
    with pytest.raises(ValueError, match=r"networks hear clips of \[1.0, 2.0\] s"):
        explain.Explainer(strange, train)


def test_the_stored_measures_are_whole():
    trace, path = traces.load("explanations"), runtime.home() / "data/traces/explanations.csv"
    assert path.stat().st_size < 100_000
    assert trace.command == f"python tests/benchmarks/explanations.py data/traces/{path.name}"
    assert (runtime.home() / trace.command.split()[1]).is_file()
    systems_of = {name.split(", ")[0] for name in trace.scores}
    assert systems_of == {"mean_gaussian", "toy", "subcluster_adacos"}
    for name, values in trace.scores.items():
        assert np.isfinite(values).all() and len(values) == 96, name
        assert not name.endswith("rank") or np.abs(values).max() <= 1
        planted = trace.scores[f"{name.split(', ')[0]}, planted"]
        assert not name.endswith("found") or (values <= planted).all()
