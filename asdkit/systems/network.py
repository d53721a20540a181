"""A network: front, encoder and loss in one module, and the backend that judges its embeddings."""

import numpy as np
import torch
from sklearn.base import clone
from torch import nn

from .. import backends, given, losses, train
from ..train.rows import first_rows, rows_of, some
from .front import Front
from .judge import claimed, seen
from .sizes import REFUSED, check_room

FOLDS = 5
LONGEST = 1e15  # of a number whose square float32 can hold
BLOCK = 64  # clips whose embeddings are in memory at a time where the backend sees less of them


class Network(nn.Module):
    """Front, encoder and loss of a system, and the backend fitted to them, for some groups.

    ``owners`` names the group (machine and section) of each class, or its machine where types are
    the classes; ``groups`` are those whose clips it scores; ``run`` holds its training where it was
    fitted in this session.

    Raises: ValueError, before any file is read, for parts that do not fit each other, heard on one
        silent clip.
    """

    def __init__(self, system, question_owners, groups, machines=(), counts=None, front=None):
        super().__init__()
        self.system, self.owners, self.groups = system, list(question_owners), list(groups)
        self.front = front or Front(system.front, system.seconds, machines)
        heard = first_rows(self.front.hears) if self.front.rows else self.front.hears
        self.encoder = self.loss = self.run = None
        self.standings = {}  # of a group, where its scores are fused with those of others
        if system.encoder is not None:
            self.encoder = system.encoder.build(**self._sizes(heard))
        x = self._silent_embedding(heard)
        self.dim = x.shape[1]
        if system.loss is not None:
            classes = max(len(self.owners), 1)
            counts = torch.ones(classes) if counts is None else counts
            self.loss = system.loss.build(dim=x.shape[1], classes=classes, counts=counts)
        self.backend = system.backend.build()

    def fit(self, inputs, y, *, start=None, **choices):
        """Train encoder and loss on what the front made of the training clips.

        Shapes: ``inputs`` (N, ...), or (N, R, ...) or ``Rows`` of several rows a clip; ``y`` (N,)
            -> self.
        """
        system = self.system
        if self.front.rows:
            y = y.repeat_interleave(rows_of(inputs))
            inputs = first_rows(inputs)
        sizes = {"batch_size": system.batch_size} if system.takes_batch_size else {}
        self.run = train.fit(
            self.encoder, self.loss, inputs, y, mixing=system.mixing and system.mixing.build(),
            batches=system.batches.build(), optimizer=system.optimizer.build(),
            schedule=system.schedule and system.schedule.build(), precision=system.precision,
            start=start, **sizes, **choices,
        )  # fmt: skip
        return self

    def embed(self, inputs):
        """Embeddings of what the front has made of clips; what it made itself where there is no
        encoder.

        Shapes: (N, ...) -> (N, D), or (N, R, D) of several rows a clip.
        """
        if self.encoder is None:
            return inputs.all() if isinstance(inputs, train.Rows) else inputs
        if not self.front.rows:
            return train.embed(self.encoder, inputs)
        count = rows_of(inputs)
        return train.embed(self.encoder, first_rows(inputs)).unflatten(0, (-1, count))

    def told(self, inputs, group):
        """What the backend judges of clips: their embeddings, or what the loss tells of these, for
        which no more than some embeddings are in memory at a time.

        Shapes: ``inputs`` of N clips, ``group`` (N,) -> (N, ...), or (N, R, ...) of several rows.
        """
        if self.backend.judges == "embeddings":
            return self.embed(inputs)
        group, whole = np.asarray(group), None
        for begin in range(0, len(group), BLOCK):
            block = slice(begin, begin + BLOCK)
            told = self._told(self.embed(some(inputs, block)), group[block])
            whole = told.new_empty(len(group), *told.shape[1:]) if whole is None else whole
            whole[block] = told
        return whole

    def fit_backend(self, x, group, domain=None):
        """Fit the backend to the embeddings of normal clips; the scores of each by a backend fitted
        without it.

        Shapes: ``x`` (N, D) or (N, R, D), ``group`` and ``domain`` (N,) -> array (N,).
        Choices: 5 folds by position within each group; a backend that judges clips by each other
            has all of them at once.
        """
        return self.fit_told(self._told(x, group), group, domain)

    def fit_told(self, x, group, domain=None):
        """As ``fit_backend``, of what ``told`` gives.

        Shapes: ``x`` (N, ...) or (N, R, ...), ``group`` and ``domain`` (N,) -> array (N,).
        """
        group = np.asarray(group)
        domain = np.asarray(domain) if self.backend.needs_domain else None
        if any(self.backend.together(name) for name in set(group)):
            self.backend = self._fitted(self.backend, x, group, domain)
            return self.judge_told(x, group)
        fold = np.empty(len(group), dtype=int)
        for name in np.unique(group):
            rows = np.flatnonzero(group == name)
            fold[rows] = np.arange(len(rows)) % min(FOLDS, len(rows))
        held_out = np.empty(len(group))
        for number in range(fold.max() + 1):
            out = fold == number
            known = None if domain is None else domain[~out]
            fitted = self._fitted(clone(self.backend), x[~out], group[~out], known)
            held_out[out] = self._judge(fitted, x[out], group[out])
        self.backend = self._fitted(self.backend, x, group, domain)
        return held_out

    def judge(self, x, group):
        """Anomaly scores of embeddings; the score of a clip of several rows is their mean.

        Shapes: ``x`` (N, D) or (N, R, D), ``group`` (N,) -> array (N,).
        """
        return self.judge_told(self._told(self._embeddings(x), group), group)

    def judge_told(self, x, group):
        """As ``judge``, of what ``told`` gives.

        Shapes: ``x`` (N, ...) or (N, R, ...), ``group`` (N,) -> array (N,).
        """
        return self._judge(self.backend, x, np.asarray(group))

    def angle(self, x, group):
        """Angle of each embedding to the nearest center of its own classes, in radians.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError where there are no centers of classes, and for x of another shape.
        """
        if not self.owners:
            raise ValueError(
                f"{self.system.name} has no classes, so there are no centers to measure angles to"
            )
        x = self._embeddings(x, rows=False)
        if x.abs().max() > LONGEST:
            x = torch.from_numpy(backends.groups.unit(x))
        x, centers = (some.cpu().to(self.loss.centers.dtype) for some in (x, self.loss.centers))
        return losses.own_angle(x, centers, self.owners, group)

    def learned(self):
        """What the loss has learned of the classes, for a backend that starts from it."""
        if not self.owners or self.system.task == "types":
            return None
        centers = getattr(self.loss, "centers", None)
        return backends.Learned(
            None if centers is None else centers.detach().cpu().numpy(), self.owners
        )

    def _fitted(self, backend, x, group, domain):
        return backend.fit(*self._rows(x, group, domain), self.learned())

    def check_several(self, groups):
        """Refuse one clip of a group whose backend judges clips by each other.

        Shapes: ``groups`` (N,).
        Raises: ValueError that names the group.
        """
        for name, count in zip(*np.unique(groups, return_counts=True)):
            if self.backend.together(name) and count == 1:
                raise ValueError(
                    f"there is one clip of {name}, and the backend {self.system.backend.name} "
                    "judges clips by each other: give several at once, or choose scale='train'"
                )

    def _judge(self, backend, x, group):
        self.check_several(group)
        x, names, _ = self._rows(x, group, None)
        return backend.score(x, names).reshape(len(group), -1).mean(axis=1)

    def _embeddings(self, x, rows=True):
        """Embeddings of this network as a tensor; ``rows`` whether a clip may have several."""
        found = given.array(x, "x")
        if found.ndim not in (2, 3)[: 1 + rows] or found.shape[-1] != self.dim or not found.size:
            raise ValueError(
                f"x has the shape {found.shape}: give embeddings (N, {self.dim}) of at least one "
                "clip, as this network makes them"
            )
        if torch.is_tensor(x) and x.is_floating_point():
            return x.detach()
        return torch.from_numpy(np.ascontiguousarray(found))

    def _rows(self, x, group, domain):
        """Each row of a clip as a row of its own."""
        if x.ndim < (2 if self.backend.judges == "losses" else 3):
            return x, group, domain
        several = x.shape[1]
        return (
            x.flatten(0, 1),
            np.repeat(group, several),
            None if domain is None else np.repeat(domain, several),
        )

    def _told(self, x, group):
        """What the backend judges of embeddings; that of each row where a clip has several."""
        if self.backend.judges == "embeddings":
            return x
        rows, names = (x.flatten(0, 1), np.repeat(group, x.shape[1])) if x.ndim > 2 else (x, group)
        told = seen(self.backend, self.loss, rows, lambda: self._claimed(names))
        return told.unflatten(0, (-1, x.shape[1])) if x.ndim > 2 else told

    def _claimed(self, group):
        """The class that each clip claims to be of; of roles, that of a normal one."""
        if self.owners:
            return claimed(self.owners, group)
        return torch.full((len(group),), losses.NORMAL if self.system.task == "roles" else 0)

    def _sizes(self, heard):
        bands = heard.shape[1] if torch.is_tensor(heard) else None
        return {"bands": bands, "seconds": self.front.seconds}

    @torch.no_grad()
    def _silent_embedding(self, heard):
        name = self.system.encoder.name if self.encoder is not None else self.system.backend.name
        fits = f"{name} does not fit the front, with seconds={self.front.seconds:g}"
        try:
            x = heard if self.encoder is None else self.encoder.eval()(heard)
        except REFUSED as error:
            check_room(self.system.encoder or self.system.backend, error)
            raise ValueError(f"{fits}: {error}") from error
        if not torch.is_tensor(x) or x.ndim != 2:
            shape = tuple(x.shape) if torch.is_tensor(x) else type(x).__name__
            raise ValueError(f"{fits}: an embedding is one vector a row, not {shape}")
        return x
