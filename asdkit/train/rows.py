"""Rows of clips that are cut when a batch takes them, so that the clips alone are kept."""

import torch

from .. import given
from ..given_tensors import tensor
from .batches import take

BLOCK = 16  # clips whose rows are made at a time where all of them are asked for


class Rows:
    """Several rows of each clip, one clip after the other: what training takes as inputs where all
    rows at once would fill the memory.

    Shapes: ``clips`` (N, ...), ``cut(clips, clip, row) -> (n, ...)`` of numbers (n,) each,
        ``several`` R; as inputs (N R, ...).
    Raises: ValueError for clips that are no tensor, and ``several`` that is no whole number.
    Example:
        >>> cut = lambda clips, clip, row: clips[clip, row]
        >>> rows = train.Rows(torch.arange(6.0).reshape(2, 3), cut, several=3)
        >>> len(rows), rows[torch.tensor([5, 0])], rows[1:3]
        (6, tensor([5., 0.]), tensor([1., 2.]))
    """

    def __init__(self, clips, cut, several):
        self.clips, self.cut = tensor(clips, "clips"), cut
        self.several = given.count(several, "several")

    def __len__(self):
        return len(self.clips) * self.several

    def __getitem__(self, rows):
        if isinstance(rows, slice):
            rows = torch.arange(*rows.indices(len(self)), device=self.device)
        return self.cut(self.clips, rows // self.several, rows % self.several)

    @property
    def device(self):
        """Where the clips lie."""
        return self.clips.device

    def to(self, device):
        """The same rows on a device."""
        return Rows(self.clips.to(device), self.cut, self.several)

    def of(self, clips):
        """The rows of some of the clips.

        Shapes: a slice, row numbers or (N,) of bool -> Rows.
        """
        return Rows(self.clips[clips], self.cut, self.several)

    def all(self):
        """All rows at once.

        Shapes: -> (N, R, ...).
        """
        whole = None
        for begin in range(0, len(self.clips), BLOCK):
            some = slice(begin * self.several, (begin + BLOCK) * self.several)
            made = self[some].unflatten(0, (-1, self.several))
            if whole is None:
                whole = made.new_empty(len(self.clips), *made.shape[1:])
            whole[begin : begin + BLOCK] = made
        return whole


def first_rows(inputs):
    """The rows of all clips, one after the other.

    Shapes: (N, R, ...), a tuple of such, or ``Rows`` -> (N R, ...).
    """
    if isinstance(inputs, Rows):
        return inputs
    return (
        tuple(part.flatten(0, 1) for part in inputs)
        if isinstance(inputs, tuple)
        else inputs.flatten(0, 1)
    )


def rows_of(inputs):
    """How many rows a clip has.

    Shapes: (N, R, ...), a tuple of such, or ``Rows`` -> R.
    """
    if isinstance(inputs, Rows):
        return inputs.several
    return (inputs[0] if isinstance(inputs, tuple) else inputs).shape[1]


def some(inputs, clips):
    """What an encoder takes of some of the clips.

    Shapes: (N, ...), a tuple of such, or ``Rows``; a slice or (N,) of bool -> the same of them.
    """
    return inputs.of(clips) if isinstance(inputs, Rows) else take(inputs, clips)
