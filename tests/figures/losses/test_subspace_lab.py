"""The subspace laboratory: its numbers against the projection written out, and its picture."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.figures import subspace_figure, subspace_state
from asdkit.losses import AdaProj

S = math.sqrt(2) * math.log(2)


def by_hand(x, centers):
    """Cosines, loss of class 0 and projections, written out; x of any length."""
    x = x / np.linalg.norm(x)
    projections = np.array([sum((x @ c) * c for c in rows) for rows in centers])
    unit = projections / np.linalg.norm(projections, axis=1, keepdims=True)
    cosine = unit @ x
    weights = [math.exp(S * value) for value in cosine]
    return cosine, -math.log(weights[0] / sum(weights)), unit


def inner(state):
    return np.einsum("cid,cjd->cij", state["centers"], state["centers"])


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    dim=st.sampled_from([3, 4, 8, 16, 64]), share=st.floats(0, 1), orthonormal=st.booleans(),
    longitude=st.floats(-180, 180), latitude=st.floats(-90, 90), seed=st.integers(0, 9),
)  # fmt: skip
def test_the_state_is_the_projection_written_out(
    dim, share, orthonormal, longitude, latitude, seed
):
    size = 1 + round(share * (dim - 1))
    state = subspace_state(dim, size, orthonormal, longitude, latitude, seed)
    x = state["point"]
    up, around = np.radians([latitude, longitude])
    sphere = [np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)]
    np.testing.assert_allclose(x, [*sphere, *np.zeros(dim - 3)], rtol=0, atol=1e-15)
    cosine, loss, unit = by_hand(x, state["centers"])
    np.testing.assert_allclose(state["cosine"], cosine, rtol=0, atol=1e-12)
    np.testing.assert_allclose(state["projection"], unit[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        state["distance"], np.square(unit - x).sum(axis=1), rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(state["logits"], S * cosine, rtol=0, atol=1e-12)
    weights = np.exp(S * cosine)
    np.testing.assert_allclose(state["probabilities"], weights / weights.sum(), rtol=0, atol=1e-12)
    assert state["loss"] == pytest.approx(loss, abs=1e-12) and state["scale"] == pytest.approx(S)


@pytest.mark.parametrize("dim, size", [(3, 1), (3, 2), (4, 3), (8, 5), (16, 2)])
@pytest.mark.parametrize("orthonormal", [True, False])
def test_the_gradient_is_that_of_finite_differences(dim, size, orthonormal):
    state = subspace_state(dim, size, orthonormal, -75.0, 40.0, seed=3)
    x, h = state["point"], 1e-6
    found = [
        (by_hand(x + h * axis, state["centers"])[1] - by_hand(x - h * axis, state["centers"])[1])
        / (2 * h)
        for axis in np.eye(dim)
    ]
    np.testing.assert_allclose(state["gradient"], found, atol=1e-8)
    assert abs(state["gradient"] @ x) < 1e-12  # along the sphere
    downhill = by_hand(x - 0.01 * state["gradient"], state["centers"])[1]
    assert downhill < state["loss"]


def test_the_centers_are_those_of_the_loss():
    random, straight = (subspace_state(16, 4, kind, seed=5) for kind in (False, True))
    torch.manual_seed(5)
    np.testing.assert_allclose(random["centers"], AdaProj(16, 3, 4).centers, atol=1e-6)
    np.testing.assert_allclose(inner(random)[:, range(4), range(4)], 1.0, rtol=0, atol=1e-12)
    assert np.abs(inner(random) - np.eye(4)).max() > 0.05
    np.testing.assert_allclose(
        inner(straight), np.broadcast_to(np.eye(4), (3, 4, 4)), rtol=0, atol=1e-12
    )
    for a, b in zip(random["centers"], straight["centers"]):  # the same span
        assert np.linalg.matrix_rank(np.concatenate([a, b])) == 4
    assert not np.allclose(subspace_state(16, 4, seed=6)["centers"], straight["centers"])


def test_the_random_numbers_of_others_stay():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    subspace_state()
    assert torch.equal(torch.rand(3), expected)


def test_one_center_is_a_line():
    for kind in (True, False):
        state = subspace_state(8, 1, kind, 110.0, 5.0)
        np.testing.assert_allclose(state["cosine"], np.abs(state["centers"][:, 0] @ state["point"]))
    there, opposite = (subspace_state(8, 1, True, *at) for at in ((110, 5), (-70, -5)))
    np.testing.assert_allclose(there["cosine"], opposite["cosine"])
    np.testing.assert_allclose(there["gradient"], -opposite["gradient"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("dim", [3, 4, 16])
def test_the_whole_space_teaches_nothing(dim):
    state = subspace_state(dim, dim, True, 33.0, -70.0)
    np.testing.assert_allclose(state["cosine"], 1.0)
    assert state["loss"] == pytest.approx(math.log(3)) and np.abs(state["gradient"]).max() < 1e-12
    figure = subspace_figure(state)
    assert "nothing is learned" in figure.alt and "is 1 everywhere" in figure.alt
    # random centers of the whole space are no basis at right angles: something is left
    assert np.linalg.norm(subspace_state(dim, dim, False, 33.0, -70.0)["gradient"]) > 0.01


@pytest.mark.parametrize(
    "wrong, told",
    [({"dim": 2, "subspace_dim": 1}, "needs 3 axes"), ({"subspace_dim": 4}, "give 1 to 3"),
     ({"subspace_dim": 0}, "give a whole number, 1 or more"),
     ({"dim": 64, "subspace_dim": 65}, "give 1 to 64"),
     ({"longitude": math.nan}, "give degrees"), ({"latitude": math.inf}, "give degrees")],
)  # fmt: skip
def test_what_has_no_subspace_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        subspace_state(**wrong)


def shading(figure):
    (image,) = figure.axes[0].images
    return image.get_array()


@pytest.mark.parametrize(
    "settings, told",
    [({}, ["unit sphere, from the front", "1 all along its circle"]),
     ({"subspace_dim": 1}, ["at two opposite points"]),
     ({"orthonormal": False}, ["1 at its markers alone"]),
     ({"orthonormal": False, "subspace_dim": 3}, ["markers alone", "class 0: everywhere"]),
     ({"longitude": -120.0}, ["from the back", "−axis 1"]),
     ({"dim": 16}, ["a slice of the unit sphere along 3 of 16 axes", "class 0 here is 0.",
                    "class 1: not in the slice", "along the slice"])],
)  # fmt: skip
def test_the_picture_says_what_it_shows(settings, told):
    state = subspace_state(**settings)
    figure = subspace_figure(state)
    _, right = figure.axes[:2]
    np.testing.assert_allclose([bar.get_width() for bar in right.patches], state["distance"])
    assert all(words in figure.alt for words in [*told, f"loss {state['loss']:.3f}", "n = 1"])
    assert np.nanmin(shading(figure)) >= 0 and np.nanmax(shading(figure)) <= 1 + 1e-9
    assert len(figure.png()) < 60_000


def test_the_shading_is_the_cosine_to_class_0():
    state = subspace_state(dim=4, subspace_dim=2, longitude=30, latitude=20)  # facing the eye
    image = shading(subspace_figure(state))
    middle = image.shape[0] // 2
    assert image[middle, middle] == pytest.approx(state["cosine"][0], abs=1e-12)
    assert np.ma.is_masked(image[0, 0])  # nothing is drawn beside the sphere


def test_the_arrow_points_downhill_and_the_bars_have_room():
    figure = subspace_figure(subspace_state(subspace_dim=1))
    (arrow,) = [text for text in figure.axes[0].texts if not text.get_text()]
    assert np.hypot(*np.subtract(arrow.xy, arrow.get_position())) > 0.1
    still = subspace_figure(subspace_state(subspace_dim=3))
    assert all(text.get_text() for text in still.axes[0].texts)  # no arrow where nothing is learned
    figure.png()
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[1].texts]
    assert max(box.x1 for box in boxes) < figure.bbox.x1
    titles = [ax.title.get_window_extent(renderer) for ax in figure.axes[:2]]
    assert titles[0].x1 < titles[1].x0


@pytest.mark.parametrize("dim", [4, 16, 64])
def test_titles_and_entries_keep_apart_in_a_slice(dim):
    figure = subspace_figure(subspace_state(dim=dim, subspace_dim=1, orthonormal=False))
    figure.png()
    renderer = figure.canvas.get_renderer()
    titles = [ax.title.get_window_extent(renderer) for ax in figure.axes[:2]]
    assert titles[0].x0 > 0 and titles[0].x1 < titles[1].x0 and titles[1].x1 < figure.bbox.x1
    box = figure.legends[0].get_window_extent(renderer)
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1
