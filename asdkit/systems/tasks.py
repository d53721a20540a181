"""Tasks: what a network is asked, as the label of each training clip, and whose it is."""

from typing import NamedTuple

import numpy as np
import torch

from .. import given, losses, sound
from ..tables import checked

TOLD = ("path", "machine", "section", "domain", "split", "label", "attributes")


class Question(NamedTuple):
    """What one network is trained to answer, and for whom.

    Shapes: ``rows`` (N,) of bool, the clips it trains on; ``y`` (n,) their class indices or roles;
        ``owners`` (C,) the group, or the machine, of each class.
    """

    rows: np.ndarray
    y: torch.Tensor
    owners: list


def types(clips, own):
    """The machine types are the classes.

    Paper: [L2S] 3.
    Shapes: a table of N clips, ``own`` (N,) -> Question.
    """
    return _classes(clips, own, clips["machine"], 1)


def sections(clips, own):
    """Each machine and section (or id) is a class.

    Paper: [SCA] IV-A, [NAM] 3.1.
    Shapes: a table of N clips, ``own`` (N,) -> Question.
    """
    return _classes(clips, own, sound.groups(clips), 2)


def attributes(clips, own):
    """Machine, section, attributes and domain together are a class.

    Paper: [AP] 4.1.
    Shapes: a table of N clips, ``own`` (N,) -> Question.
    """
    return _classes(clips, own, sound.classes(clips), 2)


def roles(clips, own):
    """Own normal clips against those of all other machines, and against own true anomalies where
    there are some.

    Paper: [DDC] III.
    Shapes: a table of N clips, ``own`` (N,) -> Question over all clips but the anomalies of others.
    """
    y = np.where(own, losses.NORMAL, losses.OUTLIER)
    broken = (clips["label"].fillna(0) == 1).to_numpy()
    y[broken] = losses.ANOMALY
    rows = own | ~broken
    return Question(rows, torch.from_numpy(y[rows]), [])


def nothing(clips, own):
    """Nothing is asked: a network that rebuilds what it hears needs no label.

    Paper: [L2S] 2.
    Shapes: a table of N clips, ``own`` (N,) -> Question.
    """
    return Question(own, torch.zeros(int(own.sum()), dtype=torch.long), [])


TASKS = {task.__name__: task for task in (types, sections, attributes, roles, nothing)}
OF_CLASSES = ("types", "sections", "attributes")


def ask(clips, task="sections"):
    """What a network is asked of normal training clips: the class of each, and whose the classes
    are.

    Shapes: a table of N clips -> Question with ``rows`` (N,), all True; ``y`` (N,); ``owners``.
    Raises: ValueError for a task that is not known, or clips that nothing can be trained on.
    Example:
        >>> clips = sound.toy("smoke")
        >>> question = systems.ask(clips[clips["split"] == "train"], "types")
        >>> question.y.shape, question.owners
        (torch.Size([96]), ['fan', 'pump', 'slider', 'valve'])
    Notebook: 05_classify_to_detect
    """
    if not isinstance(task, str) or task not in TASKS:
        raise ValueError(f"no task is called {given.told(task)}: choose one of {', '.join(TASKS)}")
    clips = check_training(clips, task)
    return TASKS[task](clips, np.ones(len(clips), bool))


def classes_of(clips, task):
    """The class of each clip in a task of classes.

    Shapes: a table of N clips -> Series of N names.
    """
    if task == "types":
        return clips["machine"]
    return sound.groups(clips) if task == "sections" else sound.classes(clips)


def check_training(clips, task="attributes"):
    """Check a table of training clips before any file is read.

    Shapes: a table of N training clips -> the table, mended as ``tables.checked`` does.
    Raises: ValueError as ``tables.checked`` does, for test clips or anomalies in the table, a group
        of one normal clip or none, or a single class where the task is to tell classes apart; it
        then names the tasks and systems that work.
    Example:
        >>> systems.check_training(sound.toy("smoke"))
        Traceback (most recent call last):
        ValueError: ... is a test clip among the training clips (... in all): fit on clips[...]
    Notebook: 01_machine_sounds
    """
    clips = checked(clips, *TOLD)
    bad = {"a test clip": clips["split"] != "train"}
    if task != "roles":
        bad["an anomaly"] = clips["label"].fillna(0) != 0
    for what, rows in bad.items():
        if rows.any():
            raise ValueError(
                f"{clips.loc[rows, 'path'].iloc[0]} is {what} among the training clips "
                f"({rows.sum()} in all): "
                "fit on clips[clips['split'] == 'train']"
            )
    if task in OF_CLASSES and classes_of(clips, task).nunique() < 2:
        raise ValueError(_one_class(clips, task))
    _check_groups(clips, task)
    return clips


def _check_groups(clips, task):
    group, normal = sound.groups(clips), clips["label"].fillna(0) == 0
    broken_alone = sorted(set(group) - set(group[normal]))
    if broken_alone:
        raise ValueError(
            f"{broken_alone[0]} has anomalies and no normal training clip: record at least 2, "
            "better 50, or leave it out"
        )
    counts = group[normal].value_counts()
    if task == "roles" and len(counts) < 2:
        raise ValueError(
            f"all training clips are of one class, {counts.index[0]}, and the task roles compares "
            "them with clips of others: add another machine or id, or take a system that needs "
            f"none ({', '.join(_free())})"
        )
    if counts.min() < 2:
        raise ValueError(
            f"{counts.idxmin()} has one training clip only: record at least 2, better 50"
        )


def _free():
    """The systems that need nothing to compare with."""
    from .recipes import RECIPES  # which stand on this file

    return [recipe.name for recipe in RECIPES if recipe.task == "nothing"]


def _one_class(clips, task):
    known = classes_of(clips, task)
    others = [
        other for other in OF_CLASSES if other != task and classes_of(clips, other).nunique() > 1
    ]
    finer = [
        f"choose task={other} ({classes_of(clips, other).nunique()} classes)" for other in others
    ]
    cures = [
        *finer,
        "add another machine, or name attributes in the file names",
        "or take a system that needs no ",
    ]
    return (
        f"all training clips are of one class, {known.iloc[0].rstrip('_')}, and the loss learns by "
        "telling classes "
        f"apart: {', '.join(cures)}classes ({', '.join(_free())})"
    )


def _classes(clips, own, labels, depth):
    names, y = np.unique(labels[own], return_inverse=True)
    return Question(own, torch.from_numpy(y), ["/".join(name.split("/")[:depth]) for name in names])
