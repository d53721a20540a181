"""What a recipe may choose: names that exist, numbers in their range, and clips long enough for the encoder."""

import inspect
import math

from . import backends, encoders, losses
from .features import SETTINGS

RATE, HOP = 16000, 512  # of sound.blocks and LogMel, as a detector calls them
BY_CENTERS = ("GaussianMixture", "Probability")  # backends that need to know which classes a group owns


def taken(make, **choices):
    """Those of the choices that a class takes, by name.

    Shapes: a class and its possible arguments -> dict.
    Example:
        >>> choices.taken(losses.ArcFace, scale=30.0, margin=0.5, alpha=16.0)
        {'scale': 30.0, 'margin': 0.5}
    Notebook: 13_compare_losses
    """
    known = inspect.signature(make).parameters
    return {name: value for name, value in choices.items() if name in known}


def check_choices(system):
    """Refuse a recipe with a choice that does not exist or cannot work, before any file is read.

    Shapes: a System.
    Raises: ValueError that names the choice and says what may be chosen.
    Example:
        >>> choices.check_choices(systems.get("subcluster_adacos"))
    Notebook: 13_compare_losses
    """
    _check_names(system)
    _check_numbers(system)
    _check_length(system)
    if system.loss is None and system.backend in BY_CENTERS:
        raise ValueError(f"loss is None, and the backend {system.backend} needs what a loss learned: choose another")
    if system.classes == "machine" and system.backend in BY_CENTERS:
        raise ValueError(
            f"classes is 'machine', and the backend {system.backend} needs classes of each section: choose another "
            "backend, or classes 'attributes'"
        )


def _check_names(system):
    known = {
        choice: [name for name in part.__all__ if isinstance(getattr(part, name), type)]
        for choice, part in (("encoder", encoders), ("loss", losses), ("backend", backends))
    }
    known["backend"].remove("Fusion")  # of fitted systems, not of one
    known["loss"].append(None)
    known |= {"variant": ["paper", "code"], "mixing": ["uniform", "beta", None], "features": list(SETTINGS)}
    known |= {"classes": ["attributes", "machine"]} | dict.fromkeys(("trainable", "level"), [True, False])
    for choice, values in known.items():
        value = getattr(system, choice)
        if not any(value == one and type(value) is type(one) for one in values):
            raise ValueError(f"no {choice} is called {value!r}: choose one of {', '.join(map(str, values))}")


def _check_numbers(system):
    for choice in ("dim", "sub_clusters", "batch_size", "epochs", "size"):
        value = getattr(system, choice)
        if not (type(value) is int and value >= 1) and (choice, value) != ("epochs", None):
            raise ValueError(f"{choice} is {value!r}: give a whole number, 1 or more")
    ranges = {"seconds": (0.1, 3600), "scale": (1e-3, 1e4), "alpha": (1e-3, 1e4), "margin": (0, 3)}
    for choice, (least, most) in ranges.items():
        value = getattr(system, choice)
        if type(value) not in (int, float) or not least <= value <= most:
            raise ValueError(f"{choice} is {value!r}: give a number from {least:g} to {most:g}")


def _check_length(system):
    shortest = getattr(getattr(encoders, system.encoder), "shortest", 1)
    if 1 + round(system.seconds * RATE) // HOP < shortest:
        least = math.ceil(10 * (shortest - 1) * HOP / RATE) / 10
        raise ValueError(
            f"seconds is {system.seconds!r}, too short for the encoder {system.encoder}: give at least {least:g}"
        )
