"""The training loop: what it records, its chance, and how it goes on after an interruption."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from asdkit import losses, train
from asdkit.encoders import ResNet, Toy
from asdkit.losses import NORMAL, OUTLIER, SubClusterAdaCos
from asdkit.mixup import mix
from asdkit.tensorfile import read_tensors, write_tensors

CPU = torch.device("cpu")


def data(count=50, classes=3):
    chance = torch.Generator().manual_seed(0)
    y = torch.arange(count) % classes
    centers = 2 * torch.randn(classes, 16, 1, generator=chance)
    return centers[y] + torch.randn(count, 16, 12, generator=chance), y


def parts(seed=0, variant="paper"):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Toy(4, bands=16, width=8), SubClusterAdaCos(4, 3, 2, variant)


def fit(epochs=4, seed=0, **choices):
    inputs, y = data()
    encoder, loss = parts()
    choices = {"mixing": mix, "batch_size": 20, "device": CPU, **choices}
    return train.fit(encoder, loss, inputs, y, epochs=epochs, seed=seed, **choices)


def weights(run):
    moments = run.optimizer.state_dict()["state"]
    return {
        **{f"encoder {name}": value.clone() for name, value in run.encoder.state_dict().items()},
        **{f"loss {name}": value.clone() for name, value in run.loss.state_dict().items()},
        **{
            f"{number} {name}": value
            for number, state in moments.items()
            for name, value in state.items()
        },
    }


def assert_same(one, other):
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys() and len(first) > 10
    for name in first:
        assert torch.equal(first[name], second[name]), name
    assert one.history.equals(other.history)
    assert one.epoch == other.epoch
    assert one.snapshots.keys() == other.snapshots.keys()
    for epoch, snapshot in one.snapshots.items():
        assert all(torch.equal(mine, its) for mine, its in zip(snapshot, other.snapshots[epoch])), (
            epoch
        )


def test_history_has_a_row_a_step():
    run = fit(epochs=4)
    assert list(run.history.columns) == ["epoch", "step", "loss", "scale", "median_angle"]
    assert run.history["epoch"].tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert run.history["step"].tolist() == list(range(12))
    assert [run.history.dtypes[name].kind for name in ("epoch", "step")] == ["i", "i"]
    assert np.isfinite(run.history.to_numpy()).all()
    assert run.history["scale"].iloc[-1] == run.loss.scale.item()
    assert run.epoch == 4 and not run.encoder.training and not run.loss.training


def test_batches_are_of_nearly_equal_size_and_hold_every_clip_once():
    seen = []

    def note(batch, y, generator):
        seen.append(batch)
        return batch, y

    fit(epochs=2, mixing=note)
    assert sorted(len(batch) for batch in seen[:3]) == [16, 17, 17]
    for epoch in (seen[:3], seen[3:]):
        rows = torch.cat(epoch).flatten(1)
        assert torch.equal(rows.sort(dim=0).values, data()[0].flatten(1).sort(dim=0).values)
    assert not torch.equal(seen[0], seen[3])


def test_loss_falls_and_classes_separate():
    run = fit(epochs=40, mixing=None, optimizer=partial(train.adam, lr=0.02))
    start, end = run.history["loss"].iloc[:3].mean(), run.history["loss"].iloc[-3:].mean()
    assert end < 0.2 * start
    inputs, y = data()
    chosen = run.loss.logits(train.embed(run.encoder, inputs)).argmax(dim=1)
    assert (chosen == y).float().mean() > 0.95


def test_fixed_centers_are_left_to_themselves():
    encoder, loss = Toy(4, bands=16), SubClusterAdaCos(4, 3, 2, trainable=False)
    before = loss.centers.clone()
    train.fit(encoder, loss, *data(), epochs=2, device=CPU)
    assert torch.equal(loss.centers, before)


def test_chance_depends_on_the_seed_alone():
    state = torch.get_rng_state()
    first = fit(seed=5)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(999)
    second, third = fit(seed=5), fit(seed=6)
    assert_same(first, second)
    assert not torch.equal(first.encoder.layers[0].weight, third.encoder.layers[0].weight)
    torch.set_rng_state(state)


def test_snapshots_are_the_embeddings_and_the_centers_after_an_epoch():
    run = fit(epochs=4, snapshots=(2, 4))
    assert sorted(run.snapshots) == [2, 4] and run.snapshots[2].x.shape == (50, 4)
    torch.testing.assert_close(run.snapshots[4].x, train.embed(run.encoder, data()[0]))
    torch.testing.assert_close(run.snapshots[4].centers, run.loss.centers.detach())
    shorter = fit(epochs=2)
    torch.testing.assert_close(run.snapshots[2].x, train.embed(shorter.encoder, data()[0]))
    torch.testing.assert_close(run.snapshots[2].centers, shorter.loss.centers.detach())
    assert not torch.equal(run.snapshots[2].x, run.snapshots[4].x)
    assert not torch.equal(run.snapshots[2].centers, run.snapshots[4].centers)


def test_embed_does_not_depend_on_batches_and_keeps_the_mode():
    encoder = ResNet(8).train()
    x = torch.randn(3, 128, 157)
    before = [b.clone() for b in encoder.buffers()]
    torch.testing.assert_close(
        train.embed(encoder, x, 1), train.embed(encoder, x, 64), rtol=1e-4, atol=1e-5
    )
    assert encoder.training and all(torch.equal(a, b) for a, b in zip(before, encoder.buffers()))


class Centroids(nn.Module):
    """Two centers that are set once an epoch; it notes whose they were."""

    def __init__(self, dim=4):
        super().__init__()
        self.head = nn.Linear(dim, 1)
        self.register_buffer("centers", torch.zeros(2, dim))
        self.told = []

    def update_centers(self, x, y):
        self.told.append((x.clone(), y.clone()))
        for place, role in enumerate((NORMAL, OUTLIER)):
            self.centers[place] = x[y == role].mean(dim=0)

    def forward(self, x, y):
        away = (x - self.centers[(y != NORMAL).long()]).square().sum(dim=1)
        return (away + F.softplus(self.head(x)[:, 0])).mean()


def roles(count=50):
    inputs, y = data(count)
    return inputs, torch.where(y == 0, NORMAL, OUTLIER)


def fit_roles(epochs=4, seed=0, **choices):
    inputs, y = roles()
    batches = partial(train.balanced, normal=3, outlier=4, steps=5)
    encoder, _ = parts()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        loss = Centroids()
    return train.fit(
        encoder, loss, inputs, y, epochs=epochs, batches=batches, seed=seed, device=CPU, **choices
    )


def test_centers_are_told_the_embeddings_before_each_epoch():
    """The first are those of random weights, the last those after all epochs but one."""
    inputs, y = roles()
    run = fit_roles(epochs=3)
    assert len(run.loss.told) == 3 and all(torch.equal(told, y) for _, told in run.loss.told)
    torch.testing.assert_close(run.loss.told[0][0], train.embed(parts()[0], inputs))
    before = train.embed(fit_roles(epochs=2).encoder, inputs)
    torch.testing.assert_close(run.loss.told[2][0], before)
    expected = torch.stack(
        [before[y == role].double().mean(dim=0) for role in (NORMAL, OUTLIER)]
    ).float()
    torch.testing.assert_close(run.loss.centers, expected)
    assert list(run.history) == ["epoch", "step", "loss"]  # a loss that has nothing to record


@pytest.mark.parametrize("make", [losses.DSAD, losses.DDCSAD])
@pytest.mark.parametrize("updated", [False, True])
def test_a_center_that_is_not_updated_stays_where_it_began(updated, make):
    inputs, y = roles()
    loss = make(4, updated=updated)
    began = loss.centers.clone()
    run = train.fit(parts()[0], loss, inputs, y, epochs=2, device=CPU, snapshots=[1])
    assert torch.equal(run.loss.centers, began) != updated
    assert torch.equal(run.snapshots[1].centers, began) != updated
    binary = train.fit(parts()[0], losses.BinaryCrossEntropy(4), inputs, y, epochs=1, snapshots=[1])
    assert binary.loss.centers is None and binary.snapshots[1].centers is None


def test_roles_are_checked_before_anything_is_trained():
    inputs, _ = roles()
    with pytest.raises(ValueError, match="no training clip has the role outlier: add clips of"):
        train.fit(parts()[0], losses.DSAD(4), inputs, torch.ones(50).long(), device=CPU)
    with pytest.raises(ValueError, match="5 is no role: y holds normal 1, outlier 0"):
        train.fit(parts()[0], losses.BinaryCrossEntropy(4), inputs, torch.full((50,), 5))


def test_batches_are_drawn_by_the_function_of_labels():
    seen = []

    def note(batch, y, generator):
        seen.append(y.tolist())
        return batch, y

    run = fit_roles(epochs=2, mixing=note)
    assert len(seen) == len(run.history) == 2 * 5
    assert all(sorted(labels) == [OUTLIER] * 4 + [NORMAL] * 3 for labels in seen)


@pytest.mark.parametrize(
    "schedule", [train.cosine, partial(train.halved, times=2), lambda done: 1.0 - done]
)
def test_the_schedule_sets_the_rate_of_every_step(schedule, monkeypatch):
    """By plain gradient descent, whose every step is the rate times the gradient."""
    rates = []

    def descent(encoder, loss):
        groups = [
            {"params": part.parameters(), "lr": lr} for part, lr in ((encoder, 0.1), (loss, 1.0))
        ]
        optimizer = torch.optim.SGD(groups)
        step = optimizer.step
        optimizer.step = lambda: (
            rates.append([group["lr"] for group in optimizer.param_groups]) or step()
        )
        return optimizer

    fit(epochs=4, optimizer=descent, schedule=schedule)
    shares = [schedule(step / 12) for step in range(12)]
    assert shares[0] == 1.0 and len(set(shares)) > 2
    np.testing.assert_allclose(rates, np.outer(shares, [0.1, 1.0]), rtol=1e-12)


class Two(nn.Module):
    """An encoder of two inputs, here a wave and a picture."""

    def __init__(self):
        super().__init__()
        self.picture, self.wave = Toy(4, bands=16, width=8), nn.Linear(20, 4)

    def forward(self, batch):
        wave, picture = batch
        return self.wave(wave) + self.picture(picture)


def fit_tuples(epochs=4, seed=0, **choices):
    inputs, y = data()
    waves = torch.randn(50, 20, generator=torch.Generator().manual_seed(7))
    torch.manual_seed(3)
    encoder, loss = Two(), parts()[1]
    choices = {"mixing": mix, "batch_size": 20, "device": CPU, **choices}
    return train.fit(encoder, loss, (waves, inputs), y, epochs=epochs, seed=seed, **choices)


def test_both_of_a_tuple_are_cut_and_mixed_alike():
    """Where the wave repeats the picture, it still does in every mixed batch."""
    inputs, y = data()
    seen = []

    class Watching(Two):
        def forward(self, batch):
            seen.append(batch)
            return super().forward(batch)

    torch.manual_seed(3)
    waves = inputs[:, 0].repeat(1, 2)[:, :20]
    train.fit(
        Watching(), parts()[1], (waves, inputs), y, mixing=mix, epochs=2, batch_size=20, device=CPU
    )
    assert len(seen) == 6
    for wave, picture in seen:
        torch.testing.assert_close(wave[:, :12], picture[:, 0])
    whole = sum((inputs == clip).flatten(1).all(dim=1).any().item() for clip in seen[0][1])
    assert (
        whole <= 1 < len(seen[0][1])
    )  # they were mixed; the middle one of a reversed batch is its own partner
    run = fit_tuples(snapshots=(4,))
    assert run.snapshots[4].x.shape == (50, 4)
    with pytest.raises(ValueError, match="49 and 50 clips and 50 labels"):
        train.fit(Two(), parts()[1], (waves[:-1], inputs), y, device=CPU)


def test_a_run_may_start_from_another(tmp_path):
    """From a run and from its file alike: the weights are those, the optimizer begins anew."""
    first = fit(epochs=3, folder=tmp_path)
    again = fit(epochs=1, start=first, optimizer=partial(train.adam, lr=0.0))
    for name, value in first.encoder.state_dict().items():
        assert torch.equal(again.encoder.state_dict()[name], value), name
    assert torch.equal(again.loss.centers, first.loss.centers)
    one, other = fit(epochs=2, start=first), fit(epochs=2, start=tmp_path / "run.safetensors")
    assert_same(one, other)
    assert one.epoch == 2 and len(one.history) == 6
    assert not torch.equal(one.loss.centers, fit(epochs=2).loss.centers)
    assert not torch.equal(
        one.loss.centers, fit(epochs=5).loss.centers
    )  # Adam began anew, and so did chance
    with pytest.raises(
        ValueError, match="start holds weights of other sizes than this Toy: take the same parts"
    ):
        train.fit(Toy(4, bands=16, width=9), parts()[1], *data(), start=first, device=CPU)
    with pytest.raises(FileNotFoundError, match="none.safetensors is missing"):
        fit(start=tmp_path / "none.safetensors")
    (tmp_path / "text").write_text("no run")
    with pytest.raises(ValueError, match="text is damaged or cut short"):
        fit(start=tmp_path / "text")


def test_a_folder_knows_from_where_its_run_started(tmp_path):
    first, second = fit(epochs=1), fit(epochs=2)
    fit(epochs=1, start=first, folder=tmp_path)
    assert_same(fit(epochs=3, start=first, folder=tmp_path), fit(epochs=3, start=first))
    for start in (None, second):
        with pytest.raises(ValueError, match="is a run that differs in start: give another folder"):
            fit(epochs=4, start=start, folder=tmp_path)


KINDS = {
    "schedule and two rates": partial(fit, schedule=train.cosine, optimizer=train.adam_two_rates),
    "decoupled decay, one lambda a batch": partial(
        fit,
        schedule=train.halved,
        optimizer=train.adamw,
        mixing=partial(mix, how="beta", pairing="permute"),
    ),
    "centroids and balanced batches": partial(fit_roles, schedule=train.halved),
    "tuples": fit_tuples,
    "bf16": partial(fit, precision="bf16"),
}


@pytest.mark.parametrize("kind", [*list(KINDS)[:-1], pytest.param("bf16", marks=pytest.mark.bf16)])
def test_every_kind_of_training_goes_on_bit_for_bit(tmp_path, kind):
    """The epochs are part of a schedule, so the first call is broken off, not made shorter."""
    choices = {"epochs": 5, "snapshots": (2, 5)}
    plain = KINDS[kind](**choices)

    class Stop(Exception):
        pass

    def stop(run, path, save=train.Run.save):
        save(run, path)
        if run.epoch == 2:
            raise Stop

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train.Run, "save", stop)
        with pytest.raises(Stop):
            KINDS[kind](**choices, folder=tmp_path)
    assert (
        len(read_tensors(tmp_path / "run.safetensors", "run")[0]["history"])
        == 2 * len(plain.history) // 5
    )
    assert_same(KINDS[kind](**choices, folder=tmp_path), plain)


def test_with_a_schedule_a_run_cannot_be_made_longer(tmp_path):
    fit(epochs=2, schedule=train.cosine, folder=tmp_path)
    with pytest.raises(ValueError, match="is a run that differs in schedule: give another folder"):
        fit(epochs=3, schedule=train.cosine, folder=tmp_path)


def test_a_longer_run_is_not_cut(tmp_path):
    fit(epochs=3, folder=tmp_path)
    words = "run.safetensors has trained 3 epochs, more than the 2 asked for: ask for as many, "
    with pytest.raises(ValueError, match=words):
        fit(epochs=2, folder=tmp_path)


@pytest.mark.bf16
def test_bf16_is_near_to_float32_and_changes_the_weights():
    exact, reduced = fit(epochs=4), fit(epochs=4, precision="bf16")
    assert exact.loss.centers.dtype == reduced.loss.centers.dtype == torch.float32
    off = (exact.encoder.layers[0].weight - reduced.encoder.layers[0].weight).abs()
    assert 0 < off.max() < 5e-2
    np.testing.assert_allclose(reduced.history["loss"], exact.history["loss"], rtol=0.05)
    with pytest.raises(ValueError, match="precision is 'float16': choose one of float32, bf16"):
        fit(precision="float16")


@pytest.mark.parametrize("stop", [1, 3])
def test_an_interrupted_run_goes_on_bit_for_bit(tmp_path, stop):
    whole = fit(epochs=5, snapshots=(1, 5), folder=tmp_path / "whole")
    plain = fit(epochs=5, snapshots=(1, 5))
    assert_same(whole, plain)
    fit(epochs=stop, snapshots=(1,), folder=tmp_path / "part")
    assert len(read_tensors(tmp_path / "part" / "run.safetensors", "run")[0]["history"]) == 3 * stop
    assert_same(fit(epochs=5, snapshots=(1, 5), folder=tmp_path / "part"), plain)
    assert_same(fit(epochs=5, snapshots=(1, 5), folder=tmp_path / "part"), plain)
    assert [path.name for path in (tmp_path / "part").iterdir()] == ["run.safetensors"]


def test_a_resnet_goes_on_bit_for_bit(tmp_path):
    """Its kernels lie in memory channels last, and so must the moments of Adam."""

    def go(epochs, folder=None):
        torch.manual_seed(0)
        encoder, loss = ResNet(8), SubClusterAdaCos(8, 2, 2)
        inputs = torch.randn(4, 128, 157, generator=torch.Generator().manual_seed(1))
        return train.fit(
            encoder,
            loss,
            inputs,
            torch.tensor([0, 1, 0, 1]),
            epochs=epochs,
            mixing=mix,
            device=CPU,
            folder=folder,
        )

    go(1, tmp_path)
    assert_same(go(2, tmp_path), go(2))


def test_a_run_before_its_first_step_can_be_saved(tmp_path):
    run, again = (train.Run(*parts(), train.adam(*parts()), {"seed": 0}) for _ in range(2))
    run.save(tmp_path / "start.safetensors")
    again.resume(tmp_path / "start.safetensors")
    assert again.epoch == 0 and again.history.empty and again.rows == []


@pytest.mark.parametrize(
    "change, word",
    [
        ({"seed": 1}, "seed"), ({"batch_size": 10}, "batch_size"), ({"mixing": None}, "mixing"),
        ({"mixing": partial(mix, how="beta")}, "mixing"),
        ({"optimizer": partial(train.adam, lr=0.1)}, "optimizer"),
    ],
)  # fmt: skip
def test_a_folder_of_other_settings_is_refused(tmp_path, change, word):
    fit(epochs=1, folder=tmp_path)
    before = (tmp_path / "run.safetensors").read_bytes()
    with pytest.raises(
        ValueError, match=f"run.safetensors is a run that differs in {word}: give another folder"
    ):
        fit(epochs=2, folder=tmp_path, **change)
    assert (tmp_path / "run.safetensors").read_bytes() == before


def test_a_folder_of_another_run_is_refused(tmp_path):
    fit(epochs=1, folder=tmp_path)
    inputs, y = data()
    choices = {"mixing": mix, "batch_size": 20, "device": CPU, "folder": tmp_path, "epochs": 2}
    with pytest.raises(ValueError, match="differs in data: give"):
        train.fit(*parts(), inputs + 1, y, **choices)
    with pytest.raises(ValueError, match="differs in data: give"):
        train.fit(*parts(), inputs, y.flip(0), **choices)
    with pytest.raises(ValueError, match="differs in encoder: give"):
        train.fit(Toy(4, bands=16, width=9), parts()[1], inputs, y, **choices)
    with pytest.raises(ValueError, match="differs in loss: give"):
        train.fit(*parts(variant="code"), inputs, y, **choices)


@pytest.mark.parametrize("damage", ["half", "empty", "text", "other"])
def test_a_damaged_run_is_named(tmp_path, damage):
    fit(epochs=1, folder=tmp_path)
    path = tmp_path / "run.safetensors"
    whole = path.read_bytes()
    if damage == "other":
        write_tensors(path, {"x": torch.zeros(1)}, {"detector": "{}"})
    else:
        path.write_bytes(
            {"half": whole[: len(whole) // 2], "empty": b"", "text": b"no run, but a text"}[damage]
        )
    words = "holds no run of asdkit" if damage == "other" else "is damaged or cut short"
    with pytest.raises(ValueError, match=f"run.safetensors {words}"):
        fit(epochs=2, folder=tmp_path)


def test_a_loss_of_ones_own_needs_watch_alone():
    class Own(SubClusterAdaCos):
        watched = property()  # as if it were not there

        def watch(self):
            return {"third": 1 / 3}

    encoder, _ = parts()
    run = train.fit(encoder, Own(4, 3, 2), *data(), epochs=2, batch_size=20, device=CPU)
    assert run.history["third"].tolist() == [1 / 3] * 6


def test_the_numbers_of_a_step_are_those_of_that_step():
    """A clip a batch and no mixing: the scale after each step follows from the one before it."""
    seen = []

    class Told(SubClusterAdaCos):
        def forward(self, x, y):
            value = super().forward(x, y)
            seen.append((value.item(), self.scale.item(), self.median.item()))
            return value

    encoder, _ = parts()
    run = train.fit(encoder, Told(4, 3, 2), *data(), epochs=2, batch_size=20, device=CPU)
    assert len(seen) == 6 and len(set(seen)) == 6
    assert [tuple(row) for row in run.history[["loss", "scale", "median_angle"]].to_numpy()] == seen


def test_the_first_step_that_is_not_finite_is_named():
    class Breaking(SubClusterAdaCos):
        steps = 0

        def forward(self, x, y):
            self.steps += 1
            return super().forward(x, y) * (float("nan") if self.steps == 5 else 1.0)

    encoder, _ = parts()
    with pytest.raises(
        FloatingPointError, match="the loss is nan at step 4: {'epoch': 1, 'step': 4, "
    ):
        train.fit(encoder, Breaking(4, 3, 2), *data(), epochs=3, batch_size=20, device=CPU)


def test_what_cannot_be_trained_on():
    inputs, y = data()
    inputs[7, 3, 2] = float("nan")
    with pytest.raises(ValueError, match=r"inputs is nan at \(7, 3, 2\): give finite numbers"):
        train.fit(*parts(), inputs, y, epochs=2, batch_size=20, device=CPU)
    with pytest.raises(ValueError, match="50 clips and 49 labels"):
        train.fit(*parts(), inputs, y[:-1], device=CPU)
    with pytest.raises(ValueError, match="at least one"):
        train.fit(*parts(), inputs[:0], y[:0], device=CPU)


VICTIM = """
import os, sys, torch
from functools import partial
from torch import nn
from torch.nn import functional as F
from asdkit import losses, train
from asdkit.encoders import Toy
from asdkit.mixup import mix, unmixed

class Centroids(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)
        self.register_buffer("centers", torch.zeros(2, dim))

    def update_centers(self, x, y):
        for place, role in enumerate((losses.NORMAL, losses.OUTLIER)):
            self.centers[place] = x[y == role].mean(dim=0)

    def forward(self, x, y):
        label = unmixed(y, x.dtype)
        one, other = [(role == losses.NORMAL).float() for role in (label.y, label.other)]
        normal = label.lam * one + (1 - label.lam) * other
        near = torch.cdist(x, self.centers).square()
        away = normal * near[:, 0] + (1 - normal) * near[:, 1]
        return F.binary_cross_entropy_with_logits(self.head(x)[:, 0], normal) + away.mean()

    def watch(self):
        return {"apart": (self.centers[0] - self.centers[1]).norm().item()}

torch.set_num_threads(1)
chance = torch.Generator().manual_seed(0)
y = torch.tensor([losses.NORMAL] * 10 + [losses.OUTLIER] * 45 + [losses.ANOMALY] * 5)
inputs = 2 * torch.randn(3, 16, 1, generator=chance)[y] + torch.randn(60, 16, 12, generator=chance)
for folder in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)
        continue
    torch.manual_seed(0)
    train.fit(
        Toy(4, bands=16, width=8), Centroids(4), inputs, y, epochs=60, mixing=mix,
        batches=partial(train.balanced, normal=4, outlier=5, anomaly=1, steps=6),
        optimizer=train.adam_two_rates, schedule=train.cosine, snapshots=(20, 60), device="cpu",
        folder=folder[:-1],
    )
    os._exit(0)
"""


def test_killed_at_any_moment_a_run_comes_out_the_same(tmp_path):
    """Three kills that no program can catch, against a run left alone.

    Mixing, schedule, two rates, centroids and balanced batches are on. Each run is a process of its
    own, the child of one that has loaded torch for all of them.
    """
    nursery = subprocess.Popen(
        [sys.executable, "-c", VICTIM], env={**os.environ, "ASDKIT_PROGRESS": "0"}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def start(name):
        print(tmp_path / name, file=nursery.stdin, flush=True)
        return int(nursery.stdout.readline())

    def ended():
        return int(nursery.stdout.readline())

    start("whole")
    began = time.monotonic()
    assert ended() == 0
    lasts = time.monotonic() - began
    chance, kills = np.random.default_rng(0), 0
    for kill in range(3):
        child = start("killed")
        while (
            kill
            and psutil.pid_exists(child)
            and not (tmp_path / "killed" / "run.safetensors").exists()
        ):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.4) * lasts)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        kills += ended() == signal.SIGKILL
    assert kills
    start("killed")
    assert ended() == 0
    nursery.stdin.close()
    assert nursery.wait() == 0
    (one, notes), (other, same) = [
        read_tensors(tmp_path / name / "run.safetensors", "run") for name in ("whole", "killed")
    ]
    notes, same = ({**json.loads(told), "seconds": None} for told in (notes, same))
    assert notes == same and one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert {"snapshots.20.centers", "snapshots.60.x", "loss.centers"} <= set(one)
    assert len(one["history"]) == 60 * 6
    left = [
        path.name for path in Path(tmp_path / "killed").iterdir() if path.name != "run.safetensors"
    ]
    assert all(name.startswith(".run.safetensors.") for name in left) and len(left) <= 3


def test_a_run_says_how_many_clips_it_saw_a_second(tmp_path):
    run = fit(epochs=2, folder=tmp_path)
    assert run.seen == 100 and run.seconds > 0 and run.pace == run.seen / run.seconds
    further = fit(epochs=3, folder=tmp_path)
    assert further.seen == 150 and further.seconds > run.seconds
    assert train.Run(*parts(), train.adam(*parts()), {"seed": 0}).pace == 0.0
    notes = json.loads(read_tensors(tmp_path / "run.safetensors", "run")[1])
    assert (notes["seen"], notes["seconds"]) == (150, further.seconds)


def test_a_device_that_is_too_small_is_told_in_one_sentence(tmp_path):
    class Large(Toy):
        step = 0

        def forward(self, x):
            self.step += self.training
            if self.step == 5:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU")
            return super().forward(x)

    sizes = {"batch_size": 20, "device": CPU, "folder": tmp_path}
    with pytest.raises(MemoryError) as told:
        train.fit(Large(4, bands=16), parts()[1], *data(), epochs=3, **sizes)
    assert str(told.value) == (
        "the memory of the device 'cpu' is too small for a step of this training: take a smaller "
        "batch_size, shorter clips or a smaller network"
    )
    kept = read_tensors(tmp_path / "run.safetensors", "run")[1]
    assert json.loads(kept)["epoch"] == 1  # the finished epoch is not lost

    class Wrong(Toy):
        def forward(self, x):
            raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes differ"):
        train.fit(Wrong(4, bands=16), parts()[1], *data(), epochs=1, device=CPU)


def test_a_file_says_nothing_of_the_device_that_it_was_made_on(tmp_path):
    """So a run of a GPU is opened on a CPU: its tensors have a type, a shape and a place."""
    fit(epochs=1, folder=tmp_path, snapshots=(1,))
    whole = (tmp_path / "run.safetensors").read_bytes()
    head = json.loads(whole[8 : 8 + int.from_bytes(whole[:8], "little")])
    notes = json.loads(head.pop("__metadata__")["run"])
    assert len(head) > 20
    assert all(set(told) == {"dtype", "shape", "data_offsets"} for told in head.values())
    assert not {"cpu", "cuda", "device"} & set(re.findall(r"\w+", json.dumps(notes)))
    assert all(
        x.device == CPU for x in read_tensors(tmp_path / "run.safetensors", "run")[0].values()
    )
