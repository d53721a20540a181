"""The machine models: tones where the parameters say, faults that grow with strength, halls and
microphones.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.sound.synthetic import machines, noise
from asdkit.sound.synthetic.machines import MACHINES, Fan, Slider, State, Valve

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
    wave = sound(
        "valve", make=Valve(period=period, duty=0.3, closing=0.5), state=State(speed), n=20 * RATE
    )
    blocks = np.square(wave).reshape(-1, 160).max(axis=1)
    blocks = np.convolve(blocks, np.hanning(7), "same")
    expected = 100 * period / speed
    repeats = [
        np.dot(blocks[lag:], blocks[:-lag]) / (len(blocks) - lag)
        for lag in range(15, int(1.6 * expected))
    ]
    assert abs(np.argmax(repeats) + 15 - expected) <= 2


@pytest.mark.parametrize("strength", [0.0, 0.3, 0.6])
def test_a_sluggish_valve_closes_late(strength):
    make = Valve(period=1.0, duty=0.4, closing=1.0)
    wave = sound("valve", "sluggish", strength, make=make, n=60 * RATE)
    blocks = np.square(wave).reshape(-1, 160).max(axis=1) ** 0.25
    blocks -= blocks.mean()
    repeats = np.array([np.dot(blocks[lag:], blocks[:-lag]) for lag in range(20, 81)])
    lag = (27 + np.argmax(np.convolve(repeats, np.hanning(15), "valid"))) / 100
    # from opening to closing; the rest of the period is the way back
    expected = 0.4 + 0.15 * strength
    assert min(abs(lag - expected), abs(lag - (1 - expected))) < 0.04


@pytest.mark.parametrize(("name", "fault", "band"), [
    ("fan", "worn_bearing", (2500, 7000)), ("fan", "rubbing", (3000, 7500)),
    ("fan", "clogging", (20, 120)), ("pump", "cavitation", (2000, 7000)),
    ("pump", "leak", (3000, 7500)), ("valve", "leak", (3000, 7500)),
    ("slider", "rail_damage", (400, 4000)), ("slider", "dry_rail", (1000, 2400)),
])  # fmt: skip
def test_a_fault_raises_its_own_band(name, fault, band):
    def power(strength):
        bins = np.square(spectrum(sound(name, fault, strength, n=8 * RATE)))
        return bins[8 * band[0] : 8 * band[1]].sum()

    powers = [power(strength) for strength in (0.0, 0.5, 1.0)]
    assert powers[0] < powers[1] < powers[2] and powers[2] > 1.15 * powers[0]


def test_imbalance_and_misalignment_raise_the_tone_of_the_shaft():
    for name, fault, order in (("fan", "imbalance", 1), ("pump", "misalignment", 2)):
        make = MACHINES[name].make()
        expected = round(8 * order * make.rpm / 60)
        bins = [spectrum(sound(name, fault, s, make=make, n=8 * RATE)) for s in (0.0, 0.5, 1.0)]
        heights = [one[expected - 3 : expected + 4].max() for one in bins]
        assert heights == sorted(heights) and heights[-1] > 3 * heights[0]


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

    healthy = [bands(0.0, seed) for seed in range(3)]

    def distance(strength):
        return np.mean(
            [np.abs(bands(strength, seed) - own).mean() for seed, own in enumerate(healthy)]
        )

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
        np.abs(noise.harmonics(turns, amplitudes) - expected).max()
        < amplitude * 2 * np.pi * order / noise.TABLE + 1e-4
    )


def test_shaped_noise_has_its_spectrum():
    gain = noise.spectrum(8 * RATE, RATE, 100.0, 0.8, peaks=((2000.0, 100.0, 3.0),))
    wave = noise.shaped(np.random.default_rng(0), 8 * RATE, gain)
    measured = np.square(np.abs(np.fft.rfft(wave)))[1 : 8000 * 8 + 1].reshape(-1, 400).mean(axis=1)
    expected = np.square(gain)[1 : 8000 * 8 + 1].reshape(-1, 400).mean(axis=1)
    ratio = measured / expected
    assert np.abs(np.log(ratio[1:] / np.median(ratio))).max() < 0.4
    assert np.isclose(wave.std(), 1, atol=1e-3)


def test_impacts_strike_once_a_turn():
    turns = np.arange(RATE) / RATE * 25.0 + 0.3
    assert np.array_equal(noise.passes(turns), np.flatnonzero(np.diff((turns // 1).astype(int))))
    wave = noise.impacts(turns, 1.0, 0.0, [(3000.0, 0.0005, 1.0)], np.random.default_rng(0), RATE)
    loud = np.abs(wave).reshape(-1, 160).max(axis=1) > 0.1
    assert np.diff(loud.astype(int)).clip(0).sum() == 25


@settings(max_examples=20, deadline=None)
@given(st.floats(5, 200), st.integers(1, 9), st.floats(0.5, 2), st.floats(0, 0.3))
def test_a_series_has_rms_one_and_its_order_of_blades_leads(rate, blades, rolloff, uneven):
    amplitudes = noise.series(rate, blades, rolloff, uneven, (), RATE)
    assert np.isclose(np.sum(amplitudes**2) / 2, 1)
    assert np.argmax(amplitudes) == blades - 1
    assert len(amplitudes) <= max(2, 0.42 * RATE / rate)


def test_activity_dwells_about_as_long_as_told():
    parts = [
        noise.activity(np.random.default_rng(seed), 60 * RATE, RATE, 3.0) for seed in range(20)
    ]
    changes = np.mean([np.abs(np.diff((part > 0.5).astype(int))).sum() for part in parts])
    assert abs(changes - 20) < 4 and min(map(np.min, parts)) >= 0 and max(map(np.max, parts)) <= 1
    assert np.abs(np.diff(parts[0])).max() < 0.001  # it never clicks


def test_ring_is_the_sum_of_modes():
    blows = noise.pulses([0.1], [2.0], RATE, RATE)
    wave = noise.ring(blows, [(1000.0, 0.01, 1.0)], RATE)
    t = np.arange(800) / RATE
    expected = 2 * np.exp(-t / 0.01) * np.sin(2 * np.pi * 1000 * t)
    assert np.allclose(wave[1600:2400], expected, atol=1e-4) and np.allclose(
        wave[:1600], 0, atol=1e-5
    )
