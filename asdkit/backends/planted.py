"""Embeddings planted on a sphere, where one machine is round and another a streak."""

from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score

from .. import given
from .groups import unit

SHAPES = {  # two widths of the normal clips, and how far aside the faulty ones lie
    "round": ((0.2, 0.2), 0.7),
    "streak": ((0.5, 0.05), 0.3),
}
FAULTY = (0.1, 0.03)  # the widths of the faulty clips
TURN = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2.0)  # by 45 degrees: no axis follows a streak


class Planted(NamedTuple):
    """Embeddings of two machines, round and streak: those to fit a backend to, and those to score.

    Shapes: ``x`` (N, 3) with ``group`` (N,); ``x_test`` (M, 3) with ``group_test`` and ``label``
        (M,).
    """

    x: np.ndarray
    group: np.ndarray
    x_test: np.ndarray
    group_test: np.ndarray
    label: np.ndarray

    def of(self, machine):
        """What is known of one machine: embeddings to fit to, embeddings to score, their labels.

        Shapes: -> (n, 3), (m, 3), (m,).
        Raises: ValueError for a machine that was not planted.
        """
        given.choice(machine, "machine", SHAPES)
        asked = self.group_test == machine
        return self.x[self.group == machine], self.x_test[asked], self.label[asked]

    def auc(self, backend):
        """Fit a backend to both machines, and measure it on each.

        Shapes: -> dict of a machine's name -> AUC.
        """
        score = backend.fit(self.x, self.group).score(self.x_test, self.group_test)
        areas = {}
        for machine in SHAPES:
            own = self.group_test == machine
            areas[machine] = float(roc_auc_score(self.label[own], score[own]))
        return areas


def planted(seed=0, faulty=0):
    """Draw two machines on the sphere: one scatters alike in all directions, one along a line.

    Of each there are 100 clips to fit to, and 60 normal and 30 faulty ones to score. Faulty clips
    lie aside, for the streak across its line.

    Paper: [SCA] Fig. 1, which shows such a case on the plane.
    Shapes: ``faulty``, how many of the 100 clips to fit to are faulty ones -> Planted.
    Raises: ValueError where more than 100 are to be faulty.
    Example:
        >>> backends.planted.planted(seed=0).x.shape
        (200, 3)
    Notebook: 12_backends
    """
    if given.count(faulty, "faulty", 0) > 100:
        raise ValueError(f"faulty is {faulty}: give 0 to 100 of the 100 clips to fit to")
    faulty, seed = int(faulty), given.count(seed, "seed", 0)
    rng, known, new = np.random.default_rng(seed), [], []
    for machine in SHAPES:
        known += [_around(machine, 100 - faulty, rng), _around(machine, faulty, rng, True)]
        new += [_around(machine, 60, rng), _around(machine, 30, rng, True)]
    x, x_test = np.concatenate(known), np.concatenate(new)
    return Planted(
        x, np.repeat(list(SHAPES), 100), x_test, np.repeat(list(SHAPES), 90),
        np.tile(np.repeat([0, 1], [60, 30]), len(SHAPES)),
    )  # fmt: skip


def _around(machine, count, rng, fault=False):
    """Unit vectors (count, 3) around the axis of a machine, the first or the second."""
    widths, aside = SHAPES[machine]
    flat = rng.normal(size=(count, 2)) * (FAULTY if fault else widths) + [0.0, aside * fault]
    plane = np.concatenate([np.ones((count, 1)), flat @ TURN], axis=1)  # it touches the sphere
    if not count:
        return plane
    return unit(np.roll(plane, list(SHAPES).index(machine), axis=1))
