"""The view of sub-clusters in training: what a hand does in the browser, driven from here."""

import numpy as np
import pytest

from asdkit import views
from asdkit.figures import cluster_state

RNG = np.random.default_rng(0)
OWNERS = ["fan/00", "fan/02", "valve/00"]
Y = np.repeat([0, 2, 1], 24)
SETTING = np.array([f"{OWNERS[own]} speed {number % 3}" for number, own in enumerate(Y)])
RUNS = {
    S: {epoch: (RNG.normal(size=(72, 8)), RNG.normal(size=(3, S, 8))) for epoch in (1, 5, 20)}
    for S in (1, 4)
}


@pytest.fixture
def view():
    return views.ClusterView(RUNS, Y, SETTING, OWNERS)


def test_it_starts_at_the_end_of_the_last_training(view):
    assert (view.state["kind"], view.state["S"], view.state["epoch"]) == ("fan", 4, 20)
    assert view.state["owners"] == ["fan/00", "fan/02"]


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(epoch=5) is view
    x, centers = RUNS[4][5]
    fans = Y < 2
    expected = cluster_state(x[fans], centers[:2], Y[fans], SETTING[fans])
    assert view.state["used"].tolist() == expected["used"].tolist()
    assert view.state["two_settings"] == expected["two_settings"]
    assert view.image.value != picture and view.text.value != text
    assert f"fan/00 {expected['used'][0]}, fan/02 {expected['used'][1]};" in view.text.value
    assert 'alt="fan, S = 4, epoch 5 (n = 48 clips)' in view.image.value


def test_one_center_is_shared_by_all(view):
    state = view.set(S=1).state
    assert (state["one_setting"], state["two_settings"]) == (1.0, 1.0)
    assert state["used"].tolist() == [1, 1]


def test_a_type_of_one_machine_is_shown_alone(view):
    state = view.set(kind="valve").state
    assert state["owners"] == ["valve/00"] and state["clips"] == 24


def test_a_hand_moves_it_too(view):
    view.epoch.index = 0
    view.kind.value = "valve"
    assert view.state["epoch"] == 1 and "valve, S = 4, epoch 1" in view.image.value


def test_what_cannot_be_chosen_moves_nothing(view):
    before = view.text.value, view.image.value
    cases = [
        ({"epoch": 3}, "epoch cannot be 3: give one of 1, 5, 20"),
        ({"epoch": 5, "S": 2}, "S cannot be 2: give one of 1, 4"),
        ({"kind": "pump"}, "kind cannot be 'pump'"),
    ]
    for values, words in cases:
        with pytest.raises(ValueError, match=words):
            view.set(**values)
    assert (view.text.value, view.image.value) == before
    for runs in ({}, {4: {}}):
        with pytest.raises(ValueError, match="there is no snapshot to show"):
            views.ClusterView(runs, Y, SETTING, OWNERS)


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "of 4 sub-clusters in use: fan/00 " in repr(view)
