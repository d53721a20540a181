"""The clips of a training, wherever they lie: on the device, or streamed to it batch by batch."""

import math

import torch

from .. import memory
from .batches import move, take
from .rows import Rows


class Feed:
    """Batches of clips on a device: taken from there where all clips fit, else copied there while
    the step before still runs.

    Shapes: ``inputs`` (N, ...), a tuple of such, or ``Rows``; ``y`` (N,).
    Choices: the steps of a GPU are queued, so the host gathers a batch in pinned memory meanwhile,
        and its copy has a queue of its own. What a step needs is known after some steps only: a GPU
        begins with clips that are streamed, and ``settle`` keeps them there where they fit.
    Example:
        >>> feed = train.Feed(torch.arange(3.0), torch.tensor([0, 1, 0]), torch.device("cpu"))
        >>> list(feed.batches([torch.tensor([2, 1])]))
        [(tensor([2., 1.]), tensor([0, 1]))]
    Notebook: 15_train_on_gpu
    """

    def __init__(self, inputs, y, device):
        self.inputs, self.y, self.device = inputs, y.cpu(), torch.device(device)
        self.label, self.resident, self.copies = y.to(device), False, None
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
            self.copies = torch.cuda.Stream(device)
        if self.copies is None or parts_of(inputs)[0].is_cuda:
            self.settle()

    def settle(self):
        """Keep all clips on the device from now on, where they fit there beside a step."""
        if not self.resident and sum(part.nbytes for part in parts_of(self.inputs)) <= room(
            self.device
        ):
            self.inputs, self.resident = move(self.inputs, self.device), True

    def batches(self, order):
        """Each batch of clips and its labels, in this order.

        Shapes: ``order`` row numbers (n,) each, on the CPU -> (n, ...), (n,) each.
        """
        if self.device.type == "cpu":
            self._check_room(max(map(len, order)))
        waits = self.device.type == "mps"  # which may read memory that is free again
        there = torch.cat(list(order)).to(self.device, non_blocking=not waits)
        for rows, own in zip(order, there.split([len(rows) for rows in order])):
            batch = take(self.inputs, own) if self.resident else self._copied(rows)
            yield batch, self.label[own]

    def _check_room(self, count):
        size = count * sum(part[:1].nbytes for part in parts_of(self.inputs))
        cure = "give a smaller batch_size, or fewer clips of each role"
        memory.check(size, f"a batch of {count} clips", cure)

    def _copied(self, rows):
        if self.copies is None:
            return move(take(self.inputs, rows), self.device)
        several = isinstance(self.inputs, tuple)
        with torch.cuda.stream(self.copies):
            batch = tuple(
                _pinned(part, rows).to(self.device, non_blocking=True)
                for part in (self.inputs if several else (self.inputs,))
            )
        step = torch.cuda.current_stream(self.device)
        step.wait_stream(self.copies)
        for part in batch:
            part.record_stream(step)  # its memory is free when the step is done, not before
        return batch if several else batch[0]


def room(device):
    """How many bytes of clips fit on a device: on a GPU what is free beside the most that was held
    at once so far, but for a tenth of all; elsewhere there is no end, as they lie there already.

    Example:
        >>> train.feed.room(torch.device("cpu"))
        inf
    """
    if device.type != "cuda":
        return math.inf
    free, whole = torch.cuda.mem_get_info(device)
    kept = torch.cuda.memory_reserved(device) - torch.cuda.max_memory_allocated(device)
    return free + kept - whole // 10


def parts_of(inputs):
    """The tensors that hold the clips.

    Shapes: (N, ...), a tuple of such, or ``Rows`` -> a tuple of tensors.
    """
    inputs = inputs.clips if isinstance(inputs, Rows) else inputs
    return inputs if isinstance(inputs, tuple) else (inputs,)


def _pinned(part, rows):
    if isinstance(part, Rows):
        return part[rows].pin_memory()
    whole = torch.empty(len(rows), *part.shape[1:], dtype=part.dtype, pin_memory=True)
    return torch.index_select(part, 0, rows, out=whole)
