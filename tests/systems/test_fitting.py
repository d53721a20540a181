"""How a system becomes a detector: seeds, folders, epochs, one reading, trials, and starts."""

import numpy as np
import pytest
import torch

from asdkit import metrics, sound, systems
from asdkit.encoders import Toy
from asdkit.systems import Front, part
from asdkit.systems.network import Network
from asdkit.train import Rows, Run


def test_same_seed_same_numbers(train, fresh, small, state):
    first, second, third = [
        small(epochs=2).fit(train, seed=seed, device="cpu") for seed in (1, 1, 2)
    ]
    assert np.array_equal(first.score(fresh), second.score(fresh))
    assert first.thresholds == second.thresholds
    assert not np.array_equal(first.score(fresh), third.score(fresh))
    fixed = small(epochs=1, trainable=False)
    starts = [fixed.fit(train, seed=seed, device="cpu").network.loss.centers for seed in (1, 2)]
    assert not torch.equal(*starts)


def test_a_folder_lets_training_go_on(train, fresh, small, tmp_path):
    small(epochs=2).fit(train, device="cpu", folder=tmp_path)
    resumed = small(epochs=4).fit(train, device="cpu", folder=tmp_path)
    assert np.array_equal(
        resumed.score(fresh), small(epochs=4).fit(train, device="cpu").score(fresh)
    )
    assert [path.name for path in tmp_path.iterdir()] == ["run.safetensors"]


def test_each_network_of_a_system_goes_on_in_a_folder_of_its_own(train, fresh, small, tmp_path):
    system = small(each="machine", trials=({}, {"sub_clusters": 3}))
    system.but(epochs=1).fit(train, device="cpu", folder=tmp_path)
    files = sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.safetensors")
    )
    assert files == [f"networks/{number}/run.safetensors" for number in range(4)]
    resumed = system.but(epochs=3).fit(train, device="cpu", folder=tmp_path)
    whole = system.but(epochs=3).fit(train, device="cpu")
    assert np.array_equal(resumed.score(fresh), whole.score(fresh))
    assert resumed.thresholds == whole.thresholds


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"seconds": 0.5}, "data, .*seconds"), ({"sub_clusters": 3}, "loss"),
        ({"lr": 0.1}, "optimizer"), ({"how": "beta"}, "mixing"), ({"hop": 256}, "data, front"),
        pytest.param({"precision": "bf16"}, "precision", marks=pytest.mark.bf16),
        ({"task": "attributes"}, "task"),
    ],
)  # fmt: skip
def test_a_folder_of_another_system_is_refused(train, small, tmp_path, change, word):
    small(epochs=1).fit(train, device="cpu", folder=tmp_path)
    with pytest.raises(
        ValueError, match=f"run.safetensors is a run that differs in ({word}).*: give another"
    ):
        small(epochs=2, **change).fit(train, device="cpu", folder=tmp_path)


def test_the_budget_gives_the_epochs(train, small, monkeypatch):
    monkeypatch.setenv("ASDKIT_BUDGET", "smoke")
    assert small(shares=True, epochs=400).fit(train, device="cpu").run.epoch == 12
    assert small(epochs=1).fit(train, "course", device="cpu").run.epoch == 1
    chosen = systems.get("l2softmax_lof", encoder="Toy", seconds=1.0)
    assert chosen.fit(train, device="cpu").run.epoch == 3  # of 100, as 12 are of 400


def test_trials_may_differ_in_their_epochs(train, small):
    detector = small(epochs=2, trials=({}, {"epochs": 5}, {"lr": 0.5})).fit(train, device="cpu")
    assert [network.run.epoch for network in detector.networks] == [2, 5, 2]


def test_the_code_variant_weighs_classes_by_their_number(train, small):
    few = train["path"].str.contains("_0000000[0-3]")
    fewer = train[(sound.groups(train) != "fan/00") | few]
    loss = small(variant="code", epochs=1).fit(fewer, device="cpu").network.loss
    assert loss.class_weights.tolist() == pytest.approx([34 / (4 * 4), *[34 / (4 * 10)] * 3])
    assert small(epochs=1).fit(fewer, device="cpu").network.loss.class_weights is None


def test_clips_that_are_held_out_do_not_count_in_the_weights_of_classes(train, small):
    """Ten clips of each group but one of four: a share of .3 holds three and two of them out."""
    few = train["path"].str.contains("_0000000[0-3]")
    fewer = train[(sound.groups(train) != "fan/00") | few]
    system = small(variant="code", epochs=1, held_out=0.3)
    loss = system.fit(fewer, device="cpu").network.loss
    assert loss.class_weights.tolist() == pytest.approx([23 / (4 * 2), *[23 / (4 * 7)] * 3])


def test_without_mixup_and_with_beta(train, small):
    for choice in ({"mixing": None}, {"how": "beta"}):
        run = small(epochs=2, **choice).fit(train, device="cpu").run
        assert np.isfinite(run.history["loss"]).all()


SYSTEMS = {
    "one network": {},
    "trials of one front": {"trials": ({}, {"sub_clusters": 1}, {})},
    "one network a machine": {"each": "machine"},
}


@pytest.mark.parametrize("kind", SYSTEMS)
def test_each_clip_is_read_once(train, small, reads, kind):
    small(epochs=1, **SYSTEMS[kind]).fit(train, device="cpu")
    assert sorted(reads) == sorted(train["path"])


def test_clips_are_read_again_for_another_front_only(train, small, reads):
    """Standardization learns from features that are there already; the hop makes others."""
    small(epochs=1, trials=({}, {"by": "machine"}, {"hop": 256})).fit(train, device="cpu")
    assert len(reads) == 2 * len(train)


@pytest.mark.parametrize(
    "choices", [{}, {"each": "machine"}, {"trials": ({}, {"by": "machine"}, {"normalize": False})}]
)
def test_clips_that_were_heard_are_neither_read_nor_changed(train, fresh, small, choices, reads):
    """A second detector, as over seeds, must not be fitted to what the first made of the clips."""
    system = small(epochs=1, **choices)
    heard = systems.hear(train, systems.Front(system.front, 1.0, train["machine"]))
    kept, count = heard.x.clone(), len(reads)
    first, second = [system.fit(train, device="cpu", heard=heard) for _ in range(2)]
    assert len(reads) == count and torch.equal(heard.x, kept)
    alone = system.fit(train, device="cpu").score(fresh)
    assert np.array_equal(first.score(fresh), alone) and np.array_equal(second.score(fresh), alone)


def test_trials_of_one_front_share_it(train, small):
    detector = small(epochs=1, trials=({}, {"sub_clusters": 1}, {"hop": 256})).fit(
        train, device="cpu"
    )
    first, second, third = [network.front for network in detector.networks]
    assert first is second is not third


def test_a_network_trains_on_its_own_clips_alone(train, fresh, small):
    """One machine's clips give the same network, whatever else is in the table."""
    fan = train[train["machine"] == "fan"]
    both = small(epochs=2, each="machine").fit(train, device="cpu")
    alone = small(epochs=2, each="machine").fit(fan, device="cpu")
    assert [network.groups for network in both.networks] == [
        ["fan/00", "fan/02"],
        ["pump/00", "pump/04"],
    ]
    asked = fresh[fresh["machine"] == "fan"]
    np.testing.assert_allclose(both.score(asked), alone.score(asked), rtol=1e-5)
    assert alone.thresholds == {
        name: pytest.approx(both.thresholds[name]) for name in ("fan/00", "fan/02")
    }


def test_a_start_of_another_kind_is_refused_before_training(train, small):
    first = small(epochs=1).fit(train, device="cpu")
    with pytest.raises(
        ValueError, match="start has 1 networks, and this system has 2: start from its own"
    ):
        small(epochs=1, each="machine").fit(train, device="cpu", start=first)
    with pytest.raises(
        ValueError, match="start holds weights of other sizes than this SubClusterAdaCos: take"
    ):
        small(epochs=1, sub_clusters=3).fit(train, device="cpu", start=first)
    untrained = systems.get("mean_gaussian", seconds=1.0)
    for system, start in (
        (untrained, first),
        (small(epochs=1), untrained.fit(train, device="cpu")),
    ):
        with pytest.raises(
            ValueError, match="^start holds weights that were trained, and one of these"
        ):
            system.fit(train, device="cpu", start=start)


def test_a_start_may_be_a_detector_its_run_or_the_file_of_it(train, fresh, small, tmp_path):
    first = small(epochs=2).fit(train, device="cpu", folder=tmp_path)
    assert isinstance(first.run, Run)
    starts = (first, first.run, tmp_path / "run.safetensors")
    scores = [
        small(epochs=1).fit(train, device="cpu", start=start).score(fresh) for start in starts
    ]
    assert np.array_equal(scores[0], scores[1]) and np.array_equal(scores[0], scores[2])
    assert not np.array_equal(scores[0], small(epochs=1).fit(train, device="cpu").score(fresh))


class Loud(Toy):
    """Chance in training that is not of the first weights, as dropout has it."""

    def forward(self, x):
        return super().forward(x + 0.1 * torch.randn(x.shape) if self.training else x)


def test_chance_within_training_is_that_of_the_seed(train, fresh, small):
    system = small(encoder=part(Loud, dim=8), epochs=2)
    torch.manual_seed(5)
    first = system.fit(train, device="cpu").score(fresh)
    torch.manual_seed(6)
    assert np.array_equal(first, system.fit(train, device="cpu").score(fresh))


def test_held_out_clips_are_not_fitted_to_and_set_the_thresholds(train, small, monkeypatch):
    """Ten clips a group: a share of .15, rounded up, holds two of each out."""
    seen, fit, fit_told = {}, Network.fit, Network.fit_told

    def trained(self, inputs, y, **choices):
        seen["y"] = y
        return fit(self, inputs, y, **choices)

    def fitted_to(self, x, group, domain=None):
        seen["x"] = x
        return fit_told(self, x, group, domain)

    monkeypatch.setattr(Network, "fit", trained)
    monkeypatch.setattr(Network, "fit_told", fitted_to)
    detector = small(held_out=0.15, epochs=2).fit(train, device="cpu", seed=3)
    x, group = detector.embed(train), sound.groups(train).to_numpy()
    out = torch.cdist(x.double(), seen["x"].double()).amin(dim=1).numpy() > 1e-4
    assert seen["y"].bincount().tolist() == [8] * 4 and len(seen["x"]) == 32
    score = detector.score_embeddings(x, group)
    for name, threshold in detector.thresholds.items():
        own = out & (group == name)
        assert own.sum() == 2
        assert threshold == pytest.approx(metrics.threshold(score[own], 0.1), rel=1e-4)


def test_a_class_of_one_clip_has_none_to_hold_out(train, small):
    few = train.assign(attributes=[f"speed_{n}" for n in range(len(train))])
    words = "held_out=0.05 leaves no clip to train on of a class of fan/00, which has one"
    with pytest.raises(ValueError, match=words):
        small(task="attributes", held_out=0.05).fit(few, device="cpu")


def refuse(*_):
    raise AssertionError("all rows of all clips were made at once")


@pytest.mark.parametrize("name", ["autoencoder", "conv_autoencoder", "bce_ddcsad"])
def test_rows_that_are_cut_when_they_are_taken_give_the_same_numbers(
    name, recipe, train, fresh, monkeypatch
):
    """Neither training nor scoring makes all of them at once, and the weights are bit for bit."""
    with monkeypatch.context() as patch:
        patch.setattr(Front, "_cutter", lambda front: None)
        whole = recipe(name, epochs=2).fit(train, device="cpu")
        score = whole.score(fresh)
    monkeypatch.setattr(Rows, "all", refuse)
    cut = recipe(name, epochs=2).fit(train, device="cpu")
    for one, other in zip(cut.networks, whole.networks):
        assert one.front.cut is not None and other.front.cut is None
        assert one.state_dict().keys() == other.state_dict().keys()
        for key, value in one.state_dict().items():
            assert torch.equal(value, other.state_dict()[key]), key
    np.testing.assert_allclose(cut.score(fresh), score, rtol=1e-5)
    assert cut.thresholds == pytest.approx(whole.thresholds, rel=1e-5)
    monkeypatch.undo()
    network, own = cut.networks[0], fresh[sound.groups(fresh).isin(cut.networks[0].groups)]
    inputs = network.front.prepare(
        systems.hear(own, network.front).x, own["machine"], "cpu", later=True
    )
    x, group = network.embed(inputs), sound.groups(own).to_numpy()
    assert torch.equal(network.embed(inputs.all()), x)
    rows = (sound.groups(fresh).isin(network.groups)).to_numpy()
    np.testing.assert_allclose(network.judge(x, group), score[rows], rtol=1e-5)
