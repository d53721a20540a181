"""Why a clip scores as it does: it is scored again with parts of its nearest normal clips in it."""

import numpy as np
import torch

from . import features, given, given_tensors, sound
from .exchanges import Explanation, Part, exchange, explain, samples
from .systems import Detector, hear
from .systems.fusion import fused
from .tables import checked

__all__ = ["Explainer", "Explanation", "Part", "exchange", "explain", "scorer"]
QUIET = 1e-12


class Explainer:
    """Explains clips for a fitted detector by the normal clips that it was trained on.

    Shapes: ``normal`` a table of N clips; ``k`` how many of the nearest are exchanged in turn.
    Raises: ValueError for networks that hear clips of several lengths, and settings that cannot be.
    Choices: a neighbor is brought to the level of the clip where the front of the detector removes
        levels, since no one hears them there; elsewhere it stays as it is. One neighbor is the one
        that is shown and heard; worths by two agree better with those by two others
        (``data/traces/explanations.csv``), and take twice as long. Other settings are those of
        ``explain``.
    Notebook: 14_embedding_explorer
    """

    def __init__(self, detector, normal, *, k=1, bands=8, span=0.5):
        _check_detector(detector)
        normal = checked(normal, "path", "machine", "section")
        self.detector, self.normal = detector, normal.reset_index(drop=True)
        given.number(span, "span", 1e-3, such_as=0.5)
        self.settings = {"bands": given.count(bands, "bands"), "span": span}
        self.k = given.count(k, "k")
        self.group = sound.groups(self.normal).to_numpy()
        seconds = {network.front.seconds for network in detector.networks}
        if len(seconds) > 1:
            raise ValueError(f"networks hear clips of {sorted(seconds)} s: explain them one by one")
        self.seconds = seconds.pop()
        self.levels = not any(
            part.make is features.normalize_level
            for network in detector.networks
            for part in network.front.parts
        )
        self.x = {}  # of a network and a group: embeddings of its normal clips

    def explain(self, clip):
        """Explain the score of one clip.

        Shapes: a table of one clip -> Explanation.
        Raises: ValueError for another number of clips, and as ``sound.load`` does.
        """
        clip = checked(clip, "path", "machine", "section")
        if len(clip) != 1:
            raise ValueError(f"{len(clip)} clips were given: explain one, such as clips.iloc[[3]]")
        wave, group = sound.load(clip, self.seconds)[0], sound.groups(clip).iloc[0]
        return self.explain_wave(wave, group, but=clip["path"].iloc[0])

    def explain_wave(self, wave, group, but=None):
        """Explain the score of a wave of a machine and section.

        Shapes: ``wave`` (T,), ``but`` the path of a normal clip that is no neighbor -> Explanation.
        Raises: ValueError as ``scorer``, ``nearest`` and ``explain`` do.
        """
        neighbors = self.neighbors(wave, group, self.k, but)
        threshold = self.detector.thresholds.get(group)
        score = scorer(self.detector, group)
        return explain(score, wave, neighbors, threshold=threshold, **self.settings)

    def neighbors(self, wave, group, k, but=None):
        """The k nearest normal clips of a wave, at its level where levels are removed.

        Shapes: ``wave`` (T,) -> (k, T).
        Raises: ValueError as ``nearest`` does.
        """
        wave = _wave(wave)
        rows = self.nearest(wave, group, k, but)
        waves = sound.load(self.normal.iloc[rows], self.seconds)
        if self.levels:
            return waves
        return waves * (_rms(wave) / _rms(waves).clamp_min(QUIET))[:, None]

    def nearest(self, wave, group, k, but=None):
        """Which normal clips of a machine and section are nearest to a wave.

        Shapes: ``wave`` (T,) -> (k,) rows of ``normal``, nearest first.
        Raises: ValueError for a group that the detector does not know, or of fewer than k clips.
        Choices: nearest by cosine distance in D dimensions; of several networks by its mean, and of
            several rows a clip by the mean embedding.
        """
        wave, networks = _wave(wave), _networks(self.detector, group)
        k = given.count(k, "k")
        rows = np.flatnonzero(self.group == group)
        mine = (self.normal["path"].iloc[rows] != but).to_numpy()
        if k > mine.sum():
            raise ValueError(
                f"{k} neighbors were asked for among {mine.sum()} normal clips: ask for fewer"
            )
        inputs = _inputs(networks, wave[None].to(self.detector.device), group)
        found = [_unit(network.embed(x))[0] for network, x in zip(networks, inputs)]
        own = [self._embedded(network, group) for network in networks]
        cosine = np.mean([known @ x for known, x in zip(own, found)], axis=0)  # (N,)
        return rows[mine][np.argsort(-cosine[mine], kind="stable")[:k]]

    def _embedded(self, network, group):
        """Return the embeddings of the normal clips of a group by a network, made once."""
        key = id(network), group
        if key not in self.x:
            clips = self.normal[self.group == group]
            x = network.front.prepare(
                hear(clips, network.front, self.detector.device).x, clips["machine"],
                self.detector.device, later=True,
            )  # fmt: skip
            self.x[key] = _unit(network.embed(x))
        return self.x[key]


def scorer(detector, group):
    """A function from waves of a machine and section to the scores of a detector.

    Shapes: -> a function of (N, T) -> (N,).
    Raises: ValueError for a group that the detector does not know, or where its backend judges
        clips by each other, so that a clip has no score of its own.
    """
    networks = _networks(detector, group)
    if any(network.backend.together(group) for network in networks):
        raise ValueError(
            f"the backend {detector.system.backend.name} judges clips by each other: a clip has no "
            "score of its own to explain"
        )

    def score(waves):
        given_tensors.clips(waves, "waves")
        if waves.ndim != 2:
            raise ValueError(f"waves has the shape {tuple(waves.shape)}: give waves (N, T)")
        waves = waves.float()
        names = [group] * len(waves)
        inputs = _inputs(networks, waves.to(detector.device), group)
        told = [network.told(x, names) for network, x in zip(networks, inputs)]
        every = np.ones(len(waves), bool)
        found = [(n, every, n.judge_told(x, names)) for n, x in zip(networks, told)]
        return fused(found, names)

    return score


def _check_detector(detector):
    if not isinstance(detector, Detector):
        raise ValueError(f"detector is {given.told(detector)}: give a fitted Detector")


def _wave(wave):
    wave = samples(wave, "wave")
    if wave.ndim != 1:
        raise ValueError(f"wave has the shape {tuple(wave.shape)}: give one wave (T,)")
    return wave.float()


def _networks(detector, group):
    """Return the networks that score a group."""
    _check_detector(detector)
    networks = [network for network in detector.networks if group in network.groups]
    if not networks:
        known = sorted({name for network in detector.networks for name in network.groups})
        told = given.told(group)
        raise ValueError(f"the detector was not trained on {told}: it knows {', '.join(known)}")
    return networks


def _inputs(networks, waves, group):
    """What the encoder of each network takes of waves, made once for those that share a front."""
    made, machine = {}, np.full(len(waves), group.split("/")[0])
    for network in networks:
        if id(network.front) not in made:
            made[id(network.front)] = network.front(waves, machine)
    return [made[id(network.front)] for network in networks]


def _unit(x):
    """Return one unit vector a clip (N, D) in float64."""
    x = x.double().cpu()
    x = x.mean(dim=1) if x.ndim > 2 else x  # of several rows
    return torch.nn.functional.normalize(x).numpy()


def _rms(waves):
    return waves.square().mean(dim=-1).sqrt()
