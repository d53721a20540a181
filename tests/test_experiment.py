"""An experiment does what its parts do one by one, and compares beside the controls."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import backends, controls, encoders, losses, metrics, mixup, projection, sound, systems
from asdkit.experiment import Experiment
from asdkit.train import repeat

ARCFACE = partial(losses.ArcFace, margin=0.2)


@pytest.fixture(scope="module")
def clips():
    some = sound.toy().query("machine in ('fan', 'valve') and section != '02'")
    return sound.split(some)


@pytest.fixture(scope="module")
def experiment(clips):
    return Experiment(*clips, seeds=2, epochs=1, device="cpu")


@pytest.fixture(scope="module")
def runs(experiment):
    return experiment.fit(ARCFACE, dim=8, mixing=mixup.mix)


def by_hand(clips, task, loss, dim=8, **choices):
    inputs, _ = systems.inputs(systems.MEAN_AND_MAX, *clips)
    _, y, owners = systems.ask(clips[0], task)
    return repeat(
        lambda: encoders.Toy(dim), lambda: loss(dim, len(owners)), inputs, y, device="cpu",
        **choices,
    )  # fmt: skip


def weights(run):
    return torch.cat([part.flatten() for part in run.encoder.parameters()])


def test_its_front_makes_inputs_of_other_waves(clips, experiment):
    train, _ = clips
    heard = experiment.front(sound.load(train.head(3)), train["machine"].head(3))
    torch.testing.assert_close(heard, experiment.inputs[:3])


@pytest.mark.parametrize("name", ["default", "subcluster_adacos", "adaproj"])
def test_it_reads_each_clip_once_for_inputs_and_controls(clips, reads, name):
    """Also where the front keeps the log-mels that the controls need, or the waves alone."""
    train, test = (some.groupby(sound.groups(some)).head(3) for some in clips)
    front = systems.MEAN_AND_MAX if name == "default" else systems.get(name).front
    made = Experiment(train, test, front=front)
    found = made.asking("types").controls
    assert sorted(reads) == sorted([*train["path"], *test["path"]])
    wanted = controls.strongest(train, test)
    assert list(found) == list(wanted)
    for control, score in wanted.items():
        np.testing.assert_array_equal(found[control], score)
    for given, alone in zip(
        (made.inputs, made.inputs_test), systems.inputs(front, train, test), strict=True
    ):
        assert torch.equal(given, alone)


def test_it_trains_as_repeat_does(clips, runs):
    wanted = by_hand(clips, "sections", ARCFACE, seeds=2, epochs=1, mixing=mixup.mix)
    for run, other in zip(runs, wanted, strict=True):
        torch.testing.assert_close(weights(run), weights(other), rtol=0, atol=0)


def test_choices_of_one_fit_lead_those_of_the_experiment(clips, experiment):
    (run,) = experiment.fit(losses.AdaCos, dim=4, seeds=[7], epochs=2)
    (other,) = by_hand(clips, "sections", losses.AdaCos, dim=4, seeds=[7], epochs=2)
    torch.testing.assert_close(weights(run), weights(other), rtol=0, atol=0)


def test_another_question_is_asked_of_the_same_clips(clips, experiment):
    other = experiment.asking("attributes")
    assert other.inputs is experiment.inputs
    assert len(other.owners) > len(experiment.owners) == 4
    assert len(other.y.unique()) == sound.classes(clips[0]).nunique()
    assert other.fit(losses.Softmax, epochs=1)[0].loss.centers.shape == (len(other.owners), 128)


def test_other_labels_make_other_classes(experiment):
    y = torch.arange(len(experiment.y)) % 3
    assert experiment.fit(losses.Softmax, y=y, epochs=1)[0].loss.centers.shape[0] == 3


def test_scores_are_those_of_each_run(clips, experiment, runs):
    group, group_test = (sound.groups(part).to_numpy() for part in clips)
    x, x_test = experiment.embed(runs[1])
    wanted = backends.NearestNeighbor().fit(x.numpy(), group).score(x_test.numpy(), group_test)
    judged = experiment.judge(runs, backends.NearestNeighbor())
    np.testing.assert_array_equal(judged[1], wanted)
    angle = losses.own_angle(x_test, runs[1].loss.centers, experiment.owners, group_test)
    np.testing.assert_array_equal(experiment.angle(runs)[1], angle)


def test_it_compares_in_pairs_beside_the_controls(clips, experiment, runs):
    scores = {"angle": experiment.angle(runs), "first": experiment.angle(runs)[0]}
    wanted = metrics.paired(clips[1], scores | controls.strongest(*clips), "angle")
    pd.testing.assert_frame_equal(experiment.compare(scores, against="angle"), wanted)


def test_it_scores_runs_by_a_backend_or_a_function(experiment, runs):
    nearest = backends.NearestNeighbor()
    for by, score in ((nearest, experiment.judge(runs, nearest)), (experiment.angle,) * 2):
        score = score(runs) if callable(score) else score
        pd.testing.assert_frame_equal(
            experiment.compare({"one": runs}, "one", by), experiment.compare({"one": score}, "one")
        )


def test_what_cannot_be_compared_is_refused(experiment):
    with pytest.raises(ValueError, match="against is 'two'"):
        experiment.compare({"one": np.zeros(len(experiment.test))}, against="two")


@pytest.mark.parametrize("split", ["train", "test"])
def test_maps_are_of_the_clips_of_one_machine_type(experiment, runs, split):
    clips, found = experiment.maps({"first": runs, "second": runs[1:]}, "valve", split)
    at = ["train", "test"].index(split)
    whole = [experiment.train, experiment.test][at]
    assert clips["path"].tolist() == whole.query("machine == 'valve'")["path"].tolist()
    for name, run in zip(found, runs, strict=True):
        x = experiment.embed(run)[at][(whole["machine"] == "valve").tolist()]
        np.testing.assert_allclose(found[name].xy, projection.pca_map(x).xy, atol=1e-6)


def test_maps_of_another_split_or_of_no_clips_are_refused(experiment, runs):
    with pytest.raises(ValueError, match="not 'valid'"):
        experiment.maps({"one": runs}, "valve", "valid")
    with pytest.raises(ValueError, match="no test clip is of a 'pump': take one of fan, valve"):
        experiment.maps({"one": runs}, "pump")


def test_stages_are_one_training(experiment):
    stops = experiment.stages(losses.AdaCos, [1, 3], dim=8)
    whole = experiment.fit(losses.AdaCos, dim=8, seeds=1, epochs=3, snapshots=[1])[0]
    assert list(stops) == [1, 3] and torch.equal(weights(stops[3]), weights(whole))
    assert torch.equal(experiment.embed(stops[1])[0], whole.snapshots[1].x)


def test_networks_that_stay_as_they_start(experiment):
    (run,) = experiment.fit(losses.AdaCos, trained=False, seeds=1)
    assert run.epoch == 0
    with pytest.raises(ValueError, match="epochs has no effect where nothing is trained"):
        experiment.fit(losses.AdaCos, trained=False, epochs=3)
