"""From files to waveforms, with a warning for each repair."""

import warnings
from pathlib import Path

import numpy as np
import soundfile
import torch

from .. import given
from ..runtime import progress
from ..tables import checked
from .headers import whole

SHORTEST = 0.25  # seconds: 8 steps of a log-mel
LONGEST = 3600.0
RATES = 1000, 1_000_000  # Hz
LOUDEST = 100.0  # 40 dB above full scale; whole numbers that were not scaled are louder


def load(clips, seconds=10.0, sr=16000, channel=None):
    """Read the clips of a table as one batch of waveforms.

    ``channel`` numbers the microphone, from 0, or is ``"all"``; without it the first is taken.

    Paper: [SCA] IV-B, clips of 10 s at 16 kHz, of which a longer one keeps its last 10 s.
    Shapes: a table of N clips -> (N, seconds * sr) float32, full scale is 1; of all C channels
        (N, C, seconds * sr).
    Raises: ValueError for a file that is missing, empty, corrupt, cut short, under a quarter of a
        second, of a sampling rate that no recorder has, without the channel that is asked for, of
        other channels than the first file where all are, or that holds NaN or samples far above
        full scale.
    Choices: three repairs, each with one warning that names the first file: another sampling rate
        is resampled; of several channels the first is taken, unless one is asked for (a mean over
        an array of microphones would filter the sound); a shorter clip is repeated until it is long
        enough. What a file is stands in its first bytes, not in the ending of its name.
    Example:
        >>> clips = asdkit.sound.toy("smoke")
        >>> asdkit.sound.load(clips.head(3), seconds=2.0).shape
        torch.Size([3, 32000])
    Notebook: 00_start_here
    """
    clips = checked(clips, "path")
    return torch.cat(list(blocks(clips, seconds, sr, block=len(clips), channel=channel)))


def blocks(clips, seconds=10.0, sr=16000, block=64, channel=None):
    """Read the clips of a table block by block, for data sets larger than the memory.

    Shapes: a table of N clips -> batches as of ``load``, of ``block`` clips, the last one shorter.
    Raises: ValueError as ``load`` does.
    Example:
        >>> clips = asdkit.sound.toy("smoke")
        >>> [len(waves) for waves in asdkit.sound.blocks(clips.head(5), seconds=2.0, block=2)]
        [2, 2, 1]
    Notebook: 01_machine_sounds
    """
    paths = list(checked(clips, "path")["path"])
    sr, block = given.count(sr, "sr"), given.count(block, "block")
    samples = round(given.number(seconds, "seconds", 1 / sr, LONGEST, 10) * sr)
    if channel not in (None, "all"):
        channel = given.count(channel, "channel", least=0)
    return _read_blocks(paths, samples, sr, block, channel)


def _read_blocks(paths, samples, sr, block, channel):
    repairs, count = {}, None
    with progress(paths, "load", unit="clip") as bar:  # closed before an error is told
        for start in range(0, len(paths), block):
            rows = paths[start : start + block]
            for row, path in enumerate(rows):
                own = torch.from_numpy(_read(path, samples, sr, repairs, channel))
                count = count or len(own)
                if len(own) != count:
                    raise ValueError(
                        f"{path} has {_counted(len(own))}, and {paths[0]} has {_counted(count)}: "
                        "read recordings of one kind together, or one channel"
                    )
                if row == 0:
                    waves = torch.empty(len(rows), count, samples)
                waves[row] = own
                bar.update()
            yield waves if channel == "all" else waves[:, 0]
    for repair, files in repairs.items():
        warnings.warn(
            f"{len(files)} of {len(paths)} clips {repair}, first {files[0]}", stacklevel=2
        )


def _read(path, samples, sr, repairs, channel):
    """The channels (C, samples) of a file that are asked for."""
    wave, rate = decode(path)
    if told := fault(wave, rate):
        raise ValueError(f"{path} {told}")
    if channel is None and wave.shape[1] > 1:
        repairs.setdefault("have several channels, of which the first is taken", []).append(path)
    elif channel not in (None, "all") and channel >= wave.shape[1]:
        raise ValueError(
            f"{path} has {_counted(wave.shape[1])}, and channel {channel} was asked for, counted "
            "from 0: give recordings of more microphones, or another channel"
        )
    if rate != sr:
        repairs.setdefault(f"were resampled to {sr} Hz", []).append(path)
    wanted = range(wave.shape[1]) if channel == "all" else [channel or 0]
    waves = np.stack([_resampled(wave[:, one], rate, sr) for one in wanted])
    if waves.shape[1] < samples:
        repairs.setdefault(f"were repeated to fill {samples / sr:g} s", []).append(path)
        waves = np.tile(waves, -(-samples // waves.shape[1]))[:, :samples]
    return waves[:, -samples:]


def _counted(channels):
    return "one channel" if channels == 1 else f"{channels} channels"


def decode(path):
    """Read the samples and the rate of one file as it is, without any repair.

    Shapes: (samples, channels) float32 and a number in Hz.
    Raises: ValueError for a file that is missing, empty, corrupt or cut short.
    """
    _check_file(path)
    try:
        whole(path)
        promised = soundfile.info(path).frames
        wave, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except OSError as error:
        raise ValueError(
            f"{path} cannot be opened ({error.strerror}): make it readable or remove it"
        ) from error
    except UnicodeEncodeError as error:
        raise ValueError(f"{path} has a name that is no UTF-8: rename it") from error
    except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:  # or a name in .raw
        raise ValueError(f"{path} is no readable sound file: copy it again or remove it") from error
    if len(wave) < promised:
        raise ValueError(
            f"{path} is cut short, its header promises more: copy it again or remove it"
        )
    return wave, rate


def fault(wave, rate):
    """What is wrong with decoded samples, as the end of a sentence; nothing where all is well.

    Shapes: (samples, channels), a number in Hz -> text.
    """
    least, most = RATES
    if not least <= rate <= most:
        return (
            f"has a sampling rate of {rate:g} Hz: mend its header, or record it at "
            f"{least:,} to {most:,} Hz"
        )
    if len(wave) < SHORTEST * rate:
        return f"lasts {len(wave) / rate:.2g} s: record at least {SHORTEST:g} s, or remove it"
    if not np.isfinite(wave).all():
        return "holds NaN or infinite samples: export it again as 16-bit PCM, or remove it"
    if (peak := np.abs(wave).max()) > LOUDEST:
        return (
            f"holds samples up to {peak:.3g} where full scale is 1: export it again as 16-bit "
            "PCM, or divide it by its full scale"
        )
    return ""


def first_channel(wave, rate, sr):
    """The first channel of decoded samples, brought to the rate ``sr``.

    Shapes: (samples, channels) -> (samples * sr / rate,).
    """
    return _resampled(wave[:, 0], rate, sr)


def _resampled(wave, rate, sr):
    wave = np.ascontiguousarray(wave)
    if rate == sr:
        return wave
    import soxr

    return soxr.resample(wave, rate, sr)


def _check_file(path):
    path = Path(path)
    if path.is_file():
        return
    if path.is_dir():
        raise ValueError(f"{path} is a folder: give the path of a recording")
    if path.exists():
        raise ValueError(f"{path} is a pipe or a device: give the path of a recording")
    if path.is_symlink():
        raise ValueError(f"{path} is a link that leads nowhere: mend it, or index the folder again")
    raise ValueError(f"{path} is missing: index the folder again")
