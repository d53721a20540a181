"""A detector in a file: what is written, and what is checked before a detector is made of it."""

import json

import numpy as np
import torch

from .. import __version__
from ..contents import check, facts, read_as, state
from ..runtime import device as choose_device
from ..runtime import own_chance
from ..tensorfile import read_tensors, within, write_tensors
from .detector import Detector
from .fusion import Standing
from .network import Network
from .system import System

FORMAT = 2
CURE = "train it again"
NORMAL = "normal"
KEPT = (torch.float64, torch.int64, torch.bool)  # types of what backends keep


def write(path, detector):
    """Write a detector to one file, tensors and JSON, whole or not at all.

    Raises: OSError, with the cure, where the file cannot be written.
    """
    tensors, notes = {}, []
    for number, network in enumerate(detector.networks):
        models = network.backend.models_
        weights = network.state_dict()  # of which trials share the front
        tensors |= {f"{number}.network.{key}": value.clone() for key, value in weights.items()}
        for place, model in enumerate(models.values()):
            kept = {key: torch.from_numpy(np.array(value)) for key, value in model.items()}
            tensors |= {f"{number}.backend.{place}.{key}": value for key, value in kept.items()}
        notes.append({
            "owners": network.owners, "groups": network.groups,
            "machines": network.front.machines, "trial": number % len(detector.system.trials),
            "models": list(models), "standings": network.standings,
        })  # fmt: skip
    scores = map(torch.from_numpy, detector.normal.values())
    tensors |= {f"{NORMAL}.{place}": score for place, score in enumerate(scores)}
    told = {
        "format": FORMAT,
        "system": detector.system.to_json(),
        "networks": notes,
        "thresholds": detector.thresholds,
        "normal": list(detector.normal),
    }
    write_tensors(path, tensors, {"detector": json.dumps(told)})


def load(path, device=None):
    """Read a saved detector.

    Raises: FileNotFoundError where there is no file; ValueError where anything in it was changed
        after it was written, where it is of another version, names a part or setting that this
        asdkit does not have, or holds what no detector has, such as NaN or tensors of other shapes.
    Choices: the settings in a file are looked up by name in the package of their field; nothing is
        evaluated. A file without a digest, of an older asdkit, is refused.
    Notebook: 00_start_here
    """
    tensors, notes = read_tensors(path, "detector")
    device = choose_device(device)
    with read_as(path, "detector", CURE):
        told = facts(notes)
        if told["format"] != FORMAT:
            raise ValueError(
                f"{path} has format {told['format']} of a detector, and this asdkit reads "
                f"{FORMAT}: {CURE}"
            )
        return _rebuild(_recipe(path, told["system"]), tensors, told, device)


def _recipe(path, told):
    try:
        return System.from_json(told)
    except ValueError as error:
        raise ValueError(
            f"{path} holds a recipe that this asdkit {__version__} cannot follow: {error}"
        ) from error


def _rebuild(system, tensors, notes, device):
    networks, left = [], dict(tensors)
    for number, told in enumerate(notes["networks"]):
        if told["trial"] != number % len(system.trials):
            raise ValueError(f"network {number} is of trial {told['trial']}")
        names = _names(told["owners"]), _names(told["groups"], "/"), _names(told["machines"])
        with own_chance():  # the weights that the file replaces are drawn first
            network = Network(system.trial(told["trial"]), *names)
        parts = within(tensors, str(number))
        network.load_state_dict(state(parts, "network", network))
        network.backend.models_ = _models(parts, _names(told["models"]))
        network.standings = _standings(told.get("standings", {}), network.groups)
        _try(network)
        if networks and networks[-1].front.same(network.front):
            network.front = networks[-1].front  # so that features are made once for both
        networks.append(network)
        for name in parts:
            del left[f"{number}.{name}"]
    normal = _normal(within(tensors, NORMAL), _names(notes.get("normal", []), "/"))
    for place in range(len(normal)):
        del left[f"{NORMAL}.{place}"]
    if left or len(networks) % len(system.trials) or not networks:
        raise ValueError(f"it holds {len(networks)} networks, and {len(left)} tensors of none")
    detector = Detector(system, networks, device)
    detector.thresholds = _thresholds(notes["thresholds"], networks)
    if normal and set(normal) != set(detector.thresholds):
        raise ValueError("its normal scores are of other groups than its thresholds")
    detector.normal = normal
    return detector


def _models(parts, names):
    """What the backend kept of each group."""
    models = []
    for place in range(len(names)):
        kept = within(parts, f"backend.{place}")
        for name, value in kept.items():
            if value.dtype not in KEPT:
                raise ValueError(f"{name} of the backend is {value.dtype}")
            check(f"{name} of the backend", value, value.shape, value.dtype)
        models.append({name: value.numpy() for name, value in kept.items()})
    there = sum(name.startswith("backend.") for name in parts)
    if there != sum(map(len, models)) or len(set(map(frozenset, models))) > 1:
        raise ValueError("its backend holds other tensors for one group than for another")
    return dict(zip(names, models))


def _try(network):
    """Check that a network judges clips of each of its groups, by embeddings of its size."""
    group = np.repeat(network.groups, 2)  # some backends judge clips by each other
    score = network.eval().judge(torch.ones(len(group), network.dim), group)
    if sorted(network.backend.models_) != sorted(network.groups) or not np.isfinite(score).all():
        raise ValueError("its backend does not judge the groups of its network")


def _standings(told, groups):
    """How a network's scores stand beside those of others; older files do not tell it."""
    known = {name: Standing(*map(_number, kept)) for name, kept in told.items()}
    if not set(known) <= set(groups):
        raise ValueError("its standings are of other groups than its networks")
    if any(one.spread <= 0.0 or one.weight < 0.0 for one in known.values()):
        raise ValueError("a spread or weight of its standings is negative")
    return known


def _thresholds(told, networks):
    known = {name: _number(value) for name, value in told.items()}
    if set(known) != {name for network in networks for name in network.groups}:
        raise ValueError("its thresholds are of other groups than its networks")
    return known


def _normal(parts, names):
    """The scores of normal clips that set the thresholds; older files do not tell them."""
    known = {name: parts[f"{place}"] for place, name in enumerate(names)}
    for score in known.values():
        check("normal scores", score, (max(score.numel(), 1),), torch.float64)
    return {name: score.numpy() for name, score in known.items()}


def _number(value):
    if type(value) not in (int, float):
        raise ValueError(f"{value!r} stands where a number belongs")
    return float(value)


def _names(told, part=""):
    if not isinstance(told, list) or not all(isinstance(one, str) and part in one for one in told):
        raise ValueError("its names are no list of words")
    return told
