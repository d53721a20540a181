"""The attention over a clip: [NAM] 5 and 6 written out in numpy, its limits, and its picture."""

import numpy as np
import pytest
import torch

from asdkit import figures
from asdkit.features import WaveAndLogMel
from asdkit.systems.recipes import NAM_MEL

RNG = np.random.default_rng(0)
X = RNG.normal(0.0, 4.0, (128, 50)) - np.linspace(0, 20, 50)  # dB


def test_it_is_the_formula():
    state = figures.attention_state(X)
    for t in range(50):
        summed = max(X[:, t]) + sum(X[:, t]) / 128
        attention = 1 / (1 + np.exp(-summed))
        np.testing.assert_allclose(state["attention"][t], attention, rtol=1e-12)
        np.testing.assert_allclose(state["attended"][:, t], attention * X[:, t], rtol=1e-12)
    assert 0 < state["heeded"] < 1 and state["heeded"] == np.mean(state["attention"] > 0.5)
    np.testing.assert_array_equal(state["log_mel"], X)


def test_a_gain_adds_twice_to_the_sum():
    before, after = (figures.attention_state(X + gain)["attention"] for gain in (0.0, 1.5))
    odds = lambda a: np.log(a / (1 - a))  # noqa: E731
    np.testing.assert_allclose(odds(after) - odds(before), 3.0, rtol=1e-6)


@pytest.mark.parametrize(("gain", "heeded"), [(-100.0, 0.0), (100.0, 1.0)])
def test_far_from_0_db_nothing_or_everything_is_heeded(gain, heeded):
    state = figures.attention_state(X + gain)
    assert state["heeded"] == heeded
    np.testing.assert_allclose(state["attended"], heeded * (X + gain), atol=1e-9)


def test_a_silent_clip_is_finite():
    _, log_mel = WaveAndLogMel(**NAM_MEL)(torch.zeros(1, 160000))
    state = figures.attention_state(log_mel[0])
    assert state["heeded"] == 0.0 and state["log_mel"].max() < -150
    assert np.isfinite(state["attention"]).all() and np.isfinite(state["attended"]).all()
    assert figures.attention_figure(state).png()[:4] == b"\x89PNG"


def test_it_takes_tensors_of_both_types():
    for dtype in (torch.float32, torch.float64):
        state = figures.attention_state(torch.tensor(X, dtype=dtype))
        np.testing.assert_allclose(
            state["attention"], figures.attention_state(X)["attention"], rtol=1e-4
        )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (X[None], r"a spectrogram is \(mel, time\), not \(1, 128, 50\)"),
        (np.full((4, 3), np.nan), "the spectrogram is nan"),
    ],
)
def test_what_it_refuses(wrong, words):
    with pytest.raises(ValueError, match=words):
        figures.attention_state(wrong)


def test_the_picture_shows_both_spectrograms_on_one_scale_with_white_at_0_db():
    state = figures.attention_state(X)
    figure = figures.attention_figure(state, title="one valve")
    above, curve, below, bar = figure.axes
    np.testing.assert_array_equal(above.images[0].get_array(), state["log_mel"])
    np.testing.assert_array_equal(below.images[0].get_array(), state["attended"])
    low, high = above.images[0].get_clim()
    assert (low, high) == below.images[0].get_clim() and low == -high
    time, attention = curve.lines[0].get_data()
    np.testing.assert_array_equal(attention, state["attention"])
    np.testing.assert_allclose(time, (np.arange(50) + 0.5) * 0.032)
    assert curve.get_xlim() == above.get_xlim() == below.get_xlim() == (0, 50 * 0.032)
    assert bar.get_ylabel() == "log-mel in dB"
    heeded = np.sum(state["attention"] > 0.5)
    assert f"one valve (n = 1): {heeded} of 50 frames heeded" in figure.alt
