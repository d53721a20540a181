"""Subspaces under the hand: what a hand does in the browser, driven from here."""

import numpy as np
import pytest

from asdkit import views
from asdkit.figures import subspace_state


@pytest.fixture
def view():
    return views.SubspaceView()


def same(state, expected):
    assert state.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(state[name], value)


def test_it_starts_as_asked(view):
    same(view.state, subspace_state(3, 2, True, 20, 35, 0))
    other = views.SubspaceView(16, 5, centers="random", longitude=-90, latitude=10, seed=4)
    same(other.state, subspace_state(16, 5, False, -90, 10, 4))


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(dim=8, subspace_dim=7, centers="random", longitude=-30, latitude=0) is view
    same(view.state, subspace_state(8, 7, False, -30, 0, 0))
    assert view.image.value != picture and view.text.value != text
    assert "D = 8, J = 7, random centers" in view.text.value
    assert "a slice of the unit sphere along 3 of 8 axes" in view.image.value


def test_every_control_redraws(view):
    moves = {"subspace_dim": 1, "centers": "random", "longitude": -45, "latitude": -20, "dim": 16}
    other = views.SubspaceView()
    for control, value in moves.items():
        shown = view.image.value
        getattr(view, control).value = value
        assert view.image.value != shown and view.text.value == view._readout(), control
        same(other.set(**{control: value}).state, view.state)


@pytest.mark.parametrize("by", ["hand", "set"])
def test_a_smaller_space_takes_the_dimension_along(view, unpainted, by):
    view.set(dim=64, subspace_dim=40)
    drawn = []
    view.image.observe(lambda change: drawn.append(change.new), names="value")
    if by == "hand":
        view.dim.value = 8
    else:
        view.set(dim=8)
    assert view.subspace_dim.value == view.subspace_dim.max == view.state["subspace_dim"] == 8
    assert len(drawn) == 1
    assert view.set(dim=16).subspace_dim.max == 16 and view.subspace_dim.value == 8


def test_the_extremes(view):
    for longitude in (-180, 180):
        assert np.allclose(view.set(longitude=longitude, latitude=0).state["point"], [-1, 0, 0])
    for latitude in (-90, 90):
        x = view.set(latitude=latitude).state["point"]
        assert x[2] == pytest.approx(latitude / 90)
    assert view.set(subspace_dim=3).state["cosine"].min() == pytest.approx(1.0)
    assert view.set(dim=64, subspace_dim=1).state["cosine"].max() < 0.7
    assert view.set(subspace_dim=64).state["loss"] == pytest.approx(np.log(3))
    assert np.linalg.norm(view.set(centers="random").state["gradient"]) > 0.01


@pytest.mark.parametrize(
    "wrong",
    [{"dim": 5}, {"subspace_dim": 0}, {"subspace_dim": 65}, {"subspace_dim": 1.5},
     {"subspace_dim": float("nan")}, {"subspace_dim": "2"}, {"centers": "trained"},
     {"longitude": 181}, {"longitude": 0.5}, {"latitude": -91}],
)  # fmt: skip
def test_what_the_controls_do_not_offer_is_refused_and_moves_nothing(view, wrong):
    before = view.state
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} cannot be .*: give one of"):
        view.set(**{"centers": "random", "latitude": 5} | wrong)
    same(view.state, before)
    assert view.subspace_dim.max == 3


@pytest.mark.parametrize("wrong", [{"subspace_dim": 4}, {"dim": 8, "subspace_dim": 9}])
def test_more_centers_than_dimensions_are_refused_as_the_loss_does(view, wrong):
    before = view.state
    told = f"subspace_dim is {wrong['subspace_dim']}: give 1 to {wrong.get('dim', 3)}"
    with pytest.raises(ValueError, match=told):
        view.set(**wrong)
    same(view.state, before)
    with pytest.raises(ValueError, match=told):
        views.SubspaceView(**wrong)


def test_a_cell_shows_the_widget_and_a_page_its_words(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "D = 3, J = 2" in repr(view)
    assert "unit sphere, from the front" in view.figure().alt
