"""The systems of [DDC]: the paper's settings, eq. 5 end to end, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import backends, losses, metrics, sound, systems
from asdkit.backends.roles import DDC_ALPHA, DSAD_ALPHA
from asdkit.systems import part
from asdkit.systems.part import parameters
from asdkit.systems.role_recipes import ROLE_RECIPES
from asdkit.tensorfile import read_tensors
from asdkit.train import Run

RECIPES = {system.name: system for system in ROLE_RECIPES}
TINY = {
    "encoder": "Toy", "dim": 8, "seconds": 1.0, "epochs": 12, "normal": 6, "outlier": 8, "steps": 5,
    "front": (
        {"part": "StandardizeWaves", "by": "machine"}, "LogMel",
        {"part": "Segments", "frames": 16, "count": 3},
    ),
}  # fmt: skip
GROUPS = ["fan/00", "fan/02", "pump/00", "pump/04"]


def tiny(name, **choices):
    one_rate = RECIPES[name].optimizer.name == "adam"
    rates = {"lr": 0.01} if one_rate else {"body": 0.01, "head": 0.01}
    return RECIPES[name].but(**TINY | rates | choices)


def broken(fresh, *groups):
    """True anomalies among the training clips."""
    some = fresh[(fresh["label"] == 1) & sound.groups(fresh).isin(groups)]
    return some.assign(split="train")


def settings(chosen):
    defaults = {name: known.default for name, known in parameters(chosen.make).items()}
    return {"part": chosen.name} | defaults | dict(chosen.settings)


LOSSES = {
    "bce": "BinaryCrossEntropy", "dsad": "DSAD", "ddcsad": "DDCSAD", "bce_dsad": "BinaryDSAD",
    "bce_ddcsad": "BinaryDDCSAD",
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_the_settings_are_the_paper_s(name):
    """[DDC] IV-A: eta 2, lambda 1, 4000 steps of 32 and 32, 1e-4 and 1e-3, halved every 1000."""
    system = RECIPES[name]
    assert (system.task, system.each, system.shares) == ("roles", "group", True)
    standard, mel, segments = map(settings, system.front)
    assert (standard["part"], standard["by"]) == ("StandardizeWaves", "machine")
    stated = {"part": "LogMel", "sr": 16000, "window": 1024, "hop": 512, "mels": 128}
    assert {key: mel[key] for key in stated} == stated and system.seconds == 10.0
    assert (segments["part"], segments["frames"], segments["count"]) == ("Segments", 256, 10)
    assert settings(system.encoder) == {"part": "ResNet38", "width": 1.0}
    loss, rate, schedule = map(settings, (system.loss, system.optimizer, system.schedule))
    assert loss["part"] == LOSSES[name] and loss.get("eta", 2.0) == 2.0
    assert loss.get("weight", 1.0) == 1.0 and loss.get("updated", False) == ("ddcsad" in name)
    batches = settings(system.batches)
    stated = {"part": "balanced", "normal": 32, "outlier": 32, "anomaly": 0}
    assert {key: batches[key] for key in stated} == stated
    assert batches["steps"] * system.epochs == 4000
    assert (schedule["part"], schedule["times"]) == ("halved", 3)
    if "bce" in name:
        assert (rate["part"], rate["body"], rate["head"]) == ("adam_two_rates", 1e-4, 1e-3)
    else:
        assert (rate["part"], rate["lr"], rate["decay"]) == ("adam", 1e-4, 0.0)
    backend = settings(system.backend)
    alphas = {"bce": 1.0, "bce_dsad": DSAD_ALPHA, "bce_ddcsad": DDC_ALPHA}
    assert (backend["alpha"], backend["scale"]) == (alphas.get(name, 0.0), "test")
    assert systems.System.from_json(system.to_json()) == system


def test_a_logit_adds_2049_weights_to_the_network():
    assert sum(weight.numel() for weight in losses.BinaryDDCSAD(2048).parameters()) == 2049
    assert not list(losses.DDCSAD(2048).parameters())


ALPHAS = {
    "bce": [1.0] * 4, "dsad": [0.0] * 4, "ddcsad": [0.0] * 4, "bce_dsad": [0.1, 0.1, 0.2, 0.2],
    "bce_ddcsad": [0.1, 0.1, 1.0, 1.0],
}  # fmt: skip


@pytest.mark.parametrize("scale", ["test", "train"])
@pytest.mark.parametrize("name", LOSSES)
def test_each_recipe_scores_by_equation_5_and_is_the_same_after_loading(
    name, scale, train, fresh, tmp_path
):
    """A segment has p and d; d is scaled over all segments, and a clip's score is their mean. New
    clips of other machines, which play the anomaly in training, score above those of the own one.
    """
    system = tiny(name, **{"scale": scale} if name != "bce" else {})
    detector = system.fit(train, device="cpu")
    assert [network.groups for network in detector.networks] == [[group] for group in GROUPS]
    score, aucs, normal = detector.score(fresh), [], fresh[fresh["label"] == 0]
    for network, group, alpha in zip(detector.networks, GROUPS, ALPHAS[name]):
        own = (sound.groups(fresh) == group).to_numpy()
        p, d = told(network, fresh[own])
        known = told(network, train[sound.groups(train) == group])[1] if scale == "train" else d
        d = (d - known.min()) / (np.ptp(known) or 1.0)
        expected = (alpha * (1 - p) + (1 - alpha) * d).mean(axis=1)
        np.testing.assert_allclose(score[own], expected, rtol=1e-4, atol=1e-5)
        claimed = normal.assign(machine=group[:-3], section=group[-2:])  # of whichever machine
        strange = (sound.groups(normal) != group).astype(int)
        aucs.append(metrics.auc(strange, detector.score(claimed)))
    assert np.mean(aucs) > 0.8, aucs
    detector.save(tmp_path / "detector.safetensors")
    again = systems.load(tmp_path / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), score)
    assert again.thresholds == detector.thresholds and again.system == detector.system


def told(network, clips):
    """p and d of each segment (N, R) in float64, from the weights of a network."""
    heard = systems.hear(clips, network.front).x
    inputs = network.front.prepare(heard, clips["machine"], "cpu")
    x, loss = network.embed(inputs).double().numpy(), network.loss
    d = np.zeros(x.shape[:2])
    if loss.centers is not None:
        d = ((x - loss.centers[0].double().numpy()) ** 2).sum(axis=2)
    logits = np.zeros(x.shape[:2])
    if hasattr(loss, "head"):
        weight, bias = (value.detach().double().numpy() for value in loss.head.parameters())
        logits = x @ weight[0] + bias
    return 1 / (1 + np.exp(-logits)), d


def test_centers_follow_in_training_where_the_paper_lets_them(train):
    for name in LOSSES:
        one, two = (tiny(name, epochs=epochs).fit(train, device="cpu") for epochs in (1, 2))
        if name == "bce":
            assert all(network.loss.centers is None for network in two.networks)
            continue
        same = torch.equal(one.networks[0].loss.centers, two.networks[0].loss.centers)
        assert same == (name in ("dsad", "bce_dsad")), name


@pytest.mark.parametrize("name", ["bce_ddcsad", "dsad"])
def test_true_anomalies_go_on_from_the_model_that_was_trained_without(name, train, fresh):
    """[DDC] IV-C: 32 : 31 : 1, half the steps, still halved every 1000."""
    paper = systems.with_anomalies(RECIPES[name])
    batches = settings(paper.batches)
    assert (batches["normal"], batches["outlier"], batches["anomaly"]) == (32, 31, 1)
    assert batches["steps"] * paper.epochs == 2000 and settings(paper.schedule)["times"] == 1
    assert paper.shares and paper.loss == RECIPES[name].loss
    first = tiny(name).fit(train, device="cpu")
    few = broken(fresh, *GROUPS).groupby(["machine", "section"]).head(2)
    system = systems.with_anomalies(tiny(name))
    detector = system.fit(pd.concat([train, few]), device="cpu", start=first)
    rest = fresh[~fresh["path"].isin(few["path"])]
    assert not np.allclose(detector.score(rest), first.score(rest))
    for before, after in zip(first.networks, detector.networks):
        assert (before.run.epoch, after.run.epoch) == (12, 6) and "start" in after.run.settings
        assert torch.equal(before.loss.centers, after.loss.centers) == (name == "dsad")
    with pytest.raises(ValueError, match="takes 1 of the role anomaly, and 0 clips have it: set"):
        system.fit(train, device="cpu", start=first)
    with pytest.raises(ValueError, match="arcface has no choice 'outlier'"):
        systems.with_anomalies(systems.get("arcface"))


def test_a_training_with_anomalies_that_is_cut_again_and_again_ends_with_the_same_bits(
    train, fresh, tmp_path, monkeypatch
):
    """Cut before an epoch is saved and after it, in the first network and in later ones."""
    few = broken(fresh, *GROUPS).groupby(["machine", "section"]).head(2)
    table, first = pd.concat([train, few]), tiny("ddcsad").fit(train, device="cpu")
    system, save, saves = systems.with_anomalies(tiny("ddcsad")), Run.save, []

    def fit(folder):
        return system.fit(table, device="cpu", start=first, folder=folder, snapshots=(2,))

    def cut(run, path):
        saves.append(path)
        if len(saves) in (1, 9):
            raise KeyboardInterrupt
        save(run, path)
        if len(saves) in (3, 14):
            raise KeyboardInterrupt

    whole = fit(tmp_path / "whole")
    monkeypatch.setattr(Run, "save", cut)
    for done in (0, 2, 7, 12):
        with pytest.raises(KeyboardInterrupt):
            fit(tmp_path / "cut")
        files = (tmp_path / "cut").rglob("run.safetensors")
        assert sum(json.loads(read_tensors(file, "run")[1])["epoch"] for file in files) == done
    again = fit(tmp_path / "cut")
    assert len(saves) == 4 * 6 + 2  # two epochs were done twice
    assert again.thresholds == whole.thresholds
    for number, (one, other) in enumerate(zip(again.networks, whole.networks)):
        (mine, notes), (its, told) = [
            read_tensors(tmp_path / name / "networks" / str(number) / "run.safetensors", "run")
            for name in ("cut", "whole")
        ]
        notes, told = [json.loads(some) | {"seconds": None} for some in (notes, told)]
        assert notes == told and mine.keys() == its.keys() and "snapshots.2.centers" in mine
        assert all(torch.equal(mine[name], its[name]) for name in mine)
        assert one.run.history.equals(other.run.history)


def test_anomalies_move_the_second_center_where_they_are_counted(train, fresh):
    few, other = pd.concat([train, broken(fresh, *GROUPS)]), []
    for counted in (False, True):
        system = tiny("ddcsad", anomaly=1, epochs=1, with_anomalies=counted)
        other.append(system.fit(few, device="cpu").networks[0].loss.centers)
    assert torch.equal(other[0][0], other[1][0]) and not torch.allclose(other[0][1], other[1][1])


def test_a_threshold_is_set_on_normal_clips_that_are_scored_together(train):
    """A fold of its own would be scaled over itself: the largest distance of each would be 1."""
    for scale, once in (("test", True), ("train", False)):
        detector = tiny("ddcsad", scale=scale, epochs=2).fit(train, device="cpu")
        own = train[sound.groups(train) == "fan/02"]
        whole = metrics.threshold(detector.score(own), 0.1)
        assert (detector.thresholds["fan/02"] == pytest.approx(whole, rel=1e-6)) == once


def test_runs_of_one_id_are_judged_without_a_system(train, fresh):
    """As a lesson does it: the backend is fitted to the normal clips of the id alone."""
    detector = tiny("bce_ddcsad", front=("LogMel",)).fit(train, device="cpu")
    network, own = detector.networks[0], (sound.groups(train) == "fan/00").to_numpy()
    new = fresh[sound.groups(fresh) == "fan/00"]
    x, x_test = (systems.hear(clips, network.front).x for clips in (train[own], new))
    backend = backends.RoleFusion(alpha=0.1)
    (score,) = systems.judge([network.run], backend, train[own], x, new, x_test)
    np.testing.assert_allclose(score, detector.score(new), rtol=1e-6)


def refused(words, make):
    with pytest.raises(ValueError, match=words) as told:
        make()
    assert "\n" not in str(told.value) and len(str(told.value)) < 400


def test_what_does_not_go_together_is_told_before_there_is_any_clip():
    system = RECIPES["bce_ddcsad"]
    for choices, words in (
        ({"loss": "DSAD"}, "the loss DSAD has no probability to tell, and .*: choose alpha=0$"),
        ({"loss": "BinaryCrossEntropy"}, "BinaryCrossEntropy has no distance to tell, .* alpha=1$"),
        ({"loss": "SquaredError"}, "task is 'roles', and the loss SquaredError is made for "),
        ({"task": "nothing", "front": "LogMel"}, "BinaryDDCSAD is made for another: choose the ta"),
        ({"task": "types", "front": "LogMel"}, "BinaryDDCSAD is made for another: choose the ta"),
        ({"each": "all"}, "the task roles compares one machine and section with all others"),
        ({"alpha": 1.5}, "alpha is 1.5: give a number from 0 to 1"),
        ({"scale": "all"}, "scale is 'all': choose one of test, train"),
        ({"backend": "RoleFusion"}, "RoleFusion needs a choice of alpha: give it"),
        ({"backend": "Probability"}, "the backend Probability needs classes of each machine"),
    ):  # fmt: skip
        refused(words, lambda choices=choices: system.but(**choices))
    blend = part(backends.RoleFusion, alpha=0.5)
    refused("the loss ArcFace tells neither", lambda: systems.get("arcface", backend=blend))
    refused("loss is None, and the backend RoleFusion needs what a loss learned",
            lambda: systems.get("mean_gaussian", backend=blend))  # fmt: skip


def test_clips_that_nothing_can_be_learned_from_are_told_before_any_file_is_read(
    train, fresh, reads
):
    group, few = sound.groups(train), broken(fresh, "fan/00", "pump/04")
    one = pd.concat([train[group != "fan/02"], train[group == "fan/02"].head(1)])
    no_normal = pd.concat([train[group != "fan/00"], few])
    for table, choices, words in (
        (train[group == "fan/00"], {}, "all training clips are of one class, fan/00, and the ta"),
        (no_normal, {"anomaly": 1}, "fan/00 has anomalies and no normal training clip: record at"),
        (few, {"anomaly": 1}, "fan/00 has anomalies and no normal training clip: record at"),
        (one, {}, "fan/02 has one training clip only: record at least 2"),
        (pd.concat([train, few]), {}, "takes 0 of the role anomaly, and 4 clips have it: set ano"),
        (train, {"alpha": {"fan": 0.1}}, "no number for pump, only for fan: add 'other'"),
        (
            train,
            {"held_out": 0.1},
            "there is one clip of fan/00, and the backend RoleFusion judges",
        ),
    ):
        system = tiny("bce_ddcsad", **choices)
        refused(words, lambda system=system, table=table: system.fit(table, device="cpu"))
    binary = tiny("ddcsad", with_anomalies=True)
    refused("the role anomaly, and with_anomalies asks for their mean: leave it out",
            lambda: binary.fit(train, device="cpu"))  # fmt: skip
    two = tiny("ddcsad").but(optimizer="adam_two_rates")
    refused("the loss DDCSAD has nothing to train, so 'head' would have no effect: choose adam",
            lambda: two.fit(train, device="cpu"))  # fmt: skip
    assert not reads


def test_one_test_clip_alone(train, fresh):
    one = fresh.head(1)
    for choices in ({"scale": "train"}, {"alpha": 1.0}):
        assert np.isfinite(tiny("bce_ddcsad", epochs=1, **choices)
                           .fit(train, device="cpu").score(one)).all()  # fmt: skip
    detector = tiny("bce_ddcsad", epochs=1).fit(train, device="cpu")
    words = (
        "there is one clip of fan/00, and the backend RoleFusion judges clips by each other: give "
        "several at once, or choose scale='train'"
    )
    refused(words, lambda: detector.score(one))
    held_out = tiny("bce_ddcsad", epochs=1, held_out=0.2).fit(train, device="cpu")
    assert sorted(held_out.thresholds) == GROUPS
