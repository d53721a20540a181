"""Sounds to hear in a notebook: a few seconds as Ogg Vorbis, small enough to be committed."""

import base64
import html
import io
import os
from pathlib import Path

import numpy as np
import soundfile

from ..plain import shown
from .heard import heard

LIMIT = 25_000
PEAK = 0.85  # Vorbis overshoots: a coded peak of 1 would be clipped
ROW = (  # the class keeps JupyterLab from reading formulas in names
    '<div class="mathjax_ignore" style="display: flex; flex-wrap: wrap; gap: 8px">'
)
QUALITIES = (0.5, 0.7, 0.85, 1.0)


class Player:
    """One or several sounds beside each other, each with its title and the browser's own controls.

    A line under the title says what is heard. It is plain HTML, so it plays on a static page too.
    Notebook: 00_start_here
    """

    def __init__(self, sounds):
        self.sounds = sounds

    def __repr__(self):
        return f"<Player: {', '.join(self.sounds)}>"

    def _repr_html_(self):
        players = "".join(_figure(shown(title), ogg) for title, ogg in self.sounds.items())
        return f"{ROW}{players}</div>"


def hear(wave, seconds=3.0, sr=16000, start=0.0, title=None):
    r"""Return a player of a few seconds of one sound, from second ``start`` on.

    The played part is scaled to its peak, $w / \max|w|$.

    Shapes: a waveform (T,), or the path of a sound file, which brings its own rate.
    Raises: ValueError where the wave is not (T,), holds NaN, ends before ``start``, or is too long
        to be embedded.
    Choices: each sound is brought to the same peak for listening, so loudness is not to be compared
        by ear; several channels of a file are averaged. It is Ogg Vorbis of at most 25 kB of text,
        the best quality that fits.
    Notebook: 01_machine_sounds
    """
    if title is None:
        title = Path(wave).name if isinstance(wave, (str, os.PathLike)) else "sound"
    return listen({title: wave}, seconds=seconds, sr=sr, start=start)


def listen(waves, seconds=3.0, sr=16000, start=0.0):
    """Return players of several sounds in a row, each under its title.

    Shapes: a dict, title -> waveform (T,) or path.
    Raises: ValueError as ``hear`` does, naming the sound.
    Choices: as for ``hear``.
    Notebook: 00_start_here
    """
    return Player(
        {
            title: encode(*_part(wave, seconds, sr, start, title), title)
            for title, wave in waves.items()
        }
    )


def encode(wave, sr, title="sound"):
    """Encode a waveform as Ogg Vorbis, in the best quality of at most 25 kB of text.

    Shapes: (T,) -> bytes.
    Raises: ValueError where even the lowest quality is larger.
    """
    for quality in QUALITIES:
        memory = io.BytesIO()
        soundfile.write(memory, wave, sr, format="OGG", subtype="VORBIS", compression_level=quality)
        if 4 * len(memory.getvalue()) / 3 <= LIMIT:
            return memory.getvalue()
    raise ValueError(
        f"{title}: {len(wave) / sr:.1f} s do not fit into {LIMIT // 1000} kB of text, play fewer "
        "seconds"
    )


def together(waves, sr):
    """Encode several sounds with one gain, so that the louder one is heard as louder.

    Shapes: a dict, title -> waveform (T,) -> a dict, title -> bytes.
    Raises: ValueError as ``encode`` does.
    """
    loudest = max(float(abs(wave).max()) for wave in waves.values()) or 1.0
    return {
        title: encode(np.asarray(wave * (PEAK / loudest)), sr, title)
        for title, wave in waves.items()
    }


def _figure(title, ogg):
    title, source = html.escape(title), base64.b64encode(ogg).decode()
    return (
        f'<figure style="margin: 0; max-width: 300px"><figcaption>{title}<br>'
        f"<small>{heard(ogg)}</small></figcaption>"
        f'<audio controls preload="metadata" aria-label="{title}" title="{title}"'
        f' src="data:audio/ogg;base64,{source}"></audio></figure>'
    )


def _part(wave, seconds, sr, start, title):
    if isinstance(wave, (str, os.PathLike)):
        wave, sr = soundfile.read(wave, always_2d=True)
        wave = wave.mean(axis=1)
    wave = np.asarray(wave.detach().cpu() if hasattr(wave, "detach") else wave, dtype=np.float32)
    if wave.ndim != 1:
        raise ValueError(
            f"{title}: a wave to hear is (T,), not {wave.shape}: pass one clip, such as waves[0]"
        )
    if start < 0 or seconds <= 0 or start * sr >= len(wave):
        length = len(wave) / sr
        raise ValueError(
            f"{title}: it lasts {length:.1f} s, "
            f"nothing can be heard from {start} s on for {seconds} s"
        )
    part = wave[round(start * sr) : round((start + seconds) * sr)]
    if not np.isfinite(part).all():
        raise ValueError(f"{title}: the wave holds NaN or infinite values, load it again")
    peak = np.abs(part).max()
    return (part / peak * PEAK if peak > 0 else part), sr
