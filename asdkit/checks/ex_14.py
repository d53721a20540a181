"""Checks of notebook 14 on numbers of a map: the agreement of groups alone, continuity, and who
lies among strangers.
"""

import numpy as np
import scipy

from .verdict import examine

_BY_GROUP = [
    ("this is the chance over all clips, k / (N - 1): a map that knows the groups looks for the "
     "neighbors among the M - 1 others of the own group.",
     lambda m, k: k / (m.sum() - 1)),
    ("a group of M has M clips, and each has M - 1 others: a clip is not its own neighbor.",
     lambda m, k: k * len(m) / m.sum()),
    ("every group counts alike here: a large group has more clips, so weight by size.",
     lambda m, k: np.mean(k / (m - 1))),
    ("every group counts alike here, and a clip is its own neighbor: weight by size, and divide "
     "by M - 1.",
     lambda m, k: np.mean(k / m)),
    ("this takes all groups for equally large, N / G clips: average over the clips instead.",
     lambda m, k: k / (m.mean() - 1)),
    ("this takes all groups for equally large, and a clip for its own neighbor: average over the "
     "clips, and divide by M - 1.",
     lambda m, k: k / m.mean()),
    ("these are the values of the groups: one number is wanted, the mean over all clips.",
     lambda m, k: k / (m - 1)),
    ("k is missing: that is the chance of one neighbor.",
     lambda m, k: len(m) and (m / (m - 1)).sum() / m.sum()),
    ("this is how many neighbors agree on average: divide by k for their share.",
     lambda m, k: k * _by_group(m, k)),
    ("this is the share that is lost: 1 minus it agrees.",
     lambda m, k: 1 - _by_group(m, k)),
]  # fmt: skip
_CONTINUITY = [
    ("this is the trustworthiness: it takes the k nearest on the map and their ranks in D "
     "dimensions. Continuity takes the k nearest in D dimensions and their ranks on the map.",
     lambda x, xy, k: _continuity(xy, x, k)),
    ("this sums down a column, over the clips that have i as a neighbor: sum along a row, axis=1.",
     lambda x, xy, k: _continuity(x, xy, k, axis=0)),
    ("only ranks below k count here: the k-th neighbor has the rank k, and counts too.",
     lambda x, xy, k: _penalty(x, xy, k, (x > 0) & (x < k))),
    ("neighbors that the map keeps are rewarded here: their rank minus k is negative, take "
     "max(0, ...).",
     lambda x, xy, k: 1 - _factor(x, k) * np.where(_near(x, k), xy - k, 0).sum(axis=1)),
    ("a lost neighbor costs its rank on the map minus k: here k is not taken off.",
     lambda x, xy, k: 1 - _factor(x, k) * np.where(_near(x, k) & (xy > k), xy, 0).sum(axis=1)),
    ("the factor 2 is missing: without it the worst map has 0.5, not 0.",
     lambda x, xy, k: (1 + _continuity(x, xy, k)) / 2),
    ("this is the penalty, from 0 to 1: continuity is 1 minus it.",
     lambda x, xy, k: 1 - _continuity(x, xy, k)),
    ("the penalty is divided by N too: that belongs to the mean over all clips.",
     lambda x, xy, k: 1 - (1 - _continuity(x, xy, k)) / len(x)),
    ("this is the mean over all clips: return one value a clip.",
     lambda x, xy, k: _continuity(x, xy, k).mean()),
    ("this is the neighbor agreement: continuity asks how far a lost neighbor has gone.",
     lambda x, xy, k: (_near(x, k) & _near(xy, k)).sum(axis=1) / k),
    ("all pairs count here: only the k nearest in D dimensions do.",
     lambda x, xy, k: _penalty(x, xy, k, x > 0)),
    ("k is missing in the factor: it is 2 / (k (2 N - 3 k - 1)).",
     lambda x, xy, k: 1 - k * (1 - _continuity(x, xy, k))),
    ("the penalty is not scaled: multiply by 2 / (k (2 N - 3 k - 1)).",
     lambda x, xy, k: 1 - (1 - _continuity(x, xy, k)) / _factor(x, k)),
]  # fmt: skip

_STRANGERS = [
    ("a clip is its own nearest here: leave it out, and take k others.",
     lambda xy, g, y, k: _share(_near_on(xy, k, own=True), g, y)),
    ("clips of the own machine count here too: a stranger is of another one.",
     lambda xy, g, y, k: (y[_near_on(xy, k)] == 0).mean(axis=1)),
    ("anomalies of other machines count here too: a stranger is normal, label 0.",
     lambda xy, g, y, k: (g[_near_on(xy, k)] != g[:, None]).mean(axis=1)),
    ("these are the anomalies of other machines: a stranger is normal, label 0.",
     lambda xy, g, y, k: _share(_near_on(xy, k), g, 1 - y)),
    ("these are the normal clips of the own machine: a stranger is of another one.",
     lambda xy, g, y, k: ((g[_near_on(xy, k)] == g[:, None]) & (y[_near_on(xy, k)] == 0)).mean(1)),
    ("this asks for the label of the clip itself: ask for that of its neighbors.",
     lambda xy, g, y, k: ((g[_near_on(xy, k)] != g[:, None]) & (y[:, None] == 0)).mean(axis=1)),
    ("these are the farthest clips: sort by distance and take the first k.",
     lambda xy, g, y, k: _share((-_apart(xy)).argsort(axis=1)[:, :k], g, y)),
    ("this is their number: divide by k for their share.",
     lambda xy, g, y, k: k * _strangers(xy, g, y, k)),
    ("this is the mean over all clips: return one value a clip.",
     lambda xy, g, y, k: _strangers(xy, g, y, k).mean()),
    ("all clips count here: only the k nearest on the map do.",
     lambda xy, g, y, k: ((g != g[:, None]) & (y == 0)).mean(axis=1)),
]  # fmt: skip


def ex_14_1(group_chance):
    r"""Check ``group_chance(sizes, k)``, the agreement of a map that knows only groups.

    $\frac1N \sum_g M_g \frac{k}{M_g - 1}$

    Shapes: a function of the ``sizes`` (G,) of the groups, all above k, and k -> a number.
    Example:
        >>> checks.ex_14_1(lambda sizes, k: k / (sizes.sum() - 1))
        ✗ Exercise 14.1: this is the chance over all clips, k / (N - 1): a map that knows ...
    Notebook: 14_embedding_explorer
    """
    return examine(
        "14.1", group_chance, _by_group,
        [(np.array([5, 9]), 2), (np.array([84] * 12), 10), (np.array([12, 30, 61, 11]), 7)],
        right="12 groups of 84 clips give 12 % for k = 10, where chance over all 1008 gives 1 %.",
        mistakes=_BY_GROUP,
    )  # fmt: skip


def ex_14_2(continuity):
    r"""Check ``continuity(rank_x, rank_xy, k)``, how near on the map the nearest in D dimensions
    stay, for each clip.

    $1 - \frac{2}{k (2N - 3k - 1)} \sum_{j \in N_k^x(i)} \max(0, r^{xy}(i, j) - k)$

    Paper: Venna and Kaski (2001).
    Shapes: a function of ``rank_x`` and ``rank_xy`` (N, N), row i the ranks of all clips among the
        neighbors of i, 0 for i itself, and k -> (N,).
    Notebook: 14_embedding_explorer
    """
    return examine(
        "14.2", continuity, _continuity,
        [(*_ranks(seed, n), k) for seed, (n, k) in enumerate([(5, 2), (12, 3), (30, 10)])],
        right="A torn cluster lowers continuity, a false neighbor trustworthiness: read both.",
        mistakes=_CONTINUITY,
    )  # fmt: skip


def ex_14_5(strangers):
    """Check ``strangers(xy, group, label, k)``, the share of the k nearest of each clip on a map
    that are normal clips of another machine.

    Shapes: a function of ``xy`` (N, 2), ``group`` (N,), ``label`` (N,) and k -> (N,).
    Notebook: 14_embedding_explorer
    """
    return examine(
        "14.5", strangers, _strangers,
        [(*_islands(seed, n), k) for seed, (n, k) in enumerate([(6, 2), (14, 3), (40, 10)])],
        right="An anomaly among strangers sounds to the network like their machine, not like none.",
        mistakes=_STRANGERS,
    )  # fmt: skip


def _by_group(sizes, k):
    return (sizes * k / (sizes - 1)).sum() / sizes.sum()


def _near(rank, k):
    return (rank > 0) & (rank <= k)


def _factor(rank, k):
    return 2 / (k * (2 * len(rank) - 3 * k - 1))


def _penalty(rank_x, rank_xy, k, counted, axis=1):
    lost = np.where(counted, np.maximum(0, rank_xy - k), 0)
    return 1 - _factor(rank_x, k) * lost.sum(axis=axis)


def _continuity(rank_x, rank_xy, k, axis=1):
    return _penalty(rank_x, rank_xy, k, _near(rank_x, k), axis)


def _ranks(seed, n):
    """Make the ranks of neighbors of points in 6 dimensions, and of a part of them."""
    x = np.random.default_rng(seed).normal(size=(n, 6))
    for some in (x, x[:, :2]):
        gap = np.linalg.norm(some[:, None] - some[None], axis=2)
        yield gap.argsort(axis=1).argsort(axis=1)


def _apart(xy, own=0.0):
    """Distances on the map; a clip is ``own`` away from itself."""
    gap = scipy.spatial.distance.cdist(xy, xy)
    np.fill_diagonal(gap, own)
    return gap


def _near_on(xy, k, own=False):
    return _apart(xy, 0.0 if own else np.inf).argsort(axis=1)[:, :k]


def _share(near, group, label):
    return ((group[near] != group[:, None]) & (label[near] == 0)).mean(axis=1)


def _strangers(xy, group, label, k):
    return _share(_near_on(xy, k), group, label)


def _islands(seed, n):
    """Make places of three machines that overlap, a third of their clips anomalous."""
    rng = np.random.default_rng(seed)
    group, label = np.arange(n) % 3, (rng.permutation(n) % 3 == 0).astype(int)
    return rng.normal(size=(n, 2)) + group[:, None], group, label
