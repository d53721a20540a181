"""The front of a system: the parts from waves to what its encoder sees, and clips read once for all
who need them.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import nn

from .. import memory, sound
from ..tables import checked
from ..train import Rows
from ..train.batches import move, take
from .recordings import check_copies, check_heard, facts
from .refusals import front_parts
from .sizes import REFUSED, check_room

RATE = 16000  # of sound.blocks, as systems call it
BLOCK = 16  # clips whose waves are in memory at a time: more are no faster
TIMES = 8  # the memory of waves that their features take on the way


class Front(nn.Module):
    """The parts from waves to what an encoder sees, in order: what learns nothing, and then the
    rest.

    ``hears`` is what becomes of one silent clip, by which the parts after it find their sizes;
    ``rows`` says whether a part makes several rows of a clip, and ``cut`` how some of them are made
    later, where the last part can do that.

    Shapes: waves (N, T) -> (N, ...), (N, R, ...) of several rows, or a tuple of such.
    Raises: ValueError, before any file is read, for a part that does not take what the one before
        it gives.
    Choices: a part with ``fit`` learns from the training clips; from the first such part on,
        features are made of those that ``hear`` has kept. One that is told the machine of each clip
        takes ``machines``.
    """

    def __init__(self, parts, seconds, machines=()):
        super().__init__()
        self.parts, self.seconds = front_parts(parts, seconds), seconds
        self.machines = sorted(set(machines)) or ["any"]
        size = TIMES * BLOCK * seconds * RATE * 4
        memory.check(size, f"seconds={seconds:g}", "give fewer seconds")
        self.steps, self.rows, x = [], False, torch.zeros(1, round(seconds * RATE))
        for part in self.parts:
            self.steps.append(
                part.build(bands=None if self.rows else _bands(x), machines=self.machines)
            )
            x = self._heard(part, x)
            self.rows = self.rows or getattr(part.make, "rows", False)
        self.hears = x
        self.learned = nn.ModuleList(step for step in self.steps if isinstance(step, nn.Module))
        self.cut = self._cutter()
        fitted = [number for number, step in enumerate(self.steps) if hasattr(step, "fit")]
        self.plain = min(fitted, default=len(self.steps))

    def forward(self, waves, machine):
        x = self.through(waves)[self.parts[: self.plain]]
        return self.prepare(x, machine, waves.device)

    def through(self, waves):
        """What the parts that learn nothing make of waves, step by step.

        Shapes: (N, T) -> dict of the parts so far -> (N, ...).
        """
        known = {(): waves}
        for number in range(self.plain):
            known[self.parts[: number + 1]] = self.steps[number](known[self.parts[:number]])
        return known

    @torch.no_grad()
    def prepare(self, x, machine, device, fit=False, keep=True, later=False):
        """What the encoder sees of features that ``hear`` has kept; with ``fit`` the parts learn
        from them first.

        Shapes: (N, ...) on the CPU -> (N, ...) on the CPU, or ``Rows`` of N clips.
        Choices: with ``keep=False``, where no one else needs ``x``, its memory takes what comes
            out; with ``later`` rows are made when they are taken, where the front can do that.
        """
        machine = np.asarray(machine)
        for step in self.steps[self.plain :]:
            if fit and hasattr(step, "fit"):
                step.fit(x, machine)
            step = step.to(device) if isinstance(step, nn.Module) else step
            x, keep = _by_blocks(step, x, machine, device, keep), False
        if self.cut is None:
            return x
        rows = Rows(x, self.cut, self.hears.shape[1])
        return rows if later else rows.all()

    def same(self, other):
        """Whether another front has the same parts, fitted to the same numbers."""
        ours, theirs = self.state_dict(), other.state_dict()
        told, too = [(front.parts, front.seconds, front.machines) for front in (self, other)]
        return told == too and all(torch.equal(ours[name], theirs[name]) for name in ours)

    def _cutter(self):
        """How the rows of the last part are cut; its step is then only what comes before that."""
        step, part = (self.steps or [None])[-1], (self.parts or [None])[-1]
        if not hasattr(getattr(part, "make", None), "cut"):
            return None
        self.steps[-1:] = [step.whole] if hasattr(step, "whole") else []
        return getattr(step, "cut", None) or partial(part.make.cut, **dict(part.settings))

    def _heard(self, part, x):
        try:
            return _call(self.steps[-1], x, self.machines[:1])
        except REFUSED as error:
            check_room(part, error)
            first = len(self.steps) == 1
            before = "the reader of clips" if first else self.parts[len(self.steps) - 2].name
            raise ValueError(
                f"the part {part.name} of the front does not take what {before} gives, "
                f"{_shape(x)}: {error}"
            ) from error


@dataclass
class Heard:
    """What one reading of some clips left: features before any part learns, and measures of waves.

    Shapes: ``x`` (N, ...) on the CPU; each of ``measures`` (N, ...).
    Choices: what is ``spare``, as no one needs it again, gives its memory to the first who does.
    """

    clips: object
    parts: tuple
    seconds: float
    x: object
    measures: dict = field(default_factory=dict)
    spare: bool = False

    def serves(self, front, clips):
        """Whether these are the features that a front needs of these clips."""
        same = self.parts == front.parts[: front.plain] and self.seconds == front.seconds
        return self.x is not None and same and set(clips["path"]) <= set(self.clips["path"])

    def of(self, clips):
        """The features of some of the clips, those of all of them without a copy.

        Shapes: -> (n, ...).
        """
        if list(clips["path"]) == list(self.clips["path"]):
            return self.x
        place = {path: row for row, path in enumerate(self.clips["path"])}
        return take(self.x, [place[path] for path in clips["path"]])

    def give(self, clips, others=False):
        """The features of some of the clips, and whether they are to be kept as they are.

        Shapes: -> (n, ...), and False where no one needs them again.
        """
        x = self.of(clips)
        keep = x is self.x and (others or not self.spare)
        if x is self.x and not keep:
            self.x = None
        return x, keep


@torch.no_grad()
def hear(clips, front, device="cpu", measure=None, keep=True, spare=False):
    """Read clips once: keep the features that the front has before a part learns, and what
    ``measure`` takes of them.

    Shapes: a table of N clips -> Heard.
    Raises: ValueError as ``sound.load`` does.
    Choices: the waves of one block are in memory at a time. Each clip has the measures of
        ``recordings.facts``. ``measure(waves, known)`` gives a dict of arrays (n, ...); ``known``
        holds the features on the way, by the parts that made them, so that none is computed twice.
        With ``keep=False`` the measures alone are kept.
    """
    clips = checked(clips, "path")
    parts, measures, done = None, {}, 0
    for waves in sound.blocks(clips, front.seconds, RATE, BLOCK):
        known = front.through(waves.to(device))
        x = known[front.parts[: front.plain]]
        parts = _into(parts, x if keep else x[:0], done, len(clips) if keep else 0)
        told = facts(waves) | (measure(waves, known) if measure else {})
        for name, values in told.items():
            measures.setdefault(name, []).append(values)
        done += len(waves)
    x = parts if isinstance(x, tuple) else parts[0]
    return Heard(
        clips, front.parts[: front.plain], front.seconds, x,
        {name: np.concatenate(values) for name, values in measures.items()}, spare,
    )  # fmt: skip


def inputs(front, train, test, seconds=10.0, heard=None):
    """What an encoder takes of training and of test clips, by a front that is fitted to the
    training clips alone.

    Shapes: ``front`` a Front, or its parts; tables of M and N clips -> (M, ...), (N, ...) on the
        CPU.
    Raises: ValueError as ``sound.load`` does, and for parts that do not fit each other.
    Choices: ``seconds`` are those of a front that is made of parts here; ``heard`` is what ``hear``
        has left of both tables, whose memory is taken.
    Notebook: 08_subcluster_adacos
    """
    train, test = [checked(own, "path", "machine", "section", "label") for own in (train, test)]
    if not isinstance(front, Front):
        front = Front(front, seconds, train["machine"])
    heard, made = heard or [hear(clips, front, spare=True) for clips in (train, test)], []
    check_heard(train, heard[0])
    check_copies(*heard)
    for own in heard:
        (x, _), fit = own.give(own.clips), own is heard[0]
        made.append(front.prepare(x, own.clips["machine"], "cpu", fit=fit, keep=False))
    return made


def _into(wholes, x, done, count):
    """Put a block where it belongs: the memory stays flat, as the whole is made once."""
    blocks = x if isinstance(x, tuple) else (x,)
    if wholes is None:
        size = count * sum(block[:1].numel() * block.element_size() for block in blocks)
        memory.check(size, f"what is kept of {count} clips", "give fewer clips, or fewer seconds")
        wholes = tuple(torch.empty(count, *block.shape[1:], dtype=block.dtype) for block in blocks)
    for whole, block in zip(wholes, blocks):
        whole[done : done + len(block)] = block
    return wholes


def _by_blocks(step, x, machine, device, keep):
    """A step over blocks, into the same memory where it keeps the shape and x is not to be kept."""
    whole, count = None, len(machine)
    for begin in range(0, count, BLOCK):
        rows = slice(begin, begin + BLOCK)
        block = move(take(x, rows), device)
        made = _call(step, block, machine[rows])
        if whole is None and not keep and torch.is_tensor(x):
            whole = (x,) if (made.shape, made.dtype) == (block.shape, x.dtype) else None
        whole = _into(whole, made, begin, count)
    return whole if isinstance(made, tuple) else whole[0]


def _call(step, x, machine):
    return step(x, machine) if hasattr(step, "machines") else step(x)


def _bands(x):
    """The bands of a picture (N, B, T) or (N, B); of waves and tuples there are none to count."""
    return x.shape[1] if torch.is_tensor(x) and x.ndim > 1 else None


def _shape(x):
    return " and ".join(str(tuple(part.shape)) for part in (x if isinstance(x, tuple) else (x,)))
