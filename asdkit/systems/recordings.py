"""Whether clips are recordings of their own: something to hear, and none among others twice."""

import hashlib
import warnings

import numpy as np
import pandas as pd

from .. import sound, tables


def facts(waves):
    """By what a recording is known again, and whether it is still.

    Shapes: ``waves`` (N, T) on the CPU -> dict of ``digest`` (N,) and ``still`` (N,) of bool.
    Choices: a digest is that of the samples as they are heard, so two files of one recording are
        found however they are written. A wave is still where no sample differs from another.
    """
    waves = waves.numpy()
    digests = [hashlib.sha256(wave).hexdigest() for wave in waves]
    return {
        "digest": np.array(digests),
        "still": np.array([(one == one[0]).all() for one in waves]),
    }


def check_heard(clips, heard):
    """Refuse training clips in which a machine and section is never heard; warn of copies.

    Shapes: a table of N training clips, and the Heard of them.
    Raises: ValueError for a machine and section whose normal clips are all still.
    """
    if not heard.measures:  # of features that were made elsewhere
        return
    facts = _table(heard).loc[clips["path"]]
    normal = _labels(clips) != 1
    group = sound.groups(clips).to_numpy()
    heard_groups = set(group[normal & ~facts["still"].to_numpy()])
    for name in sorted(set(group[normal]) - heard_groups):
        path = clips["path"][normal & (group == name)].iloc[0]
        raise ValueError(
            f"all training clips of {name} are silent from their start to their end, first "
            f"{path}: record them again, or leave {name} out"
        )
    again = facts["digest"].duplicated()
    if again.any():
        path, digest = facts.index[again][0], facts["digest"][again].iloc[0]
        twin = facts.index[facts["digest"] == digest][0]
        warnings.warn(
            f"{again.sum()} of {len(facts)} training clips repeat another, first {path}, the same "
            f"recording as {twin}: they count twice",
            stacklevel=2,
        )


def check_copies(known, new):
    """Refuse test clips that were trained on, and one recording that is normal and an anomaly.

    Shapes: the Heard of M training and of N test clips.
    Raises: ValueError that names both files.
    """
    there = dict(zip(known.measures["digest"], known.clips["path"]))
    paths, digests = list(new.clips["path"]), new.measures["digest"]
    for path, digest in zip(paths, digests):
        if digest in there:
            raise ValueError(
                f"{path} is the same recording as the training clip {there[digest]}: remove one of "
                "them"
            )
    if told := contradictions(new.clips, digests):
        raise ValueError(told[0])


def contradictions(clips, digests):
    """A sentence for each recording that is normal under one name and an anomaly under another.

    Shapes: a table of N clips, ``digests`` (N,) -> a list of text.
    """
    first, told = {}, []
    for path, label, digest in zip(clips["path"], _labels(clips), digests):
        known, named = first.setdefault(digest, (path, label)) if label in (0, 1) else (path, label)
        if named != label:
            told.append(
                f"{path} is the same recording as {known}, and one of them is named normal, the "
                "other an anomaly: remove one of them"
            )
    return told


def _labels(clips):
    """Labels (N,), -1 where none is known."""
    known = tables.checked(clips, "label")["label"] if "label" in clips else None
    return np.full(len(clips), -1) if known is None else known.fillna(-1).to_numpy(int)


def _table(heard):
    return pd.DataFrame(
        {name: heard.measures[name] for name in ("digest", "still")}, index=heard.clips["path"]
    )
