"""How a system becomes a detector: its networks are built, the clips heard once, and each network
trained on them.
"""

import math
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from .. import given, sound
from ..drafts import check_room
from ..runtime import budget as choose_budget
from ..runtime import device as choose_device
from ..runtime import own_chance
from ..tables import checked
from ..train.rows import some
from .detector import Detector, check_ears
from .front import hear
from .fusion import balance, settle
from .judge import finite
from .network import Network
from .recordings import check_heard
from .rehearsal import rehearse
from .tasks import OF_CLASSES, TASKS, TOLD, check_training

WRITTEN = 8  # times the weights: a run with two moments of each, its draft, and the detector


class Unfit(ValueError):
    """A system and clips that cannot meet, which is known before any clip is read."""


def fit(
    system, clips, budget=None, *, folder=None, seed=0, device=None, snapshots=(), heard=None,
    start=None,
):  # fmt: skip
    """Build every network of a system, train it on its clips, and set the thresholds.

    Shapes: a table of N training clips -> Detector.
    Choices: a run is kept in ``folder`` and goes on from there; a trial starts from ``seed`` plus
        its number; ``snapshots`` are epochs; ``heard`` holds the clips where they were read before;
        ``start`` is a Detector of the same system, whose weights are trained on.
    """
    _check_given(seed, heard, start)
    with _meeting():
        clips = check_training(clips, system.task)
    device, budget = choose_device(device), choose_budget(budget)
    with _meeting():
        plans = list(_plans(system, clips, seed))
    networks = [network for network, *_ in plans]
    _check_room(folder, networks)
    starts = _starts(start, networks)
    group, held_out, inputs = sound.groups(clips).to_numpy(), [], None
    for number, (network, question, own, kept, seed) in enumerate(plans):
        if number == 0 or network.front is not networks[number - 1].front:
            heard = _heard(heard, network.front, clips, device)
            inputs = _inputs(network, clips[question.rows], heard, device, networks[number:])
        if network.loss is not None:
            seen = kept[question.rows]
            network.fit(
                _those(inputs, seen), question.y[seen], seed=seed, device=device,
                epochs=network.system.epochs_of(budget), snapshots=snapshots, start=starts[number],
                folder=_folder(folder, plans, number), identity=_identity(network),
            )  # fmt: skip
        x = finite(network.told(_those(inputs, own[question.rows]), group[own]), clips[own])
        rows, scores = _fit_backend(network, x, group, clips["domain"], own, kept)
        held_out.append((network, rows, scores))
        settle(network, system.fusion, x, group[own], group[rows], scores)
    balance(networks)
    detector = Detector(system, networks, device)
    detector.set_thresholds(group, held_out)
    return detector


def new_front(system, clips):
    """The front of a system, not yet fitted, by which ``hear`` reads clips; it is known to suit the
    encoder.

    Shapes: a table of N training clips -> Front.
    Raises: ValueError for parts that do not fit each other.
    """
    with _meeting():
        network, *_ = next(_plans(system, checked(clips, *TOLD), seed=0))
    return network.front


@contextmanager
def _meeting():
    """Whatever is refused within is a system and clips that cannot meet."""
    try:
        yield
    except ValueError as error:
        raise Unfit(str(error)) from error


def _check_given(seed, heard, start):
    given.count(seed, "seed", least=0)
    check_ears(heard)
    known = start is None or (isinstance(start, str | Path) and Path(start).is_file())
    if not (known or hasattr(start, "networks") or hasattr(start, "encoder")):
        raise ValueError(f"start is {given.told(start)}: give a Detector of the same system")


def _plans(system, clips, seed):
    """Each network, what it is asked, its own normal clips, and its seed; trials of one front share
    it.
    """
    normal, groups = (clips["label"].fillna(0) == 0).to_numpy(), sound.groups(clips)
    names = {"machine": clips["machine"], "group": groups}.get(system.each)
    group = groups.to_numpy()
    for name in [None] if names is None else sorted(names[normal].unique()):
        mine, fronts = np.ones(len(clips), bool) if name is None else (names == name).to_numpy(), {}
        for number in range(len(system.trials)):
            one = system.trial(number)
            question, own = _question(one, clips, mine, name), mine & normal
            kept = _kept(question, own, group, one.held_out, seed + number)
            trained = question.y[kept[question.rows]]
            with own_chance():
                torch.default_generator.manual_seed(seed + number)  # on the CPU, where all are made
                network = Network(
                    one, question.owners, sorted(set(group[own])),
                    clips["machine"][question.rows], counts=_counts(trained, question.owners),
                    front=fronts.get((one.task, one.front, one.seconds)),
                )  # fmt: skip
            rehearse(network, trained, clips["domain"][own], group[own & ~kept])
            fronts[one.task, one.front, one.seconds] = network.front
            yield network, question, own, kept, seed + number


def _question(system, clips, mine, name):
    """What a network is asked of its clips.

    Raises: ValueError where it would tell one class apart.
    """
    question = TASKS[system.task](clips, mine)
    if name is not None and system.task in OF_CLASSES and len(question.owners) < 2:
        raise ValueError(
            f"each={system.each!r} gives {name} a network of its own, and its clips are of one "
            f"class of the task {system.task!r}: choose each='all', or a task that tells more"
        )
    return question


def _kept(question, own, group, share, seed):
    """Which clips are fitted to: all but a share of the own normal clips of each class and group,
    rounded up.

    Raises: ValueError for a class that would have none left.
    """
    kept = np.ones(len(own), bool)
    if not share:
        return kept
    chance, label = np.random.default_rng(seed), np.full(len(own), -1)
    label[question.rows] = question.y
    for (name, _), rows in pd.Series(np.flatnonzero(own)).groupby([group[own], label[own]]):
        if len(rows) < 2:
            raise ValueError(
                f"held_out={share:g} leaves no clip to train on of a class of {name}, which has "
                "one: give more clips, or held_out=0"
            )
        kept[chance.permutation(rows)[: math.ceil(share * len(rows))]] = False
    return kept


def _fit_backend(network, x, group, domain, own, kept):
    """Fit the backend to the own clips that are kept; those that it was fitted without, and their
    scores.

    Shapes: ``x``, what it is told of the n own clips, ``group`` and ``domain`` (N,), ``own`` and
        ``kept`` (N,) of bool -> (N,) of bool, their scores.
    """
    group, domain, known = group[own], domain[own], kept[own]
    if known.all():
        return own, network.fit_told(x, group, domain)
    network.fit_told(x[known], group[known], domain[known])
    return own & ~kept, network.judge_told(x[~known], group[~known])


def _counts(y, owners):
    """How many clips of each class are trained on; a class of none counts 0."""
    return torch.bincount(y, minlength=len(owners)) if owners else None


def _those(inputs, rows):
    """The inputs of some of the clips, those of all of them without a copy."""
    return inputs if rows.all() else some(inputs, torch.from_numpy(rows))


def _heard(heard, front, clips, device):
    """What was heard of the clips before, where it serves the front, or else what is heard now."""
    if heard is None or not heard.serves(front, clips):
        heard = hear(clips, front, device, spare=True)
    check_heard(clips, heard)
    return heard


def _inputs(network, clips, heard, device, following):
    """What the encoder takes of its training clips, its front fitted to them."""
    others = any(other.front is not network.front for other in following)
    x, keep = heard.give(clips, others)
    return network.front.prepare(x, clips["machine"], device, fit=True, keep=keep, later=True)


def _check_room(folder, networks):
    if folder is not None:
        size = sum(value.nbytes for network in networks for value in network.state_dict().values())
        check_room(Path(folder) / "run.safetensors", WRITTEN * size)


def _starts(start, networks):
    if start is None:
        return [None] * len(networks)
    starts = getattr(start, "networks", [start])  # of a detector, or the run of a network
    if len(starts) != len(networks):
        raise ValueError(
            f"start has {len(starts)} networks, and this system has {len(networks)}: start from "
            "its own kind"
        )
    if any(one.loss is None for one in networks) or any(
        getattr(one, "loss", True) is None for one in starts
    ):
        raise ValueError(
            "start holds weights that were trained, and one of these systems trains nothing: leave "
            "it out"
        )
    return starts


def _folder(folder, plans, number):
    """Where the run of a network is kept: in the folder itself where there is one network only."""
    if folder is None or len(plans) == 1:
        return folder
    return Path(folder) / "networks" / str(number)


def _identity(network):
    """What identifies a run beside its data: the parts that train, as JSON; epochs may grow."""
    told = network.system.to_json()
    names = ("task", "front", "encoder", "loss", "seconds")
    return {name: told[name] for name in names}
