"""Training clips that are kept out of training, by which to choose how long and how to train."""

from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from .. import given
from .loop import fit


def held_out(names, every=4):
    """Choose one of every so many clips of each name, the last of each round.

    Shapes: ``names`` (N,), such as the settings -> (N,) of bool.
    Raises: ValueError where no name has that many clips, for an ``every`` below 2, and for clips
        without a name.
    Choices: a name with fewer clips keeps all of them in training.
    Example:
        >>> train.held_out(["a", "a", "b", "a", "b"], every=2)
        array([False,  True, False, False,  True])
    Notebook: 05_classify_to_detect
    """
    every, names = given.count(every, "every", least=2), np.asarray(names)
    if names.ndim != 1 or pd.isna(names).any():
        raise ValueError("names hold no name for some clips: give one for each, (N,)")
    names = pd.Series(names)
    held = np.array(names.groupby(names).cumcount() % every == every - 1)
    if not held.any():
        raise ValueError(f"no name has {every} clips, so none is held out: lower every")
    return held


def learning_curve(encoder, loss, inputs, y, held, epochs, **choices):
    """Train without the held-out clips, and ask for these at several epochs on the way.

    Shapes: ``inputs`` (N, ...), ``y`` (N,), ``held`` (N,) of bool; ``epochs`` rising numbers -> a
        Run, and the shares of held-out clips named rightly, an entry for each of the epochs.
    Raises: ValueError as ``fit`` does, and for ``held`` that is not one truth value for each clip,
        or epochs that do not rise.
    Choices: those of ``fit``, ``folder`` apart: the training is the one that is not interrupted.
    Notebook: 05_classify_to_detect
    """
    held, epochs = np.asarray(held), [given.count(epoch, "epochs") for epoch in epochs]
    if held.dtype != bool or held.shape != (len(y),) or held.all() or not held.any():
        raise ValueError(
            f"held is of {held.dtype} {held.shape} for {len(y)} clips: give True for some of them, "
            "and False for the others"
        )
    if not epochs or epochs != sorted(set(epochs)):
        raise ValueError(f"epochs are {epochs}: give rising numbers, such as [1, 5]")
    seen, shares = (inputs[~held], y[~held]), {}
    with TemporaryDirectory() as folder:
        for epoch in epochs:
            run = fit(encoder, loss, *seen, epochs=epoch, folder=folder, **choices)
            shares[epoch] = float((run.named(inputs[held]) == y[held]).float().mean())
    return run, pd.Series(shares)
