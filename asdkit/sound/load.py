"""From files to waveforms, with a warning for each repair."""

import warnings
from pathlib import Path

import numpy as np
import soundfile
import torch

from ..runtime import progress

SHORTEST = 1.0


def load(clips, seconds=10.0, sr=16000):
    """Read the clips of a table as one batch of waveforms.

    Paper: [SCA] IV-B, clips of 10 s at 16 kHz, of which a longer one keeps its last 10 s.
    Shapes: a table of N clips -> (N, seconds * sr) float32, full scale is 1.
    Raises: ValueError for a file that is missing, empty, corrupt, cut short, under one second, or
        holds NaN.
    Choices: three repairs, each with one warning that names the first file: another sampling rate
        is resampled; of several channels the first is taken (a mean over an array of microphones
        would filter the sound); a shorter clip is repeated until it is long enough.
    Example:
        >>> clips = asdkit.sound.toy("smoke")
        >>> asdkit.sound.load(clips.head(3), seconds=2.0).shape
        torch.Size([3, 32000])
    Notebook: 00_start_here
    """
    return torch.cat(list(blocks(clips, seconds, sr, block=max(1, len(clips)))))


def blocks(clips, seconds=10.0, sr=16000, block=64):
    """Read the clips of a table block by block, for data sets larger than the memory.

    Shapes: a table of N clips -> batches (block, seconds * sr) float32, the last one shorter.
    Raises: ValueError as ``load`` does, and for an empty table.
    Example:
        >>> clips = asdkit.sound.toy("smoke")
        >>> [len(waves) for waves in asdkit.sound.blocks(clips.head(5), seconds=2.0, block=2)]
        [2, 2, 1]
    Notebook: 01_machine_sounds
    """
    paths = list(clips["path"])
    if not paths:
        raise ValueError("the table holds no clips: check the condition that selected them")
    repairs = {}
    with progress(paths, "load", unit="clip") as bar:  # closed before an error is told
        for start in range(0, len(paths), block):
            rows = paths[start : start + block]
            waves = torch.empty(len(rows), round(seconds * sr))
            for row, path in enumerate(rows):
                waves[row] = torch.from_numpy(_read(path, waves.shape[1], sr, repairs))
                bar.update()
            yield waves
    for repair, files in repairs.items():
        warnings.warn(
            f"{len(files)} of {len(paths)} clips {repair}, first {files[0]}", stacklevel=2
        )


def _read(path, samples, sr, repairs):
    wave, rate = decode(path)
    if len(wave) < SHORTEST * rate:
        raise ValueError(f"{path} lasts {len(wave) / rate:.2g} s: record at least {SHORTEST:g} s")
    if not np.isfinite(wave).all():
        raise ValueError(f"{path} holds NaN or infinite samples: export it again as 16-bit PCM")
    if wave.shape[1] > 1:
        repairs.setdefault("have several channels, of which the first is taken", []).append(path)
    if rate != sr:
        repairs.setdefault(f"were resampled to {sr} Hz", []).append(path)
    wave = first_channel(wave, rate, sr)
    if len(wave) < samples:
        repairs.setdefault(f"were repeated to fill {samples / sr:g} s", []).append(path)
        wave = np.tile(wave, -(-samples // len(wave)))[:samples]
    return wave[-samples:]


def decode(path):
    """Read the samples and the rate of one file as it is, without any repair.

    Shapes: (samples, channels) float32 and a number in Hz.
    Raises: ValueError for a file that is missing, empty, corrupt or cut short.
    """
    if not Path(path).is_file():
        raise ValueError(f"{path} is missing: index the folder again")
    try:
        if Path(path).stat().st_size < _promised(path):
            raise ValueError(
                f"{path} is cut short, its header promises more: copy it again or remove it"
            )
        return soundfile.read(path, dtype="float32", always_2d=True)
    except OSError as error:
        raise ValueError(
            f"{path} cannot be opened ({error.strerror}): make it readable or remove it"
        ) from error
    except UnicodeEncodeError as error:
        raise ValueError(f"{path} has a name that is no UTF-8: rename it") from error
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(f"{path} is no readable sound file: copy it again or remove it") from error


def first_channel(wave, rate, sr):
    """The first channel of decoded samples, brought to the rate ``sr``.

    Shapes: (samples, channels) -> (samples * sr / rate,).
    """
    wave = np.ascontiguousarray(wave[:, 0])
    if rate == sr:
        return wave
    import soxr

    return soxr.resample(wave, rate, sr)


def _promised(path):
    """Return the size in bytes that a RIFF header states; libsndfile reads cut files silently."""
    with Path(path).open("rb") as file:
        head = file.read(12)
    size = int.from_bytes(head[4:8], "little")
    # what a recorder writes that streams
    if head[:4] != b"RIFF" or head[8:] != b"WAVE" or size >= 2**31 - 2**16:
        return 0
    return size + 7  # of 8, as some writers count a last padding byte and leave it out
