"""Controls: scores that need no training, which a detector must beat before it means anything."""

from functools import lru_cache

import numpy as np
import torch

from . import backends, features, sound, systems
from .features import LogMel, normalize_level
from .systems import Front, hear, part
from .systems.front import RATE
from .systems.recordings import check_copies, check_heard
from .tables import checked

QUIETEST = 1e-10  # as in LogMel: digital silence lies at -100 dB
LOG_MEL = (part(normalize_level), part(LogMel))


def measure(waves, known):
    """What the controls need of some clips, beside the features that are computed of them anyway.

    Shapes: ``waves`` (N, T), ``known`` features by the parts that made them -> dict of name ->
        array (N, ...).
    """
    double = waves.double()
    level = _level(waves, known)["level"]
    return _summaries(waves, known) | {
        "level": level,
        "offset": double.mean(dim=1).numpy(),
        "crest": _decibels(double.abs().amax(dim=1).square()) - level,
    }


def listen(train, test, front):
    """Hear both tables once, for a front and for ``strongest``.

    Shapes: tables of M training and N test clips, a Front -> the Heard of both, and what
        ``strongest`` needs of both, each a dict of a name -> (M, 128) or (N, 128).
    Raises: ValueError as ``sound.load`` does.
    """
    shared = front.parts[: front.plain] == LOG_MEL
    measure = _summaries if shared else _pictures
    heard, own = [hear(clips, front, measure=measure) for clips in (train, test)], []
    standard = Front(systems.get("mean_gaussian").front, front.seconds)
    for one in heard:
        x = one.x if shared else torch.from_numpy(one.measures.pop("log-mel"))
        fit, machine = one is heard[0], one.clips["machine"]
        mean = standard.prepare(x, machine, "cpu", fit=fit, keep=shared)
        own.append({"mean": mean, "max": one.measures["max"]})
    return heard, own


def scores(train, test, seconds=10.0, measures=None):
    """The scores of all controls by name: two of the log-mel, and three by which a label can leak.

    ``nearest neighbor``: distance of the temporal mean of the log-mel to that of the nearest
    training clip of the group, in dB. ``maximum nearest neighbor``: the same of the temporal
    maximum, each band standardized over the training clips of the group. ``level only``, ``DC
    offset``, ``crest``: how far level, mean of the samples, and peak over root mean square (which
    no level normalization removes) lie from their mean in the own training class.

    Paper: [SCA] IV-F, Table V has the temporal mean and maximum; levels are normalized before both.
    Shapes: tables of M training and N test clips -> dict of a control's name -> score (N,).
    Raises: ValueError for a test clip of a machine and section without training clips, training
        clips that are silent, copies among training and test clips, and as ``sound.load`` does.
    Choices: ``measures`` are those of both tables where the clips were read before.
    Notebook: 02_features
    """
    check_groups(train, test, "domain", "attributes")
    known, new = measures or _both(train, test, seconds)
    return {
        "nearest neighbor": _distance(train, test, known["mean"], new["mean"]),
        "maximum nearest neighbor": _nearest_maximum(train, test, known, new),
        "level only": _deviation(train, test, known["level"], new["level"]),
        "DC offset": _deviation(train, test, known["offset"], new["offset"]),
        "crest": _deviation(train, test, known["crest"], new["crest"]),
    }


def strongest(train, test, seconds=10.0, own=None):
    """The scores of the two strongest controls: one Gaussian on the temporal mean of the log-mel,
    and the nearest neighbor of its temporal maximum.

    Paper: [SCA] IV-F, Table V has both summaries.
    Shapes: tables of M training and N test clips -> dict of a control's name -> score (N,).
    Raises: ValueError as ``scores`` does, and for test clips or anomalies in the training table.
    Choices: the Gaussian is that of the system ``mean_gaussian``; each clip is read once for both.
        ``own`` is what ``listen`` tells of both tables where they were read before.
    Notebook: 00_start_here, 06_angles_and_margins
    """
    check_groups(train, test, "domain", "attributes")
    system = systems.get("mean_gaussian", seconds=seconds)
    train = systems.check_training(train, system.task)
    if own is None:
        heard, own = listen(train, test, Front(LOG_MEL, seconds))
        check_heard(train, heard[0])
        check_copies(*heard)
    backend = system.backend.build().fit(own[0]["mean"], sound.groups(train))
    return {
        "mean Gaussian": backend.score(own[1]["mean"], sound.groups(test)),
        "maximum nearest neighbor": _nearest_maximum(train, test, *own),
    }


def level_only(train, test, seconds=10.0):
    r"""How far the total level of a clip lies from the mean level of its training class, in dB.

    Shapes: tables of M training and N test clips -> score (N,).
    Raises: ValueError for a test clip of a machine and section without training clips.
    Choices: where a clip's name does not tell its class, the nearest mean level of its machine and
        section counts. If this control finds anomalies, the label leaks through the level, and a
        detector that sees the level may have learned nothing else.
    Notebook: 00_start_here, 02_features
    """
    check_groups(train, test, "domain", "attributes")
    known, new = _both(train, test, seconds, _level)
    return _deviation(train, test, known["level"], new["level"])


def nearest_neighbor(train, test, seconds=10.0):
    """Distance of the temporal mean of the log-mel spectrogram to the nearest training clip of the
    group, in dB.

    Paper: the temporal mean is that of [SCA] IV-F; levels are normalized first.
    Shapes: tables of M training and N test clips -> score (N,).
    Raises: ValueError for a test clip of a machine and section without training clips.
    Notebook: 00_start_here
    """
    check_groups(train, test)
    known, new = _both(train, test, seconds, _summaries)
    return _distance(train, test, known["mean"], new["mean"])


def temporal_mean(clips, seconds=10.0):
    """The log-mel spectrogram of each clip, averaged over time.

    Paper: [SCA] IV-F, Table V; levels are normalized first.
    Shapes: a table of N clips -> array (N, 128) in dB.
    Raises: ValueError as ``sound.load`` does.
    Notebook: 02_features
    """
    return _heard(clips, seconds, _summaries).measures["mean"]


def check_groups(train, test, *columns):
    """Check that each test clip is of a machine and section that has training clips.

    Shapes: tables of M training and N test clips; ``columns`` that are needed beside.
    Raises: ValueError that names the first clip of another, and as ``tables.checked`` does.
    """
    also = "domain", "attributes", "label"
    train, test = (
        checked(clips, "path", "machine", "section", *columns, also=also, least=0)
        for clips in (train, test)
    )
    strange = ~sound.groups(test).isin(sound.groups(train))
    if strange.any():
        first = test[strange].iloc[0]
        raise ValueError(
            f"{first['path']} is of {first['machine']}/{first['section']}, which has no training "
            f"clips ({strange.sum()} such test clips in all): add some, or remove its test clips"
        )


@lru_cache(maxsize=1)
def _front(seconds):
    return Front(LOG_MEL, seconds)


def _both(train, test, seconds, measure=measure):
    """The measures of training and of test clips, of which none is a copy of another."""
    heard = [_heard(clips, seconds, measure) for clips in (train, test)]
    check_heard(train, heard[0])
    check_copies(*heard)
    return [own.measures for own in heard]


def _heard(clips, seconds, measure):
    return hear(clips, Front((), seconds), measure=measure, keep=False)


def _level(waves, known):
    return {"level": _decibels(waves.double().square().mean(dim=1))}


def _pictures(waves, known):
    log_mel = _log_mel(waves, known)
    return _summed(log_mel) | {"log-mel": log_mel.cpu().numpy()}


def _log_mel(waves, known):
    if LOG_MEL in known:
        return known[LOG_MEL]
    return _front(waves.shape[1] / RATE).through(waves)[LOG_MEL]


def _summaries(waves, known):
    return _summed(_log_mel(waves, known))


def _summed(log_mel):
    return {
        "mean": features.temporal_mean(log_mel).double().cpu().numpy(),
        "max": features.temporal_max(log_mel).double().cpu().numpy(),
    }


def _decibels(power):
    return 10.0 * power.clamp_min(QUIETEST).log10().numpy()


def _deviation(train, test, known, new):
    """Distance of the ``new`` values (N,) to the nearest mean of the ``known`` ones (M,)."""
    known = train.assign(value=known, group=sound.groups(train), own=sound.classes(train))
    means = known.groupby(["group", "own"])["value"].mean()
    groups = sound.groups(test).to_numpy()
    deviation = np.abs(means.reindex([groups, sound.classes(test)]).to_numpy() - new)
    for name in np.unique(groups):
        rows = (groups == name) & np.isnan(deviation)  # whose class was not trained on
        deviation[rows] = np.abs(means[name].to_numpy() - new[rows, None]).min(axis=1)
    return deviation


def _standardized(train, test, known, new):
    """Each band over the training clips of its group; a band without spread is divided by 1."""
    known, new = known.copy(), new.copy()
    for name in sound.groups(train).unique():
        own, asked = [(sound.groups(clips) == name).to_numpy() for clips in (train, test)]
        mean, deviation = known[own].mean(axis=0), known[own].std(axis=0)
        deviation[deviation < 1e-9] = 1.0
        known[own], new[asked] = [(some - mean) / deviation for some in (known[own], new[asked])]
    return known, new


def _nearest_maximum(train, test, known, new):
    return _distance(train, test, *_standardized(train, test, known["max"], new["max"]))


def _distance(train, test, known, new):
    """Distance of the ``new`` summaries (N, 128) to the nearest of the ``known`` ones (M, 128) of
    the group.
    """
    backend = backends.NearestNeighbor(normalize=False).fit(known, sound.groups(train))
    return backend.score(new, sound.groups(test))
