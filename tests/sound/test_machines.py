"""The machine models: tones where the parameters say, faults that grow with strength, halls and microphones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.sound import machines, noise
from asdkit.sound.machines import MACHINES, Fan, Slider, State, Valve

RATE = 16_000
FAULTS = [(name, fault) for name, machine in MACHINES.items() for fault in machine.faults]


def sound(name, fault=None, strength=0.0, seed=0, n=2 * RATE, state=State(), make=None):  # noqa: B008
    make = make or machines.parameters(name, seed)
    return MACHINES[name].model(make, state, fault, strength, np.random.default_rng(seed), n, RATE)


def spectrum(wave):
    return np.abs(np.fft.rfft(wave * np.hanning(len(wave))))


@settings(max_examples=12, deadline=None)
@given(st.floats(1100, 1900), st.integers(5, 9), st.floats(0.8, 1.2))
def test_blade_pass_is_a_peak(rpm, blades, speed):
    make = Fan(rpm=rpm, blades=blades, tones=0.8, uneven=0.02)
    bins = spectrum(sound("fan", make=make, state=State(speed), n=4 * RATE))
    expected = blades * rpm / 60 * speed * 4
    near = bins[round(expected * 0.985) : round(expected * 1.015) + 2].max()
    around = np.median(bins[round(expected * 0.8) : round(expected * 1.2)])
    assert near > 8 * around


@settings(max_examples=12, deadline=None)
@given(st.floats(0.5, 1.2), st.floats(0.8, 1.2))
def test_valve_opens_once_a_period(period, speed):
    wave = sound("valve", make=Valve(period=period, duty=0.3, closing=0.5), state=State(speed), n=20 * RATE)
    blocks = np.square(wave).reshape(-1, 160).max(axis=1)
    blocks = np.convolve(blocks, np.hanning(7), "same")
    expected = 100 * period / speed
    repeats = [np.dot(blocks[lag:], blocks[:-lag]) / (len(blocks) - lag) for lag in range(15, int(1.6 * expected))]
    assert abs(np.argmax(repeats) + 15 - expected) <= 2


def test_slider_is_quiet_at_rest():
    wave = sound("slider", make=Slider(stroke=1.0, rest=0.5, stop=0.5, drive=0.0), n=6 * RATE)
    power = np.sort(np.square(wave).reshape(-1, 400).mean(axis=1))
    assert power[len(power) // 6] < 0.01 * power[len(power) // 2]


@pytest.mark.parametrize(("name", "fault"), FAULTS)
def test_strength_zero_is_the_healthy_machine(name, fault):
    for seed in range(3):
        assert np.array_equal(sound(name, fault, 0.0, seed), sound(name, None, 0.0, seed))


@pytest.mark.parametrize(("name", "fault"), [one for one in FAULTS if one[1] != "sluggish"])
def test_fault_grows_with_strength(name, fault):
    def bands(strength, seed):
        wave = sound(name, fault, strength, seed, n=4 * RATE, make=MACHINES[name].make())
        frames = np.abs(np.fft.rfft(wave[:63_840].reshape(-1, 480) * np.hanning(480)))
        return np.sqrt(np.square(frames)[:, 1:].reshape(len(frames), -1, 10).sum(axis=2))

    def distance(strength):
        return np.mean([np.abs(bands(strength, seed) - bands(0.0, seed)).mean() for seed in range(3)])

    slight, middle, plain = map(distance, (0.02, 0.4, 1.0))
    assert slight < middle < plain
    assert plain > 0.01


@pytest.mark.parametrize(("name", "fault"), [(name, None) for name in MACHINES] + FAULTS)
def test_waves_are_float32_and_finite(name, fault):
    for seed in range(3):
        wave = sound(name, fault, 1.0 if fault else 0.0, seed, n=RATE + 7)
        assert wave.dtype == np.float32 and wave.shape == (RATE + 7,)
        assert np.isfinite(wave).all() and wave.std() > 0


@pytest.mark.parametrize("name", MACHINES)
def test_ids_differ_and_stay_in_their_ranges(name):
    first, second = (machines.parameters(name, seed) for seed in (0, 1))
    assert first != second
    assert set(MACHINES[name].ranges) == set(first._fields)
    for field, span in MACHINES[name].ranges.items():
        value = np.atleast_1d(getattr(first, field))
        low, high = np.atleast_2d(span).T
        assert np.all((low <= value) & (value <= high))


def test_wrong_names_and_strengths_are_told():
    with pytest.raises(ValueError, match="take one of imbalance, worn_bearing, clogging, rubbing"):
        sound("fan", "cavitation", 0.5)
    for strength in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="from 0"):
            sound("pump", "leak", strength)
    with pytest.raises(ValueError, match="'drill'.*fan, pump, slider, valve"):
        machines.parameters("drill")


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.floats(0.01, 3))
def test_harmonics_are_the_sum_of_sines(order, amplitude):
    turns = np.linspace(0, 3, 4000)
    amplitudes = np.zeros(order)
    amplitudes[-1] = amplitude
    phase = order**2 * 0.6180339887498949
    expected = amplitude * np.sin(2 * np.pi * (order * turns + phase))
    # The table is read without interpolation: an error of up to one step of phase remains.
    assert (
        np.abs(noise.harmonics(turns, amplitudes) - expected).max() < amplitude * 2 * np.pi * order / noise.TABLE + 1e-4
    )


def test_shaped_noise_has_its_spectrum():
    gain = noise.spectrum(8 * RATE, RATE, 100.0, 0.8, peaks=((2000.0, 100.0, 3.0),))
    wave = noise.shaped(np.random.default_rng(0), 8 * RATE, gain)
    measured = np.square(np.abs(np.fft.rfft(wave)))[1 : 8000 * 8 + 1].reshape(-1, 400).mean(axis=1)
    expected = np.square(gain)[1 : 8000 * 8 + 1].reshape(-1, 400).mean(axis=1)
    ratio = measured / expected
    assert np.abs(np.log(ratio[1:] / np.median(ratio))).max() < 0.4
    assert np.isclose(wave.std(), 1, atol=1e-3)


def test_ring_is_the_sum_of_modes():
    blows = noise.pulses([0.1], [2.0], RATE, RATE)
    wave = noise.ring(blows, [(1000.0, 0.01, 1.0)], RATE)
    t = np.arange(800) / RATE
    expected = 2 * np.exp(-t / 0.01) * np.sin(2 * np.pi * 1000 * t)
    assert np.allclose(wave[1600:2400], expected, atol=1e-4) and np.allclose(wave[:1600], 0, atol=1e-5)
