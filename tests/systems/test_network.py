"""A network: what it is made of, whose clips it scores, and the backend that it fits."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.neighbors import LocalOutlierFactor
from torch import nn

from asdkit import backends, sound, systems
from asdkit.systems import Network, part


def test_its_state_is_front_encoder_and_loss(fitted):
    names = {name.split(".")[0] for name in fitted.network.state_dict()}
    assert names == {"front", "encoder", "loss"}
    assert {"loss.centers", "loss.scale", "front.learned.1.mean"} <= set(
        fitted.network.state_dict()
    )
    again = Network(
        fitted.system, fitted.network.owners, fitted.network.groups, fitted.network.front.machines
    )
    again.load_state_dict(fitted.network.state_dict())
    x = torch.randn(3, 128, 32)
    with torch.no_grad():
        assert torch.equal(again.eval().encoder(x), fitted.network.encoder(x))


def test_sizes_are_heard_from_one_silent_clip():
    system = systems.get("l2softmax_lof", encoder="Toy", dim=5, seconds=1.0)
    network = Network(system, ["fan", "pump"], ["fan/00", "pump/00"])
    assert network.encoder.layers[0].in_features == 2 * 64  # 64 bands, mean and maximum of each
    assert network.loss.centers.shape == (2, 5) and network.learned() is None
    wide = Network(system.but(mels=32), ["fan", "pump"], ["fan/00"])
    assert wide.encoder.layers[0].in_features == 2 * 32


def test_the_mixture_starts_at_the_centers_of_its_group(fitted):
    learned = fitted.network.learned()
    assert learned.owners == ["fan/00", "fan/02", "pump/00", "pump/04"]
    centers = fitted.network.loss.centers.detach().numpy()
    for place, name in enumerate(learned.owners):
        assert np.array_equal(learned.of(name), centers[place])
    with pytest.raises(ValueError, match="no centers were learned of the group 'valve/00': the"):
        learned.of("valve/00")


def test_several_classes_of_one_machine(train, small, tmp_path):
    """Attributes make classes within a group: one machine with two of them is a task already."""
    valve = tmp_path / "valve" / "train"
    valve.mkdir(parents=True)
    for number, path in enumerate(train["path"].iloc[:12]):
        name = f"section_00_source_train_normal_{number:04d}_pat_{number % 2:02d}.wav"
        (valve / name).write_bytes(Path(path).read_bytes())
    detector = small(task="attributes", epochs=2).fit(sound.index(tmp_path), device="cpu")
    network = detector.network
    assert network.owners == ["valve/00", "valve/00"] and list(detector.thresholds) == ["valve/00"]
    starts = network.learned().of("valve/00")
    assert np.array_equal(starts, network.loss.centers.detach().numpy().reshape(4, 8))


def test_types_of_machines_as_classes(train, fresh, recipe):
    """[L2S]: two classes here, four groups: each has its own factor, and the center of its type."""
    detector = recipe("l2softmax_lof", epochs=2).fit(train, device="cpu")
    network = detector.network
    assert network.owners == ["fan", "pump"] and network.loss.centers.shape == (2, 8)
    assert sorted(detector.thresholds) == ["fan/00", "fan/02", "pump/00", "pump/04"]
    assert detector.inputs(fresh[:2]).shape[:2] == (2, 64)
    centers = network.loss.centers.detach()
    angle = detector.angle(centers, ["fan/02", "fan/02"])
    between = math.acos(torch.cosine_similarity(centers[0], centers[1], dim=0).item())
    assert angle == pytest.approx([0.0, between], abs=2e-3)
    with pytest.raises(ValueError, match="not trained on 'fan/06'"):
        detector.angle(centers, ["fan/06", "fan/02"])
    own = np.flatnonzero(sound.groups(train) == "fan/02")
    x = nn.functional.normalize(detector.embed(train)[own].double(), dim=1)
    asked = np.flatnonzero(sound.groups(fresh) == "fan/02")
    new = nn.functional.normalize(detector.embed(fresh)[asked].double(), dim=1)
    expected = (
        -LocalOutlierFactor(n_neighbors=9, novelty=True).fit(x.numpy()).score_samples(new.numpy())
    )
    np.testing.assert_allclose(detector.score(fresh)[asked], expected, rtol=1e-4)


class Kept(backends.Backend):
    """Its score says how few clips it was fitted to, and of how many domains."""

    needs_domain = True

    def keep(self, x, group):
        return {"count": len(x), "domains": len(np.unique(group.domain))}

    def judge(self, model, x):
        return np.full(len(x), model["domains"] - 100.0 * model["count"])


def test_held_out_clips_are_scored_by_a_backend_that_was_fitted_without_them(train, small):
    """Five folds by position: a backend is fitted to what is left without the largest fold."""
    domain = np.where(np.arange(len(train)) % 3 == 0, "target", "source")
    rows = (sound.groups(train) != "fan/00") | (np.arange(len(train)) < 7)
    fewer = train.assign(domain=domain)[rows]
    detector = small(backend=part(Kept), epochs=1).fit(fewer, device="cpu")
    counts = sound.groups(fewer).value_counts()
    assert counts["fan/00"] == 7
    left = {name: count - math.ceil(count / 5) for name, count in counts.items()}
    assert detector.thresholds == {name: 2 - 100.0 * left[name] for name in counts.index}
    assert (detector.score(fewer) == 2 - 100.0 * counts[sound.groups(fewer)].to_numpy()).all()


def test_the_loss_is_asked_where_the_backend_judges_probabilities(train, fresh, recipe):
    detector = recipe("softmax", epochs=3).fit(train, device="cpu")
    loss = detector.network.loss
    x = detector.embed(fresh).double().numpy()
    logits = x @ loss.centers.detach().double().numpy().T + loss.bias.detach().double().numpy()
    own = [["fan/00", "fan/02", "pump/00", "pump/04"].index(name) for name in sound.groups(fresh)]
    log_p = logits[np.arange(32), own] - np.log(np.exp(logits).sum(axis=1))
    np.testing.assert_allclose(detector.score(fresh), -log_p, rtol=1e-4, atol=1e-6)


class Flat(nn.Module):
    """An encoder without a parameter."""

    def forward(self, x):
        return x.amax(dim=2)[:, :6]


class Bare(nn.Module):
    """A loss without centers, buffers or anything to record."""

    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def each(self, x, y):
        return (x * self.weight).square().sum(dim=1)

    def forward(self, x, y):
        return self.each(x, y).mean()


def test_parts_of_ones_own_may_have_no_parameter_and_nothing_to_record(train, fresh, small):
    system = small().but(
        task="nothing", loss=part(Bare), backend="OwnLoss", encoder=part(Flat), epochs=2
    )
    detector = system.fit(train, device="cpu")
    weight = detector.network.loss.weight.detach().double().numpy()
    expected = ((detector.embed(fresh).double().numpy() * weight) ** 2).sum(axis=1)
    np.testing.assert_allclose(detector.score(fresh), expected, rtol=1e-5)
    assert list(detector.run.history) == ["epoch", "step", "loss"]
    with pytest.raises(
        ValueError, match="subcluster_adacos has no classes, so there are no centers"
    ):
        detector.angle(detector.embed(fresh), sound.groups(fresh))


def test_a_group_that_no_network_knows(fitted):
    with pytest.raises(
        ValueError, match="no backend was fitted to the group 'valve/00': it knows fan/00"
    ):
        fitted.network.judge(torch.ones(1, 8), ["valve/00"])
    with pytest.raises(ValueError, match="not trained on 'valve/00'"):
        fitted.score_embeddings(torch.ones(1, 8), ["valve/00"])
