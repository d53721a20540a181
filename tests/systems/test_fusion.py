"""One score from several networks, against numpy, scipy and scikit-learn in float64."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.metrics import roc_auc_score

from asdkit import metrics, sound, systems
from asdkit.systems.fusion import Standing, balance, fused, settle
from asdkit.tensorfile import read_tensors, write_tensors

BARE = {"encoder": None, "loss": None, "backend": {"part": "Gaussian", "normalize": False}}


def density(x, new):
    """-ln N(new) of one Gaussian on the rows of x, 1e-3 on the diagonal of its covariance."""
    covariance = np.cov(x.T, bias=True) + 1e-3 * np.eye(x.shape[1])
    return -multivariate_normal(x.mean(axis=0), covariance).logpdf(new)


def by_hand(x, group, new, new_group):
    """Standardized scores of the new and of the held-out clips, and 2 AUC - 1 of a machine type."""
    told, kept, apart = np.empty(len(new)), np.empty(len(x)), {}
    for name in np.unique(group):
        own, fold = x[group == name], np.arange((group == name).sum()) % 5
        held, asked = np.empty(len(own)), new_group == name
        for one in range(5):
            held[fold == one] = density(own[fold != one], own[fold == one])
        kept[group == name] = (held - held.mean()) / held.std()
        told[asked] = (density(own, new[asked]) - held.mean()) / held.std()
        machine = np.array([one.split("/")[0] for one in group]) == name.split("/")[0]
        kin = density(own, x[machine & (group != name)])
        label = np.repeat([0, 1], [len(held), len(kin)])
        area = roc_auc_score(label, np.concatenate([held, kin]))
        apart.setdefault(name.split("/")[0], []).append(2.0 * area - 1.0)
    return told, kept, {machine: max(np.mean(areas), 0.0) for machine, areas in apart.items()}


@pytest.fixture(scope="module")
def summaries(train):
    return systems.get("summaries", seconds=1.0).fit(train, device="cpu")


def test_scores_are_standardized_and_weighted_without_a_label(summaries, train, fresh, tmp_path):
    """Held-out normal clips give the unit, the other id of the type the weight."""
    group, asked = (sound.groups(clips).to_numpy() for clips in (train, fresh))
    told, held, apart = [], [], []
    for name in ("mean_gaussian", "max_gaussian"):
        alone = systems.get(name, seconds=1.0).fit(train, device="cpu")
        x, new = (alone.embed(clips).double().numpy() for clips in (train, fresh))
        for kept, one in zip((told, held, apart), by_hand(x, group, new, asked)):
            kept.append(one)
    machine = fresh["machine"].to_numpy()
    weight = np.array([[weights[one] for one in machine] for weights in apart])
    expected = (weight * told).sum(axis=0) / weight.sum(axis=0)
    np.testing.assert_allclose(summaries.score(fresh), expected, rtol=1e-3, atol=1e-3)
    for one, threshold in summaries.thresholds.items():
        weight = np.array([weights[one.split("/")[0]] for weights in apart])
        fair = (weight[:, None] * np.array(held)[:, group == one]).sum(axis=0) / weight.sum()
        np.testing.assert_allclose(threshold, metrics.threshold(fair, 0.1), rtol=1e-3, atol=1e-3)
    table = summaries.weights()
    assert list(table.columns) == ["0: temporal_mean", "1: temporal_max"]
    for one in ("fan", "pump"):
        share = np.array([weights[one] for weights in apart])
        np.testing.assert_allclose(table.loc[one], share / share.sum(), atol=1e-6)
    equal = systems.get("summaries", seconds=1.0, fusion="standardized").fit(train, device="cpu")
    expected = np.mean(told, axis=0)
    np.testing.assert_allclose(equal.score(fresh), expected, rtol=1e-3, atol=1e-3)
    path = tmp_path / "detector.safetensors"
    summaries.save(path)
    again = systems.load(path, device="cpu")
    assert np.array_equal(again.score(fresh), summaries.score(fresh))
    assert again.system == summaries.system and again.thresholds == summaries.thresholds
    assert again.weights().equals(table)


def test_a_file_from_before_fusion_is_read_as_a_mean(train, fresh, small, tmp_path):
    path, detector = tmp_path / "file", small(epochs=1, trials=({}, {})).fit(train, device="cpu")
    detector.save(path)
    tensors, notes = read_tensors(path, "detector")
    notes = json.loads(notes)
    notes["system"].pop("fusion")
    for network in notes["networks"]:
        network.pop("standings")
    write_tensors(path, tensors, {"detector": json.dumps(notes)})
    assert np.array_equal(systems.load(path, device="cpu").score(fresh), detector.score(fresh))


def test_each_clip_is_read_once_for_all_networks(summaries, train, fresh, reads):
    summaries.score(fresh)
    assert sorted(reads) == sorted(fresh["path"])
    systems.get("summaries", seconds=1.0).fit(train, device="cpu")
    assert sorted(reads[len(fresh) :]) == sorted(train["path"])


def network(factor=1.0, shift=0.0, groups=("fan/00", "fan/02", "pump/00")):
    """A stand-in: the score of an embedding is its distance to the number of its group."""
    known = {name: number for number, name in enumerate(groups)}

    def judge_told(x, names):
        place = np.array([known[name] for name in names])
        return factor * np.abs(np.asarray(x)[:, 0] - place) + shift

    return SimpleNamespace(groups=list(groups), standings={}, judge_told=judge_told)


def settled(fusion, chosen, spread=0.1, groups=("fan/00", "fan/02", "pump/00")):
    group = np.repeat(groups, 20)
    place = np.repeat(np.arange(float(len(groups))), 20)
    x = (place + spread * np.random.default_rng(0).normal(size=len(place)))[:, None]
    settle(chosen, fusion, x, group, group, chosen.judge_told(x, group))
    return chosen


@pytest.mark.parametrize("fusion", ["standardized", "weighted"])
def test_the_unit_of_a_score_has_no_effect(fusion):
    """Ten times the score plus 7 is the same evidence; as it is, it would decide alone."""
    group, x = ["fan/00", "pump/00"] * 2, np.arange(4.0)[:, None]
    every = np.ones(4, bool)
    one, other = settled(fusion, network()), settled(fusion, network(10.0, 7.0))
    scores = [fused([(net, every, net.judge_told(x, group))], group) for net in (one, other)]
    np.testing.assert_allclose(*scores)
    assert one.standings["fan/00"].weight == pytest.approx(other.standings["fan/00"].weight)


def test_weights_are_those_of_what_is_told_apart():
    """Ids far apart: 1; a score that knows nothing of them: 0, and the other decides alone."""
    sure = settled("weighted", network())
    blind = settled("weighted", network(factor=0.0))
    assert [sure.standings[name].weight for name in sure.groups] == [1.0, 1.0, 1.0]
    assert [blind.standings[name].weight for name in blind.groups] == [0.0, 0.0, 0.0]
    every, group = np.ones(2, bool), ["fan/00", "fan/02"]
    found = [(sure, every, np.array([1.0, 2.0])), (blind, every, np.array([9.0, -9.0]))]
    np.testing.assert_array_equal(fused(found, group), fused(found[:1], group))
    balance([blind])
    assert all(standing.weight == 1.0 for standing in blind.standings.values())


def test_one_id_alone_leaves_nothing_to_weigh_by():
    alone = settled("weighted", network(groups=["fan/00"]), groups=["fan/00"])
    assert alone.standings["fan/00"].weight == 1.0
    same = settled("standardized", network(factor=0.0, shift=3.0))
    assert same.standings["fan/00"] == Standing(3.0, 1.0, 1.0)  # no spread to divide by


def test_a_clip_that_no_network_knows_has_no_score():
    chosen = network()
    score = fused([(chosen, np.array([True, False]), np.array([2.0]))], ["fan/00", "car/00"])
    assert score[0] == 2.0 and np.isnan(score[1])


def test_a_trial_may_leave_the_training_out(train, fresh, small):
    """The learned network is the one that stands alone, and the Gaussian that of its system."""
    front = ["normalize_level", "LogMel", "Standardize", "temporal_mean"]
    system = small(trials=({}, BARE | {"front": front}), fusion="standardized", epochs=2)
    assert system.trial(1).task == "nothing" and system.trial(1).epochs == 400
    detector = system.fit(train, device="cpu")
    parts = [
        small(epochs=2, fusion="standardized"),
        systems.get("mean_gaussian", seconds=1.0, fusion="standardized"),
    ]
    single = [one.fit(train, device="cpu").score(fresh) for one in parts]
    np.testing.assert_allclose(detector.score(fresh), np.mean(single, axis=0), rtol=1e-6)


REFUSED = [
    ("arcface", {"fusion": "sum"}, "^fusion is 'sum': choose one of mean, standardized, weighted$"),
    ("arcface", {"fusion": "weighted"}, "has one trial, which is not weighted against another: ch"),
    ("combined", {"trials": ({},)}, "has one trial, which is not weighted against another: choose"),
    ("combined", {"each": "group"}, "each='group' gives each id a network of its own: choose 's"),
    ("combined", {"backend": "OwnLoss"}, "the backend OwnLoss does not judge embeddings: choose"),
    ("combined", {"trials": ({}, {"fusion": "mean"})}, "^'fusion' is one for all trials of a sys"),
    ("arcface", {"trials": ({"lr": 0.1},), "lr": 0.2}, "has its own 'lr', so it would have no eff"),
    ("combined", {"trials": ({}, BARE, BARE)}, "trains nothing, so equal trials would be one: le"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "choices", "words"), REFUSED)
def test_what_cannot_be_fused(name, choices, words):
    with pytest.raises(ValueError, match=words) as told:
        systems.get(name, **choices)
    assert "\n" not in str(told.value)
