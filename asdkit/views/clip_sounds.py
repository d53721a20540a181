"""The sounds of the clips on a map: encoded to be heard, or as a log-mel picture."""

import os
from pathlib import Path

import pandas as pd
import soundfile
import torch

from .. import features, sound
from ..figures.features.log_mels import log_mel
from .player import hear

KEPT = 500  # encoded sounds, about 10 MB


class ClipSounds:
    """Hear and see the sound of a clip by its row.

    Shapes: ``audio``, N waves (T,), paths, or None where there is none; ``names`` (N,).
    Raises: ValueError where audio and names are of different lengths.
    """

    def __init__(self, audio, names, seconds=3.0, sr=16000):
        if len(audio) != len(names):
            raise ValueError(
                f"there are {len(audio)} sounds for {len(names)} clips: pass one a clip, None for "
                "a clip without"
            )
        self.audio, self.names, self.seconds, self.sr = audio, names, seconds, sr
        self._kept = {}

    def path(self, row):
        """Return the path of a clip's file, or None."""
        audio = self.audio[row]
        return str(audio) if isinstance(audio, (str, os.PathLike)) else None

    def ogg(self, row):
        """Return the first seconds of a clip as the bytes of an Ogg file.

        Raises: ValueError where there is no sound, or none that can be played.
        """
        if row not in self._kept:
            title, audio = self.names[row], self._there(row)
            ogg = hear(audio, seconds=self.seconds, sr=self.sr, title=title).sounds[title]
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[row] = ogg
        return self._kept[row]

    def log_mel(self, row, title):
        """Draw the log-mel spectrogram of a whole clip.

        Raises: ValueError where there is no sound, or none that can be read.
        """
        audio, sr = self._there(row), self.sr
        if self.path(row):
            seconds = soundfile.info(self.path(row)).duration
            clip = pd.DataFrame({"path": [self.path(row)]})
            wave = sound.load(clip, seconds=seconds, sr=sr)[0]
        else:
            wave = torch.as_tensor(audio, dtype=torch.float32).detach().cpu()
        mel = features.LogMel(sr=sr, frames=None)(wave[None])[0]
        return log_mel(mel, sr=sr, title=title.replace("$", r"\$"))

    def _there(self, row):
        audio = self.audio[row]
        if audio is None or isinstance(audio, float):  # a missing path is NaN in a table
            raise ValueError("the clip has no audio")
        if self.path(row) and not Path(audio).is_file():
            raise ValueError("its file is not there")
        return audio
