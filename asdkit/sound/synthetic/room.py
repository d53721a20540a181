"""What a machine and its surroundings sound like at a microphone: coloration and reverberation."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy

from .draws import draw, generator
from .noise import frequencies, unit

RANGES = {
    "tilt": (-3.0, 3.0), "center": (700.0, 4000.0), "width": (300.0, 1200.0), "height": (0.1, 0.8),
    "seconds": (0.5, 1.4), "near": (0.6, 0.9), "number": (0, 2**31),
}  # fmt: skip

METERS, SPEED = 1.0, 343.0  # of the near microphone from the machine, and of sound in a second


class Microphone(NamedTuple):
    """A microphone in its hall: tilt in dB a decade, resonance in Hz, reverberation time, near
    sound.

    The reverberation time is in s; the near sound is a share.
    """

    tilt: float = 0.0
    center: float = 1500.0
    width: float = 600.0
    height: float = 0.0
    seconds: float = 0.9
    near: float = 0.75
    number: int = 0
    lowcut: float = 0.0


def microphone(number, seed=1, lowcut=0.0):
    """Return a microphone by number, as a recipe draws it, with a high-pass of ``lowcut`` Hz."""
    return draw(Microphone, RANGES, generator(seed, "mic", number))._replace(lowcut=lowcut)


def drifted(wave, drift, rng, sr):
    r"""Color a sound as it comes along a way that is another one in each clip, and level it anew.

    $$X'(f) = 10^{g(f) / 20} X(f)$$

    with g(f) linear between knots an octave apart, drawn with a deviation of ``drift`` dB.

    Shapes: ``wave`` (n,) -> (n,) float32, RMS 1.
    Choices: the knots are 62.5 Hz to 8 kHz and g is level beyond them. Doors, goods and people
        between a source and a microphone, and the wear of a machine, change a spectrum so.
    """
    knots = 62.5 * 2.0 ** np.arange(8)
    octaves = np.log2(frequencies(len(wave), sr).clip(knots[0]) / knots[0])
    gain = np.interp(octaves, np.arange(len(knots)), rng.normal(0.0, drift, len(knots)))
    bins = scipy.fft.rfft(wave) * (10 ** (gain / 20)).astype(np.float32)
    return unit(scipy.fft.irfft(bins, len(wave), overwrite_x=True))


def recorded(machine, background, mic, sr):
    r"""Mix a machine close to a microphone with a background from all over the hall.

    $$X(f) = C(f) \big[ (a + \sqrt{1 - a^2}\, H(f)) M(f) + H'(f) B(f) \big], \qquad
      h(t) \propto w(t)\, e^{-6.9\, t / T_{60}(f)}$$

    with the coloration C, the share a of near sound, and two diffuse halls H of random w and energy
    1.

    Shapes: machine (n,) and background (n,) -> (n,) float32.
    Choices: the reverberation time halves from low to high frequencies; the clip is bent into a
        ring, so that what rings at its end is heard at its start, as in a piece cut from a long
        recording. A high-pass falls by 36 dB an octave.
    """
    near, far = _responses(len(machine), sr, mic)
    bins = scipy.fft.rfft(machine) * near + scipy.fft.rfft(background) * far
    return scipy.fft.irfft(bins, len(machine), overwrite_x=True)


def recorded_far(machine, background, mic, distance, louder, sr):
    r"""Mix what a second microphone hears, ``distance`` times as far from the machine as the first.

    $$X_2(f) = C(f) \big[ (\tfrac{a}{d}\, e^{-2\pi i f \tau} + \sqrt{1 - a^2}\, H_2(f)) M(f)
      + 10^{g / 20} H_2'(f) B(f) \big], \qquad \tau = (d - 1)\, r / c$$

    with r = 1 m from machine to first microphone, c = 343 m/s, and a background g dB louder.

    Shapes: machine (n,) and background (n,) -> (n,) float32, on the scale of ``recorded``.
    Choices: what comes straight from the machine falls with the distance and comes later; the sound
        of a hall is as loud everywhere, so the room gains on the machine. Both microphones are of
        one make, and stand so far apart that their halls H and H2 have nothing in common.
    """
    near, hall, around = _far_responses(len(machine), sr, mic)
    f = frequencies(len(machine), sr)
    delay = np.exp(-2j * np.pi * f * (distance - 1) * METERS / SPEED).astype(np.complex64)
    straight, gain = near * delay / np.float32(distance), np.float32(10 ** (louder / 20))
    bins = scipy.fft.rfft(machine) * (straight + hall) + scipy.fft.rfft(background) * gain * around
    return scipy.fft.irfft(bins, len(machine), overwrite_x=True)


@lru_cache(maxsize=16)
def _responses(n, sr, mic):
    f, rng = frequencies(n, sr), generator("room", mic.number)
    color = _color(f, mic)
    direct, diffuse = np.float32(mic.near), np.float32(np.sqrt(1 - mic.near**2))
    return color * (direct + diffuse * _hall(rng, n, sr, mic, f)), color * _hall(rng, n, sr, mic, f)


@lru_cache(maxsize=16)
def _far_responses(n, sr, mic):
    """Color times the near share, times the hall of the machine, and of the background."""
    f, rng = frequencies(n, sr), generator("room", mic.number, "far")
    color, diffuse = _color(f, mic), np.float32(np.sqrt(1 - mic.near**2))
    halls = [_hall(rng, n, sr, mic, f) for _ in range(2)]
    return color * np.float32(mic.near), color * diffuse * halls[0], color * halls[1]


def _color(f, mic):
    tilt = (f.clip(30.0) / 1000) ** np.float32(mic.tilt / 20)
    peak = 1 + mic.height / (1 + ((f - mic.center) / mic.width) ** 2)
    color = tilt * peak * (f > 0)
    if mic.lowcut:
        color = color / (1 + (np.float32(mic.lowcut) / f.clip(1.0)) ** 6)
    return color


def _hall(rng, n, sr, mic, f):
    t = np.arange(min(n, int(mic.seconds * sr))) / sr
    decays = [np.exp(-6.9 * t / seconds) for seconds in (mic.seconds, mic.seconds / 2)]
    tails = [(rng.standard_normal(len(t)) * decay).astype(np.float32) for decay in decays]
    low, high = (scipy.fft.rfft(tail, n) for tail in tails)
    low, high = (one / np.sqrt(np.mean(np.square(np.abs(one)))) for one in (low, high))
    share = 1 / (1 + (f / 1500) ** 2)
    return low * np.sqrt(share) + high * np.sqrt(1 - share)
