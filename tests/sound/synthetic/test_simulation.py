"""One clip at a time: only the fault changes with its strength, and the level is the healthy
machine's.
"""

import numpy as np
import pytest
import torch

from asdkit import sound

FAULTS = [(machine, fault) for machine, names in sound.faults().items() for fault in names]


@pytest.mark.parametrize(("machine", "fault"), FAULTS)
def test_strength_zero_is_the_healthy_sound(machine, fault):
    for snr in (None, 3.0):
        healthy = sound.simulate(machine, 1, seed=5, snr=snr, seconds=1.5)
        assert torch.equal(
            sound.simulate(machine, 1, fault=fault, strength=0.0, seed=5, snr=snr, seconds=1.5),
            healthy,
        )


@pytest.mark.parametrize(("machine", "fault"), FAULTS)
def test_only_the_fault_changes_with_its_strength(machine, fault):
    healthy, slight, plain = (
        sound.simulate(machine, fault=fault, strength=strength, seconds=4.0, seed=2)
        for strength in (0.0, 1e-4, 1.0)
    )
    assert (slight - healthy).square().mean() < (plain - healthy).square().mean()
    background = [
        sound.simulate(machine, fault=fault, strength=strength, seconds=4.0, seed=2, snr=0.0)
        for strength in (0.0, 1.0)
    ]
    assert (background[1] - background[0]).square().mean() > 0


@pytest.mark.parametrize("machine", sound.faults())
def test_the_healthy_machine_has_rms_one(machine):
    wave = sound.simulate(machine, section=2, seed=3, seconds=3.0)
    assert wave.dtype == torch.float32 and wave.shape == (48_000,)
    assert torch.isclose(wave.square().mean().sqrt(), torch.tensor(1.0), atol=1e-4)


def test_seed_and_section_make_another_sound():
    first = sound.simulate("fan", seconds=1.0)
    assert torch.equal(first, sound.simulate("fan", seconds=1.0))
    for other in ({"seed": 1}, {"section": 1}, {"speed": 0.9}, {"load": 0.9}, {"snr": 5.0}):
        assert not torch.equal(first, sound.simulate("fan", seconds=1.0, **other))
    places = [
        sound.simulate("fan", seconds=1.0, snr=0.0, **how)
        for how in ({}, {"background": 1}, {"microphone": 1})
    ]
    assert not torch.equal(places[0], places[1]) and not torch.equal(places[0], places[2])


def test_another_rate_is_the_same_machine():
    rpm, blades = sound.parameters("fan")[:2]
    for sr in (16_000, 22_050):
        wave = sound.simulate("fan", seconds=8.0, sr=sr).numpy()
        assert len(wave) == 8 * sr
        bins = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))[: 8 * 300]
        assert abs(np.argmax(bins[8 * 80 :]) / 8 + 80 - blades * rpm / 60) < 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"machine": "drill"}, "no machine is called 'drill': take one of fan, pump"),
        ({"fault": "rust"}, "'rust': take one of imbalance"),
        ({"fault": "imbalance", "strength": 1.5}, "strength of a fault is 1.5: give"),
        ({"speed": 9.0}, "speed is 9.0: give a number from 0.5 to 2"),
        ({"load": -1.0}, "load is -1.0"),
        ({"seconds": 0.0}, "seconds is 0.0"),
        ({"sr": 4000}, "sr is 4000"),
        ({"snr": float("nan")}, "snr is nan"),
    ],
)
def test_what_cannot_be_is_told(wrong, told):
    with pytest.raises(ValueError, match=told):
        sound.simulate(**{"machine": "fan"} | wrong)
