"""The bottleneck under the hand: pictures, rank and sounds that follow, driven from here."""

import numpy as np
import pytest
import torch

from asdkit import encoders, figures, views
from asdkit.features import LogMel, Standardize

NOISE = 0.1 * torch.randn(2, 24000, generator=torch.Generator().manual_seed(0))
CLIPS = {"normal": NOISE[0], "a tone": NOISE[1] + torch.sin(torch.arange(24000) / 4)}
SIZES = (2, 8, 640)
SCORES = {size: np.linspace(1000, 2000, 5) / size for size in SIZES}


def networks():
    torch.manual_seed(0)
    return {size: encoders.AutoEncoder(widths=(8,), bottleneck=size).eval() for size in SIZES}


@pytest.fixture
def view():
    return views.ReconstructionView(networks(), CLIPS, SCORES)


def test_it_begins_in_the_middle_with_the_first_clip_and_one_sound(view):
    state = view.state
    assert (state["size"], state["clip"], state["heard"]) == (8, "normal", ["normal"])
    assert view.players.value.count("<audio") == 1


def test_set_moves_state_picture_text_and_sounds(view):
    before = view.image.value, view.text.value, view.players.value
    assert view.set(size=2, clip="a tone") is view
    expected = figures.reconstruction_state(
        view.networks[2], LogMel()(CLIPS["a tone"][None])[0], SCORES[2]
    )
    assert view.state["score"] == pytest.approx(expected["score"])
    np.testing.assert_allclose(view.state["rebuilt"], expected["rebuilt"], atol=1e-4)
    after = view.image.value, view.text.value, view.players.value
    assert all(one != other for one, other in zip(before, after))
    assert "a tone, bottleneck 2: score" in view.text.value
    assert "a tone, bottleneck 2 (n = 1)" in view.figure().alt


def test_every_size_and_clip_has_a_picture(view):
    for size in SIZES:
        for clip in CLIPS:
            state = view.set(size=size, clip=clip).state
            assert state["rebuilt"].shape == (128, 47) and np.isfinite(state["error"]).all()
            assert state["below"] == np.sum(SCORES[size] < state["score"])


def test_a_hand_on_the_slider_redraws(view):
    picture = view.image.value
    view.size.value = 640
    assert view.image.value != picture and view.state["size"] == 640


def test_what_is_rebuilt_is_heard_on_request_and_made_once(view, monkeypatch):
    made, invert = [], views.reconstruction_lab.invert
    monkeypatch.setattr(
        views.reconstruction_lab, "invert", lambda x: made.append(1) or invert(x, steps=1)
    )
    view.set(size=2)
    assert not made
    view.set(hear=True)
    assert view.state["heard"] == ["normal", "rebuilt, bottleneck 2"] and len(made) == 1
    assert view.players.value.count("<audio") == 2
    view.set(size=8).set(size=2).set(hear=False).set(hear=True)
    assert len(made) == 2
    view.set(hear=False)
    assert view.state["heard"] == ["normal"] and view.players.value.count("<audio") == 1


def test_behind_a_standardization():
    standardize = Standardize().fit(LogMel()(NOISE))
    state = views.ReconstructionView(networks(), CLIPS, SCORES, standardize).state
    expected = figures.reconstruction_state(
        networks()[8], LogMel()(CLIPS["normal"][None])[0], SCORES[8], standardize
    )
    assert state["score"] == pytest.approx(expected["score"])
    assert state["unit"] == "variances of a band"


def test_a_silent_clip_is_shown_and_heard():
    view = views.ReconstructionView(networks(), {"silence": torch.zeros(24000)}, SCORES)
    assert np.isfinite(view.set(hear=True).state["score"]) and len(view.state["heard"]) == 2


def test_one_move_of_several_controls_draws_once(view, unpainted, monkeypatch):
    drawn = []
    assert view.image.value
    monkeypatch.setattr(view, "figure", lambda draw=view.figure: drawn.append(1) or draw())
    view.set(size=640, clip="a tone")
    assert len(drawn) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"size": 3}, "size cannot be 3: give one of 2, 8, 640"),
        ({"clip": "valve"}, "clip cannot be 'valve'"),
        ({"bottleneck": 2}, "there is no control 'bottleneck'"),
    ],
)
def test_what_no_control_offers_is_refused(view, values, words):
    before = view.text.value
    with pytest.raises(ValueError, match=words):
        view.set(**values)
    assert view.text.value == before


@pytest.mark.parametrize(
    ("made", "clips", "normal", "words"),
    [
        ({}, CLIPS, {}, "networks of the sizes nothing"),
        (networks(), {}, SCORES, "there are 0 clips"),
        (networks(), CLIPS, {2: [1.0]}, "networks of the sizes 2, 8, 640 and normal scores of 2:"),
        (networks(), {"two": NOISE}, SCORES, r"two: a wave is \(T,\), not \(2, 24000\)"),
        (networks(), CLIPS, dict.fromkeys(SIZES, [np.nan]), "normal is nan"),
    ],
)
def test_what_makes_no_view(made, clips, normal, words):
    with pytest.raises(ValueError, match=words):
        views.ReconstructionView(made, clips, normal)


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].startswith("<ReconstructionView: normal, bottleneck 8: score")
