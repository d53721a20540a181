"""A training on the sphere, epoch by epoch: where clips go, and to which sub-clusters."""

import numpy as np

from .cluster_use import cluster_counts
from .sphere import sphere


def snapshot_state(snapshots, y, epoch):
    """Count, after an epoch, clips in their own cone and sub-clusters in use; take the median
    angle.

    Shapes: ``snapshots``, a dict of an epoch -> (x (N, D), centers (C, S, D)); ``y`` (N,) class
        indices -> dict with the counts ``own`` and ``clips``, ``used`` (C,) and the median
        ``angle`` to the nearest own one in degrees.
    Raises: ValueError for an epoch without a snapshot, or what ``cluster_counts`` refuses.
    Choices: a clip lies in its own cone where the nearest of all sub-clusters is one of its class.
        A sub-cluster is in use where it is the nearest of its class to at least one clip of the
        class.
    Example:
        >>> centers = np.eye(3)[:2, None]  # two classes of one center each
        >>> snapshots = {5: ([[1, 0, 0], [1, 1, 0.1]], centers)}
        >>> figures.snapshot_state(snapshots, y=[0, 0], epoch=5)["used"]
        array([1, 0])
    Notebook: 08_subcluster_adacos
    """
    _, _, cosine = _measured(snapshots, epoch)
    y = np.asarray(y)
    used = (cluster_counts(cosine, y) > 0).sum(axis=1)
    nearest = cosine.max(axis=2)  # (N, C)
    angle = np.degrees(np.arccos(np.clip(nearest[np.arange(len(y)), y], -1, 1)))
    own = int((nearest.argmax(axis=1) == y).sum())
    return {
        "epoch": epoch,
        "clips": len(y),
        "own": own,
        "used": used,
        "angle": float(np.median(angle)),
    }


def snapshot_figure(snapshots, y, epoch, names=None, turn=30):
    """Draw the clips of an epoch and all sub-clusters on the sphere, those in use with a ring.

    Shapes: as ``snapshot_state`` takes them, with D = 3; ``names`` (C,) of the classes, ``turn`` of
        the eye in degrees.
    Raises: ValueError as ``snapshot_state`` and ``sphere`` do.
    Notebook: 08_subcluster_adacos
    """
    x, centers, cosine = _measured(snapshots, epoch)
    used = cluster_counts(cosine, y) > 0
    title = f"Epoch {epoch}: {used.sum()} of {used.size} sub-clusters in use, ringed"
    return sphere(x, y, centers, names=names, title=title, view=(20, turn), ringed=used)


def _measured(snapshots, epoch):
    """Return x (N, D) and centers (C, S, D) of an epoch, of unit length, and their cosines (N, C,
    S).
    """
    if epoch not in snapshots:
        raise ValueError(
            f"there is no snapshot of epoch {epoch}: choose one of {', '.join(map(str, snapshots))}"
        )
    x, centers = (_unit(part) for part in snapshots[epoch])
    return x, centers, np.tensordot(x, centers, axes=(1, 2))


def _unit(rows):
    rows = np.asarray(rows, dtype=float)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)
