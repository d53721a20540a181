"""Optimal sets: descents end where calculus says, and each end stands on its side of the sphere."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from asdkit import figures, losses
from asdkit.figures.losses.optimal_sets import gathered


def made(make, seed=0, **choices):
    torch.manual_seed(seed)
    return make(**choices).double().eval()


def angles(points, directions):
    """Degrees from each point to the nearest of the unit directions."""
    return np.degrees(np.arccos(np.clip(points @ np.transpose(directions), -1, 1).max(axis=1)))


def test_adacos_ends_in_its_center():
    loss = made(losses.AdaCos, dim=3, classes=5)
    points, cost = figures.optimal_points(loss, others=False)
    center = loss.centers[0].detach().numpy()
    assert (
        points.shape == (200, 3) and angles(points, [center / np.linalg.norm(center)]).max() < 0.1
    )
    np.testing.assert_allclose(cost, -loss.scale.item(), rtol=1e-9)


def test_orthonormal_adaproj_ends_all_around_the_circle_and_random_centers_in_four_points():
    loss = made(losses.AdaProj, dim=3, classes=4, subspace_dim=2, orthonormal=True)
    points, cost = figures.optimal_points(loss, others=False)
    basis = loss.centers[0].detach().numpy()
    np.testing.assert_allclose(np.linalg.norm(points @ basis.T, axis=1), 1, atol=1e-9)  # Lemma 2
    around = np.sort(np.arctan2(*(points @ basis.T).T))
    assert np.diff(around).max() < math.radians(20) and np.ptp(around) > math.radians(340)
    loss = made(losses.AdaProj, dim=3, classes=4, subspace_dim=2)
    points, cost = figures.optimal_points(loss, others=False)
    first, second = loss.centers[0].detach().numpy()
    ends = np.array([first + second, first - second])  # P's eigenvectors
    ends = (
        np.concatenate([ends, -ends])
        / np.linalg.norm(np.concatenate([ends, -ends]), axis=1)[:, None]
    )
    assert angles(points, ends).max() < 0.1 and len(gathered(points)[0]) == 4
    np.testing.assert_allclose(cost, -loss.scale.item(), rtol=1e-6)


@pytest.mark.parametrize("others", [True, False])
def test_subclusters_end_in_minima_that_scipy_finds_too(others):
    loss = made(losses.SubClusterAdaCos, dim=3, classes=4, sub_clusters=4)
    points, cost = figures.optimal_points(loss, others=others)
    places, _ = gathered(points)
    assert 2 <= len(places) <= 4

    def value(x):
        x = torch.as_tensor(x)[None]
        return (loss.each(x, torch.tensor([0])) if others else -loss.logits(x)[:, 0]).item()

    for place in places:
        found = minimize(value, place + 0.01, tol=1e-10)
        assert angles(found.x[None] / np.linalg.norm(found.x), points).max() < 0.2
        assert abs(found.fun - cost[angles(points, [place]) < 2]).max() < 1e-5


def test_other_classes_push_the_end_out_of_the_center():
    """For orthogonal centers the best place is (a, -b, -b), away from both others alike."""
    loss = made(losses.AdaCos, dim=3, classes=3, trainable=False)
    loss.centers.copy_(torch.eye(3))
    points, cost = figures.optimal_points(loss, starts=20)
    assert np.ptp(points, axis=0).max() < 1e-4 and np.ptp(points[:, 1:]) < 1e-4
    assert (points[:, 1:] < -0.2).all() and angles(points, [[1, 0, 0]]).min() > 10
    worse = loss.each(torch.eye(3).double()[:1], torch.tensor([0])).item()
    assert cost.max() < worse - 0.01


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_starts_of_one_seed_are_the_same_and_the_loss_is_left_as_it_was(dtype):
    loss = made(losses.AdaProj, dim=6, classes=3, subspace_dim=2, trainable=True).to(dtype)
    before = {name: value.clone() for name, value in loss.state_dict().items()}
    one, other = (figures.optimal_points(loss, starts=9, steps=30, seed=4)[0] for _ in range(2))
    assert np.array_equal(one, other) and one.shape == (9, 6)
    assert all(torch.equal(value, before[name]) for name, value in loss.state_dict().items())
    assert loss.centers.grad is None
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), 1, rtol=1e-5)


def test_training_mode_is_refused():
    with pytest.raises(ValueError, match="training mode"):
        figures.optimal_points(losses.AdaCos(3, 4))


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 60))
def test_places_are_apart_and_count_every_point(seed, count):
    points = np.random.default_rng(seed).normal(size=(count, 3)) + [0, 0, 9]
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    places, counts = gathered(points)
    assert counts.sum() == count and angles(points, places).max() <= 2 + 1e-6
    gaps = np.degrees(np.arccos(np.clip(places @ places.T, -1, 1)))
    assert (gaps + 10 * np.eye(len(places))).min() >= 2 - 1e-6


def test_ends_stand_where_the_eye_sees_them():
    """From above: up is minus x, right y; what lies below is hollow."""
    points = np.array([[0, 0.6, 0.8], [0, 0.6, 0.8], [0.6, 0, -0.8]])
    panels = {"one": (points, np.eye(3)[:2], [0.1, 0.3, 0.2]), "two": (points, [0, 0, -2.0])}
    figure = figures.optimal_sets(panels, view=(90, 0))
    left, right = figure.axes
    assert left.get_title() == "one\nn = 3, loss up to 0.300" and right.get_title() == "two\nn = 3"
    far, near = left.collections
    np.testing.assert_allclose(near.get_offsets(), [[0.6, 0]], atol=1e-12)
    np.testing.assert_allclose(far.get_offsets(), [[0, -0.6]], atol=1e-12)
    assert near.get_sizes()[0] > far.get_sizes()[0] and len(far.get_facecolors()) == 0
    star = right.lines[-1]
    assert star.get_markerfacecolor() == "none"
    np.testing.assert_allclose(star.get_xydata(), [[0, 0]], atol=1e-12)
    assert "hollow: far side" in figure.alt and len(figure.png()) < 60_000


@pytest.mark.parametrize("count", [1, 3, 5])
def test_five_panels_stand_in_two_rows(count):
    panels = {f"loss {number}": (np.eye(3), np.eye(3)[0]) for number in range(count)}
    figure = figures.optimal_sets(panels)
    assert len(figure.axes) == count and figure.get_size_inches()[0] == 8
    assert len({ax.get_subplotspec().rowspan.start for ax in figure.axes}) == (count > 4) + 1


@pytest.mark.parametrize(
    ("panels", "words"),
    [
        ({}, "no panel"),
        ({"a": (np.eye(2), np.eye(2))}, r"points \(2, 2\) and centers \(2, 2\)"),
        ({"a": (np.zeros((2, 3)), np.eye(3))}, "none of them all zero"),
        ({"a": (np.eye(3), np.eye(3), [1.0])}, "1 losses of 3 points"),
        ({"a": (np.eye(3), np.eye(3), [1.0, np.nan, 2.0])}, "a is nan"),
    ],
)
def test_what_cannot_be_drawn(panels, words):
    with pytest.raises(ValueError, match=words):
        figures.optimal_sets(panels)
