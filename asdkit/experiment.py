"""An experiment: one protocol for several losses, so that nothing but the loss differs between
them.
"""

from copy import copy
from functools import cached_property, partial
from tempfile import TemporaryDirectory

import numpy as np

from . import controls, encoders, given, given_tensors, metrics, projection, sound, systems
from .backends import Backend
from .systems.judge import check_runs
from .systems.tasks import TOLD
from .tables import checked
from .train import repeat, untrained
from .train.refusals import check_functions


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
        others are those of ``train.fit`` and the number of ``seeds``, for all losses alike. Each
        clip is read once, for these inputs and the controls.
    Notebook: 05_classify_to_detect, 06_angles_and_margins, 07_adacos, 08_subcluster_adacos
    """

    def __init__(self, train, test, task="sections", *, front=systems.MEAN_AND_MAX, **choices):
        train, test = (checked(clips, *TOLD) for clips in (train, test))
        self.train, self.test, self.choices = train, test, {"seeds": 1} | choices
        self.group, self.group_test = (sound.groups(clips).to_numpy() for clips in (train, test))
        self.front = systems.Front(front, 10.0, train["machine"])
        heard, self._own = controls.listen(train, test, self.front)
        self.inputs, self.inputs_test = systems.inputs(self.front, train, test, heard=heard)
        self._ask(task)

    def _ask(self, task):
        _, self.y, self.owners = systems.ask(self.train, task)

    def asking(self, task):
        """The same clips with another question.

        Shapes: -> Experiment.
        Raises: ValueError as ``systems.ask`` does.
        """
        other = copy(self)
        other._ask(task)
        return other

    def fit(self, loss, dim=128, encoder=encoders.Toy, y=None, trained=True, **choices):
        """Train a loss from each seed; with ``trained=False`` the networks stay as they start.

        Shapes: ``loss`` a class, or a function of the dimension and the number of classes, that
            makes one; ``encoder`` the same of the dimension; ``y`` (M,) other labels -> a list of
            a Run a seed.
        Raises: ValueError as ``train.repeat`` does, and for a choice of training without one.
        Choices: those of ``train.repeat``, for this loss alone.
        """
        check_functions(encoder=encoder, loss=loss)
        y = self.y if y is None else given_tensors.indices(y)  # fit looks at their number
        parts = partial(encoder, dim), partial(loss, dim, int(y.max()) + 1)
        if given.switch(trained, "trained"):
            return repeat(*parts, self.inputs, y, **self.choices | choices)
        if idle := sorted(set(choices) - {"seeds"}):
            raise ValueError(f"{idle[0]} has no effect where nothing is trained: leave it out")
        return untrained(*parts, seeds=choices.get("seeds", self.choices["seeds"]))

    def stages(self, loss, epochs, **choices):
        """Train a loss from the first seed, with a stop at each of several epochs.

        Shapes: ``epochs`` rising numbers -> a dict of an epoch -> Run.
        Raises: ValueError for epochs that do not rise, and as ``fit`` does.
        Choices: each stop goes on from the file of the one before, so that the last Run is the one
            that is not interrupted.
        Notebook: 14_embedding_explorer
        """
        if not isinstance(epochs, list | tuple | range) or list(epochs) != sorted(set(epochs)):
            raise ValueError(f"epochs is {given.told(epochs)}: give rising numbers, such as [1, 3]")
        with TemporaryDirectory() as folder:
            plan = {"seeds": 1, "folder": folder} | choices
            return {epoch: self.fit(loss, epochs=epoch, **plan)[0] for epoch in epochs}

    def embed(self, run):
        """Embeddings of the training and of the test clips by one run.

        Shapes: -> (M, D), (N, D) on the CPU.
        Raises: ValueError for what is no run.
        """
        check_runs([run])
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
        Raises: ValueError for no run, or a group that owns no class.
        """
        check_runs(runs)
        return np.stack([run.angle(self.inputs_test, self.owners, self.group_test) for run in runs])

    def maps(self, named, machine, split="test"):
        """Map the clips of one machine type by PCA, as the first run of each has embedded them.

        Shapes: ``named`` a dict of a name -> R runs -> the table of the K clips, and a dict of a
            name -> Map of K points.
        Raises: ValueError for a split that is none, a machine type without clips, and as
            ``projection.pca_map`` does.
        Choices: ``split`` is "train" or "test".
        Notebook: 12_backends
        """
        splits = {"train": (self.train, self.inputs), "test": (self.test, self.inputs_test)}
        if not isinstance(split, str) or split not in splits:
            raise ValueError(
                f"the clips are split into train and test, not {given.told(split)}: choose one"
            )
        _check_named(named)
        clips, inputs = splits[split]
        rows = np.flatnonzero(clips["machine"] == machine)
        if not len(rows):
            there = ", ".join(sorted(set(clips["machine"])))
            told = given.told(machine)
            raise ValueError(f"no {split} clip is of a {told}: take one of {there}")
        for runs in named.values():
            check_runs(runs)
        xs = {name: runs[0].embed(inputs[rows]) for name, runs in named.items()}
        return clips.iloc[rows], {name: projection.pca_map(x) for name, x in xs.items()}

    @cached_property
    def controls(self):
        """The scores of the two strongest controls, which train nothing.

        Shapes: -> dict of a name -> (N,).
        """
        return controls.strongest(self.train, self.test, own=self._own)

    def compare(self, named, against, by=None):
        """How far each leads one of them in mean AUC, with the controls below.

        Shapes: ``named`` a dict of a name -> (R, N) or (N,) scores, or R runs that are scored
            ``by`` a backend, or by a function of runs -> the table of ``metrics.paired``.
        Raises: ValueError as ``metrics.paired`` does.
        Notebook: 10_adaproj, 13_compare_losses
        """
        _check_named(named)
        if not (by is None or isinstance(by, Backend) or callable(by)):
            raise ValueError(f"by is {given.told(by)}: give a backend, or a function of runs")
        how = partial(self.judge, backend=by) if isinstance(by, Backend) else by
        scores = {name: how(some) if how else some for name, some in named.items()}
        return metrics.paired(self.test, scores | self.controls, against)


def _check_named(named):
    if not isinstance(named, dict) or not named:
        raise ValueError(f"named is {given.told(named)}: give a dict of a name and its runs")
