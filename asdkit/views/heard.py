"""A sound in words, for a reader who does not hear it."""

import io

import numpy as np
import soundfile

FRAME = 0.02  # s, of which a level is taken
STEADY = 6.0  # dB
FLOOR = 1e-6  # of full scale, squared


def heard(ogg):
    r"""Tell how long a coded sound is, at which pitches it is heard, and whether it is steady.

    Power is weighted as the ear does it at low levels (A-weighting of IEC 61672),

    $$A(f) = \frac{12194^2 f^4}{(f^2 + 20.6^2) \sqrt{(f^2 + 107.7^2)(f^2 + 737.9^2)}
      (f^2 + 12194^2)}.$$

    Choices: a tenth of that power lies below the first frequency, a half below the second, nine
        tenths below the third, each to two digits. A sound is steady where its level, in frames
        of 20 ms, moves by less than 6 dB between its tenth and its 95th percentile.
    Example:
        >>> from asdkit.views import heard, player
        >>> tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(8000) / 16000)
        >>> heard.heard(player.encode(tone, 16000))
        '0.5 s, heard from 1000 to 1000 Hz, half of it below 1000 Hz, steady'
    """
    wave, sr = soundfile.read(io.BytesIO(ogg))
    length = f"{len(wave) / sr:.1f} s"
    power = np.square(np.abs(np.fft.rfft(wave * np.hanning(len(wave)))))
    f = np.fft.rfftfreq(len(wave), 1 / sr)
    share = np.cumsum(power * _ear(f) ** 2)
    if not np.mean(wave**2) > FLOOR:
        return f"{length}, silent"
    places = np.searchsorted(share / share[-1], [0.1, 0.5, 0.9])
    low, half, high = (f"{float(f'{f[at]:.2g}'):.0f}" for at in places)
    pitch = f"heard from {low} to {high} Hz, half of it below {half} Hz"
    return f"{length}, {pitch}, {_course(wave, round(FRAME * sr))}"


def _ear(f):
    return (
        12194**2 * f**4
        / ((f**2 + 20.6**2) * np.sqrt((f**2 + 107.7**2) * (f**2 + 737.9**2)) * (f**2 + 12194**2))
    )  # fmt: skip


def _course(wave, frame):
    frames = np.array_split(wave, max(1, len(wave) // frame))
    level = 10 * np.log10([np.mean(own**2) + FLOOR for own in frames])
    low, high = np.percentile(level, [10, 95])
    return "steady" if high - low < STEADY else f"rising and falling by {high - low:.0f} dB"
