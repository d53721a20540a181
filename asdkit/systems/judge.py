"""The test scores of runs over seeds, by one backend, and what a backend judges."""

import itertools

import numpy as np
import torch

from .. import losses, sound
from ..backends import Learned
from ..tables import checked
from ..train import embed


def judge(runs, backend, train, inputs, test, inputs_test, owners=()):
    """Score the test clips with each of several runs, by a backend fitted to its training clips.

    Shapes: R runs; tables of M training and N test clips with their ``inputs`` (M, ...) and
        ``inputs_test`` (N, ...); ``owners`` (C,) of the classes, for a backend that asks for
        centers, probabilities or the loss -> array (R, N).
    Raises: ValueError as the backend does.
    Choices: the backend is fitted anew for each run, to each machine and section, and is told the
        domain of each training clip where it asks for it.
    Notebook: 08_subcluster_adacos
    """
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
    device = next(tensors, torch.empty(0)).device  # a loss of one's own may have no tensors
    x = torch.as_tensor(x).to(device)
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
