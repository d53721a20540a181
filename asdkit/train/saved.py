"""A run in a file: what is written, and what is checked before anything is taken of it."""

import json
from typing import NamedTuple

import numpy as np
import torch

from ..contents import check, facts, read_as, state
from ..tensorfile import read_tensors, within, write_tensors
from .run import Snapshot

CURE = "give another folder, or remove the file to start anew"
STEP = ["epoch", "step", "loss"]  # the first columns of every history
ADAM = {"step", "exp_avg", "exp_avg_sq"}  # what it keeps of a parameter


class Saved(NamedTuple):
    """How far the run of a file has come: weights by name, the state of the optimizer by parameter
    and name, and what else a ``Run`` holds.
    """

    encoder: dict
    loss: dict
    optimizer: dict
    epoch: int
    seconds: float
    seen: int
    rows: list
    snapshots: dict


def write(path, run):
    """Write everything that a run needs to go on.

    Raises: OSError, with the cure, where the file cannot be written.
    """
    parts = {"encoder": run.encoder, "loss": run.loss}
    tensors = {
        f"{part}.{name}": value
        for part in parts
        for name, value in parts[part].state_dict().items()
    }
    for epoch, snapshot in run.snapshots.items():
        found = {name: value for name, value in snapshot._asdict().items() if value is not None}
        tensors |= {f"snapshots.{epoch}.{name}": value for name, value in found.items()}
    if run.rows:
        tensors["history"] = torch.from_numpy(run.history.to_numpy(dtype=np.float64))
    states = run.optimizer.state_dict()["state"]
    for number, kept in states.items():
        tensors |= {f"optimizer.{number}.{name}": value for name, value in kept.items()}
    notes = {
        "epoch": run.epoch,
        "settings": run.settings,
        "columns": list(run.history.columns),
        "optimizer": sorted(states),
        "seconds": run.seconds,
        "seen": run.seen,
    }
    write_tensors(path, tensors, {"run": json.dumps(notes)})


def read(path, run, count=None):
    """What a file holds for a run, which is made of the same parts with the same settings.

    Shapes: ``count``, the clips of the training -> Saved.
    Raises: FileNotFoundError where there is no file; ValueError where anything in it was changed
        after it was written, where it is of a run with other data or settings, or where it holds
        what no run has: NaN, negative numbers, tensors of other shapes or types.
    Choices: a file without any state of the optimizer, which somebody left out, starts it anew.
    """
    tensors, notes = read_tensors(path, "run")
    with read_as(path, "run", CURE):
        told = facts(notes)
        _check_settings(path, run.settings, told["settings"])
        for name, kinds in {"epoch": (int,), "seen": (int,), "seconds": (int, float)}.items():
            if type(told[name]) not in kinds or told[name] < 0:
                raise ValueError(f"its {name} is {told[name]!r}")
        return Saved(
            state(tensors, "encoder", run.encoder), state(tensors, "loss", run.loss),
            _optimizer(tensors, told["optimizer"], run.optimizer),
            told["epoch"], told["seconds"], told["seen"], _rows(tensors, told),
            _snapshots(tensors, told["epoch"], run.loss, count),
        )  # fmt: skip


def _check_settings(path, ours, there):
    differing = [name for name in {**ours, **there} if ours.get(name) != there.get(name)]
    if differing:
        raise ValueError(f"{path} is a run that differs in {', '.join(differing)}: {CURE}")


def _optimizer(tensors, numbers, optimizer):
    """The state of each parameter, laid out in memory as the parameter is."""
    parameters = [one for group in optimizer.param_groups for one in group["params"]]
    is_adam, states = isinstance(optimizer, torch.optim.Adam), {}
    for told, value in within(tensors, "optimizer").items():
        number, key = told.split(".")
        parameter = parameters[int(number)]
        if is_adam and key != "step":
            check(f"optimizer.{told}", value, parameter.shape, parameter.dtype)
        check(f"optimizer.{told}", value, value.shape, value.dtype)
        states.setdefault(int(number), {})[key] = _laid_out_as(parameter, value)
    kept = {frozenset(known) for known in states.values()}
    lacks = is_adam and any(not known >= ADAM for known in kept)
    if len(kept) > 1 or lacks or states and sorted(states) != numbers:
        raise ValueError("its optimizer lacks a part of its state, or has more")
    return states


def _laid_out_as(parameter, value):
    """Fused Adam walks through memory, so its moments must lie in memory as the parameter does."""
    return torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value


def _rows(tensors, told):
    """The history, a dict a step."""
    columns, count = told["columns"], told["epoch"]
    history = tensors.get("history", torch.empty(0, len(columns), dtype=torch.float64))
    if history.shape[1:] != (len(columns),) or history.dtype != torch.float64:
        raise ValueError("its history has another shape or type")
    if count and columns[:3] != STEP or len(set(columns)) != len(columns):
        raise ValueError("its history has other columns")
    rows = [dict(zip(columns, row)) for row in history.tolist()]
    epochs, steps, losses = [[row[name] for row in rows] for name in STEP]
    if epochs != sorted(epochs) or sorted(set(epochs)) != list(range(count)):
        raise ValueError(f"its history is not that of {count} epochs")
    if steps != list(range(len(rows))) or not np.isfinite(losses).all():
        raise ValueError("its history lacks steps, or a loss")
    return rows


def _snapshots(tensors, last, loss, count):
    """The snapshots by their epochs."""
    found, centers = {}, getattr(loss, "centers", None)
    for told, value in within(tensors, "snapshots").items():
        epoch, name = told.split(".")
        found.setdefault(int(epoch), {})[name] = value
    for epoch, kept in found.items():
        x = kept["x"]
        size = x.shape[1:] if centers is None else (centers.shape[-1],)
        check(f"snapshot {epoch}", x, (len(x) if count is None else count, *size), x.dtype)
        if not 1 <= epoch <= last or not x.is_floating_point():
            raise ValueError(f"its snapshot {epoch} is of no epoch, or holds no numbers")
        if centers is not None:
            check(f"centers of snapshot {epoch}", kept["centers"], centers.shape, centers.dtype)
        if set(kept) != {"x"} | ({"centers"} if centers is not None else set()):
            raise ValueError(f"its snapshot {epoch} holds strange tensors")
    return {epoch: Snapshot(kept["x"], kept.get("centers")) for epoch, kept in found.items()}
