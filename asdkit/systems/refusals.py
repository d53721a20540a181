"""What a system refuses: values that cannot be, parts that do not fit, choices in vain."""

from dataclasses import fields

from .. import given
from ..train import balanced
from ..train.refusals import PRECISIONS
from .fusion import FUSIONS
from .part import Part, parameters, settable
from .tasks import OF_CLASSES, TASKS

EACH = ("all", "machine", "group")
RANGES = {"seconds": (0.1, 3600, 10), "held_out": (0, 0.5, 0.1)}  # with a value that suits
COUNTS = ("epochs", "batch_size")
SHARED = ("name", "paper", "task", "each", "trials", "fusion")
TRAINING = (
    "task",
    "mixing",
    "batches",
    "optimizer",
    "schedule",
    "epochs",
    "shares",
    "batch_size",
    "precision",
    "held_out",
)


def check_values(system):
    for name in ("name", "paper"):
        if not isinstance(getattr(system, name), str):
            raise ValueError(f"{name} is {given.told(getattr(system, name))}: give a text")
    if not isinstance(system.task, str) or system.task not in TASKS:
        told = given.told(system.task)
        raise ValueError(f"no task is called {told}: choose one of {', '.join(TASKS)}")
    given.choice(system.each, "each", EACH)
    given.choice(system.precision, "precision", PRECISIONS)
    given.choice(system.fusion, "fusion", FUSIONS)
    given.switch(system.shares, "shares")
    for name in COUNTS:
        value = getattr(system, name)
        if given.count(value, name) and type(value) is not int:  # which JSON would not keep
            raise ValueError(f"{name} is {given.told(value)}: give a whole number, 1 or more")
    for name, (least, most, such_as) in RANGES.items():
        given.number(getattr(system, name), name, least, most, such_as)
    if not system.trials:
        raise ValueError(
            "trials is empty: give one dict of choices for each network, ({},) for a single one"
        )


def front_parts(parts, seconds):
    """The parts of a front as a tuple, checked, and how many seconds of a clip it hears.

    Shapes: a Part or several, a number -> a tuple.
    Raises: ValueError for what is no part, and for seconds that cannot be.
    """
    given.number(seconds, "seconds", *RANGES["seconds"])
    parts = (parts,) if isinstance(parts, Part) else parts
    if not isinstance(parts, list | tuple) or not all(isinstance(part, Part) for part in parts):
        raise ValueError(f"front is {given.told(parts)}: give parts, such as part(LogMel)")
    return tuple(parts)


def check_fit(system):
    """Check that the parts of a system go together, as far as can be told without any clip.

    Shapes: a System.
    Raises: ValueError for the first parts that do not.
    """
    backend, name = system.backend.build(), system.backend.name
    if system.task == "roles" and system.each != "group":
        raise ValueError(
            "the task roles compares one machine and section with all others: choose each='group'"
        )
    _check_front(system)
    if system.loss is None:
        _check_untrained(system, backend)
        return
    loss, task = system.loss.name, f"task is {system.task!r}, and"
    if system.encoder is None:
        raise ValueError(f"encoder is None, and the loss {loss} has nothing to train: choose one")
    if system.task not in OF_CLASSES and "classes" in parameters(system.loss.make):
        raise ValueError(f"{task} the loss {loss} tells classes apart: choose a task of classes")
    needed = getattr(system.loss.make, "task", system.task)
    if system.task != needed:
        raise ValueError(f"{task} the loss {loss} is made for another: choose the task {needed!r}")
    if system.task != "roles" and system.batches.make is balanced:
        raise ValueError(f"{task} the batches balanced are drawn by role: choose shuffled")
    if backend.needs_classes and system.task not in ("sections", "attributes"):
        raise ValueError(
            f"{task} the backend {name} needs classes of each machine and section: choose another "
            "backend, or the task 'sections' or 'attributes'"
        )
    if backend.judges == "roles":
        _check_roles(system, backend)
    if backend.judges == "losses" and system.task in ("types", "attributes"):
        raise ValueError(
            f"{task} the backend {name} scores a clip at the one class that its machine and "
            "section is: choose another backend, or the task 'sections'"
        )


def _check_roles(system, backend):
    backend.check()
    loss, name = system.loss, system.backend.name
    if not hasattr(loss.make, "evidence"):
        raise ValueError(
            f"the backend {name} blends what a binary loss tells, and the loss {loss.name} tells "
            "neither a probability of roles nor a distance: choose another of the two"
        )
    for missing in sorted(backend.uses() - set(loss.make.tells)):
        alpha = {"probability": 0, "distance": 1}[missing]
        raise ValueError(
            f"the loss {loss.name} has no {missing} to tell, and the alpha of {name} gives it a "
            f"share: choose alpha={alpha}"
        )


def _check_front(system):
    """A front that hears one machine alone has nothing to tell apart by machine."""
    for chosen in system.front if system.each != "all" and system.task != "roles" else ():
        if ("by", "machine") in chosen.settings:
            raise ValueError(
                f"each={system.each!r} gives every network a front of its own, fitted to the clips "
                f"of one machine, so by='machine' of {chosen.name} would have no effect: leave it "
                "out"
            )


def _check_untrained(system, backend):
    if system.encoder is not None:
        raise ValueError(
            f"loss is None, so the encoder {system.encoder.name} would not be trained: choose a "
            "loss"
        )
    if backend.judges != "embeddings" or backend.needs_classes:
        raise ValueError(
            f"loss is None, and the backend {system.backend.name} needs what a loss learned: "
            "choose another"
        )
    for name, default in untrained(system).items():
        if getattr(system, name) != default:
            check_effect(system, name)


def untrained(system):
    """The fields of training of a system that trains nothing.

    Shapes: a System -> dict of a field's name -> its value.
    """
    defaults = {field.name: field.default for field in fields(system)} | {"task": "nothing"}
    return {name: defaults[name] for name in TRAINING}


def check_trials(system):
    bare = []
    for number, trial in enumerate(system.trials):
        shared = [name for name in trial if name in SHARED]
        if shared:
            raise ValueError(
                f"{shared[0]!r} is one for all trials of a system: choose it for the system itself"
            )
        one = system.trial(number) if trial else system
        if one.loss is None and trial in bare:
            raise ValueError(
                f"{system.name} trains nothing, so equal trials would be one: leave them out"
            )
        bare.append(trial)


def check_fusion(system):
    if system.fusion != "weighted":
        return
    if len(system.trials) < 2:
        raise ValueError(
            f"fusion is 'weighted', and {system.name} has one trial, which is not weighted against "
            "another: choose 'standardized' or 'mean', or give it trials"
        )
    if system.each == "group":
        raise ValueError(
            "fusion is 'weighted' by how well other ids are told from the own one, and "
            "each='group' gives each id a network of its own: choose 'standardized', or each='all'"
        )
    for number in range(len(system.trials)):
        backend = system.trial(number).backend
        if backend.build().judges != "embeddings":
            raise ValueError(
                f"fusion is 'weighted', which scores clips of one id as if they were of another, "
                f"and the backend {backend.name} does not judge embeddings: choose 'standardized'"
            )


def check_effect(system, name):
    if all(name in trial for trial in system.trials):
        raise ValueError(
            f"each trial of {system.name} has its own {name!r}, so it would have no effect: "
            "choose it in the trials"
        )
    if name in TRAINING and system.loss is None:
        raise ValueError(
            f"{system.name} trains nothing, so {name!r} would have no effect: leave it out"
        )
    if name == "batch_size" and not system.takes_batch_size:
        raise ValueError(
            f"the batches of {system.name} are {system.batches.name}, which say themselves how "
            f"many clips they have: choose {', '.join(settable('batches', system.batches))} "
            "instead of 'batch_size'"
        )
