"""One clip of one machine, made on the spot: what a slider needs to let a fault grow."""

from functools import lru_cache

import numpy as np
import torch

from .backgrounds import background as heard
from .backgrounds import place
from .draws import generator
from .machines import State, known, parameters
from .room import microphone as of_number
from .room import recorded

SEED = 1  # of the built-in recipe: a section here is the section of sound.toy()


def simulate(
    machine, section=0, *, fault=None, strength=1.0, speed=1.0, load=0.6, snr=None, background=0,
    microphone=0, seed=0, seconds=10.0, sr=16000,
):  # fmt: skip
    r"""Make one clip of one synthetic machine, healthy or with a fault of a given strength.

    $$x = h * \frac{m_s}{\text{rms}(m_0)} + 10^{-\text{SNR}/20}\, h' * \hat b$$

    with the machine $m_s$ at fault strength $s$, the background $\hat b$ of RMS 1, and the way h of
    each to the microphone.

    Shapes: (seconds * sr,) float32; ``speed`` and ``load`` are shares of the nominal ones, ``snr``
        is in dB, and ``background`` is a number or one of factory, air, neighbors, babble, traffic.
        ``section`` is that of ``sound.toy()``.
    Raises: ValueError for an unknown machine or fault, a strength outside [0, 1], and a speed,
        load, length or rate that cannot be.
    Choices: without ``snr`` there is neither background nor microphone. The level is that of the
        healthy machine at the same seed, RMS 1, so that the sound of the fault comes on top; with
        the same seed only the fault changes with its strength, and at strength 0 it is the healthy
        sound to the last bit.
    Example:
        >>> fan = dict(fault="imbalance", seconds=1.0)
        >>> [round(sound.simulate("fan", strength=s, **fan).std().item(), 2) for s in (0.0, 1.0)]
        [1.0, 1.22]
    Notebook: 01_machine_sounds
    """
    _check(speed, load, snr, seconds, sr)
    n, lowcut = round(seconds * sr), known(machine).lowcut
    chosen = machine, str(section), str(seed), speed, load, n, sr
    wave = _made(*chosen, fault, strength) / _level(*chosen)
    if snr is not None:
        noise = np.float32(10 ** (-snr / 20)) * _around(background, str(seed), n, sr)
        wave = recorded(wave, noise, of_number(microphone, SEED, lowcut), sr)
    return torch.from_numpy(wave.astype(np.float32))


def _made(machine, section, seed, speed, load, n, sr, fault, strength):
    make, rng = parameters(machine, section, SEED), generator("simulate", machine, section, seed)
    return known(machine).model(make, State(speed, load), fault, strength, rng, n, sr)


@lru_cache(maxsize=64, typed=True)  # since a slider moves the fault alone
def _level(*chosen):
    healthy = _made(*chosen, None, 0.0)
    return np.sqrt(np.mean(np.square(healthy, dtype=np.float64))).astype(np.float32)


@lru_cache(maxsize=4, typed=True)  # since one seed has one background, whatever stands in it
def _around(background, seed, n, sr):
    rng = generator("simulate", "background", background, seed)
    return heard(place(background, SEED), rng, n, sr)


def _check(speed, load, snr, seconds, sr):
    limits = {
        "speed": (speed, 0.5, 2.0), "load": (load, 0.0, 1.5),
        "snr": (0.0 if snr is None else snr, -60.0, 60.0),
        "seconds": (seconds, 0.5, 60.0), "sr": (sr, 16000, 48000),
    }  # fmt: skip
    for name, (value, low, high) in limits.items():
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}: give a number from {low:g} to {high:g}")
