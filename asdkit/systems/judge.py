"""The test scores of runs over seeds, by one backend."""

import numpy as np

from .. import sound
from ..backends import Learned
from ..train import embed


def judge(runs, backend, train, inputs, test, inputs_test, owners=()):
    """Score the test clips with each of several runs, by a backend fitted to its training clips.

    Shapes: R runs; tables of M training and N test clips with their ``inputs`` (M, ...) and
        ``inputs_test`` (N, ...); ``owners`` (C,) of the classes, for a backend that starts at the
        learned centers -> array (R, N).
    Raises: ValueError as the backend does.
    Choices: the backend is fitted anew for each run, to each machine and section, and is told the
        domain of each training clip where it asks for it.
    Notebook: 08_subcluster_adacos
    """
    group, group_test = (sound.groups(clips).to_numpy() for clips in (train, test))
    domain, scores = train["domain"].to_numpy() if backend.needs_domain else None, []
    for run in runs:
        x, x_test = (embed(run.encoder, some).numpy() for some in (inputs, inputs_test))
        centers = getattr(run.loss, "centers", None)
        learned = Learned(None if centers is None else centers.detach().cpu().numpy(), owners)
        scores.append(backend.fit(x, group, domain, learned).score(x_test, group_test))
    return np.stack(scores)
