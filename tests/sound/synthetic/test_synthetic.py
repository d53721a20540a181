"""How plain faults are: in its background, each stands out about as much as any other, whatever the
machine.
"""

import functools
import tomllib

import numpy as np
import pytest
from scipy import signal

from asdkit import runtime, sound

MACHINES = tomllib.loads((runtime.home() / "data" / "machines.toml").read_text(encoding="utf-8"))[
    "machines"
]
FAULTS = [
    (machine, fault) for machine, settings in MACHINES.items() for fault in settings["faults"]
]


@functools.cache  # a healthy clip is compared with each fault
def tiles(machine, section, fault=None, strength=0.0):
    """The power of a clip in third octaves from 63 Hz on, every 64 ms."""
    how = {"snr": float(np.mean(MACHINES[machine]["snr"])), "seed": section}
    wave = sound.simulate(machine, section, fault=fault, strength=strength, **how).numpy()
    f, _, bins = signal.stft(wave, 16_000, nperseg=2048, noverlap=1024)
    band = np.rint(3 * np.log2(f.clip(1) / 1000)).astype(int)
    return np.stack([np.square(np.abs(bins[band == step])).sum(axis=0) for step in range(-12, 10)])


def rise(machine, fault, strength):
    """How many dB the fault adds where it is loudest, in the strongest 1 % of the tiles; the mean
    of three ids.
    """
    ratios = [tiles(machine, id, fault, strength) / tiles(machine, id) for id in range(3)]
    return np.mean([np.percentile(10 * np.log10(ratio), 99) for ratio in ratios])


@pytest.mark.parametrize(("machine", "fault"), FAULTS)
def test_a_fault_stands_out_by_6_to_14_db_at_full_strength(machine, fault):
    slight, plain = (rise(machine, fault, strength) for strength in (0.25, 1.0))
    if fault == "sluggish":  # it moves a click and adds nothing
        assert slight > 0.5
    else:
        assert 0.5 < slight < 7 and 5.5 < plain < 15.5 and slight < plain


def test_the_recipes_take_faults_that_are_modeled():
    for machine, fault in FAULTS:
        assert fault in sound.faults(machine)
    assert {
        machine: tuple(settings["faults"]) for machine, settings in MACHINES.items()
    } == sound.faults()
