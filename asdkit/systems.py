"""The papers' systems as recipes over the parts, and the detectors they become when fitted."""

import json
from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight

from . import __version__, encoders, losses, mixup, sound, train
from .choices import check_choices, taken
from .detector import FORMAT, Detector
from .features import SETTINGS, Standardize
from .runtime import budget as choose_budget
from .runtime import device as choose_device
from .runtime import is_memory_full
from .tensorfile import read_tensors, within


@dataclass(frozen=True)
class System:
    """A recipe: every choice between the waveform and the score, by name.

    Choices: ``level`` brings each clip to unit power first; ``epochs`` None means those of the budget;
        ``mixing`` is "uniform", "beta" or None; ``backend`` is the name of a class of ``asdkit.backends``;
        ``features`` names the settings of the log-mel; ``classes`` are "attributes", as ``sound.classes`` gives them,
        or "machine", the types alone. A loss or an encoder takes those of the numbers that it knows by name;
        without a ``loss`` nothing is trained, and the backend sees the lengths of what the encoder gives.
    Example:
        >>> recipe = systems.get("subcluster_adacos")
        >>> recipe.loss, recipe.encoder, recipe.backend
        ('SubClusterAdaCos', 'ResNet', 'GaussianMixture')
    Notebook: 00_start_here
    """

    name: str
    paper: str
    loss: str | None
    encoder: str = "ResNet"
    dim: int = 128
    sub_clusters: int = 16
    variant: str = "paper"
    trainable: bool = True
    scale: float = 30.0
    margin: float = 0.5
    alpha: float = 16.0
    size: int = 224
    features: str = "SCA"
    classes: str = "attributes"
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
        check_training(clips, classes=self.loss is not None)
        device = choose_device(device)
        labels = clips["machine"] if self.classes == "machine" else sound.classes(clips)
        names, y = np.unique(labels, return_inverse=True)
        owners = [_group_of(name) for name in names]
        with torch.random.fork_rng(range(torch.cuda.device_count())):
            torch.manual_seed(seed)
            encoder = self._encoder()
            loss = self._loss(len(names), y)
        detector = Detector(self, encoder, loss, Standardize(self._bands()), owners, device)
        inputs = detector.features(clips)
        detector.standardize.fit(inputs)
        for block in inputs.split(64):
            block.copy_(detector.standardize(block.to(device)))
        if loss is not None:
            detector.run = train.fit(
                encoder, loss, inputs, torch.from_numpy(y), mixing=self.mixing and partial(mixup.mix, how=self.mixing),
                epochs=self.epochs or choose_budget(budget).epochs, batch_size=self.batch_size, device=device,
                seed=seed, snapshots=snapshots, folder=folder,
            )  # fmt: skip
        detector.fit_backend(train.embed(encoder, inputs), sound.groups(clips))
        return detector

    def _encoder(self):
        make = getattr(encoders, self.encoder)
        return make(self.dim, **taken(make, size=self.size, bands=self._bands()))

    def _bands(self):
        return SETTINGS[self.features].get("mels", 128)

    def _loss(self, classes, y):
        if self.loss is None:
            return None
        weights = None
        if self.variant == "code":
            weights = torch.from_numpy(compute_class_weight("balanced", classes=np.arange(classes), y=y)).float()
        make = getattr(losses, self.loss)
        known = {name: getattr(self, name) for name in ("sub_clusters", "variant", "trainable")}
        known |= {name: getattr(self, name) for name in ("scale", "margin", "alpha")}
        return make(self.dim, classes, **taken(make, **known, class_weights=weights))


SCA = "[SCA] Wilkinghoff, Sub-Cluster AdaCos, IJCNN 2021"
RECIPES = [
    System("subcluster_adacos", SCA, "SubClusterAdaCos"),
    System("adacos", f"{SCA}, Table III: mixup, scale of eq. 2", "AdaCos", backend="Gaussian"),
    System("arcface", "[NAM] eq. 1, on the network of [SCA]", "ArcFace", mixing=None, backend="Gaussian"),
    System("softmax", f"{SCA}, Table II: its network and output", "Softmax", mixing=None, backend="Probability"),
    System(
        "l2softmax_lof", "[L2S] Wei and Liu, DCASE 2020 report", "L2Softmax", "MobileNetV2", dim=1280, mixing=None,
        features="L2S_classifier", classes="machine", backend="LocalOutlierFactor",
    ),
    System("mean_gaussian", f"{SCA}, Table V: mean over time", None, "TemporalMean", backend="Gaussian"),
    System("max_gaussian", f"{SCA}, Table V: maximum over time", None, "TemporalMax", backend="Gaussian"),
]  # fmt: skip


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
    check_choices(system)
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
    encoder = system._encoder()
    loss = system._loss(len(owners), np.arange(len(owners)))
    detector = Detector(system, encoder, loss, Standardize(system._bands()), owners, device)
    for name, part in detector.parts().items():
        part.eval().load_state_dict(within(tensors, name))
    detector.backend = detector.new_backend()
    detector.backend.models_ = {
        group: {key: value.numpy() for key, value in within(tensors, f"backend.{number}").items()}
        for number, group in enumerate(notes["groups"])
    }
    detector.thresholds = notes["thresholds"]
    return detector


def _group_of(name):
    return "/".join(name.split("/")[:2])


def check_training(clips, classes=True):
    """Refuse what no system can be trained on, before any file is read.

    Shapes: a table of N training clips.
    Raises: ValueError for an empty table, test clips or anomalies in it, a group of one clip, or a single auxiliary
        class where ``classes`` are to be told apart.
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
    known = sound.classes(clips)
    if classes and known.nunique() < 2:
        raise ValueError(
            f"all training clips are of one class, {known.iloc[0].rstrip('_')}: the loss learns by telling classes "
            "apart, so add another machine, or name attributes in the file names"
        )
    counts = sound.groups(clips).value_counts()
    if counts.min() < 2:
        raise ValueError(f"{counts.idxmin()} has one training clip only: record at least 2, better 50")
