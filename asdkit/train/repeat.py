"""The same training from several seeds: what differs between them is what a seed decides."""

from functools import partial

import torch

from .. import given
from ..runtime import own_chance, progress
from .loop import fit
from .rates import adam
from .refusals import check_functions
from .run import Run


def repeat(encoder, loss, inputs, y, *, seeds, **choices):
    """Train from each of several seeds, which draws the weights as well as the batches.

    Shapes: ``encoder`` and ``loss`` functions that make one; ``inputs`` (N, ...), ``y`` (N,);
        ``seeds`` numbers, or how many -> a list of a Run a seed.
    Raises: ValueError where there is no seed, for an ``encoder`` or ``loss`` that is no function
        but a network, and as ``fit`` does.
    Choices: those of ``fit``, ``seed`` apart. Runs of equal seeds see equal weights and batches as
        far as their parts agree, so compare them in pairs (``metrics.paired``).
    Example:
        >>> x, y = torch.randn(8, 4, 5), torch.tensor([0, 1] * 4)
        >>> parts = lambda: encoders.Toy(2, bands=4), lambda: losses.Softmax(2, 2)
        >>> [run.settings["seed"] for run in train.repeat(*parts, x, y, seeds=3, epochs=1)]
        [0, 1, 2]
    """
    starts = _starts(encoder, loss, seeds)
    bar = progress(starts.items(), "seeds", unit="seed")
    return [fit(*make(), inputs, y, seed=seed, **choices) for seed, make in bar]


def untrained(encoder, loss, *, seeds):
    """The networks of each seed as ``repeat`` starts them: a control, which no training has
    touched.

    Shapes: ``encoder`` and ``loss`` functions that make one; ``seeds`` numbers, or how many -> a
        list of a Run a seed.
    Raises: ValueError as ``repeat`` does.
    Example:
        >>> parts = lambda: encoders.Toy(2, bands=4), lambda: losses.Softmax(2, 2)
        >>> [run.epoch for run in train.untrained(*parts, seeds=2)]
        [0, 0]
    """
    runs = []
    for seed, make in _starts(encoder, loss, seeds).items():
        parts = [part.eval() for part in make()]
        runs.append(Run(*parts, adam(*parts), {"seed": seed}))
    return runs


def _starts(encoder, loss, seeds):
    """What makes the encoder and the loss of each seed."""
    if isinstance(seeds, str) or not hasattr(seeds, "__iter__"):
        seeds = range(given.count(seeds, "seeds", least=0))
    seeds = [given.count(seed, "a seed", least=0) for seed in seeds]
    if not seeds:
        raise ValueError("there is no seed to train from: give at least one")
    check_functions(encoder=encoder, loss=loss)

    def make(seed):
        with own_chance():
            torch.manual_seed(seed)
            return encoder(), loss()

    return {seed: partial(make, seed) for seed in seeds}
