"""The same training from several seeds: what differs between them is what a seed decides."""

import torch

from .. import given
from ..runtime import own_chance, progress
from .loop import fit
from .refusals import check_functions


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
    if isinstance(seeds, str) or not hasattr(seeds, "__iter__"):
        seeds = range(given.count(seeds, "seeds", least=0))
    seeds = [given.count(seed, "a seed", least=0) for seed in seeds]
    if not seeds:
        raise ValueError("there is no seed to train from: give at least one")
    check_functions(encoder=encoder, loss=loss)
    runs = []
    for seed in progress(seeds, "seeds", unit="seed"):
        with own_chance():
            torch.manual_seed(seed)
            parts = encoder(), loss()
        runs.append(fit(*parts, inputs, y, seed=seed, **choices))
    return runs
