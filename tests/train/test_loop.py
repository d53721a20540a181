"""The training loop: what it records, its penalty, its chance, and how it goes on after an interruption."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from asdkit import train
from asdkit.encoders import ResNet, Toy
from asdkit.losses import SubClusterAdaCos
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
        **{f"{number} {name}": value for number, state in moments.items() for name, value in state.items()},
    }


def assert_same(one, other):
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys() and len(first) > 10
    for name in first:
        assert torch.equal(first[name], second[name]), name
    assert one.history.equals(other.history)
    assert one.epoch == other.epoch
    assert one.snapshots.keys() == other.snapshots.keys()
    assert all(torch.equal(one.snapshots[epoch], other.snapshots[epoch]) for epoch in one.snapshots)


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


def test_one_step_is_adam_on_the_loss_and_the_penalty_of_kernels():
    """Written out: gradient of loss + 1e-5 sum of squared kernels, then the first step of Adam, a sign of size lr."""
    inputs, y = data(20)
    encoder, loss = parts()
    by_hand, its_loss = parts()
    with torch.no_grad():
        for kernel in (by_hand.layers[0].weight, encoder.layers[0].weight):
            kernel *= 1e3
    value = its_loss(by_hand(inputs), y)
    kernels = [by_hand.layers[0].weight, by_hand.layers[2].weight]
    (value + 1e-5 * sum(kernel.square().sum() for kernel in kernels)).backward()
    plain, whole = [], []
    for p in (*by_hand.parameters(), *its_loss.parameters()):
        whole.append(p.detach() - 1e-3 * p.grad / (p.grad.abs() + 1e-8))
        plain.append(p.detach().clone())
    train.fit(encoder, loss, inputs, y, epochs=1, batch_size=20, device=CPU)
    for p, before, after in zip((*encoder.parameters(), *loss.parameters()), plain, whole):
        torch.testing.assert_close(p.detach() - before, after - before, rtol=1e-2, atol=2e-5)


def test_the_penalty_reaches_kernels_only():
    """Without any other gradient a plain step moves each kernel by lr 2e-5 W, and nothing else."""
    for encoder in (Toy(4, bands=16, width=8), ResNet(8)):
        loss = SubClusterAdaCos(8, 3, 2)
        groups = train.adam(encoder, loss).param_groups
        plain = torch.optim.SGD([dict(group, lr=1.0) for group in groups])
        names = {id(p): name for part in (encoder, loss) for name, p in part.named_parameters()}
        before = {name: p.detach().clone() for part in (encoder, loss) for name, p in part.named_parameters()}
        assert sorted(names[id(p)] for group in groups for p in group["params"]) == sorted(before)
        for p in (*encoder.parameters(), *loss.parameters()):
            p.grad = torch.zeros_like(p)
        plain.step()
        for part in (encoder, loss):
            for name, p in part.named_parameters():
                kernel = p.ndim in (2, 4) and name.endswith("weight")
                expected = before[name] * (1 - 2e-5) if kernel else before[name]
                torch.testing.assert_close(p.detach(), expected, rtol=3e-7, atol=0)
                assert kernel != torch.equal(p.detach(), before[name])


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


def test_snapshots_are_the_embeddings_after_an_epoch():
    run = fit(epochs=4, snapshots=(2, 4))
    assert sorted(run.snapshots) == [2, 4] and run.snapshots[2].shape == (50, 4)
    torch.testing.assert_close(run.snapshots[4], train.embed(run.encoder, data()[0]))
    torch.testing.assert_close(run.snapshots[2], train.embed(fit(epochs=2).encoder, data()[0]))
    assert not torch.equal(run.snapshots[2], run.snapshots[4])


def test_embed_does_not_depend_on_batches_and_keeps_the_mode():
    encoder = ResNet(8).train()
    x = torch.randn(3, 128, 157)
    before = [b.clone() for b in encoder.buffers()]
    torch.testing.assert_close(train.embed(encoder, x, 1), train.embed(encoder, x, 64), rtol=1e-4, atol=1e-5)
    assert encoder.training and all(torch.equal(a, b) for a, b in zip(before, encoder.buffers()))


def test_features_are_applied_once_to_the_waves():
    inputs, y = data()
    run = train.fit(*parts(), inputs * 3, y, features=lambda x: x / 3, epochs=2, mixing=mix, device=CPU)
    torch.testing.assert_close(
        run.encoder.layers[0].weight, fit(epochs=2, batch_size=64).encoder.layers[0].weight, rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("stop", [1, 3])
def test_an_interrupted_run_goes_on_bit_for_bit(tmp_path, stop):
    whole = fit(epochs=5, snapshots=(1, 5), folder=tmp_path / "whole")
    plain = fit(epochs=5, snapshots=(1, 5))
    assert_same(whole, plain)
    fit(epochs=stop, snapshots=(1, 5), folder=tmp_path / "part")
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
            encoder, loss, inputs, torch.tensor([0, 1, 0, 1]), epochs=epochs, mixing=mix, device=CPU, folder=folder
        )

    go(1, tmp_path)
    assert_same(go(2, tmp_path), go(2))


def test_a_run_before_its_first_step_can_be_saved(tmp_path):
    run = fit(epochs=0)
    run.save(tmp_path / "start.safetensors")
    again = fit(epochs=0).resume(tmp_path / "start.safetensors")
    assert again.epoch == 0 and again.history.empty and again.rows == []


@pytest.mark.parametrize(
    "change, word",
    [
        ({"seed": 1}, "seed"), ({"batch_size": 10}, "batch_size"), ({"mixing": None}, "mixing"),
        ({"mixing": partial(mix, how="beta")}, "mixing"), ({"optimizer": partial(train.adam, lr=0.1)}, "optimizer"),
    ],
)  # fmt: skip
def test_a_folder_of_other_settings_is_refused(tmp_path, change, word):
    fit(epochs=1, folder=tmp_path)
    before = (tmp_path / "run.safetensors").read_bytes()
    with pytest.raises(ValueError, match=f"run.safetensors is a run with another {word}: give another folder"):
        fit(epochs=2, folder=tmp_path, **change)
    assert (tmp_path / "run.safetensors").read_bytes() == before


def test_a_folder_of_another_run_is_refused(tmp_path):
    fit(epochs=1, folder=tmp_path)
    inputs, y = data()
    choices = {"mixing": mix, "batch_size": 20, "device": CPU, "folder": tmp_path, "epochs": 2}
    with pytest.raises(ValueError, match="another data: give"):
        train.fit(*parts(), inputs + 1, y, **choices)
    with pytest.raises(ValueError, match="another data: give"):
        train.fit(*parts(), inputs, y.flip(0), **choices)
    with pytest.raises(ValueError, match="another encoder: give"):
        train.fit(Toy(4, bands=16, width=9), parts()[1], inputs, y, **choices)
    with pytest.raises(ValueError, match="another loss: give"):
        train.fit(*parts(variant="code"), inputs, y, **choices)


@pytest.mark.parametrize("damage", ["half", "empty", "text", "other"])
def test_a_damaged_run_is_named(tmp_path, damage):
    fit(epochs=1, folder=tmp_path)
    path = tmp_path / "run.safetensors"
    whole = path.read_bytes()
    if damage == "other":
        write_tensors(path, {"x": torch.zeros(1)}, {"detector": "{}"})
    else:
        path.write_bytes({"half": whole[: len(whole) // 2], "empty": b"", "text": b"no run, but a text"}[damage])
    words = "holds no run of asdkit" if damage == "other" else "is damaged or cut short"
    with pytest.raises(ValueError, match=f"run.safetensors {words}"):
        fit(epochs=2, folder=tmp_path)


def test_no_step_waits_for_its_numbers(monkeypatch):
    """On the meta device nothing has a value, so a step that asked for one would stop here."""
    inputs, y = (part.to("meta") for part in data())
    encoder, loss = (part.to("meta") for part in parts())
    run = train.Run(encoder, loss, torch.optim.SGD([*encoder.parameters(), *loss.parameters()], lr=0.1), {})
    recorded = []
    monkeypatch.setattr(train, "_record", lambda run, epoch, rows: recorded.extend(rows))
    train._epoch(run, inputs, y, 0, mix, 20, 0)
    assert [sorted(row) for row in recorded] == [["loss", "median_angle", "scale"]] * 3
    assert all(value.is_meta for row in recorded for value in row.values())
    with pytest.raises(RuntimeError, match="meta"):
        loss.watch()


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
    with pytest.raises(FloatingPointError, match="the loss is nan at step 4: {'epoch': 1, 'step': 4, "):
        train.fit(encoder, Breaking(4, 3, 2), *data(), epochs=3, batch_size=20, device=CPU)


def test_what_cannot_be_trained_on():
    inputs, y = data()
    inputs[7, 3, 2] = float("nan")
    with pytest.raises(FloatingPointError, match="the loss is nan at step [012]"):
        train.fit(*parts(), inputs, y, epochs=2, batch_size=20, device=CPU)
    with pytest.raises(ValueError, match="50 clips and 49 class indices"):
        train.fit(*parts(), inputs, y[:-1], device=CPU)
    with pytest.raises(ValueError, match="at least one"):
        train.fit(*parts(), inputs[:0], y[:0], device=CPU)


VICTIM = """
import sys, torch
from asdkit import train
from asdkit.encoders import Toy
from asdkit.losses import SubClusterAdaCos
from asdkit.mixup import mix
torch.set_num_threads(1)
chance = torch.Generator().manual_seed(0)
y = torch.arange(60) % 3
inputs = 2 * torch.randn(3, 16, 1, generator=chance)[y] + torch.randn(60, 16, 12, generator=chance)
torch.manual_seed(0)
print("ready", flush=True)
train.fit(Toy(4, bands=16, width=8), SubClusterAdaCos(4, 3, 2), inputs, y, epochs=60, batch_size=10, mixing=mix,
          snapshots=(20, 60), device="cpu", folder=sys.argv[1])
"""


def test_killed_at_any_moment_a_run_comes_out_the_same(tmp_path):
    """Three kills that no program can catch, at moments drawn by chance, against a run left alone."""

    def start(folder):
        environment = {**os.environ, "ASDKIT_PROGRESS": "0"}
        command = [sys.executable, "-c", VICTIM, str(folder)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.readline()
        return process

    process = start(tmp_path / "whole")
    began = time.monotonic()
    assert process.wait() == 0
    lasts = time.monotonic() - began
    chance, kills = np.random.default_rng(0), 0
    for kill in range(3):
        process = start(tmp_path / "killed")
        while kill and process.poll() is None and not (tmp_path / "killed" / "run.safetensors").exists():
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.4) * lasts)
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert kills
    assert start(tmp_path / "killed").wait() == 0
    (one, notes), (other, same) = [
        read_tensors(tmp_path / name / "run.safetensors", "run") for name in ("whole", "killed")
    ]
    assert notes == same and one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    left = [path.name for path in Path(tmp_path / "killed").iterdir() if path.name != "run.safetensors"]
    assert all(name.startswith(".run.safetensors.") for name in left) and len(left) <= 3
