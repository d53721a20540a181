"""Maps of embeddings, UMAP and PCA, cached, with the numbers that say how far to trust them."""

import contextlib
import hashlib
import importlib.metadata
import json
import warnings
from dataclasses import replace
from functools import lru_cache

import numpy as np
import scipy.linalg

from . import given, map_file, neighborhoods, runtime
from .held import held
from .maps import Map, check_maps
from .neighborhoods import MOST, agreement, nearest, trustworthiness

__all__ = [
    "MOST", "Map", "agreement", "changed", "fit_epochs", "fit_map", "nearest", "pca_epochs",
    "pca_map", "steps", "trustworthiness",
]  # fmt: skip
VERSION = 2  # of the files, whose names no older asdkit knows
SEEDS = 2**32
RATE = 0.1  # of UMAP, in units of its own, where it starts from another map


def fit_map(x, *, neighbors=15, min_dist=0.1, seed=0, k=None):
    """Map embeddings with UMAP, by cosine distance, once: the map is kept in ``runtime.cache()``.

    Paper: McInnes, Healy and Melville (2018), "UMAP".
    Shapes: ``x`` (N, D) -> Map.
    Raises: ValueError as ``nearest`` and ``trustworthiness`` do, for fewer than ``neighbors`` + 1
        embeddings, and for a ``min_dist`` outside 0 to 1; OSError where the cache cannot be
        written.
    Choices: ``neighbors`` are UMAP's, which count the point itself; ``k`` those that are compared,
        so that maps of other settings can be: ten, or as many as are fewer than half. The neighbors
        are exact. One seed gives one map on one machine, and may give another on another. A file of
        the cache that is damaged is made again, with a warning.
    Notebook: 14_embedding_explorer
    """
    return _fitted(x, None, neighbors, min_dist, seed, k)


def pca_map(x, *, basis=None, k=None):
    """Map embeddings on the two directions in which their unit vectors vary most.

    Shapes: ``x`` (N, D); ``basis`` (M, D), the embeddings whose mean and directions are taken,
        x itself where it is None -> Map.
    Raises: ValueError as ``nearest`` and ``trustworthiness`` do, or where x and basis differ in D.
    Choices: the largest number of each direction is positive, so that a map is not mirrored by
        chance. ``fit_map`` takes settings of UMAP beside these, which PCA does not have.
    Example:
        >>> x = [[1.0, 0.0, 0.0], [1.0, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.1]]
        >>> projection.pca_map(x, k=1).overall
        {'agreement': 1.0, 'chance': 0.3333333333333333, 'trustworthiness': 1.0}
    Notebook: 14_embedding_explorer
    """
    rows = neighborhoods.directions(x)
    others = rows if basis is None else neighborhoods.directions(basis)
    if others.shape[1] != rows.shape[1]:
        raise ValueError(
            f"embeddings of {rows.shape[1]} numbers cannot be drawn in a basis of "
            f"{others.shape[1]}: pass embeddings of one network"
        )
    middle = others.mean(axis=0)
    k = neighborhoods.compared(k, len(rows))
    _, vectors = np.linalg.eigh(np.cov(others - middle, rowvar=False))
    axes = vectors[:, :-3:-1]  # (D, 2), the largest variance first
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    return _judged(rows, ((rows - middle) @ axes).astype(np.float32), "PCA", k)


def fit_epochs(xs, *, neighbors=15, min_dist=0.1, seed=0, k=None):
    r"""Map the epochs of a training with UMAP: each epoch has its own neighbors, starts from the
    map of the epoch before, and is turned onto it.

    $$\min_{R^\top R = I} \| (X_t - \bar X_t) R - (X_{t-1} - \bar X_{t-1}) \|_F$$

    Shapes: ``xs``, an epoch -> (N, D) -> dict of an epoch -> Map, in order.
    Raises: ValueError as ``fit_map`` does, for no epoch, or epochs of other clips.
    Choices: from the second epoch on UMAP learns at a tenth of its rate; at all of it points move
        twice as far, and fewer neighbors stay. UMAP stretches where it starts to a square;
        Procrustes may turn, mirror and shift a map, not stretch it.
    Notebook: 14_embedding_explorer
    """
    maps, last = {}, None
    for epoch, x in _epochs(xs).items():
        own = _fitted(x, last, neighbors, min_dist, seed, k)
        maps[epoch] = last = own if last is None else _turned(own, last)
    return maps


def pca_epochs(xs, *, k=None):
    """Map the epochs of a training in the PCA basis of the last one.

    Shapes: ``xs``, an epoch -> (N, D) -> dict of an epoch -> Map, in order.
    Raises: ValueError as ``pca_map`` does, for no epoch, or epochs of other clips.
    Notebook: 14_embedding_explorer
    """
    xs = _epochs(xs)
    basis = xs[max(xs)]
    return {epoch: pca_map(x, basis=basis, k=k) for epoch, x in xs.items()}


def changed(before, after):
    """The share of its k nearest in D dimensions that a clip has exchanged between two maps.

    Shapes: two Maps of N points -> (N,) in [0, 1].
    Raises: ValueError for maps of other clips, or of another k.
    Notebook: 14_embedding_explorer
    """
    check_maps({"before": before, "after": after})
    if before.nearest.shape != after.nearest.shape:
        raise ValueError(
            f"maps with neighbors {before.nearest.shape} and {after.nearest.shape} do not "
            "compare: pass two maps of the same clips and the same k"
        )
    return 1.0 - neighborhoods.shared(before.nearest, after.nearest)


def steps(before, after):
    """How far each clip moves from one map to the next, in units of the later map's size, the root
    mean square distance of its points from their mean.

    Shapes: two Maps of N points -> (N,).
    Raises: ValueError for maps of other clips.
    Notebook: 14_embedding_explorer
    """
    check_maps({"before": before, "after": after})
    if len(before) != len(after):
        raise ValueError(
            f"a map of {len(before)} clips and one of {len(after)} do not compare: pass two maps "
            "of the same clips"
        )
    return np.linalg.norm(after.xy - before.xy, axis=1) / neighborhoods.size(after.xy)


def _fitted(x, last, neighbors, min_dist, seed, k):
    """Read a map of UMAP that starts from the one before, or fit it and write it."""
    rows = neighborhoods.directions(x)
    settings = _checked(len(rows), neighbors, min_dist, seed, k)
    start = None if last is None else last.xy
    path = runtime.cache() / "maps" / f"{_content(rows, start, settings)}.safetensors"
    known = map_file.read(path, len(rows), settings[3])
    if known is not None:
        return Map(*known)
    with held(f"{path}.lock", "this map", "call", wait=True):
        if known := map_file.read(path, len(rows), settings[3]):
            return Map(*known)  # of another process meanwhile
        way = "UMAP, {} neighbors, min_dist {:g}, seed {}".format(*settings)
        made = _judged(rows, _umap(rows, start, *settings[:3]), way, settings[3])
        map_file.write(path, made)
    return made


def _checked(count, neighbors, min_dist, seed, k):
    seed, neighbors = given.count(seed, "seed", 0), given.count(neighbors, "neighbors", 2)
    min_dist = given.number(min_dist, "min_dist", such_as=0.1)
    if seed >= SEEDS:
        raise ValueError(f"seed is {seed}: give a whole number below {SEEDS}")
    if neighbors >= count:
        raise ValueError(
            f"{count} embeddings do not do for UMAP with {neighbors} neighbors: pass neighbors "
            f"from 2 to {count - 1}, or add clips"
        )
    if not 0.0 <= min_dist <= 1.0:
        raise ValueError(f"min_dist is a distance from 0 to 1, UMAP's spread, not {min_dist}")
    return neighbors, min_dist, seed, neighborhoods.compared(k, count)


def _content(rows, start, settings):
    """Return a name for what a map is made of."""
    told = json.dumps(
        [VERSION, importlib.metadata.version("umap-learn"), RATE, rows.shape, settings]
    )
    parts = [told.encode(), rows.tobytes(), b"" if start is None else start.tobytes()]
    return hashlib.sha256(b"|".join(parts)).hexdigest()[:32]


def _umap(rows, start, neighbors, min_dist, seed):
    """Return the places that UMAP gives (N, 2)."""
    found, distance = nearest(rows, neighbors - 1)
    own = np.arange(len(rows))[:, None]  # UMAP counts a point as its own first neighbor
    found, distance = np.hstack([own, found]), np.hstack([0.0 * own, distance])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its imports, of n_jobs, of a missing search index
        import umap

        _keep_compiled()
        return umap.UMAP(
            n_neighbors=neighbors, min_dist=min_dist, metric="cosine", random_state=seed,
            n_jobs=1, precomputed_knn=(found, distance.astype(np.float32)),
            disconnection_distance=np.inf, init="spectral" if start is None else start,
            learning_rate=1.0 if start is None else RATE,
        ).fit_transform(rows.astype(np.float32))  # fmt: skip


@lru_cache(maxsize=1)
def _keep_compiled():
    """Let numba keep what UMAP compiles anew in each process, eight of the ten seconds that a first
    map takes.
    """
    from umap import umap_

    with contextlib.suppress(AttributeError, RuntimeError):  # another UMAP, or no place to write to
        umap_.smooth_knn_dist.enable_caching()
        umap_.compute_membership_strengths.enable_caching()


def _judged(rows, xy, way, k):
    """Return the map with its numbers."""
    near, found = nearest(rows, k)[0], neighborhoods.nearest_on_map(xy.astype(np.float64), k)
    return Map(xy, near, neighborhoods.shared(near, found), neighborhoods.trust(rows, found), way)


def _turned(own, onto):
    """Return a map shifted and turned onto another one."""
    middle, place = own.xy.mean(axis=0), onto.xy.mean(axis=0)
    turn, _ = scipy.linalg.orthogonal_procrustes(own.xy - middle, onto.xy - place)
    return replace(own, xy=((own.xy - middle) @ turn + place).astype(np.float32))


def _epochs(xs):
    """Return the embeddings of all epochs in order, checked."""
    if not isinstance(xs, dict):
        raise ValueError(f"xs is {given.told(xs)}: give a dict of an epoch and its embeddings")
    xs = {given.count(epoch, "an epoch", 0): given.array(x, "x") for epoch, x in xs.items()}
    counts = {epoch: x.shape for epoch, x in xs.items()}
    if len(set(counts.values())) != 1:
        told = ", ".join(f"{epoch}: {shape}" for epoch, shape in counts.items()) or "none"
        raise ValueError(f"epochs are the same clips and dimensions, (N, D) each, not {told}")
    return dict(sorted(xs.items()))
