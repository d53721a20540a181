"""Controls: scores that need no training, which a detector must beat before it means anything."""

import numpy as np
import torch

from . import backends, features, sound

QUIETEST = 1e-10  # as in LogMel: digital silence lies at -100 dB


def scores(train, test, seconds=10.0):
    """The scores of both controls by name, from one reading of the clips.

    Shapes: tables of M training and N test clips -> dict of a control's name -> score (N,).
    Raises: ValueError for a test clip of a machine and section without training clips, and as ``sound.load`` does.
    Example:
        >>> clips = sound.toy("smoke").query("machine == 'valve' and section == '00'")
        >>> train, test = (clips[clips["split"] == part] for part in ("train", "test"))
        >>> both = controls.scores(train, test, seconds=1.0)
        >>> list(both), np.array_equal(both["level only"], controls.level_only(train, test, seconds=1.0))
        (['nearest neighbor', 'level only'], True)
    Notebook: 02_features
    """
    _check_groups(train, test)
    summary = _summary()

    def measure(waves):  # in float64, which the power needs and the summary survives unchanged
        return torch.cat([_power(waves)[:, None], summary(waves)], dim=1)

    known, new = (_extract(clips, seconds, measure) for clips in (train, test))
    return {
        "nearest neighbor": _distance(train, test, known[:, 1:].numpy(), new[:, 1:].numpy()),
        "level only": _deviation(train, test, _decibels(known[:, 0]), _decibels(new[:, 0])),
    }


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
    known, new = (_decibels(_extract(clips, seconds, _power)) for clips in (train, test))
    return _deviation(train, test, known, new)


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
    return _distance(train, test, temporal_mean(train, seconds), temporal_mean(test, seconds))


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
    return _extract(clips, seconds, _summary()).double().numpy()


def _summary():
    return features.Chain(features.normalize_level, features.LogMel(), features.temporal_mean)


def _extract(clips, seconds, feature):
    return features.extract(sound.blocks(clips, seconds), feature, len(clips))


def _power(waves):
    return waves.double().square().mean(dim=1)


def _decibels(power):
    return 10.0 * power.clamp_min(QUIETEST).log10().numpy()


def _deviation(train, test, known, new):
    """Distance of the ``new`` levels (N,) to the nearest mean of the ``known`` ones (M,) that counts."""
    known = train.assign(level=known, group=sound.groups(train), own=sound.classes(train))
    means = known.groupby(["group", "own"])["level"].mean()
    deviations = []
    for level, group, own in zip(new, sound.groups(test), sound.classes(test)):
        candidates = means[group]
        candidates = candidates[[own]] if own in candidates else candidates
        deviations.append((candidates - level).abs().min())
    return np.array(deviations)


def _distance(train, test, known, new):
    """Distance of the ``new`` summaries (N, 128) to the nearest of the ``known`` ones (M, 128) of the group."""
    backend = backends.NearestNeighbor(normalize=False).fit(known, sound.groups(train))
    return backend.score(new, sound.groups(test))


def _check_groups(train, test):
    strange = ~sound.groups(test).isin(sound.groups(train))
    if strange.any():
        first = test[strange].iloc[0]
        raise ValueError(
            f"{first['path']} is of {first['machine']}/{first['section']}, which has no training clips "
            f"({strange.sum()} such test clips in all): add some, or remove its test clips"
        )
