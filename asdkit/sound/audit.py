"""What the files of a table hold, whatever their names say."""

import hashlib

import numpy as np
import pandas as pd

from ..runtime import progress
from ..tables import checked
from .load import decode, fault

MEASURED = ["rate", "channels", "seconds", "digest", "fault"]


def audit(clips):
    """Read every file of a table, measure it, and say what is wrong with it.

    Shapes: a table of N clips -> a DataFrame of N rows with the same index and columns ``rate`` in
        Hz, ``channels``, ``seconds``, ``digest`` and ``fault``: a sentence with the cure, or empty.
        A file that cannot be read has gaps.
    Choices: the digest is of the samples, so a copy is found under another name or header. Silence
        is a wave without any change.
    Example:
        >>> import pandas as pd, soundfile
        >>> from asdkit.sound.audit import audit
        >>> soundfile.write("a.wav", np.zeros(16000), 16000)
        >>> audit(pd.DataFrame({"path": ["a.wav"]}))["fault"].item()
        'a.wav is silent from its start to its end: record it again, or remove it'
    """
    clips = checked(clips, "path", least=0)
    with progress(clips["path"], "audit", unit="clip") as bar:
        rows = [_measure(path) for path in bar]
    return pd.DataFrame(rows, columns=MEASURED, index=clips.index)


def _measure(path):
    try:
        wave, rate = decode(path)
    except ValueError as error:
        return np.nan, np.nan, np.nan, None, str(error)
    seconds = len(wave) / rate
    digest = hashlib.sha256(wave.tobytes()).hexdigest()
    return rate, wave.shape[1], seconds, digest, _fault(path, wave, rate)


def _fault(path, wave, rate):
    told = fault(wave, rate)
    if not told and np.ptp(wave[:, 0]) == 0:
        told = "is silent from its start to its end: record it again, or remove it"
    return told and f"{path} {told}"
