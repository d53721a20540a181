"""A folder of recordings for ``asdkit map``: its table, and an embedding of each clip."""

import os
import warnings
from collections import Counter
from pathlib import Path

from ..plain import say

ENDINGS = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
LONGEST = 60.0  # seconds of a recording that are embedded without a detector
SUMMARY = (
    "Embeddings: mean and maximum over time of each clip's log-mel spectrogram after its level was "
    "normalized, 256 numbers, each standardized over these clips. Nothing was trained."
)


def embed(root, path=None, group=None, device=None, pattern=None):
    """Find the recordings of a folder and embed each of them.

    Shapes: ``path`` of a saved detector, ``group`` such as valve/00, ``pattern`` as in
        ``sound.index`` -> a table of N clips, x (N, D), a dict of their ``score`` and ``angle``
        where the detector tells them, and a sentence on what was done.
    Raises: ValueError or OSError with one sentence for what is wrong with a file.
    """
    from .. import neighborhoods

    clips = table(root, pattern)
    if not neighborhoods.FEWEST <= len(clips) <= neighborhoods.MOST:
        raise ValueError(
            f"{root} holds {len(clips):,} recordings: a map takes from {neighborhoods.FEWEST} to "
            f"{neighborhoods.MOST:,}"
        )
    if path is None:
        return clips, summaries(clips), {}, SUMMARY
    return _detected(clips, path, group, device)


def table(root, pattern=None):
    """Read a folder of the official layout, of own names, or any other, into a table of one row a
    clip.

    Shapes: -> ``name``, the path within the folder, ``path``, and the columns of ``sound.index``,
        or ``folder``, which of the folders in it holds the clip.
    Raises: FileNotFoundError for a folder without recordings; with a pattern as ``sound.index``.
    """
    import pandas as pd

    from .. import sound

    try:
        clips = sound.index(root, pattern)
        return clips.assign(name=[_within(path, root) for path in clips["path"]])
    except (FileNotFoundError, ValueError) as error:  # no .wav files, or names of another layout
        if pattern is not None:
            raise
        if isinstance(error, ValueError):
            say(f"read without labels, since the layout is not the official one: {error}")
    paths = sorted(_files(root))
    if not paths:
        raise FileNotFoundError(f"{root} holds no recordings ({', '.join(ENDINGS)})")
    clips = pd.DataFrame({"name": [_within(path, root) for path in paths], "path": paths})
    folder = [Path(name).parent.as_posix() for name in clips["name"]]
    return clips.assign(folder=folder) if len(set(folder)) > 1 else clips


def summaries(clips):
    """Mean and maximum over time of the log-mel of each clip, each band standardized over the
    clips.

    Shapes: a table of N clips -> (N, 256).
    Raises: ValueError that names a file that cannot be read, or is too short.
    Choices: a clip is taken whole, of a longer one its first minute. Another sampling rate is
        brought to 16 kHz, and of several channels the first is taken; each is warned of once.
    """
    import numpy as np
    import torch

    from .. import features, runtime
    from ..views.clip_sounds import ClipSounds

    sounds, repairs = ClipSounds(list(clips["path"]), list(clips["name"])), Counter()
    log_mel, rows = features.LogMel(frames=None), []
    for row, path in enumerate(runtime.progress(clips["path"], "embed", unit="clip")):
        try:
            wave = sounds.wave(row)[None]
            mel = log_mel(features.normalize_level(wave[:, : round(LONGEST * sounds.sr)]))
        except ValueError as error:
            told = str(error)
            raise ValueError(told if str(path) in told else f"{path}: {told}") from error
        repairs.update(_repairs(path, wave.shape[1] / sounds.sr, sounds.sr))
        rows.append(torch.cat([features.temporal_mean(mel), features.temporal_max(mel)], dim=1))
    for repair, count in repairs.items():
        warnings.warn(f"{count} of {len(rows)} recordings {repair}", stacklevel=2)
    x = torch.cat(rows).double().numpy()
    spread = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)


def _detected(clips, path, group, device):
    """What a detector makes of recordings."""
    import numpy as np

    from .. import sound, systems
    from .results import check_networks, scores_and_angles
    from .score import clip

    detector = systems.load(path, device)
    check_networks(len(detector.networks), detector.system.name, "--detector")
    known = sorted(detector.thresholds)
    if "section" not in clips or group is not None:
        told = [clip(file, group, known) for file in clips["path"]]
        clips = clips.assign(
            **{part: [own[part] for own in told] for part in ("machine", "section")}
        )
    x, groups = detector.embed(clips), sound.groups(clips)
    numbers = {}
    if set(groups) <= set(known):
        numbers = scores_and_angles(detector, x, groups)
    else:
        strange = sorted(set(groups) - set(known))
        warnings.warn(f"no scores: the detector was not trained on {strange[0]}", stacklevel=2)
    x = np.asarray(x.mean(dim=1) if x.ndim == 3 else x)
    about = f"Embeddings: {detector.system.name}, {x.shape[1]} numbers a clip."
    return clips, x, numbers, about


def _within(path, root):
    return Path(path).relative_to(root).as_posix()


def _files(root):
    """The recordings of a folder, at any depth, without hidden ones."""
    for home, inner, names in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield str(Path(home, name))


def _repairs(path, seconds, sr):
    """What is made of a recording before it is embedded."""
    import soundfile

    info = soundfile.info(path)
    return [
        words
        for words, needed in (
            (f"were resampled to {sr} Hz", info.samplerate != sr),
            ("have several channels, of which the first is taken", info.channels > 1),
            (f"are longer than {LONGEST:g} s, of which the first {LONGEST:g} s are embedded",
             seconds > LONGEST),
        )
        if needed
    ]  # fmt: skip
