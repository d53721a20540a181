"""A system: the recipe of a paper, as a frozen record of parts and a few numbers."""

from dataclasses import MISSING, dataclass, fields, replace

import numpy as np

from .. import given
from ..runtime import BUDGETS
from ..train import adam, shuffled
from .part import PACKAGES, Part, find, parameters, part, plain, settable
from .refusals import (
    COUNTS,
    RANGES,
    TRAINING,
    check_effect,
    check_fit,
    check_fusion,
    check_trials,
    check_values,
    untrained,
)


@dataclass(frozen=True, kw_only=True)
class System:
    """A recipe: the parts between the waveform and the score, and a few numbers.

    Choices: ``task`` names what a network is asked, ``each`` whether one network serves "all"
        clips, those of each "machine", or of each "group" (machine and section); ``trials`` make an
        ensemble, one network each, with these choices made otherwise, and ``fusion`` is how their
        scores become one: their "mean" as they are; "standardized" by held-out normal clips of each
        group; or "weighted" too, by how well each tells the normal clips of other ids from the own
        ones of a machine type, for which no label is needed. ``epochs`` are the paper's,
        of which a budget takes its share; epochs that are chosen by ``but`` are trained whole
        (``shares`` is False then). ``held_out`` is the share of the normal clips of a class that
        neither network nor backend is fitted to: they set the thresholds. Without a ``loss``
        nothing is trained, and the backend sees what the front gives. A setting that would have no
        effect is refused.
    Example:
        >>> recipe = systems.get("subcluster_adacos")
        >>> recipe.loss, recipe.backend
        (part(SubClusterAdaCos, sub_clusters=16), part(GaussianMixture))
    """

    name: str
    paper: str
    task: str
    front: tuple
    encoder: Part | None
    loss: Part | None
    backend: Part
    each: str = "all"
    trials: tuple = ({},)
    fusion: str = "mean"
    mixing: Part | None = None
    batches: Part = part(shuffled)
    optimizer: Part = part(adam)
    schedule: Part | None = None
    epochs: int = 400
    shares: bool = True
    batch_size: int = 64
    seconds: float = 10.0
    precision: str = "float32"
    held_out: float = 0.0

    def __post_init__(self):
        for field in PACKAGES:
            told = getattr(self, field)
            if field == "front":
                told = told if isinstance(told, list | tuple) else (told,)
                object.__setattr__(self, field, tuple(find(field, one) for one in told))
            elif told is not None or field in ("backend", "batches", "optimizer"):
                object.__setattr__(self, field, find(field, told))
        if not isinstance(self.trials, list | tuple) or not all(
            isinstance(trial, dict) for trial in self.trials
        ):
            raise ValueError(
                f"trials is {given.told(self.trials)}: give a tuple of dicts of choices, one for "
                "each network"
            )
        object.__setattr__(self, "trials", tuple(map(plain, self.trials)))
        for name in (*COUNTS, *RANGES):
            if isinstance(value := getattr(self, name), np.generic):
                object.__setattr__(self, name, value.item())  # which JSON knows
        check_values(self)
        check_fit(self)
        check_trials(self)
        check_fusion(self)

    def but(self, **choices):
        """The same system with some choices made otherwise: own fields, else the one part that
        takes the name.

        Raises: ValueError for a name that no part takes, or two parts do, and for one that would
            have no effect.
        Choices: ``loss=None`` leaves out the settings of the training too.
        Example:
            >>> systems.get("arcface").but(margin=0.3).loss
            part(ArcFace, margin=0.3)
        """
        own = {name: value for name, value in choices.items() if name in FIELDS}
        if "epochs" in own:
            own.setdefault("shares", False)
        left = untrained(self) if "loss" in own and own["loss"] is None else {}
        system = replace(self, **left | own)
        for name in choices:
            check_effect(system, name)
        for name, value in choices.items():
            if name not in FIELDS:
                field, place = system._taker(name)
                system = replace(system, **{field: system._changed(field, place, {name: value})})
        return system

    def trial(self, number):
        """The system of one network of the ensemble, as if it stood alone.

        Shapes: -> System of one trial.
        Raises: ValueError for a trial that is not there.
        """
        if given.count(number, "number", 0) >= len(self.trials):
            raise ValueError(f"number is {number}: {self.name} has {len(self.trials)} trials")
        return replace(self, trials=({},), fusion="mean").but(**self.trials[number])

    def parts(self):
        """Each part with its field and its place in the front, in the order of the pipeline."""
        for field in PACKAGES:
            told = getattr(self, field)
            for place, chosen in enumerate(told if field == "front" else (told,)):
                if chosen is not None and (field not in TRAINING or self.loss is not None):
                    yield field, place, chosen

    @property
    def takes_batch_size(self):
        """Whether the batches are made of so many clips, or say themselves of how many of each
        role.
        """
        return "batch_size" in parameters(self.batches.make)

    def epochs_of(self, budget):
        """How many epochs are trained: those that were chosen, or the budget's share of the
        paper's, rounded up.

        Example:
            >>> systems.get("subcluster_adacos").epochs_of(asdkit.budget("course"))
            60
        """
        whole = BUDGETS["paper"].epochs
        return -(-self.epochs * budget.epochs // whole) if self.shares else self.epochs

    def fit(self, clips, budget=None, **choices):
        """Train on normal clips, fit the backend to their embeddings, and set the thresholds.

        Shapes: a table of N training clips -> Detector.
        Raises: ValueError for test clips or anomalies in the table, a single class where classes
            are to be told apart, a group of one clip, or parts that do not fit each other; all
            before any file is read.
        Choices: those of ``systems.fit``: folder, seed, device, snapshots, heard and start. A
            threshold lets 10 % of the held-out clips of a group give a false alarm. Where none are
            held out, each training clip is scored by a backend that was fitted without it (5
            folds); the encoder has seen them all, so expect more alarms on new clips.
        Example:
            >>> clips = sound.toy("smoke")
            >>> normal = clips[clips["split"] == "train"].groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> sorted(detector.thresholds) == sorted(set(sound.groups(normal)))
            True
        Notebook: 00_start_here
        """
        from .fitting import fit  # which builds networks, and they stand on this file

        return fit(self, clips, budget, **choices)

    def to_json(self):
        """The system as JSON knows it: names and settings, nothing to evaluate."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        for field in PACKAGES:
            chosen = told[field]
            told[field] = (
                [one.to_json() for one in chosen]
                if field == "front"
                else chosen and chosen.to_json()
            )
        return told | {"trials": list(self.trials)}

    @classmethod
    def from_json(cls, told):
        """The system that ``to_json`` told.

        Raises: ValueError for a field, part or setting that is not known, or a field that lacks.
        """
        told = told if isinstance(told, dict) else {}
        unknown = [name for name in told if name not in FIELDS]
        if unknown:
            raise ValueError(f"a system has no field {unknown[0]!r}: it has {', '.join(FIELDS)}")
        missing = [field.name for field in fields(cls) if field.default is MISSING]
        if missing := [name for name in missing if name not in told]:
            raise ValueError(f"a system needs {', '.join(missing)}: give what to_json told")
        return cls(**told)

    def _taker(self, name):
        takers = [
            (field, place, chosen)
            for field, place, chosen in self.parts()
            if name in settable(field, chosen)
        ]
        if not takers:
            own = [field for field in FIELDS if field not in TRAINING or self.loss is not None]
            open_ones = [(chosen, settable(field, chosen)) for field, _, chosen in self.parts()]
            known = [f"{chosen.name} {', '.join(names)}" for chosen, names in open_ones if names]
            raise ValueError(
                f"{self.name} has no choice {name!r}: it has {', '.join(own)}; {'; '.join(known)}"
            )
        if len(takers) > 1:
            names = " and ".join(chosen.name for _, _, chosen in takers)
            raise ValueError(
                f"{names} of {self.name} both take {name!r}: give one of these parts whole"
            )
        return takers[0][:2]

    def _changed(self, field, place, setting):
        told = getattr(self, field)
        if field != "front":
            return told.but(**setting)
        return tuple(
            one.but(**setting) if number == place else one for number, one in enumerate(told)
        )


FIELDS = tuple(field.name for field in fields(System))
