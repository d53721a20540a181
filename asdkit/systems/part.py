"""A part of a system: a class or function of the kit with its settings, and nothing lost on the
way.
"""

import inspect
import math
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from torch import nn

from .. import backends, encoders, features, given, losses, mixup
from ..train import batches, rates
from .sizes import check_room, check_size

PACKAGES = {
    "front": features, "mixing": mixup, "encoder": encoders, "loss": losses, "batches": batches,
    "optimizer": rates, "schedule": rates, "backend": backends,
}  # fmt: skip
OPTIONAL = ("mixing", "schedule")
NO_PARTS = {backends.Backend, losses.ClassLoss, features.Chain}  # a front is a chain itself
GIVEN = {  # what a system says itself, or learns from the clips: it is no choice of the part
    "front": ("waves", "x", "sr", "bands", "machines"), "mixing": ("batch", "y", "generator"),
    "encoder": ("bands", "seconds"), "loss": ("dim", "classes", "counts"),
    "batches": ("y", "batch_size", "generator"), "optimizer": ("encoder", "loss"),
    "schedule": ("done",), "backend": ("means_init", "owners", "backends"),
}  # fmt: skip
FIRST = {  # what the first argument of a function is called that can do the work of a field
    "front": ("waves", "x"), "mixing": ("batch",), "batches": ("y",), "optimizer": ("encoder",),
    "schedule": ("done",),
}  # fmt: skip
PLAIN = bool | int | float | str | None


@dataclass(frozen=True)
class Part:
    """A class or function with its settings: it can be compared, printed, changed and written as
    JSON.

    Example:
        >>> systems.part(losses.ArcFace, margin=0.7) == systems.part(losses.ArcFace, margin=0.7)
        True
        >>> systems.part(losses.AdaCos, margin=0.7)
        Traceback (most recent call last):
        ValueError: AdaCos has no choice 'margin': it has classes, dim, trainable
    """

    make: type
    settings: tuple = ()

    def __post_init__(self):
        if not callable(self.make) or not hasattr(self.make, "__name__"):
            raise ValueError(f"part is {given.told(self.make)}: give a class or function")
        for name, value in self.settings:
            if name not in parameters(self.make):
                raise ValueError(
                    f"{self.name} has no choice {name!r}: it has "
                    f"{', '.join(sorted(parameters(self.make))) or 'none'}"
                )
            _check_kind(name, value, parameters(self.make)[name].default)

    def __repr__(self):
        settings = [f"{name}={value!r}" for name, value in self.settings]
        return f"part({', '.join([self.name, *settings])})"

    def __hash__(self):
        return hash((self.make, tuple(name for name, _ in self.settings)))  # a dict has no hash

    @property
    def name(self):
        """The name of its class or function."""
        return self.make.__name__

    def but(self, **choices):
        """The same part with some settings made otherwise."""
        return part(self.make, **dict(self.settings) | choices)

    def build(self, **given):
        """The object, or the function with its settings filled in; ``given`` is what only its
        system knows.

        Raises: ValueError, with the name of the part, for a setting that is missing or cannot be.
        """
        settings = dict(self.settings) | {
            name: value for name, value in given.items() if name in parameters(self.make)
        }
        if not isinstance(self.make, type):
            return partial(self.make, **settings) if settings else self.make
        missing = [
            name for name, known in parameters(self.make).items()
            if known.default is known.empty and name not in settings
        ]  # fmt: skip
        if missing:
            raise ValueError(f"{self.name} needs a choice of {', '.join(missing)}: give it")
        try:
            check_size(self, settings)
            return self.make(**settings)
        except (TypeError, RuntimeError, MemoryError) as error:
            check_room(self, error)
            raise ValueError(f"{self!r} cannot be made: {error}") from error

    def to_json(self):
        """Its name and settings, as JSON knows them; a part of one's own has its module's name
        before it.
        """
        home = self.make.__module__
        return {
            "part": self.name if home.startswith("asdkit.") else f"{home}.{self.name}",
            **dict(self.settings),
        }


def part(make, **settings):
    """A part of a system: ``part(AdaProj, subspace_dim=32)``.

    Raises: ValueError, by name, for a setting that the class or function does not take.
    """
    return Part(make, tuple((name, _frozen(settings[name])) for name in sorted(settings)))


def find(field, told):
    """The part that a name, or a dict of JSON, tells, looked up in the package of its field only.

    Raises: ValueError for a name that the package does not have, a part of another package, or what
        tells no part.
    Example:
        >>> systems.find("backend", {"part": "CosineTopK", "k": 3})
        part(CosineTopK, k=3)
    """
    if isinstance(told, Part):
        return _checked(field, told)
    settings = (
        {"part": told} if isinstance(told, str) else dict(told) if isinstance(told, dict) else {}
    )
    given.choice(field, "field", PACKAGES)
    name, known = settings.pop("part", None), choices(field)
    if not isinstance(name, str) or name not in known:
        known = ", ".join(sorted(known)) + (", or None" if field in OPTIONAL else "")
        wrong = repr(name or told) if isinstance(told, str | list | tuple | dict) else None
        wrong = wrong if wrong and len(wrong) <= 60 else given.told(told)
        raise ValueError(f"no {field} is called {wrong}: choose one of {known}")
    return _checked(field, part(known[name], **settings))


def plain(told):
    """Choices as JSON knows them, each part by its name and settings, and no list that changes."""
    if isinstance(told, Part):
        return plain(told.to_json())
    if isinstance(told, dict):
        return {name: plain(value) for name, value in told.items()}
    return tuple(map(plain, told)) if isinstance(told, list | tuple) else told


def choices(field):
    """The classes and functions that a field of a system may hold, by name."""
    public = {
        name: value
        for name, value in vars(PACKAGES[field]).items()
        if name[0] != "_" and callable(value)
    }
    return {name: value for name, value in public.items() if _fits(field, value)}


@lru_cache(maxsize=512)  # a system asks this of every part of its packages, again and again
def parameters(make):
    """What a class or function takes, by name."""
    try:
        known = inspect.signature(make).parameters
    except ValueError:  # of a function that is not written in Python
        return {}
    return {
        name: value
        for name, value in known.items()
        if value.kind not in (value.VAR_POSITIONAL, value.VAR_KEYWORD)
    }


def settable(field, chosen):
    """The settings of a part that are a choice in its field."""
    return [name for name in parameters(chosen.make) if name not in GIVEN[field]]


def _checked(field, chosen):
    if not _fits(field, chosen.make):
        raise ValueError(
            f"{chosen.name} is no {field}: choose one of {', '.join(sorted(choices(field)))}"
        )
    given = [name for name, _ in chosen.settings if name in GIVEN[field]]
    if given:
        raise ValueError(
            f"{given[0]!r} of {chosen.name} is no choice, as its system sets it: "
            f"it has {', '.join(settable(field, chosen)) or 'none'}"
        )
    return chosen


def _fits(field, make):
    """Whether something can do the work of a field; a part of one's own is told by what it is and
    takes.
    """
    home = getattr(make, "__module__", None) or ""
    if (
        make in NO_PARTS
        or home.startswith("asdkit.")
        and not home.startswith(PACKAGES[field].__name__)
    ):
        return False
    if not isinstance(make, type):
        first = next(iter(parameters(make)), None) if callable(make) else None
        return first in FIRST.get(field, ())
    if field == "backend":
        return issubclass(make, backends.Backend)
    is_loss = hasattr(make, "each")
    return issubclass(make, nn.Module) and (
        field == "loss" if is_loss else field in ("encoder", "front")
    )


def _frozen(value):
    value = value.item() if isinstance(value, np.generic) else value
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _check_kind(name, value, default):
    """Check a value by the one that stands in its place: sizes are whole numbers, switches are
    switches.
    """
    if isinstance(default, bool):
        good, kind = isinstance(value, bool), "True or False"
    elif isinstance(default, int):
        least = min(default, 1)
        good, kind = type(value) is int and value >= least, f"a whole number, {least} or more"
    elif isinstance(default, float):
        good, kind = type(value) in (int, float) and _is_plain(value), "a number"
    else:
        good, kind = _is_plain(value), "a number, a text, or a dict of them"
    if not good:
        raise ValueError(f"{name} is {given.told(value)}: give {kind}")


def _is_plain(value):
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_plain(one) for name, one in value.items())
    if isinstance(value, float):
        return math.isfinite(value)
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, PLAIN)
