"""A system as a command line tells it: its name, and its choices as NAME=VALUE."""

import json

from .. import given
from .recipes import get

TRAINING = {  # choices that are of no loss, nor of its classes
    "backend", "batch_size", "body", "dim", "encoder", "epochs", "front", "lr", "steps", "trials",
}  # fmt: skip
WORDS = {"None": None, "none": None, "True": True, "False": False}


def told(text):
    """The system that a line tells, such as ``arcface margin=0.3``.

    Raises: ValueError for a word that is no NAME=VALUE, and as ``get`` does.
    Example:
        >>> systems.told("arcface margin=0.3").loss
        part(ArcFace, margin=0.3)
    """
    if not isinstance(text, str):
        raise ValueError(f"text is {given.told(text)}: give a line such as 'arcface margin=0.3'")
    name, *words = text.split() or [""]
    return get(name, **choices_of(words, name))


def label(text):
    """A short name of a system that a line tells: without the choices of its training, and without
    those that its recipe makes anyhow.

    Shapes: a line -> a line.
    Choices: a line that is no system, such as that of a control, stays as it is.
    Example:
        >>> systems.label("arcface margin=0.7 epochs=3 lr=0.001")
        'arcface'
    """
    name, *words = text.split() or [""]
    kept = [word for word in words if word.split("=")[0] not in TRAINING]
    try:
        plain = get(name)
        kept = [word for word in kept if get(name, **choices_of([word], name)) != plain]
    except ValueError:
        return text
    return " ".join([name, *kept])


def choices_of(words, where):
    """The choices of a system that NAME=VALUE words make; ``where`` is where they stand.

    Raises: ValueError for a word that is none.
    Choices: a value is read as JSON, else as a word.
    Example:
        >>> systems.choices_of(["margin=0.3", "encoder=Toy", "mixing=none"], "arcface")
        {'margin': 0.3, 'encoder': 'Toy', 'mixing': None}
    """
    choices = {}
    for choice in words:
        name, equals, value = choice.partition("=")
        if not equals:
            raise ValueError(f"{where} takes NAME=VALUE, not {choice!r}")
        try:
            choices[name] = json.loads(value)
        except json.JSONDecodeError:
            choices[name] = WORDS.get(value, value)
    return choices
