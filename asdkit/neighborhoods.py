"""Which embeddings are near each other in D dimensions, and how much of that a map keeps."""

import numpy as np
import sklearn.neighbors

from . import given
from .backends.groups import unit

FEWEST, MOST = 4, 50_000  # embeddings of a map
BLOCK = 2**22  # cosines in memory at once, 32 MB
ONE_DIRECTION = 1e-7  # a distance between unit vectors whose cosine float64 takes for 1


def directions(x):
    r"""Embeddings of a map brought to unit length in float64, $x / \|x\|$.

    Shapes: array or tensor (N, D) -> array (N, D).
    Raises: ValueError where x is not (N, D) of 4 to 50,000 rows and 2 or more columns, holds NaN or
        a row of zeros, or where all rows have one direction.
    Example:
        >>> from asdkit import neighborhoods
        >>> neighborhoods.directions([[3.0, 4.0], [0.0, 2.0], [-5.0, 0.0], [0.0, 1.0]])
        array([[ 0.6,  0.8], [ 0. ,  1. ], [-1. ,  0. ], [ 0. ,  1. ]])
    """
    x = given.array(x, "x")
    if x.ndim != 2 or x.shape[1] < 2:
        raise ValueError(f"embeddings are {x.shape}: pass (N, D), of at least two numbers a clip")
    if not FEWEST <= len(x) <= MOST:
        cure = "draw some, such as x[rng.permutation(len(x))[:5000]]"
        raise ValueError(
            f"a map takes from {FEWEST} to {MOST:,} embeddings, not {len(x):,}: "
            f"{'add clips' if len(x) < FEWEST else cure}"
        )
    zero = np.flatnonzero(~x.any(axis=1))
    if len(zero):
        raise ValueError(
            f"{len(zero)} of {len(x)} embeddings are zero and have no direction, the first is row "
            f"{zero[0]}: leave them out"
        )
    rows = unit(x)
    if np.linalg.norm(rows - rows[0], axis=1).max() < ONE_DIRECTION:
        raise ValueError(
            f"all {len(x)} embeddings have one direction: there are no neighbors to map, look for "
            "a collapsed training"
        )
    return rows


def nearest(x, k, among=None):
    r"""The k nearest other embeddings of each one by cosine distance, $1 - \cos(x_i, x_j)$.

    Shapes: ``x`` (N, D), ``among`` (N,) of bool, or row numbers: the embeddings that may be
        neighbors, all where it is None -> row numbers (N, k), distances (N, k), nearest first.
    Raises: ValueError as ``directions`` does, and where fewer than k others may be neighbors.
    Choices: an embedding is never its own neighbor; among equal ones the order is arbitrary.
    Example:
        >>> x = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [-1.0, 0.0]])
        >>> projection.nearest(x, 1)[0][:, 0], projection.nearest(x, 1, among=[2, 3])[0][:, 0]
        (array([1, 0, 1, 2]), array([2, 2, 3, 2]))
    """
    rows = directions(x)
    pool = np.arange(len(rows)) if among is None else chosen(among, len(rows), "among")
    found, distance = _around(rows, k, pool)
    return found, distance**2 / 2.0  # chords of the unit sphere


def agreement(x, xy, k=10):
    r"""How many of its k nearest on a map are among the k nearest in D dimensions, for each clip.

    $$A_i = \frac{|N_k^{xy}(i) \cap N_k^x(i)|}{k}$$

    Points placed without a look at x agree in $k / (N - 1)$ on average.

    Shapes: ``x`` (N, D), ``xy`` (N, 2) -> (N,) in [0, 1].
    Raises: ValueError as ``nearest`` does, and for a map that is not (N, 2) of finite numbers.
    Choices: cosine distance in D dimensions, Euclidean on the map.
    Example:
        >>> x = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
        >>> projection.agreement(x, xy=[[0, 0], [1, 0], [9, 0], [3, 0]], k=1)
        array([1., 1., 1., 0.])
    """
    return shared(nearest(x, k)[0], nearest_on_map(placed(xy, len(x)), k))


def trustworthiness(x, xy, k=10):
    r"""How near in D dimensions the k nearest on a map are, for each clip; 1 where they are the
    nearest, about 0.5 where chance placed the points.

    $$T_i = 1 - \frac{2}{k (2N - 3k - 1)} \sum_{j \in N_k^{xy}(i)} \max(0, r(i, j) - k)$$

    $r(i, j)$ is the rank of j among the neighbors of i in D dimensions, 1 for the nearest.

    Paper: Venna and Kaski (2001); the mean over all clips is scikit-learn's ``trustworthiness``.
    Shapes: ``x`` (N, D), ``xy`` (N, 2) -> (N,) in [0, 1].
    Raises: ValueError as ``agreement`` does, and where 2 k is not below N.
    Choices: equally near embeddings share the best of their ranks.
    Example:
        >>> x = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
        >>> projection.trustworthiness(x, xy=[[0, 0], [1, 0], [9, 0], [3, 0]], k=1)
        array([1. , 1. , 1. , 0.5])
    """
    rows = directions(x)
    return trust(rows, nearest_on_map(placed(xy, len(rows)), k))


def trust(rows, found):
    """Trustworthiness of unit vectors whose nearest on the map are known.

    Shapes: ``rows`` (N, D), ``found`` (N, k) row numbers -> (N,).
    Raises: ValueError where 2 k is not below N.
    """
    n, k = found.shape
    compared(k, n)
    penalty = np.empty(n)
    for at in range(0, n, max(1, BLOCK // n)):
        block = np.arange(at, min(n, at + max(1, BLOCK // n)))
        cosine = rows[block] @ rows.T  # (B, N)
        cosine[np.arange(len(block)), block] = -2.0  # below that of any other
        own = np.take_along_axis(cosine, found[block], axis=1)  # (B, k)
        rank = 1 + np.array([_above(row, values) for row, values in zip(cosine, own)])
        penalty[block] = np.maximum(0, rank - k).sum(axis=1)
    return 1.0 - 2.0 * penalty / (k * (2 * n - 3 * k - 1))


def compared(k, count):
    """How many neighbors of a map are compared: k, where it is None ten, or as many as are fewer
    than half of all embeddings.

    Raises: ValueError where 2 k is not below N.
    """
    k = min(10, (count - 1) // 2) if k is None else given.count(k, "k")
    if not 1 <= k < count / 2:
        raise ValueError(
            f"{k} neighbors of {count} embeddings cannot be compared, they are to be fewer than "
            f"half: pass k from 1 to {(count - 1) // 2}, or add clips"
        )
    return k


def shared(one, other):
    """The share of its neighbors that an embedding has in two lists.

    Shapes: two (N, k) of row numbers -> (N,) in [0, 1].
    Example:
        >>> from asdkit import neighborhoods
        >>> neighborhoods.shared(np.array([[1, 2]]), np.array([[2, 3]]))
        array([0.5])
    """
    return (one[:, :, None] == other[:, None, :]).any(axis=2).mean(axis=1)


def nearest_on_map(xy, k):
    """The k nearest other points of each one on a map.

    Shapes: ``xy`` (N, 2) -> row numbers (N, k), nearest first.
    Raises: ValueError where there are not more than k points.
    """
    return _around(xy, k, np.arange(len(xy)))[0]


def size(xy):
    """The size of a map: the root mean square distance of its points from their mean.

    Shapes: ``xy`` (N, 2) -> a number.
    """
    return np.sqrt(((xy - xy.mean(axis=0)) ** 2).sum(axis=1).mean())


def placed(xy, count):
    """A map as an array in float64, checked.

    Shapes: array or tensor (N, 2) -> (N, 2).
    Raises: ValueError for a map that is not (N, 2) of finite numbers.
    """
    xy = given.array(xy, "xy")
    if xy.shape != (count, 2):
        raise ValueError(
            f"xy has the shape {xy.shape}: give places ({count}, 2), one for each embedding"
        )
    return xy


def chosen(rows, count, name):
    """Row numbers of some embeddings, in rising order, each once.

    Shapes: row numbers (K,), or (N,) of bool -> (K,).
    Raises: ValueError for what is neither, and a row that is not there.
    """
    found = given.array(rows, name)
    if np.asarray(rows).dtype == bool and found.shape == (count,):
        return np.flatnonzero(found)
    whole = np.unique(found.astype(int))
    if (
        found.ndim != 1
        or not len(whole)
        or whole[0] < 0
        or whole[-1] >= count
        or (found % 1.0).any()
    ):
        raise ValueError(
            f"{name} holds no rows of {count} embeddings: give row numbers from 0 to {count - 1}, "
            f"or ({count},) of bool"
        )
    return whole


def _above(row, values):
    """Count how many of a row lie above each value, faster row by row than all at once."""
    return [np.count_nonzero(row > value) for value in values]


def _around(rows, k, pool):
    """Return the k nearest of ``pool`` by Euclidean distance without the row itself (N, k)."""
    k = given.count(k, "k")
    if k >= len(pool):
        raise ValueError(
            f"{k} neighbors were asked for among {len(pool)} embeddings: pass k from 1 to "
            f"{len(pool) - 1}"
        )
    search = sklearn.neighbors.NearestNeighbors(n_neighbors=k + 1).fit(rows[pool])
    distance, found = search.kneighbors(rows)
    found = pool[found]
    out = found == np.arange(len(rows))[:, None]
    out[~out.any(axis=1), -1] = True  # not of the pool, or hidden among equals: the last one goes
    return found[~out].reshape(-1, k), distance[~out].reshape(-1, k)
