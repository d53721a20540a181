"""A training as far as it has come: saved after any epoch, and resumed to the same weights."""

import hashlib
import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from .. import given
from ..losses.angles import own_angle
from ..tensorfile import read_tensors, within, write_tensors


class Snapshot(NamedTuple):
    """What a training had learned after an epoch: the embeddings of all training clips, and the
    centers.

    Shapes: ``x`` (N, D); ``centers`` (C, D) or (C, S, D), None where the loss has none.
    """

    x: torch.Tensor
    centers: torch.Tensor | None


@dataclass
class Run:
    """What a training has done so far: networks, a row of numbers a step, and snapshots of some
    epochs.

    ``history`` has the columns ``epoch step loss`` and those of the loss's ``watch()``;
    ``snapshots`` maps an epoch to its ``Snapshot``. ``seen`` counts the clips (or rows of them) of
    all steps, which took ``seconds``, those before an interruption too.

    Example:
        >>> loss, y = losses.SubClusterAdaCos(4, 2, sub_clusters=2), torch.tensor([0, 1] * 3)
        >>> encoder, x = encoders.Toy(4, bands=8), torch.randn(6, 8, 5)
        >>> run = train.fit(encoder, loss, x, y, epochs=3, snapshots=[2])
        >>> list(run.history.columns), run.snapshots[2].centers.shape
        (['epoch', 'step', 'loss', 'scale', 'median_angle'], torch.Size([2, 2, 4]))
    Notebook: 15_train_on_gpu
    """

    encoder: nn.Module
    loss: nn.Module
    optimizer: torch.optim.Optimizer
    settings: dict
    epoch: int = 0
    rows: list = field(default_factory=list)
    snapshots: dict = field(default_factory=dict)
    seconds: float = 0.0
    seen: int = 0

    def __post_init__(self):
        self.rates = [group["lr"] for group in self.optimizer.param_groups]

    @property
    def history(self):
        """The numbers of the training as a table, a row a step."""
        import pandas as pd

        table = pd.DataFrame(self.rows)
        return table.astype({name: int for name in ("epoch", "step") if name in table})

    @property
    def pace(self):
        """Clips a second, or rows of them, over all epochs so far; 0 before the first."""
        return self.seen / self.seconds if self.seconds else 0.0

    def embed(self, inputs):
        """Embeddings of clips, as ``train.embed`` gives them.

        Shapes: ``inputs`` (N, ...) -> (N, D) on the CPU.
        """
        from .loop import embed  # which stands on this file

        return embed(self.encoder, inputs)

    @torch.no_grad()
    def named(self, inputs):
        """The class that the loss finds most probable for each clip; of roles, normal or outlier.

        Shapes: ``inputs`` (N, ...) -> (N,) class indices, or roles, on the CPU.
        """
        tensors = itertools.chain(self.loss.parameters(), self.loss.buffers())
        logits = self.loss.logits(self.embed(inputs).to(next(tensors).device))
        return (logits.argmax(dim=1) if logits.ndim > 1 else (logits > 0).long()).cpu()

    def angle(self, inputs, owners, group):
        """Angle of each clip to the nearest center of its group: an anomaly score in radians.

        Shapes: ``inputs`` (N, ...), ``owners`` (C,), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that owns no class.
        """
        return own_angle(self.embed(inputs), self.loss.centers.cpu(), owners, group)

    def set_rate(self, share):
        """Give each group of parameters this share of its first rate.

        Raises: ValueError for a share that is no finite number, or below 0.
        """
        share = given.number(share, "the share of a schedule", 0)
        for group, rate in zip(self.optimizer.param_groups, self.rates):
            group["lr"] = rate * share

    def save(self, path):
        """Write everything needed to go on, in one file that is whole or not there.

        Raises: OSError, with the cure, where the file cannot be written.
        """
        parts = {"encoder": self.encoder, "loss": self.loss}
        tensors = {
            f"{part}.{name}": value
            for part in parts
            for name, value in parts[part].state_dict().items()
        }
        for epoch, snapshot in self.snapshots.items():
            found = {name: value for name, value in snapshot._asdict().items() if value is not None}
            tensors |= {f"snapshots.{epoch}.{name}": value for name, value in found.items()}
        if self.rows:
            tensors["history"] = torch.from_numpy(self.history.to_numpy(dtype=np.float64))
        for number, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": value for name, value in state.items()}
        notes = {
            "epoch": self.epoch,
            "settings": self.settings,
            "columns": list(self.history.columns),
            "seconds": self.seconds,
            "seen": self.seen,
        }
        write_tensors(path, tensors, {"run": json.dumps(notes)})

    def resume(self, path):
        """Go back to where the run in this file stopped.

        Raises: ValueError where the file is damaged, or is of a run with other data or settings.
        """
        tensors, notes = read_tensors(path, "run")
        notes = json.loads(notes)
        there = notes["settings"]
        differing = [
            name
            for name in {**self.settings, **there}
            if self.settings.get(name) != there.get(name)
        ]
        if differing:
            raise ValueError(
                f"{path} is a run with another {', '.join(differing)}: "
                "give another folder, or remove the file to start anew"
            )
        self.encoder.load_state_dict(within(tensors, "encoder"))
        self.loss.load_state_dict(within(tensors, "loss"))
        groups = self.optimizer.state_dict()["param_groups"]
        parameters = [
            parameter for group in self.optimizer.param_groups for parameter in group["params"]
        ]
        states = {}
        for name, value in within(tensors, "optimizer").items():
            number, key = name.split(".")
            states.setdefault(int(number), {})[key] = _laid_out_as(parameters[int(number)], value)
        self.optimizer.load_state_dict({"state": states, "param_groups": groups})
        self.epoch = notes["epoch"]
        self.seconds, self.seen = notes.get("seconds", 0.0), notes.get("seen", 0)  # of old files
        rows = tensors["history"].tolist() if "history" in tensors else []
        self.rows = [dict(zip(notes["columns"], row)) for row in rows]
        kept = within(tensors, "snapshots")
        self.snapshots = {
            int(name.removesuffix(".x")): Snapshot(x, kept.get(name.removesuffix("x") + "centers"))
            for name, x in kept.items()
            if name.endswith(".x")
        }
        return self


def start_from(start, encoder, loss):
    """Take over the weights of another run, and say which they were.

    Shapes: ``start`` a Run or another holder of ``encoder`` and ``loss``, the path of a run's file,
        or None -> dict.
    Raises: FileNotFoundError or ValueError for a file that is none; ValueError for weights of other
        sizes.
    """
    if start is None:
        return {}
    if isinstance(start, str | Path):
        tensors, _ = read_tensors(start, "run")
        states = [within(tensors, part) for part in ("encoder", "loss")]
    elif not (hasattr(start, "encoder") and hasattr(start, "loss")):
        raise ValueError(f"start is a {type(start).__name__}: give a run, or the path of its file")
    else:
        states = [start.encoder.state_dict(), start.loss.state_dict()]
    for part, state in zip((encoder, loss), states):
        sizes = {name: value.shape for name, value in state.items()}
        if sizes != {name: value.shape for name, value in part.state_dict().items()}:
            raise ValueError(
                f"start holds weights of other sizes than this {type(part).__name__}: take the "
                "same parts"
            )
        part.load_state_dict(state)
    digest = hashlib.sha256()
    for state in states:
        for value in state.values():
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return {"start": digest.hexdigest()[:16]}


def _laid_out_as(parameter, value):
    """Fused Adam walks through memory, so its moments must lie in memory as the parameter does."""
    return torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value
