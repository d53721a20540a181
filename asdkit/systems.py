"""The papers' systems as recipes over the parts, and the detectors they become when fitted."""

import json
import math
from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight

from . import __version__, backends, encoders, losses, mixup, sound, train
from .detector import FORMAT, Detector
from .features import Standardize
from .runtime import budget as choose_budget
from .runtime import device as choose_device
from .runtime import is_memory_full
from .tensorfile import read_tensors, within

RATE, HOP = 16000, 512  # of sound.blocks and LogMel, as a detector calls them


@dataclass(frozen=True)
class System:
    """A recipe: every choice between the waveform and the score, by name.

    Choices: ``level`` brings each clip to unit power first; ``epochs`` None means those of the budget;
        ``mixing`` is "uniform", "beta" or None; ``backend`` is the name of a class of ``asdkit.backends``.
    Example:
        >>> recipe = systems.get("subcluster_adacos")
        >>> recipe.loss, recipe.encoder, recipe.backend
        ('SubClusterAdaCos', 'ResNet', 'GaussianMixture')
    Notebook: 00_start_here
    """

    name: str
    paper: str
    loss: str
    encoder: str = "ResNet"
    dim: int = 128
    sub_clusters: int = 16
    variant: str = "paper"
    trainable: bool = True
    mixing: str | None = "uniform"
    backend: str = "GaussianMixture"
    level: bool = True
    seconds: float = 10.0
    batch_size: int = 64
    epochs: int | None = None

    def fit(self, clips, budget=None, *, folder=None, seed=0, device=None, snapshots=()):
        """Train on normal clips, fit the backend to their embeddings, and set a threshold for each machine and section.

        Shapes: a table of N training clips -> Detector.
        Raises: ValueError for test clips or anomalies in the table, a single auxiliary class, or a group of one clip.
        Choices: the threshold lets 10 % of the training clips give a false alarm, each scored by a backend that was
            fitted without it (5 folds); the encoder has seen them all, so expect more alarms on new clips.
        Example:
            >>> clips = sound.toy("smoke")
            >>> normal = clips[clips["split"] == "train"].groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> sorted(detector.thresholds) == sorted(set(sound.groups(normal)))
            True
        Notebook: 00_start_here
        """
        check_training(clips)
        device = choose_device(device)
        names, y = np.unique(sound.classes(clips), return_inverse=True)
        owners = [_group_of(name) for name in names]
        with torch.random.fork_rng(range(torch.cuda.device_count())):
            torch.manual_seed(seed)
            encoder = getattr(encoders, self.encoder)(self.dim)
            loss = self._loss(len(names), y)
        detector = Detector(self, encoder, loss, Standardize(), owners, device)
        inputs = detector.features(clips)
        detector.standardize.fit(inputs)
        for block in inputs.split(64):
            block.copy_(detector.standardize(block.to(device)))
        detector.run = train.fit(
            encoder, loss, inputs, torch.from_numpy(y), mixing=self.mixing and partial(mixup.mix, how=self.mixing),
            epochs=self.epochs or choose_budget(budget).epochs, batch_size=self.batch_size, device=device, seed=seed,
            snapshots=snapshots, folder=folder,
        )  # fmt: skip
        detector.fit_backend(train.embed(encoder, inputs), sound.groups(clips))
        return detector

    def _loss(self, classes, y):
        weights = None
        if self.variant == "code":
            weights = torch.from_numpy(compute_class_weight("balanced", classes=np.arange(classes), y=y)).float()
        make = getattr(losses, self.loss)
        return make(self.dim, classes, self.sub_clusters, self.variant, self.trainable, class_weights=weights)


RECIPES = [
    System("subcluster_adacos", "[SCA] Wilkinghoff, Sub-Cluster AdaCos, IJCNN 2021", "SubClusterAdaCos"),
]


def names():
    """The names of all systems.

    Example:
        >>> "subcluster_adacos" in systems.names()
        True
    Notebook: 00_start_here
    """
    return [recipe.name for recipe in RECIPES]


def get(name, /, **overrides):
    """The system of that name, with some of its choices made otherwise: ``get("subcluster_adacos", sub_clusters=4)``.

    Raises: ValueError for an unknown name, choice or value, which says what is known.
    Example:
        >>> systems.get("subcluster_adacos", sub_clusters=4).sub_clusters
        4
    Notebook: 00_start_here
    """
    recipe = next((recipe for recipe in RECIPES if recipe.name == name), None)
    if recipe is None:
        raise ValueError(f"no system is called {name!r}: choose one of {', '.join(names())}")
    choices = [field.name for field in fields(System)]
    unknown = [choice for choice in overrides if choice not in choices]
    if unknown:
        raise ValueError(f"{name} has no choice {unknown[0]!r}: it has {', '.join(choices)}")
    system = replace(recipe, **overrides)
    _check_values(system)
    return system


def load(path, device=None):
    """Read a saved detector.

    Raises: FileNotFoundError where there is no file; ValueError where it is damaged or of another version.
    Example:
        >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
        >>> systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal).save("detector.safetensors")
        >>> systems.load("detector.safetensors").score(normal).shape == (len(normal),)
        True
    Notebook: 00_start_here
    """
    tensors, notes = read_tensors(path, "detector")
    device = choose_device(device)
    try:
        notes = json.loads(notes)
        form = notes["format"]
        detector = _rebuild(tensors, notes, device) if form == FORMAT else None
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        if is_memory_full(error):
            raise
        raise ValueError(f"{path} is no detector that this asdkit {__version__} can read: train it again") from error
    if detector is None:
        raise ValueError(f"{path} has format {form} of a detector, and this asdkit reads {FORMAT}: train it again")
    return detector


def _rebuild(tensors, notes, device):
    system, owners = System(**notes["system"]), notes["owners"]
    encoder = getattr(encoders, system.encoder)(system.dim)
    loss = system._loss(len(owners), np.arange(len(owners)))
    detector = Detector(system, encoder.eval(), loss.eval(), Standardize(), owners, device)
    for name, part in (("encoder", encoder), ("loss", loss), ("standardize", detector.standardize)):
        part.load_state_dict(within(tensors, name))
    detector.backend = detector.new_backend()
    detector.backend.models_ = {
        group: {key: value.numpy() for key, value in within(tensors, f"backend.{number}").items()}
        for number, group in enumerate(notes["groups"])
    }
    detector.thresholds = notes["thresholds"]
    return detector


def _group_of(name):
    return "/".join(name.split("/")[:2])


def _check_values(system):
    known = {
        choice: [name for name in part.__all__ if isinstance(getattr(part, name), type)]
        for choice, part in (("encoder", encoders), ("loss", losses), ("backend", backends))
    }
    known |= {"variant": ["paper", "code"], "mixing": ["uniform", "beta", None]}
    known |= dict.fromkeys(("trainable", "level"), [True, False])
    for choice, values in known.items():
        value = getattr(system, choice)
        if not any(value == one and type(value) is type(one) for one in values):
            raise ValueError(f"no {choice} is called {value!r}: choose one of {', '.join(map(str, values))}")
    for choice in ("dim", "sub_clusters", "batch_size", "epochs"):
        value = getattr(system, choice)
        if not (type(value) is int and value >= 1) and (choice, value) != ("epochs", None):
            raise ValueError(f"{choice} is {value!r}: give a whole number, 1 or more")
    if type(system.seconds) not in (int, float) or not 0.1 <= system.seconds <= 3600:
        raise ValueError(f"seconds is {system.seconds!r}: give a number from 0.1 to 3600")
    _check_length(system)


def _check_length(system):
    shortest = getattr(getattr(encoders, system.encoder), "shortest", 1)
    if 1 + round(system.seconds * RATE) // HOP < shortest:
        least = math.ceil(10 * (shortest - 1) * HOP / RATE) / 10
        raise ValueError(
            f"seconds is {system.seconds!r}, too short for the encoder {system.encoder}: give at least {least:g}"
        )


def check_training(clips):
    """Refuse what no system can be trained on, before any file is read.

    Shapes: a table of N training clips.
    Raises: ValueError for an empty table, test clips or anomalies in it, a single auxiliary class, a group of one clip.
    Example:
        >>> systems.check_training(sound.toy("smoke"))
        Traceback (most recent call last):
        ValueError: ... is a test clip among the training clips (... in all): fit on clips[clips['split'] == 'train']
    Notebook: 01_machine_sounds
    """
    if not len(clips):
        raise ValueError("the table holds no training clips: check the condition that selected them")
    bad = {"a test clip": clips["split"] != "train", "an anomaly": clips["label"].fillna(0) != 0}
    for what, rows in bad.items():
        if rows.any():
            raise ValueError(
                f"{clips.loc[rows, 'path'].iloc[0]} is {what} among the training clips ({rows.sum()} in all): "
                "fit on clips[clips['split'] == 'train']"
            )
    classes = sound.classes(clips)
    if classes.nunique() < 2:
        raise ValueError(
            f"all training clips are of one class, {classes.iloc[0].rstrip('_')}: the loss learns by telling classes "
            "apart, so add another machine, or name attributes in the file names"
        )
    counts = sound.groups(clips).value_counts()
    if counts.min() < 2:
        raise ValueError(f"{counts.idxmin()} has one training clip only: record at least 2, better 50")
