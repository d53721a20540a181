"""A training as far as it has come: saved after any epoch, and resumed to the same weights."""

import hashlib
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from .. import given
from ..losses.angles import own_angle
from ..tensorfile import read_tensors, within


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
        from .saved import write  # which stands on this file

        write(path, self)

    def resume(self, path, count=None):
        """Go back to where the run in this file stopped.

        Shapes: ``count``, the clips that are trained on -> self.
        Raises: ValueError where the file is damaged, holds what no run has, or is of a run with
            other data or settings; nothing was taken of it then.
        """
        from .saved import read

        there = read(path, self, count)
        self.encoder.load_state_dict(there.encoder)
        self.loss.load_state_dict(there.loss)
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": there.optimizer, "param_groups": groups})
        self.epoch, self.seconds, self.seen = there.epoch, there.seconds, there.seen
        self.rows, self.snapshots = there.rows, there.snapshots
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
    elif hasattr(start, "encoder") and hasattr(start, "loss"):
        states = [start.encoder.state_dict(), start.loss.state_dict()]
    else:
        raise ValueError(f"start is {start!r}: give a Run, or the path of its file")
    for part, state in zip((encoder, loss), states):
        sizes = {name: value.shape for name, value in state.items()}
        if sizes != {name: value.shape for name, value in part.state_dict().items()}:
            raise ValueError(
                f"start holds weights of other sizes than this {type(part).__name__}: take the "
                "same parts"
            )
        if not all(value.isfinite().all() for value in state.values()):
            raise ValueError("start holds weights of NaN or infinity: take another run")
    for part, state in zip((encoder, loss), states):
        part.load_state_dict(state)
    digest = hashlib.sha256()
    for state in states:
        for value in state.values():
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return {"start": digest.hexdigest()[:16]}
