"""The scrubber over a training on the sphere: what a hand does in the browser, driven from here."""

import numpy as np
import pytest

from asdkit import views
from asdkit.figures import snapshot_state

RNG = np.random.default_rng(0)
CENTERS, Y = RNG.normal(size=(3, 4, 3)), np.arange(60) % 3
SNAPSHOTS = {
    epoch: (CENTERS[Y, 0] + RNG.normal(size=(60, 3)) / (1 + epoch) ** 2, CENTERS)
    for epoch in (0, 1, 5, 20)
}


@pytest.fixture
def view():
    return views.SphereView(SNAPSHOTS, Y, names=np.array(["fan", "pump", "valve"]))


def test_set_moves_state_picture_and_text(view):
    assert view.state["epoch"] == 0
    picture, text = view.image.value, view.text.value
    assert view.set(epoch=20) is view
    expected = snapshot_state(SNAPSHOTS, Y, 20)
    assert (
        view.state["own"] == expected["own"]
        and view.state["used"].tolist() == expected["used"].tolist()
    )
    assert view.image.value != picture and view.text.value != text
    assert f"epoch 20: {expected['own']} of 60 clips in their own cone" in view.text.value
    assert 'alt="Epoch 20: ' in view.image.value and "pump" in view.image.value


def test_a_turn_changes_the_picture_alone(view):
    picture, text = view.image.value, view.text.value
    view.set(turn=90)
    assert view.image.value != picture and view.text.value == text and view.state["epoch"] == 0


def test_a_hand_moves_it_too(view):
    view.epoch.index = 2
    assert view.state["epoch"] == 5 and "epoch 5" in view.text.value
    view.turn.value = 345
    assert view.figure().alt == view.set(turn=345).figure().alt


def test_what_cannot_be_chosen_moves_nothing(view):
    before = view.text.value, view.image.value
    cases = [
        ({"epoch": 3}, "epoch cannot be 3: give one of 0, 1, 5, 20"),
        ({"epoch": 5, "turn": 360}, "turn cannot be 360: give one of 0, 15, ..., 345"),
        ({"turn": 20}, "turn cannot be 20"),
    ]
    for values, words in cases:
        with pytest.raises(ValueError, match=words):
            view.set(**values)
    assert (view.text.value, view.image.value) == before
    with pytest.raises(ValueError, match="there is no snapshot to show"):
        views.SphereView({}, Y)
    with pytest.raises(ValueError, match="embeddings of 3 numbers"):
        views.SphereView({0: (np.ones((60, 2)), np.ones((3, 4, 2)))}, Y)


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "sub-clusters in use: fan " in repr(view)
    assert "sub-clusters in use: class 0 " in repr(views.SphereView(SNAPSHOTS, Y))
