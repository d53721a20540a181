"""Where a class has the cosine 1: counted by hand, and tried out with the cosine itself."""

import numpy as np
import pytest
import torch

from asdkit.figures import subspace_state
from asdkit.figures.losses.subspace_sets import circle, eye, is_exact, optimal_set
from asdkit.losses.adaproj import projected_cosine


def cosine(x, state):
    """Cosines (N,) to class 0 of places (N, 3) on the first three axes."""
    x = np.pad(x, ((0, 0), (0, state["dim"] - 3)))
    return projected_cosine(torch.tensor(x), torch.tensor(state["centers"][:1]))[:, 0].numpy()


def found(dim, size, orthonormal=True):
    state = subspace_state(dim, size, orthonormal, seed=2)
    return state, *optimal_set(state["centers"][0], is_exact(state))


@pytest.mark.parametrize("dim", [3, 4, 8, 16, 64])
def test_a_slice_of_three_axes_meets_the_last_three_sizes_alone(dim):
    for size in range(1, dim + 1):
        for orthonormal in (True, False):
            _, plane, _ = found(dim, size, orthonormal)
            assert plane.shape == (3, max(0, size + 3 - dim))
            np.testing.assert_allclose(plane.T @ plane, np.eye(plane.shape[1]), atol=1e-12)


@pytest.mark.parametrize("dim, size", [(3, 1), (3, 2), (3, 3), (8, 6), (8, 7)])
def test_all_of_an_orthonormal_class_has_the_cosine_1_and_nothing_else(dim, size):
    state, plane, points = found(dim, size)
    x = np.random.default_rng(0).normal(size=(50, 3))
    inside = x @ plane @ plane.T
    assert points is None
    np.testing.assert_allclose(cosine(inside, state), 1.0, atol=1e-9)
    share = np.linalg.norm(inside, axis=1) / np.linalg.norm(x, axis=1)
    np.testing.assert_allclose(cosine(x, state)[share < 1 - 1e-6] < 1, True)


@pytest.mark.parametrize("size", [2, 3])
def test_random_centers_leave_pairs_of_points(size):
    state, plane, points = found(3, size, orthonormal=False)
    assert points.shape == (3, size)
    np.testing.assert_allclose(cosine(points.T, state), 1.0, atol=1e-12)
    np.testing.assert_allclose(plane @ plane.T @ points, points, atol=1e-12)
    around = cosine(circle(plane[:, :2], np.linspace(0, np.pi, 400)), state)
    assert around.min() < 0.999  # Lemma 2 asks for right angles
    if size == 2:  # 2 pairs of points are all there is: the bisectors of the two centers
        first, second = state["centers"][0]
        own = np.stack([first + second, first - second])
        own /= np.linalg.norm(own, axis=1, keepdims=True)
        np.testing.assert_allclose(np.sort(np.abs(own @ points)), [[0, 1], [0, 1]], atol=1e-9)
        assert around.min() == pytest.approx(np.sqrt(1 - (first @ second) ** 2), abs=1e-4)


def test_a_single_random_center_is_exact():
    state, plane, points = found(3, 1, orthonormal=False)
    assert points is None and abs(plane[:, 0] @ state["centers"][0, 0]) == pytest.approx(1.0)


def test_the_eye_is_on_the_side_of_the_point():
    for place in np.random.default_rng(1).normal(size=(40, 3)):
        axes, side = eye(place)
        np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(axes) > 0 and (axes @ place)[2] >= 0
        assert axes[1, 2] > 0 and side == ("front" if axes[2, 2] > 0 else "back")
