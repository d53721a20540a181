"""The sounds of the clips on a map: encoded to be heard, or as a log-mel picture."""

import os
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from .. import features, given
from ..figures.features.log_mels import log_mel
from ..sound.load import decode, first_channel
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
            title, audio = self.names[row], self.there(row)
            ogg = hear(audio, seconds=self.seconds, sr=self.sr, title=title).sounds[title]
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[row] = ogg
        return self._kept[row]

    def log_mel(self, row, title):
        """Draw the log-mel spectrogram of a whole clip.

        Raises: ValueError where there is no sound, or none that can be read.
        """
        return log_mel(self.mel(row), sr=self.sr, title=title)

    def mel(self, row):
        """Return the log-mel spectrogram of a whole clip (128, T).

        Raises: ValueError where there is no sound, or none that can be read.
        """
        return self._log_mel(self.wave(row)[None])[0]

    def wave(self, row):
        """Return the whole wave of a clip (T,), of several channels the first.

        Raises: ValueError where there is no sound, or none that can be read.
        """
        audio = self.there(row)
        if self.path(row):
            wave = first_channel(*decode(self.path(row)), self.sr)
        else:
            wave = given.array(audio, "its wave").astype(np.float32)
        if not np.isfinite(wave).all():
            raise ValueError("its wave holds NaN or infinite values")
        return torch.from_numpy(wave)

    @cached_property
    def _log_mel(self):
        return features.LogMel(sr=self.sr, frames=None)

    def there(self, row):
        """Return the wave or the path of a clip.

        Raises: ValueError where there is none.
        """
        audio = self.audio[row]
        if audio is None or isinstance(audio, float):  # a missing path is NaN in a table
            raise ValueError("the clip has no audio")
        if self.path(row) and not Path(audio).is_file():
            raise ValueError("its file is not there")
        return audio
