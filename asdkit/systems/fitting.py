"""How a system becomes a detector: its networks are built, the clips heard once, and each network trained on them."""

from pathlib import Path

import numpy as np
import torch

from .. import sound
from ..runtime import budget as choose_budget
from ..runtime import device as choose_device
from .detector import Detector
from .front import hear
from .network import Network
from .tasks import TASKS, check_training


def fit(system, clips, budget, *, folder, seed, device, snapshots, heard, start):
    """Build every network of a system, train it on its clips, and set the thresholds of their mean score.

    Shapes: a table of N training clips -> Detector.
    """
    check_training(clips, system.task)
    device, epochs = choose_device(device), system.epochs_of(choose_budget(budget))
    plans = list(_plans(system, clips, seed))
    networks = [network for network, *_ in plans]
    starts = _starts(start, networks)
    group, held_out, inputs = sound.groups(clips).to_numpy(), [], None
    for number, (network, question, own, seed) in enumerate(plans):
        if number == 0 or network.front is not networks[number - 1].front:
            inputs = _inputs(network, clips[question.rows], heard, device)
        if network.loss is not None:
            network.fit(
                inputs, question.y, epochs=epochs, seed=seed, device=device, snapshots=snapshots,
                start=starts[number], folder=_folder(folder, plans, number), identity=_identity(network),
            )  # fmt: skip
        mine = own[question.rows]
        x = network.embed(inputs if mine.all() else _some(inputs, mine))
        held_out.append((own, network.fit_backend(x, group[own], clips["domain"][own])))
    detector = Detector(system, networks, device)
    detector.set_thresholds(group, held_out)
    return detector


def _plans(system, clips, seed):
    """Each network, what it is asked, its own normal clips, and its seed; trials of one front share it."""
    normal = (clips["label"].fillna(0) == 0).to_numpy()
    names = {"machine": clips["machine"], "group": sound.groups(clips)}.get(system.each)
    for name in [None] if names is None else sorted(names.unique()):
        own, fronts = normal if name is None else normal & (names == name).to_numpy(), {}
        question = TASKS[system.task](clips, own)
        for number, trial in enumerate(system.trials):
            one = system.but(**trial) if trial else system
            with torch.random.fork_rng(range(torch.cuda.device_count())):
                torch.manual_seed(seed + number)
                network = Network(
                    one, question.owners, sorted(set(sound.groups(clips[own]))), clips["machine"][question.rows],
                    counts=_counts(question), front=fronts.get((one.front, one.seconds)),
                )  # fmt: skip
            fronts[one.front, one.seconds] = network.front
            yield network, question, own, seed + number


def _counts(question):
    return torch.bincount(question.y, minlength=len(question.owners)) if question.owners else None


def _inputs(network, clips, heard, device):
    """What the encoder takes of the training clips, its front fitted to them."""
    if heard is None or not heard.serves(network.front, clips):
        heard = hear(clips, network.front, device)
    return network.front.prepare(heard.of(clips), clips["machine"], device, fit=True)


def _some(inputs, rows):
    rows = torch.from_numpy(np.flatnonzero(rows))
    return tuple(part[rows] for part in inputs) if isinstance(inputs, tuple) else inputs[rows]


def _starts(start, networks):
    if start is None:
        return [None] * len(networks)
    if len(start.networks) != len(networks):
        raise ValueError(
            f"start has {len(start.networks)} networks, and this system has {len(networks)}: start from its own kind"
        )
    return start.networks


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
