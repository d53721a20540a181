"""The gain on a clip and the attention that follows it, driven from here."""

import numpy as np
import pytest
import torch

from asdkit import figures, views
from asdkit.features import WaveAndLogMel
from asdkit.systems.recipes import NAM_MEL

WAVE = 0.05 * torch.randn(160000, generator=torch.Generator().manual_seed(0))
WAVE[::16000] += 2.0  # a click a second


@pytest.fixture
def view():
    return views.AttentionView(WAVE)


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(gain=7) is view
    _, log_mel = WaveAndLogMel(**NAM_MEL)(10 ** (7 / 20) * WAVE[None])
    expected = figures.attention_state(log_mel[0])
    assert view.state["gain"] == 7 and view.state["heeded"] == expected["heeded"]
    np.testing.assert_allclose(view.state["attention"], expected["attention"])
    assert view.image.value != picture and view.text.value != text
    assert "gain +7 dB: log-mel from" in view.text.value
    assert 'alt="gain +7 dB (n = 1): ' in view.image.value


def test_a_hand_on_the_slider_redraws(view):
    picture = view.image.value
    view.gain.value = -3
    assert view.image.value != picture and view.state["gain"] == -3


def test_from_nothing_to_everything_and_never_back(view):
    heeded = [view.set(gain=gain).state["heeded"] for gain in range(-40, 61, 5)]
    assert heeded[0] == 0.0 and heeded[-1] == 1.0 and heeded == sorted(heeded)
    assert any(0.0 < share < 1.0 for share in heeded)


def test_a_click_is_heeded_before_the_noise(view):
    front = WaveAndLogMel(**NAM_MEL)
    for gain in range(-40, 61):
        _, log_mel = front(10 ** (gain / 20) * WAVE[None])
        if 0 < figures.attention_state(log_mel[0])["heeded"] < 0.5:
            state = view.set(gain=gain).state
            assert 0 < state["heeded"] < 0.5
            frames = np.flatnonzero(state["attention"] > 0.5) * 512
            assert (np.abs((frames + 8000) % 16000 - 8000) <= 2048).all()
            assert repr(view).endswith(f"the first at {frames[0] / 16000:.1f} s>")
            assert "first" not in repr(view.set(gain=-40))
            return
    raise AssertionError("no gain heeds a part of the frames")


def test_a_silent_clip_has_finite_attention():
    for gain in (-40, 60):
        state = views.AttentionView(torch.zeros(160000), gain=gain).state
        assert state["heeded"] == 0.0 and np.isfinite(state["attention"]).all()
        assert np.isfinite(state["attended"]).all()


def test_only_the_first_ten_seconds_count():
    longer = views.AttentionView(torch.cat([WAVE, 100 * WAVE]))
    shorter = views.AttentionView(WAVE[:48000])
    assert longer.state["attention"].shape == (313,) and shorter.state["attention"].shape == (94,)
    np.testing.assert_allclose(longer.state["attention"][:90], shorter.state["attention"][:90])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"gain": 61}, "gain cannot be 61: give one of -40, -39, ..., 60"),
        ({"gain": 0.5}, "gain cannot be 0.5"), ({"level": 1}, "there is no control 'level'"),
    ],
)  # fmt: skip
def test_what_no_control_offers_is_refused(view, values, words):
    before = view.state
    with pytest.raises(ValueError, match=words):
        view.set(**values)
    assert view.state is before


@pytest.mark.parametrize(
    ("wave", "words"),
    [
        (WAVE[None], r"a wave is \(T,\), not \(1, 160000\)"),
        (WAVE * torch.nan, "waves holds nan"),
        (WAVE[:100], "LogMel"),
    ],
)
def test_which_waves_are_refused(wave, words):
    with pytest.raises(ValueError, match=words):
        views.AttentionView(wave)


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].startswith("<AttentionView: gain +0 dB: log-mel from")
