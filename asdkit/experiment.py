"""An experiment: one protocol for several losses, so that nothing but the loss differs between
them.
"""

from copy import copy
from functools import cached_property, partial

import numpy as np

from . import controls, encoders, metrics, sound, systems
from .backends import Backend
from .train import repeat
from .train.batches import take


class Experiment:
    """Clips, what an encoder takes of them, and a question; losses are trained on it from several
    seeds and compared in pairs, always beside the strongest scores without training.

    ``inputs, inputs_test`` are what the encoder takes, made by the ``front``, ``group, group_test``
    machine and section of each clip, ``y`` the classes of the training clips and ``owners`` whose
    they are.

    Shapes: tables of M training and N test clips; ``task`` as in ``systems.ask``; ``inputs``
        (M, ...), ``inputs_test`` (N, ...), ``group`` (M,), ``group_test`` (N,), ``y`` (M,),
        ``owners`` (C,).
    Raises: ValueError as ``systems.ask`` and ``sound.load`` do.
    Choices: ``front`` are the parts from waves to inputs, fitted to the training clips alone;
        others are those of ``train.fit`` and the number of ``seeds``, for all losses alike.
    Notebook: 05_classify_to_detect, 06_angles_and_margins, 07_adacos, 08_subcluster_adacos,
        09_binary_and_centroids
    """

    def __init__(self, train, test, task="sections", *, front=systems.MEAN_AND_MAX, **choices):
        self.train, self.test, self.choices = train, test, {"seeds": 1} | choices
        self.group, self.group_test = (sound.groups(clips).to_numpy() for clips in (train, test))
        self.front = systems.Front(front, 10.0, train["machine"])
        self.inputs, self.inputs_test = systems.inputs(self.front, train, test)
        self._ask(task)

    def _ask(self, task, own=None):
        self.task, (_, self.y, self.owners) = task, systems.ask(self.train, task, own)

    def asking(self, task):
        """The same clips with another question.

        Shapes: -> Experiment.
        Raises: ValueError as ``systems.ask`` does.
        """
        other = copy(self)
        other._ask(task)
        return other

    def about(self, group, outliers="all"):
        """What [DDC] asks of one machine: is a clip its own, or of another?

        Shapes: ``group`` a machine and section -> Experiment over its clips and those that may play
            the anomaly, with roles in ``y``, tested on the clips of that machine.
        Raises: ValueError for a group without training clips, outliers that are none of the three
            kinds, and as ``systems.ask`` does.
        Choices: outliers are other "ids" of the machine type, other "types", or "all"; inputs stay
            as they are, standardized over all training clips.
        Notebook: 09_binary_and_centroids
        """
        own, asked = self.group == group, self.group_test == group
        if not own.any():
            known = ", ".join(np.unique(self.group))
            raise ValueError(f"no training clip is of {group!r}: take one of {known}")
        alike = (self.train["machine"] == self.train["machine"][own].iloc[0]).to_numpy()
        kinds = {"all": ~own, "ids": alike & ~own, "types": ~alike}
        if outliers not in kinds:
            raise ValueError(f"outliers are {', '.join(kinds)}, not {outliers!r}")
        rows, other = own | kinds[outliers], copy(self)
        other.train, other.test = self.train[rows], self.test[asked]
        other.group, other.group_test = self.group[rows], self.group_test[asked]
        other.inputs, other.inputs_test = take(self.inputs, rows), take(self.inputs_test, asked)
        other.__dict__.pop("controls", None)  # which are of all test clips
        other._ask("roles", own[rows])
        return other

    def fit(self, loss, dim=128, encoder=encoders.Toy, y=None, inputs=None, **choices):
        """Train a loss from each seed.

        Shapes: ``loss`` a class, or a function of the dimension and the number of classes, that
            makes one, of roles of the dimension alone; ``encoder`` the same of the dimension;
            ``y`` (M,) other labels, and ``inputs`` (M, ...) other clips of theirs -> a list of a
            Run a seed.
        Raises: ValueError as ``train.repeat`` does.
        Choices: those of ``train.repeat``, for this loss alone.
        """
        y = self.y if y is None else y
        inputs = self.inputs if inputs is None else inputs
        sizes = (dim,) if self.task == "roles" else (dim, int(y.max()) + 1)
        return repeat(
            partial(encoder, dim), partial(loss, *sizes), inputs, y,
            **self.choices | choices,
        )  # fmt: skip

    def embed(self, run):
        """Embeddings of the training and of the test clips by one run.

        Shapes: -> (M, D), (N, D) on the CPU.
        """
        return run.embed(self.inputs), run.embed(self.inputs_test)

    def judge(self, runs, backend):
        """Score the test clips with each run, by a backend fitted to its training clips.

        Shapes: R runs -> array (R, N).
        Raises: ValueError as the backend does.
        Notebook: 12_backends
        """
        data = self.train, self.inputs, self.test, self.inputs_test
        return systems.judge(runs, backend, *data, self.owners)

    def angle(self, runs):
        """Angle of each test clip to the nearest center of its machine and section, by each run.

        Shapes: R runs -> array (R, N) in radians.
        Raises: ValueError for a group that owns no class.
        """
        return np.stack([run.angle(self.inputs_test, self.owners, self.group_test) for run in runs])

    @cached_property
    def controls(self):
        """The scores of the two strongest controls, which train nothing.

        Shapes: -> dict of a name -> (N,).
        """
        return controls.strongest(self.train, self.test)

    def compare(self, named, against, by=None):
        """How far each leads one of them in mean AUC, with the controls below.

        Shapes: ``named`` a dict of a name -> (R, N) or (N,) scores, or R runs that are scored
            ``by`` a backend, or by a function of runs -> the table of ``metrics.paired``.
        Raises: ValueError as ``metrics.paired`` does.
        Notebook: 10_adaproj
        """
        how = partial(self.judge, backend=by) if isinstance(by, Backend) else by
        scores = {name: how(some) if how else some for name, some in named.items()}
        return metrics.paired(self.test, scores | self.controls, against)


class Machines:
    """A network for each machine, as [DDC] has it: its own normal clips against those of others.

    ``about`` holds the question of each machine and section that has test clips, by its name.

    Shapes: an ``Experiment`` of N test clips; ``outliers`` as in ``Experiment.about``.
    Raises: ValueError as ``Experiment.about`` does.
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, experiment, outliers="all"):
        self.group_test = experiment.group_test
        groups = dict.fromkeys(experiment.group_test)
        self.about = {group: experiment.about(group, outliers) for group in groups}

    def fit(self, loss, dim=128, **choices):
        """Train a loss for each machine from each seed.

        Shapes: ``loss`` a class, or a function of the dimension, that makes one -> dict of a group
            -> a list of a Run a seed.
        Raises: ValueError as ``train.repeat`` does.
        Choices: those of ``Experiment.fit``.
        """
        return {group: one.fit(loss, dim, **choices) for group, one in self.about.items()}

    def judge(self, runs, backend):
        """Score each test clip with the runs of its machine.

        Shapes: ``runs`` a dict of a group -> R runs -> array (R, N).
        Raises: ValueError as the backend does.
        """
        scores = np.empty((min(map(len, runs.values())), len(self.group_test)))
        for group, one in self.about.items():
            scores[:, self.group_test == group] = one.judge(runs[group], backend)
        return scores
