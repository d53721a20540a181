"""The cost of a training under the hand: what a hand does in the browser, driven from here."""

import pytest

from asdkit import views

RATES, SIZES = {"ResNet": 125.0}, {"ResNet": 160_256}


@pytest.fixture
def view():
    return views.CostView(RATES, SIZES)


def test_it_starts_at_the_papers_size(view):
    assert view.state == views.cost_state(RATES, SIZES, 20_000, 400, 1, 16)
    assert "ResNet 17.8 h, 2.99 GiB" in view.text.value


def test_set_moves_state_picture_and_text(view):
    shown, told = view.image.value, view.text.value
    assert view.set(clips=50_000, epochs=1, faster=500, room=4) is view
    assert view.state == views.cost_state(RATES, SIZES, 50_000, 1, 500, 4)
    assert view.image.value != shown and view.text.value != told
    assert "(streamed)" in view.text.value and "1 epochs (n = 50,000 clips)" in view.figure().alt


def test_every_control_redraws(view):
    for control, value in {"clips": 100, "epochs": 2, "faster": 5, "room": 4}.items():
        shown = view.image.value
        view.controls[control].value = value
        assert view.image.value != shown and view.text.value == view._readout(), control


def test_what_the_controls_do_not_offer_is_refused_and_moves_nothing(view):
    with pytest.raises(ValueError, match="clips cannot be 3: give one of"):
        view.set(clips=3, epochs=1)
    assert view.state["epochs"] == 400
