"""Alpha under the hand: what a hand does in the browser, driven from here."""

import numpy as np
import pytest

from asdkit import views


@pytest.fixture
def view():
    return views.AlphaView(alpha=1.0, angle=20)


def same(state, expected):
    assert state.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(state[name], value)


def test_it_starts_as_asked(view):
    same(view.state, views.alpha_state(1.0, 20, 4))
    assert views.AlphaView(alpha=3.0, angle=-90, classes=5).state["centers"].shape == (5, 2)


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(alpha=4.2, angle=-30, classes=3) is view
    same(view.state, views.alpha_state(4.2, -30, 3))
    assert view.image.value != picture and view.text.value != text
    assert "alpha 4.2, at or above the bound 2.20" in view.text.value
    assert "30° off class 0" in view.figure().alt and 'alt="alpha 4.20' in view.image.value


def test_every_control_redraws(view):
    for control, value in {"alpha": 7.7, "angle": -45, "classes": 5}.items():
        shown = view.image.value
        getattr(view, control).value = value
        assert view.image.value != shown and view.text.value == view._readout(), control


def test_the_extremes(view):
    assert view.set(alpha=30.0, angle=0).state["loss"] < 1e-6
    assert view.set(angle=180).state["loss"] == pytest.approx(60.0)
    assert np.ptp(view.set(alpha=0.1, angle=-180).state["probabilities"]) < 0.06


@pytest.mark.parametrize(
    "wrong",
    [{"alpha": 0.0}, {"alpha": 30.1}, {"alpha": 1.25}, {"alpha": float("nan")}, {"angle": 181},
     {"angle": 0.5}, {"classes": 6}],
)  # fmt: skip
def test_what_the_controls_do_not_offer_is_refused_and_moves_nothing(view, wrong):
    with pytest.raises(ValueError, match="(alpha|angle|classes) cannot be .*: give one of"):
        view.set(**{"alpha": 2.0, "angle": 5} | wrong)
    same(view.state, views.alpha_state(1.0, 20, 4))


def test_a_cell_shows_the_widget_and_a_page_its_words(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "below the bound 2.89" in repr(view)
