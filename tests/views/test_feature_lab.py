"""The feature microscope under the hand: what controls do, driven from here."""

import pytest
import torch

from asdkit import figures, views
from asdkit.features import normalize_level

NOISE = torch.randn(7, 16000, generator=torch.Generator().manual_seed(0))
CLICK = NOISE[0].clone()
CLICK[8000] += 50.0


@pytest.fixture
def view():
    return views.FeatureView(NOISE[0], CLICK, NOISE[1:])


def test_it_starts_with_scas_settings(view):
    assert [view.state[name] for name in ("window", "hop", "mels", "remove_mean")] == [
        1024,
        512,
        128,
        False,
    ]


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(window=256, hop=4, mels=32, remove_mean=True, summary="temporal max") is view
    waves = normalize_level(torch.stack([NOISE[0], CLICK, *NOISE[1:]]))
    expected = figures.feature_state(
        waves[0], waves[1], waves[2:], 256, 64, 32, True, "temporal max"
    )
    assert view.state["faulty"] == expected["faulty"] and view.state["pictures"].shape == (2, 32, 1)
    assert view.image.value != picture and view.text.value != text
    assert f"the fault shows by {expected['faulty']:.1f} scatters" in view.text.value
    assert 'alt="' in view.image.value


def test_the_level_stays_on_request():
    louder = views.FeatureView(NOISE[0], 10 * NOISE[0], NOISE[1:], level=False)
    same = views.FeatureView(NOISE[0], 10 * NOISE[0], NOISE[1:])
    assert louder.state["faulty"] > 2 and same.state["faulty"] < 1e-3


@pytest.mark.parametrize("name", ["window", "hop", "mels"])
def test_every_value_of_every_control_has_a_picture(view, name):
    for option in view.controls[name].options:
        value = option[1] if isinstance(option, tuple) else option
        state = view.set(**{name: value}).state
        assert state["faulty"] > 0 and state["pictures"].shape[0] == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"window": 1000}, "window cannot be 1000: give one of 128, 256"),
        ({"bands": 3}, "no control 'bands': set one of"),
    ],
)
def test_what_no_control_offers_is_refused(view, values, sentence):
    before = view.state
    with pytest.raises(ValueError, match=sentence):
        view.set(**values)
    assert view.state is before


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert (
        "application/vnd.jupyter.widget-view+json" in bundle and "scatters" in bundle["text/plain"]
    )


def test_waves_of_two_lengths_are_refused():
    with pytest.raises(
        ValueError,
        match=r"the waves are \[\(8000,\), \(16000,\)\], not \(T,\) of one length: cut them",
    ):
        views.FeatureView(NOISE[0], CLICK[:8000], NOISE[1:])
