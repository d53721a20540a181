"""A training as far as it has come: saved after any epoch, and resumed to the same weights."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import nn

from .tensorfile import read_tensors, within, write_tensors


@dataclass
class Run:
    """What a training has done so far: networks, a row of numbers a step, and embeddings of some epochs.

    ``history`` has the columns ``epoch step loss`` and those of the loss's ``watch()``; ``snapshots`` maps an epoch to
    the embeddings (N, D) of all training clips after it.

    Example:
        >>> loss, y = losses.SubClusterAdaCos(4, 2, sub_clusters=2), torch.tensor([0, 1] * 3)
        >>> run = train.fit(encoders.Toy(4, bands=8), loss, torch.randn(6, 8, 5), y, epochs=3, snapshots=[2])
        >>> run.epoch, run.snapshots[2].shape
        (3, torch.Size([6, 4]))
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
        """The numbers of the training as a table, a row a step.

        Example:
            >>> loss, y = losses.SubClusterAdaCos(4, 2, sub_clusters=2), torch.tensor([0, 1] * 3)
            >>> list(train.fit(encoders.Toy(4, bands=8), loss, torch.randn(6, 8, 5), y).history.columns)
            ['epoch', 'step', 'loss', 'scale', 'median_angle']
        Notebook: 00_start_here
        """
        table = pd.DataFrame(self.rows)
        return table.astype({name: int for name in ("epoch", "step") if name in table})

    def save(self, path):
        """Write everything needed to go on, in one file that is whole or not there.

        Raises: OSError, with the cure, where the file cannot be written.
        Example:
            >>> loss, y = losses.SubClusterAdaCos(4, 2, sub_clusters=2), torch.tensor([0, 1] * 3)
            >>> run = train.fit(encoders.Toy(4, bands=8), loss, torch.randn(6, 8, 5), y, epochs=3)
            >>> run.save("run.safetensors")
            >>> run.resume("run.safetensors").epoch
            3
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
        Example:
            >>> loss, y = losses.SubClusterAdaCos(4, 2, sub_clusters=2), torch.tensor([0, 1] * 3)
            >>> run = train.fit(encoders.Toy(4, bands=8), loss, torch.randn(6, 8, 5), y, epochs=3, folder="out")
            >>> run.resume("out/run.safetensors").epoch
            3
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


def settings(encoder, loss, optimizer, inputs, y, mixing, seed, batch_size):
    """What the weights of a training depend on, as numbers and texts: a run goes on only where all are the same.

    Shapes: ``inputs`` (N, ...), ``y`` (N,) -> dict.
    Choices: of the data every 97th value of each clip and all labels are hashed, which takes no time.
    Example:
        >>> encoder, loss = encoders.Toy(dim=4, bands=8), losses.SubClusterAdaCos(4, 2, sub_clusters=2)
        >>> x, y = torch.zeros(6, 8, 5), torch.tensor([0, 1] * 3)
        >>> list(run.settings(encoder, loss, train.adam(encoder, loss), x, y, mixup.mix, 0, 64))
        ['seed', 'batch_size', 'data', 'mixing', 'encoder', 'loss', 'optimizer']
    Notebook: 00_start_here
    """
    groups = [dict(group, params=len(group["params"])) for group in optimizer.param_groups]
    return {
        "seed": seed,
        "batch_size": batch_size,
        "data": _digest(inputs, y),
        "mixing": _describe(mixing),
        "encoder": str(encoder),
        "loss": str(loss),
        "optimizer": f"{type(optimizer).__name__} {groups}",
    }


def _describe(mixing):
    if isinstance(mixing, partial):
        return f"{mixing.func.__name__} {mixing.args} {sorted(mixing.keywords.items())}"
    return getattr(mixing, "__name__", str(mixing))


def _digest(inputs, y):
    some_of_each_clip = inputs.flatten(1)[:, ::97]
    digest = hashlib.sha256(y.cpu().numpy().tobytes())
    digest.update(some_of_each_clip.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def _laid_out_as(parameter, value):
    """Fused Adam walks through memory, so its moments must lie in memory as the parameter does."""
    return torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value
