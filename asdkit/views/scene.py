"""What a network says of the clips at one moment of its training, and such moments in order."""

from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real

import numpy as np

from .. import given, neighborhoods, projection
from ..figures.style import finite
from ..plain import sendable
from .scatter import places

MOVERS = 5  # clips in the list of those that moved most


@dataclass(frozen=True, eq=False)
class Scene:
    """What one network says of the clips at one moment of its training.

    Shapes: ``map``, a ``projection.Map`` of N points, or places (N, 2); ``x`` (N, D) embeddings;
        ``score`` (N,); ``angle`` (N,) to the own center, in radians; ``cluster`` (N,), a number or
        word of the nearest sub-cluster; ``threshold``, the median of the score where it is None.
    Choices: a ``Map`` brings the neighbors in D dimensions, so what a map keeps of them, and how
        many change from one epoch to the next, is known with it and not with places alone.
    Notebook: 14_embedding_explorer
    """

    map: object
    x: object = None
    score: object = None
    angle: object = None
    cluster: object = None
    threshold: float | None = None

    @cached_property
    def xy(self):
        """The places on the map (N, 2)."""
        return given.array(getattr(self.map, "xy", self.map), "xy")

    @cached_property
    def unit(self):
        """The embeddings at unit length (N, D), or None."""
        if self.x is None:
            return None
        x = given.rows(self.x)
        return (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)).astype(np.float32)

    @property
    def kept(self):
        """The share of its neighbors in D dimensions that the map keeps of each clip, or None."""
        return getattr(self.map, "agreement", None)

    @property
    def bound(self):
        """What the threshold is called: "median" where it is that of the score."""
        score = None if self.score is None else given.array(self.score, "score")
        median = score is not None and self.threshold == float(np.median(score))
        return "median" if median else "threshold"

    def checked(self, count):
        """Return this scene with arrays of N numbers.

        Raises: ValueError where lengths differ, or a number is not finite.
        """
        numbers = {
            name: None if values is None else finite(values, name)
            for name, values in (("score", self.score), ("angle", self.angle))
        }
        words = (
            None if self.cluster is None else [sendable(value) for value in _listed(self.cluster)]
        )
        own = replace(self, cluster=words, **numbers)
        for name, values in (("places", places(own.xy)[0]), ("scores", own.score),
                             ("angles", own.angle), ("sub-clusters", words),
                             ("embeddings", own.unit)):  # fmt: skip
            if values is not None and len(values) != count:
                raise ValueError(
                    f"there are {len(values)} {name} for {count} clips: pass one a clip"
                )
        if own.score is not None and own.threshold is None:
            return replace(own, threshold=float(np.median(own.score)))
        return own

    def changed(self, before):
        """The share of its neighbors in D dimensions that each clip has exchanged since a scene,
        or None where it is not known.
        """
        if not (isinstance(self.map, projection.Map) and isinstance(before.map, projection.Map)):
            return None
        return projection.changed(before.map, self.map) if before.map.k == self.map.k else None

    def moved(self, before):
        """Return the rows that moved most since a scene, with their steps, as
        ``projection.steps``.
        """
        size = max(neighborhoods.size(self.xy), 1e-12)
        step = np.linalg.norm(self.xy - before.xy, axis=1) / size
        most = np.argsort(-step, kind="stable")[:MOVERS]
        return [[int(row), round(float(step[row]), 4)] for row in most if step[row] > 0]


class Scenes:
    """Scenes of one or more losses, epoch by epoch: ``losses``, ``epochs`` of each, and ``all``.

    Shapes: ``scenes``, a loss -> an epoch -> Scene, or an epoch -> Scene; ``count`` clips.
    Raises: ValueError where there are none, an epoch is no number, or as ``Scene.checked`` does,
        with loss and epoch.
    """

    def __init__(self, scenes, count):
        if not scenes:
            raise ValueError("there is no scene: pass {loss: {epoch: Scene}}, or {epoch: Scene}")
        if all(isinstance(own, Scene) for own in scenes.values()):
            scenes = {"": scenes}
        self.losses, self.epochs, self.all = [sendable(loss) for loss in scenes], [], []
        for loss, own in scenes.items():
            if not own or not all(isinstance(epoch, Real) for epoch in own):
                raise ValueError(f"{loss or 'the training'} has epochs {list(own)}: pass numbers")
            self.epochs.append(np.array(sorted(own)).tolist())
            for epoch in sorted(own):
                one = not loss and len(own) == 1
                where = "" if one else ", ".join(filter(None, [str(loss), f"epoch {epoch}"]))
                self.all.append(_checked(own[epoch], count, where))
        self.starts = np.cumsum([0, *(len(own) for own in self.epochs)]).tolist()

    def number(self, loss, epoch):
        """Return the place in ``all`` of the ``epoch``-th epoch of the ``loss``-th loss."""
        return self.starts[loss] + epoch

    def place(self, loss=None, epoch=None, now=(0, 0)):
        """Return the place (loss, epoch) of names; what is not given stays, or comes next to it.

        Raises: ValueError for a loss or an epoch that is not there.
        """
        own = now[0] if loss is None else _found(self.losses, loss, "loss")
        if epoch is not None:
            return own, _found(self.epochs[own], epoch, "epoch")
        was = self.epochs[now[0]][now[1]]
        return own, int(np.abs(np.array(self.epochs[own], dtype=float) - was).argmin())

    def before(self, number):
        """Return the scene of the epoch before, or None."""
        return None if number in self.starts else self.all[number - 1]

    def told(self, loss, epoch):
        """Return loss and epoch as words, none where there is one scene alone."""
        name, epochs = self.losses[loss], self.epochs[loss]
        told = f"epoch {epochs[epoch]}" if len(self.all) > 1 else ""
        return ", ".join(filter(None, [name, told]))


def _checked(scene, count, where):
    """Return a scene that was checked; what is wrong is said with its loss and epoch."""
    if not isinstance(scene, Scene):
        raise ValueError(f"{where} is of type {type(scene).__name__}: pass a views.Scene")
    try:
        return scene.checked(count)
    except ValueError as error:
        raise ValueError(f"{where}: {error}" if where else str(error)) from error


def _found(offered, value, kind):
    if value not in offered:
        raise ValueError(f"{kind} cannot be {value!r}: give one of {', '.join(map(str, offered))}")
    return offered.index(value)


def _listed(values):
    return values.tolist() if hasattr(values, "tolist") else list(values)
