"""The test scores of runs over seeds, by one backend, and what a backend judges."""

import itertools

import numpy as np
import torch

from .. import given, losses, sound
from ..backends import Backend, Learned
from ..tables import checked
from ..train import embed


def judge(runs, backend, train, inputs, test, inputs_test, owners=()):
    """Score the test clips with each of several runs, by a backend fitted to its training clips.

    Shapes: R runs; tables of M training and N test clips with their ``inputs`` (M, ...) and
        ``inputs_test`` (N, ...); ``owners`` (C,) of the classes, for a backend that asks for
        centers, probabilities or the loss -> array (R, N).
    Raises: ValueError for no run, what is no backend, and as the backend does.
    Choices: the backend is fitted anew for each run, to each machine and section, and is told the
        domain of each training clip where it asks for it.
    Notebook: 08_subcluster_adacos
    """
    check_runs(runs)
    if not isinstance(backend, Backend):
        raise ValueError(
            f"backend is {given.told(backend)}: give a backend, such as GaussianMixture()"
        )
    train = checked(train, "machine", "section", *(["domain"] if backend.needs_domain else []))
    group, group_test = (sound.groups(clips).to_numpy() for clips in (train, test))
    domain, scores = train["domain"].to_numpy() if backend.needs_domain else None, []
    for run in runs:
        x, x_test = (embed(run.encoder, some).numpy() for some in (inputs, inputs_test))
        x = seen(backend, run.loss, x, lambda: claimed(owners, group))
        x_test = seen(backend, run.loss, x_test, lambda: claimed(owners, group_test))
        centers = getattr(run.loss, "centers", None)
        learned = Learned(None if centers is None else centers.detach().cpu().numpy(), owners)
        scores.append(backend.fit(x, group, domain, learned).score(x_test, group_test))
    return np.stack(scores)


def check_runs(runs):
    """Check runs over seeds.

    Raises: ValueError for what is no list of them, or an empty one.
    """
    if not isinstance(runs, list | tuple) or not all(hasattr(run, "encoder") for run in runs):
        raise ValueError(f"runs is {given.told(runs)}: give a list of what a training returned")
    if not runs:
        raise ValueError("runs is empty: give what a training returned, from one seed or more")


def finite(told, clips):
    """Check what a network tells of clips before a backend is fitted to it or judges it.

    Shapes: ``told`` (N, ...), a table of N clips -> the same tensor.
    Raises: ValueError that names the first recording of which it tells NaN or infinity.
    """
    broken = (~torch.isfinite(told.reshape(len(told), -1)).all(dim=1)).nonzero()
    if len(broken):
        raise ValueError(
            f"{clips['path'].iloc[int(broken[0])]} has no finite embedding ({len(broken)} such "
            f"clips of {len(told)}): its samples or the weights are beyond what can be computed, "
            "so leave the clip out or train again"
        )
    return told


@torch.no_grad()
def seen(backend, loss, x, claim):
    """What a backend judges: embeddings, the probabilities that the loss gives them, the loss
    itself at the claimed classes, or the probabilities and distances of roles.

    Shapes: ``x`` (N, D); ``claim()`` gives the classes (N,), where they are needed -> (N, D),
        (N, C), (N,) or (N, 2) on the CPU.
    """
    if backend.judges == "embeddings":
        return x
    tensors = itertools.chain(loss.parameters(), loss.buffers())
    weights = next(tensors, torch.empty(0))  # a loss of one's own may have no tensors
    device, x = weights.device, torch.as_tensor(x)
    x = x.to(device, weights.dtype if weights.is_floating_point() else x.dtype)
    if backend.judges == "probabilities":
        return loss.probabilities(x).cpu()
    if backend.judges == "roles":
        return loss.evidence(x).cpu()
    return loss.each(x, claim().to(device)).cpu().double()


def claimed(owners, group):
    """The class that each clip claims to be of, the first of those that its group owns.

    Shapes: ``owners`` (C,), ``group`` (N,) -> (N,).
    Raises: ValueError for a group that owns no class.
    """
    return losses.angles.owned(owners, group).int().argmax(dim=1)
