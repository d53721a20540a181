"""A network for each machine, as [DDC] has it: its own normal clips against those of others."""

from functools import partial

import numpy as np
import torch

from . import encoders, given, given_tensors, systems
from .experiment import Experiment
from .losses import ANOMALY, NORMAL, OUTLIER
from .train import repeat


class Machine:
    """One machine of an experiment, and what plays the anomaly for it.

    ``inputs`` are those of its normal clips, then of the outliers, then of the anomalies, ``y``
    their roles; ``train, test`` the tables of its own clips, ``inputs_test`` those of ``test``.

    Shapes: ``group`` a machine and section; ``outliers`` other "ids" of its type, other "types" or
        "all", or inputs (K, ...); ``anomalies`` inputs (k, ...).
    Raises: ValueError for a group without training clips, outliers of no known kind, inputs of
        another shape, and where a kind has no clip.
    Choices: inputs are standardized as the experiment has it, over all its training clips.
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, experiment, group, outliers="all", anomalies=()):
        if not isinstance(experiment, Experiment):
            raise ValueError(f"experiment is {given.told(experiment)}: give an Experiment")
        own, asked = experiment.group == group, experiment.group_test == group
        if not np.any(own):
            known = ", ".join(np.unique(experiment.group))
            raise ValueError(f"no training clip is of {given.told(group)}: take one of {known}")
        if isinstance(outliers, str):
            outliers = experiment.inputs[_others(experiment, own, outliers)]
        outliers, anomalies = (
            _like(experiment.inputs, some, name)
            for some, name in ((outliers, "outliers"), (anomalies, "anomalies"))
        )
        parts = experiment.inputs[own], outliers, anomalies
        counts, roles = [len(part) for part in parts], (NORMAL, OUTLIER, ANOMALY)
        self.inputs = torch.cat([part for part in parts if len(part)])
        self.y = torch.tensor(roles).repeat_interleave(torch.tensor(counts))
        self.train, self.test = experiment.train[own], experiment.test[asked]
        self.inputs_test, self.choices = experiment.inputs_test[asked], experiment.choices

    def fit(self, loss, dim=128, encoder=encoders.Toy, **choices):
        """Train a loss from each seed.

        Shapes: ``loss`` and ``encoder`` functions of the dimension, that make one -> a list of a
            Run a seed.
        Raises: ValueError as ``train.repeat`` does.
        Choices: those of ``train.repeat``, before those of the experiment.
        """
        parts = partial(encoder, dim), partial(loss, dim)
        return repeat(*parts, self.inputs, self.y, **self.choices | choices)

    def judge(self, runs, backend):
        """Score its test clips with each run, by a backend fitted to its normal training clips.

        Shapes: R runs -> array (R, n).
        Raises: ValueError as the backend does.
        """
        inputs = self.inputs[: len(self.train)]
        return systems.judge(runs, backend, self.train, inputs, self.test, self.inputs_test)


class Machines(dict):
    """Each machine of an experiment that has test clips, by its name.

    Shapes: an ``Experiment`` of N test clips; ``outliers`` as in ``Machine``.
    Raises: ValueError as ``Machine`` does.
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, experiment, outliers="all"):
        if not isinstance(experiment, Experiment):
            raise ValueError(f"experiment is {given.told(experiment)}: give an Experiment")
        self.group_test = experiment.group_test
        for group in dict.fromkeys(self.group_test):
            self[group] = Machine(experiment, group, outliers)

    def fit(self, loss, dim=128, **choices):
        """Train a loss for each machine from each seed.

        Shapes: ``loss`` a function of the dimension, that makes one -> dict of a group -> a list of
            a Run a seed.
        Raises: ValueError as ``train.repeat`` does.
        Choices: those of ``Machine.fit``.
        """
        return {group: machine.fit(loss, dim, **choices) for group, machine in self.items()}

    def judge(self, runs, backend):
        """Score each test clip with the runs of its machine.

        Shapes: ``runs`` a dict of a group -> R runs -> array (R, N).
        Raises: ValueError for runs of other machines, and as the backend does.
        """
        if not isinstance(runs, dict) or set(runs) != set(self):
            raise ValueError(
                f"runs is {given.told(runs)}, or of other machines: give a dict of "
                f"{', '.join(self)}, and the runs of each"
            )
        scores = np.empty((min(map(len, runs.values())), len(self.group_test)))
        for group, machine in self.items():
            scores[:, self.group_test == group] = machine.judge(runs[group], backend)
        return scores


def _like(inputs, some, name):
    """Inputs of other clips, in the shape of those of the experiment."""
    if name == "outliers" or not hasattr(some, "__len__") or len(some):
        given_tensors.floats(some, name, like=inputs)
        if some.shape[1:] != inputs.shape[1:] or not len(some):
            raise ValueError(
                f"{name} has the shape {tuple(some.shape)}: give inputs (K, "
                f"{', '.join(map(str, inputs.shape[1:]))}) as the experiment makes them"
            )
    return some


def _others(experiment, own, kind):
    machine = experiment.train["machine"]
    alike = (machine == machine[own].iloc[0]).to_numpy()
    kinds = {"all": ~own, "ids": alike & ~own, "types": ~alike}
    if kind not in kinds:
        raise ValueError(f"outliers are {', '.join(kinds)}, or inputs, not {kind!r}")
    if not kinds[kind].any():
        raise ValueError(
            f"no training clip is of other {kind}: add clips of other machines, or choose 'all'"
        )
    return kinds[kind]
