"""Clips that are streamed give the run of clips that are resident, and stay where they fit."""

from contextlib import nullcontext
from functools import partial

import pytest
import torch

from asdkit import encoders, features, losses, mixup, train
from asdkit.train import feed

CPU = torch.device("cpu")
CLIPS = torch.randn(21, 8, 30, generator=torch.Generator().manual_seed(0))
Y = torch.arange(21) % 2


class Pair(encoders.Toy):
    def forward(self, batch):
        wave, x = batch
        return super().forward(x + wave[:, None])


def classes(inputs, encoder):
    choices = {"mixing": mixup.mix, "batch_size": 8, "snapshots": (1, 2)}
    return encoder(4, bands=8, width=8), losses.SubClusterAdaCos(4, 2, 2), inputs, Y, choices


def segments():
    """Rows that are cut on the way, balanced batches, and centers told before each epoch."""
    rows = train.Rows(CLIPS, features.Segments(12, 4).cut, 4)
    batches = partial(train.balanced, normal=3, outlier=4, steps=5)
    choices = {"batches": batches, "snapshots": (1,)}
    return encoders.Toy(4, bands=8), losses.DDCSAD(4), rows, Y.repeat_interleave(4), choices


KINDS = {
    "pictures": lambda: classes(CLIPS, encoders.Toy),
    "waves and pictures": lambda: classes((CLIPS[:, 0], CLIPS), Pair),
    "rows": segments,
}


def trained(kind, epochs=3):
    torch.manual_seed(0)
    encoder, loss, inputs, y, choices = KINDS[kind]()
    return train.fit(encoder, loss, inputs, y, epochs=epochs, device=CPU, **choices)


def counted(monkeypatch):
    """How many batches were copied."""
    copied, copy = [], train.Feed._copied
    monkeypatch.setattr(
        train.Feed, "_copied", lambda self, rows: copied.append(len(rows)) or copy(self, rows)
    )
    return copied


@pytest.mark.parametrize("kind", KINDS)
def test_streamed_clips_give_the_same_bits(kind, monkeypatch):
    copied = counted(monkeypatch)
    resident = trained(kind)
    assert copied == []
    monkeypatch.setattr(feed, "room", lambda device: 1000)
    streamed = trained(kind)
    assert len(copied) == len(streamed.history) > 3 and sum(copied) == streamed.seen
    assert streamed.history.equals(resident.history) and streamed.seen == resident.seen
    for part in ("encoder", "loss"):
        one, other = (getattr(run, part).state_dict() for run in (resident, streamed))
        assert all(torch.equal(one[name], other[name]) for name in one)
    for epoch, snapshot in resident.snapshots.items():
        assert torch.equal(snapshot.x, streamed.snapshots[epoch].x)


def test_clips_stay_as_soon_as_they_fit(monkeypatch):
    """What a step needs is known after the first epoch, and there is room for the clips then."""
    copied, rooms = counted(monkeypatch), iter([CLIPS.nbytes - 1, CLIPS.nbytes])
    monkeypatch.setattr(feed, "room", lambda device: next(rooms))
    run = trained("pictures")
    assert sum(copied) == 21 and run.seen == 63
    monkeypatch.undo()
    assert run.history.equals(trained("pictures").history)


def test_room_on_a_gpu_is_what_a_step_leaves(monkeypatch):
    """80 GB of which 30 are free and 50 are held by torch: a step had 20 of these at most."""
    told = {"memory_reserved": 50e9, "max_memory_allocated": 20e9}
    for name, value in told.items():
        monkeypatch.setattr(torch.cuda, name, lambda device, value=value: int(value))
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (int(30e9), int(80e9)))
    assert feed.room(torch.device("cuda")) == int(30e9 + 50e9 - 20e9 - 8e9)
    assert feed.room(CPU) == feed.room(torch.device("mps")) == float("inf")


@pytest.mark.parametrize("inputs", [CLIPS, (CLIPS[:, 0], CLIPS), segments()[2]])
def test_a_copy_runs_beside_the_step_before(inputs, monkeypatch):
    """The order in which a GPU is told: copy on the stream of copies, then wait for it."""
    told = []

    class Stream:
        def wait_stream(self, other):
            told.append(("wait for", other))

    step, copies = Stream(), Stream()
    monkeypatch.setattr(torch.cuda, "stream", lambda one: told.append(one) or nullcontext())
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: step)
    monkeypatch.setattr(torch.Tensor, "record_stream", lambda x, one: told.append(("keep", one)))
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda x: x)
    empty = torch.empty
    monkeypatch.setattr(torch, "empty", lambda *size, pin_memory, **kind: empty(*size, **kind))
    fed = train.Feed(inputs, torch.arange(len(inputs) if torch.is_tensor(inputs) else 21), CPU)
    fed.resident, fed.copies = False, copies
    order = [torch.tensor([5, 0, 7]), torch.tensor([2])]
    made = [batch for batch, _ in fed.batches(order)]
    kept = [("keep", step)] * (2 if isinstance(inputs, tuple) else 1)
    assert told == 2 * [copies, ("wait for", copies), *kept]
    for batch, rows in zip(made, order):
        expected = feed.take(inputs, rows)
        pairs = zip(batch, expected) if isinstance(inputs, tuple) else [(batch, expected)]
        assert all(torch.equal(one, other) for one, other in pairs)
