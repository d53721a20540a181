"""One readable training loop, which resumes to the same weights after any interruption."""

import math
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import torch

from .. import given
from ..given_tensors import seen
from ..mixup import Mix, unmixed
from ..runtime import device as choose_device
from ..runtime import is_memory_full, own_chance, progress
from .batches import move, shuffled, take
from .feed import Feed
from .identity import settings
from .rates import adam
from .refusals import (
    PRECISIONS,
    check_data,
    check_folder,
    check_functions,
    check_inputs,
    check_module,
    check_numbers,
    check_precision,
    optimizer_of,
)
from .run import Run, Snapshot, start_from


class NotFinite(ValueError, FloatingPointError):
    """The loss of a step that is NaN or infinite: a training that has gone astray."""


def fit(
    encoder, loss, inputs, y, *, mixing=None, epochs=10, batch_size=None, optimizer=adam,
    schedule=None, batches=shuffled, device=None, seed=0, snapshots=(), folder=None, start=None,
    precision="float32", identity=None,
):  # fmt: skip
    """Train encoder and loss together.

    Paper: [SCA] IV-B: Adam, batches of 64, 400 epochs, mixed clips only.
    Shapes: ``inputs`` (N, ...), a tuple of such, or ``Rows``; ``y`` (N,) class indices or roles ->
        Run.
    Raises: ValueError, before anything is trained, for a choice that cannot be, inputs that are not
        finite, labels that the loss does not know, a snapshot that would never come, a ``start`` of
        other sizes, or a ``folder`` with another run; FloatingPointError for the first step whose
        loss is not finite; MemoryError where a step does not fit on the device.
    Choices: ``mixing(batch, y, generator=...)`` works on what the encoder takes; ``optimizer`` is a
        function of encoder and loss, ``schedule`` of the share of all steps that is done. A loss
        with ``update_centers(x, y)`` is told all embeddings before each epoch, unless its
        ``updated`` is False. A ``folder`` holds the run after every epoch; the same call goes on
        from it, on a CPU to the same bits, as chance depends on seed and epoch alone. ``start`` is
        a Run, or its file.
    Notebook: 00_start_here, 15_train_on_gpu
    """
    device = choose_device(device)
    epochs, batch_size, seed, snapshots = check_numbers(epochs, batch_size, seed, snapshots)
    check_functions(mixing=mixing, batches=batches, optimizer=optimizer, schedule=schedule)
    check_precision(precision, device)
    check_folder(folder)
    parts = check_module(encoder, "encoder").to(device), check_module(loss, "loss").to(device)
    check_data(inputs, y, loss)
    started, made = start_from(start, *parts), optimizer_of(*parts, optimizer)
    plan = {"mixing": mixing, "batches": batches, "batch_size": batch_size, "schedule": schedule}
    known = settings(*parts, made, inputs, y, seed, plan, epochs, precision, identity)
    run, feed = Run(*parts, made, known | started), Feed(inputs, y, device)
    file = _go_on(run, folder, epochs, snapshots, len(y))
    with own_chance(), _told_when_full(device), seen():
        _epochs(run, feed, epochs, plan, snapshots, file)
    encoder.eval()
    loss.eval()
    return run


def embed(encoder, inputs, batch_size=64):
    """Embeddings of clips, in evaluation mode and without gradient.

    Shapes: (N, ...), a tuple of such, or ``Rows`` -> (N, D) on the CPU.
    Raises: ValueError for what is no network, and inputs that are no finite numbers of clips.
    """
    check_module(encoder, "encoder")
    check_inputs(inputs)
    batch_size = given.count(batch_size, "batch_size")
    return _embedded(encoder, inputs, batch_size, "cpu")


def _epochs(run, feed, epochs, plan, snapshots, file):
    """The epochs that are left, each of which is kept before the next begins."""
    with progress(range(run.epoch, epochs), "train", unit="epoch") as bar:
        for _ in bar:
            _next_epoch(run, feed, epochs, plan)
            if run.epoch in snapshots:
                x = embed(run.encoder, feed.inputs)
                run.snapshots[run.epoch] = Snapshot(x, _centers(run.loss))
            if file is not None:
                run.save(file)


def _next_epoch(run, feed, epochs, plan):
    began = time.perf_counter()
    _record(run, run.epoch, train_epoch(run, feed, run.epoch, epochs, plan))
    run.seconds += time.perf_counter() - began
    run.epoch += 1
    feed.settle()


def train_epoch(run, feed, epoch, epochs, plan):
    """One pass over the batches, after the centroids of a loss that has some.

    Shapes: a Run, a Feed, and a dict of mixing, batches, batch_size and schedule -> the numbers of
        each step by name, (steps,) each.
    Choices: the numbers stay on the device, as a GPU that is asked for one finishes all steps
        before it answers.
    """
    seed, reduced = run.settings["seed"], PRECISIONS[run.settings["precision"]]
    chance = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    on_cpu = feed.device.type == "cpu"  # where torch would keep the seed for GPUs to come, slowly
    (torch.default_generator if on_cpu else torch).manual_seed(seed * 1_000_003 + epoch)
    if hasattr(run.loss, "update_centers") and getattr(run.loss, "updated", True):
        run.loss.update_centers(_embedded(run.encoder, feed.inputs, 64, feed.device), feed.label)
    run.encoder.train()
    run.loss.train()
    watch = getattr(run.loss, "watched", None) or getattr(run.loss, "watch", dict)
    sizes = {} if plan["batch_size"] is None else {"batch_size": plan["batch_size"]}
    order, told = plan["batches"](feed.y, generator=chance, **sizes), {}
    for number, (batch, label) in enumerate(feed.batches(order)):
        if plan["mixing"] is not None:
            batch, label = plan["mixing"](batch, label, generator=chance)
            if number == 0 and isinstance(label, Mix):
                with seen(False):
                    unmixed(label)  # the shares of a mixing of one's own
        if plan["schedule"] is not None:
            run.set_rate(plan["schedule"]((epoch + number / len(order)) / epochs))
        run.optimizer.zero_grad()
        with torch.autocast(feed.device.type, reduced) if reduced else nullcontext():
            x = run.encoder(batch)
        value = run.loss(x.float() if reduced else x, label)
        value.backward()
        run.optimizer.step()
        run.seen += len(x)
        _note(told, number, len(order), {"loss": value.detach(), **watch()})
    return told


def _embedded(encoder, inputs, batch_size, device):
    training = encoder.training
    encoder.eval()
    first = inputs[0] if isinstance(inputs, tuple) else inputs
    where = next(encoder.parameters(), first).device  # an encoder may have none
    whole = None  # made once: parts of it between other tensors would leave gaps in the memory
    with torch.no_grad():
        for begin in range(0, len(first), batch_size):
            batch = take(inputs, slice(begin, begin + batch_size))
            x = encoder(move(batch, where)).to(device)
            whole = x.new_empty(len(first), *x.shape[1:]) if whole is None else whole
            whole[begin : begin + batch_size] = x
    encoder.train(training)
    return whole


def _note(told, number, count, row):
    """Note the numbers of a step where they are, in tensors of a whole epoch: one that is kept of
    each step would lie between those that are freed, and the memory would grow with the steps.
    """
    for name, value in row.items():
        if name not in told:
            told[name] = value.new_empty(count) if torch.is_tensor(value) else [0.0] * count
        told[name][number] = value


def _record(run, epoch, told):
    """Read the numbers of an epoch at once."""
    columns = {name: _numbers(column) for name, column in told.items()}
    for values in zip(*columns.values()):
        row = {"epoch": epoch, "step": len(run.rows), **dict(zip(columns, values))}
        if not math.isfinite(row["loss"]):
            raise NotFinite(
                f"the loss is {row['loss']} at step {row['step']}: {row}, so take a smaller rate, "
                "or look at what the loss divides by"
            )
        run.rows.append(row)


def _numbers(column):
    return column.tolist() if torch.is_tensor(column) else column


def _centers(loss):
    centers = getattr(loss, "centers", None)
    return None if centers is None else centers.detach().cpu().clone()


@contextmanager
def _told_when_full(device):
    """Say in one sentence what torch tells of its memory in many."""
    try:
        yield
    except RuntimeError as error:
        if not is_memory_full(error):
            raise
        raise MemoryError(
            f"the memory of the device {str(device)!r} is too small for a step of this training: "
            "take a smaller batch_size, shorter clips or a smaller network"
        ) from error


def _go_on(run, folder, epochs, snapshots, count):
    """The file of the run, and the run as far as that file has it."""
    if folder is None:
        return None
    file = Path(folder) / "run.safetensors"
    if file.exists():
        run.resume(file, count)
    if run.epoch > epochs:
        raise ValueError(
            f"{file} has trained {run.epoch} epochs, more than the {epochs} asked for: ask for as "
            "many, give another folder, or remove the file to start anew"
        )
    missed = [epoch for epoch in snapshots if epoch <= run.epoch and epoch not in run.snapshots]
    if missed:
        raise ValueError(
            f"{file} has passed epoch {missed[0]} without keeping it: leave it out of snapshots, "
            "give another folder, or remove the file to start anew"
        )
    return file
