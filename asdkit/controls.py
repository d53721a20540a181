"""Controls: scores that need no training, which a detector must beat before it means anything."""

import numpy as np
import torch

from . import backends, sound
from .features import LogMel, normalize_level


def level_only(train, test):
    r"""How far the total level of a clip lies from the mean level of its training class, in dB.

    Shapes: tables of M training and N test clips -> score (N,).
    Choices: where a clip's name does not tell its class, the nearest mean level of its machine and section counts. If
        this control finds anomalies, the label leaks through the level, and a detector that sees the level may have
        learned nothing else.
    Notebook: 00_start_here
    """
    known = train.assign(level=_levels(train), group=sound.groups(train), own=sound.classes(train))
    means = known.groupby(["group", "own"])["level"].mean()
    scores = []
    for level, group, own in zip(_levels(test), sound.groups(test), sound.classes(test)):
        candidates = means[group]
        candidates = candidates[[own]] if own in candidates else candidates
        scores.append((candidates - level).abs().min())
    return np.array(scores)


def nearest_neighbor(train, test):
    """Distance of the temporal mean of the log-mel spectrogram to the nearest training clip of the group, in dB.

    Paper: the temporal mean is that of [SCA] V; levels are normalized first.
    Shapes: tables of M training and N test clips -> score (N,).
    Notebook: 00_start_here
    """
    backend = backends.NearestNeighbor(normalize=False).fit(temporal_mean(train), sound.groups(train))
    return backend.score(temporal_mean(test), sound.groups(test))


def temporal_mean(clips):
    """The log-mel spectrogram of each clip, averaged over time.

    Paper: [SCA] V.
    Shapes: a table of N clips -> array (N, 128) in dB.
    Notebook: 00_start_here
    """
    log_mel = LogMel()
    return torch.cat([log_mel(normalize_level(waves)).mean(dim=2) for waves in sound.blocks(clips)]).double().numpy()


def _levels(clips):
    return np.concatenate([10.0 * waves.double().square().mean(dim=1).log10().numpy() for waves in sound.blocks(clips)])

