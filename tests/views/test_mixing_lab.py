"""The mixing laboratory under the hand: what controls do, and what is heard."""

import base64
import io
import math
import re

import numpy as np
import pytest
import soundfile
import torch

from asdkit import figures, views
from asdkit.figures.losses.mixing_lab import KINDS

TIME = torch.arange(16000) / 16000
LOW, HIGH = 0.5 * torch.sin(2 * torch.pi * 300 * TIME), 0.2 * torch.sin(2 * torch.pi * 1700 * TIME)


@pytest.fixture
def view():
    return views.MixingView(LOW, HIGH)


def heard(html):
    """The sounds of some players."""
    return [
        soundfile.read(io.BytesIO(base64.b64decode(code)))[0]
        for code in re.findall(r"base64,([^\"]+)", html)
    ]


def tones(wave):
    """Amplitudes at 300 and at 1700 Hz."""
    line = np.exp(-2j * np.pi * np.outer([300, 1700], np.arange(len(wave)) / 16000))
    return 2 * np.abs(line @ wave) / len(wave)


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(lam=0.9, to_first=30, to_second=75, margin=0.5, scale=12) is view
    expected = figures.mixing_state(0.9, math.radians(30), math.radians(75), 0.5, 12.0)
    assert {name: view.state[name] for name in ("lam", "margin", "loss")} == {
        name: expected[name] for name in ("lam", "margin", "loss")
    }
    assert view.image.value != picture and view.text.value != text
    assert f"ArcMix {expected['loss']['ArcMix']:.3f}" in view.text.value
    assert 'alt="one mixed clip (n = 1): lambda = 0.90' in view.image.value


def test_a_hand_on_each_slider_redraws(view):
    moves = {"lam": 0.31, "to_first": 77, "to_second": 3, "margin": 1.5, "scale": 1}
    for name, value in moves.items():
        picture = view.image.value
        getattr(view, name).value = value
        assert view.image.value != picture and view.controls[name].continuous_update, name


def test_the_extremes(view):
    for lam in (0.0, 1.0):
        for angle in (0, 180):
            for margin in (0.0, 1.5):
                state = view.set(
                    lam=lam, to_first=angle, to_second=180 - angle, margin=margin, scale=64
                ).state
                assert np.isfinite([*state["loss"].values()]).all()
                assert np.isfinite([state["slopes"][kind] for kind in KINDS]).all()
                assert state["weight"]["ArcMix"].tolist() == [lam, 1 - lam]


@pytest.mark.parametrize("lam", [0.0, 0.25, 0.5, 1.0])
def test_the_mixed_clip_is_heard_as_mixed(view, lam):
    (mixed,) = heard(view.set(lam=lam).players.value)
    gain = 0.85 / 0.5  # the louder clip fills the range, and no sound has a gain of its own
    np.testing.assert_allclose(
        tones(mixed), gain * np.array([0.5 * lam, 0.2 * (1 - lam)]), atol=0.02
    )
    assert f"mixed clip, lambda = {lam:.2f}" in view.players.value


def test_the_two_clips_are_heard_beside_it_and_play_on(view, unpainted):
    clips = view.box.children[len(view.controls) + 1].children[0]
    before = clips.value
    (first, second) = heard(before)
    np.testing.assert_allclose(tones(first)[0] / tones(second)[1], 2.5, rtol=0.05)
    assert view.set(lam=0.8, scale=5) and clips.value == before
    names = views.MixingView(LOW, HIGH, names=("fan 00", "<valve>")).box.children[6].children[0]
    assert "fan 00" in names.value and "&lt;valve&gt;" in names.value


def test_a_sound_is_encoded_once(view, monkeypatch):
    view.set(lam=0.4)
    monkeypatch.setattr("asdkit.views.mixing_lab.encode", lambda *wave: 1 / 0)
    view.set(lam=0.3).set(lam=0.4, scale=10)
    with pytest.raises(ZeroDivisionError):
        view.set(lam=0.41)


def test_it_shows_the_losses_that_it_is_given():
    kinds = ("cross entropy, mixed", "MixedMargin")
    view = views.MixingView(LOW, HIGH, kinds=kinds)
    assert tuple(view.set(lam=0.6).state["loss"]) == kinds
    assert "MixedMargin" in view.text.value and "ArcMix" not in view.text.value


def test_only_its_seconds_are_heard():
    view = views.MixingView(LOW, HIGH, seconds=0.25)
    assert len(heard(view.players.value)[0]) == 4000


def test_silent_clips_do_no_harm():
    view = views.MixingView(torch.zeros(16000), torch.zeros(16000))
    assert not heard(view.players.value)[0].any()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"lam": 1.01}, "lam cannot be 1.01: give one of 0.0, 0.01, ..., 1.0"),
        ({"lam": -0.1}, "lam cannot be -0.1"),
        ({"scale": 9, "margin": 1.6}, "margin cannot be 1.6: give one of 0.0, 0.05, ..., 1.5"),
        ({"to_first": 181}, "to_first cannot be 181"), ({"m": 0.5}, "there is no control 'm'"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_moves_nothing(view, values, words):
    before = view.text.value
    with pytest.raises(ValueError, match=words):
        view.set(**values)
    assert view.text.value == before


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (LOW, HIGH[:8000], r"the waves are \(16000,\) and \(8000,\): .* one sampling rate"),
        (LOW[None], HIGH[None], r"the waves are \(1, 16000\)"),
        (LOW, HIGH * torch.nan, "a wave is empty, or holds NaN"), (LOW[:0], HIGH[:0], "is empty"),
    ],
)  # fmt: skip
def test_which_waves_are_refused(first, second, words):
    with pytest.raises(ValueError, match=words):
        views.MixingView(first, second)


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].startswith("<MixingView: lambda 0.30: cross entropy")
