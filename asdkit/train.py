"""One readable training loop, which resumes to the same weights after any interruption."""

import hashlib
import json
import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn

from .runtime import device as choose_device
from .runtime import progress
from .tensorfile import read_tensors, write_tensors


@dataclass
class Run:
    """What a training has done so far: networks, a row of numbers a step, and embeddings of some epochs.

    ``history`` has the columns ``epoch step loss`` and those of the loss's ``watch()``; ``snapshots`` maps an epoch to
    the embeddings (N, D) of all training clips after it.

    Notebook: 00_start_here
    """

    encoder: nn.Module
    loss: nn.Module
    optimizer: torch.optim.Optimizer
    settings: dict
    epoch: int = 0
    rows: list = field(default_factory=list)
    snapshots: dict = field(default_factory=dict)

    @property
    def history(self):
        table = pd.DataFrame(self.rows)
        return table.astype({name: int for name in ("epoch", "step") if name in table})

    def save(self, path):
        """Write everything needed to go on, in one file that is whole or not there.

        Notebook: 00_start_here
        """
        parts = {"encoder": self.encoder, "loss": self.loss}
        tensors = {f"{part}.{name}": value for part in parts for name, value in parts[part].state_dict().items()}
        tensors |= {f"snapshots.{epoch}": x for epoch, x in self.snapshots.items()}
        if self.rows:
            tensors["history"] = torch.from_numpy(self.history.to_numpy(dtype=np.float64))
        optimizer = self.optimizer.state_dict()
        for number, state in optimizer["state"].items():
            tensors |= {f"optimizer.{number}.{name}": value for name, value in state.items()}
        notes = {"epoch": self.epoch, "settings": self.settings, "columns": list(self.history.columns)}
        write_tensors(path, tensors, {"run": json.dumps(notes)})

    def resume(self, path):
        """Go back to where the run in this file stopped.

        Raises: ValueError where the file is damaged, or is of a run with other data or settings.
        Notebook: 00_start_here
        """
        tensors, notes = read_tensors(path, "run")
        notes = json.loads(notes)
        differing = [name for name, value in self.settings.items() if notes["settings"].get(name) != value]
        if differing:
            raise ValueError(
                f"{path} is a run with another {', '.join(differing)}: "
                "give another folder, or remove the file to start anew"
            )
        self.encoder.load_state_dict(within(tensors, "encoder"))
        self.loss.load_state_dict(within(tensors, "loss"))
        groups = self.optimizer.state_dict()["param_groups"]
        parameters = [parameter for group in self.optimizer.param_groups for parameter in group["params"]]
        states = {}
        for name, value in within(tensors, "optimizer").items():
            number, key = name.split(".")
            states.setdefault(int(number), {})[key] = _laid_out_as(parameters[int(number)], value)
        self.optimizer.load_state_dict({"state": states, "param_groups": groups})
        self.epoch = notes["epoch"]
        rows = tensors["history"].numpy() if "history" in tensors else []
        self.rows = pd.DataFrame(rows, columns=notes["columns"]).to_dict("records")
        self.snapshots = {int(epoch): x for epoch, x in within(tensors, "snapshots").items()}
        return self


def adam(encoder, loss, lr=1e-3, decay=1e-5):
    r"""Adam with $10^{-5} \|W\|^2$ added to the loss for the kernels of convolutions and dense layers.

    Paper: [SCA] IV-B.
    Choices: biases, batch norm and centers carry no penalty, as in the code; the gradient of the penalty is
        2e-5 W, which torch calls a weight decay of 2e-5.
    Notebook: 00_start_here
    """
    kernels = [module.weight for module in encoder.modules() if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear)]
    known = {id(kernel) for kernel in kernels}
    rest = [p for part in (encoder, loss) for p in part.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": kernels, "weight_decay": 2.0 * decay}, {"params": rest}]
    return torch.optim.Adam([group for group in groups if group["params"]], lr=lr, fused=True)


def fit(
    encoder, loss, waves, y, *, features=None, mixing=None, epochs=10, batch_size=64,
    optimizer=adam, device=None, seed=0, snapshots=(), folder=None,
):  # fmt: skip
    """Train encoder and loss together.

    Paper: [SCA] IV-B: Adam, batches of 64, 400 epochs, mixed clips only.
    Shapes: ``waves`` (N, T), or what the encoder takes if ``features`` is None; ``y`` (N,) class indices -> Run.
    Raises: ValueError for labels of another length, no clips, or a ``folder`` that holds another or a longer run;
        FloatingPointError at the first loss that is not finite.
    Choices: ``mixing(batch, y, generator=...)`` such as ``mixup.mix`` works on what the encoder takes; ``optimizer`` is
        a function of encoder and loss. With ``folder``, the run is written there after every epoch and a call with the
        same arguments goes on from it: chance depends on seed and epoch alone, so the weights come out bit for bit
        the same. An epoch is cut into batches of nearly equal size, none above ``batch_size``.
    Notebook: 00_start_here
    """
    if len(waves) != len(y) or not len(y):
        raise ValueError(f"{len(waves)} clips and {len(y)} class indices: give one for each, and at least one")
    device = choose_device(device)
    inputs = _features(waves, features).to(device)
    y = y.to(device)
    encoder, loss = encoder.to(device), loss.to(device)
    run = Run(encoder, loss, optimizer(encoder, loss), {"seed": seed, "batch_size": batch_size})
    run.settings |= {"data": _fingerprint(inputs, y), "mixing": _describe(mixing), **_composition(run)}
    file = None if folder is None else Path(folder) / "run.safetensors"
    if file is not None and file.exists():
        _go_on(run, file, epochs)
    with _own_chance(), progress(range(run.epoch, epochs), "train", unit="epoch") as bar:
        for epoch in bar:
            _epoch(run, inputs, y, epoch, mixing, batch_size, seed)
            if epoch + 1 in snapshots:
                run.snapshots[epoch + 1] = embed(encoder, inputs)
            run.epoch = epoch + 1
            if file is not None:
                run.save(file)
    encoder.eval()
    loss.eval()
    return run


def embed(encoder, inputs, batch_size=64):
    """Embeddings of clips, in evaluation mode and without gradient.

    Shapes: (N, ...) -> (N, D) on the CPU.
    Notebook: 00_start_here
    """
    training = encoder.training
    encoder.eval()
    where = next(encoder.parameters()).device
    with torch.no_grad():
        x = torch.cat([encoder(batch.to(where)).cpu() for batch in inputs.split(batch_size)])
    encoder.train(training)
    return x


def _go_on(run, file, epochs):
    run.resume(file)
    if run.epoch > epochs:
        raise ValueError(
            f"{file} has trained {run.epoch} epochs, more than the {epochs} asked for: ask for as many, "
            "give another folder, or remove the file to start anew"
        )


def _epoch(run, inputs, y, epoch, mixing, batch_size, seed):
    chance = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    torch.manual_seed(seed * 1_000_003 + epoch)
    run.encoder.train()
    run.loss.train()
    order = torch.randperm(len(y), generator=chance)
    for rows in order.tensor_split(math.ceil(len(y) / batch_size)):
        rows = rows.to(y.device)
        batch, label = inputs[rows], y[rows]
        if mixing is not None:
            batch, label = mixing(batch, label, generator=chance)
        run.optimizer.zero_grad()
        value = run.loss(run.encoder(batch), label)
        value.backward()
        run.optimizer.step()
        row = {"epoch": epoch, "step": len(run.rows), "loss": value.item(), **run.loss.watch()}
        if not math.isfinite(row["loss"]):
            raise FloatingPointError(f"the loss is {row['loss']} at step {row['step']}: {row}")
        run.rows.append(row)


def _features(waves, features):
    if features is None:
        return waves
    with torch.no_grad():
        return torch.cat([features(block) for block in waves.split(64)])


@contextmanager
def _own_chance():
    devices = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices):
        yield


def within(tensors, part):
    """The tensors of one part of a file, by their names within it.

    Notebook: 00_start_here
    """
    return {name.removeprefix(part + "."): value for name, value in tensors.items() if name.startswith(part + ".")}


def _laid_out_as(parameter, value):
    """Fused Adam walks through memory, so its moments must lie in memory as the parameter does."""
    return torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value


def _composition(run):
    groups = [dict(group, params=len(group["params"])) for group in run.optimizer.param_groups]
    return {"encoder": str(run.encoder), "loss": str(run.loss), "optimizer": f"{type(run.optimizer).__name__} {groups}"}


def _describe(mixing):
    if isinstance(mixing, partial):
        return f"{mixing.func.__name__} {mixing.args} {sorted(mixing.keywords.items())}"
    return getattr(mixing, "__name__", str(mixing))


def _fingerprint(inputs, y):
    some_of_each_clip = inputs.flatten(1)[:, ::97]
    digest = hashlib.sha256(y.cpu().numpy().tobytes())
    digest.update(some_of_each_clip.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
