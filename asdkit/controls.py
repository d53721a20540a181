"""Controls: scores that need no training, which a detector must beat before it means anything."""

import numpy as np
import torch

from . import backends, features, sound

QUIETEST = 1e-10  # as in LogMel: digital silence lies at -100 dB


def level_only(train, test, seconds=10.0):
    r"""How far the total level of a clip lies from the mean level of its training class, in dB.

    Shapes: tables of M training and N test clips -> score (N,).
    Raises: ValueError for a test clip of a machine and section without training clips.
    Choices: where a clip's name does not tell its class, the nearest mean level of its machine and section counts. If
        this control finds anomalies, the label leaks through the level, and a detector that sees the level may have
        learned nothing else.
    Example:
        >>> clips = sound.toy("smoke").query("machine == 'valve' and section == '00'")
        >>> train, test = (clips[clips["split"] == part] for part in ("train", "test"))
        >>> controls.level_only(train, test, seconds=1.0).shape == (len(test),)
        True
    Notebook: 00_start_here, 02_features
    """
    _check_groups(train, test)
    known = train.assign(level=_levels(train, seconds), group=sound.groups(train), own=sound.classes(train))
    means = known.groupby(["group", "own"])["level"].mean()
    scores = []
    for level, group, own in zip(_levels(test, seconds), sound.groups(test), sound.classes(test)):
        candidates = means[group]
        candidates = candidates[[own]] if own in candidates else candidates
        scores.append((candidates - level).abs().min())
    return np.array(scores)


def nearest_neighbor(train, test, seconds=10.0):
    """Distance of the temporal mean of the log-mel spectrogram to the nearest training clip of the group, in dB.

    Paper: the temporal mean is that of [SCA] IV-F; levels are normalized first.
    Shapes: tables of M training and N test clips -> score (N,).
    Raises: ValueError for a test clip of a machine and section without training clips.
    Example:
        >>> clips = sound.toy("smoke").query("machine == 'fan' and section == '00'")
        >>> train = clips[clips["split"] == "train"]
        >>> controls.nearest_neighbor(train, train.head(2), seconds=1.0).round(3)  # a clip's nearest is itself
        array([0., 0.])
    Notebook: 00_start_here
    """
    _check_groups(train, test)
    backend = backends.NearestNeighbor(normalize=False).fit(temporal_mean(train, seconds), sound.groups(train))
    return backend.score(temporal_mean(test, seconds), sound.groups(test))


def temporal_mean(clips, seconds=10.0):
    """The log-mel spectrogram of each clip, averaged over time.

    Paper: [SCA] IV-F, Table V; levels are normalized first.
    Shapes: a table of N clips -> array (N, 128) in dB.
    Raises: ValueError as ``sound.load`` does.
    Example:
        >>> clips = sound.toy("smoke").head(2)
        >>> controls.temporal_mean(clips, seconds=1.0).shape
        (2, 128)
    Notebook: 02_features
    """
    summary = features.Chain(features.normalize_level, features.LogMel(), features.temporal_mean)
    return features.extract(sound.blocks(clips, seconds), summary, len(clips)).double().numpy()


def _levels(clips, seconds):
    power = torch.cat([waves.double().square().mean(dim=1) for waves in sound.blocks(clips, seconds)])
    return 10.0 * power.clamp_min(QUIETEST).log10().numpy()


def _check_groups(train, test):
    strange = ~sound.groups(test).isin(sound.groups(train))
    if strange.any():
        first = test[strange].iloc[0]
        raise ValueError(
            f"{first['path']} is of {first['machine']}/{first['section']}, which has no training clips "
            f"({strange.sum()} such test clips in all): add some, or remove its test clips"
        )
