"""Energy inside a span against least squares, principal angles against scipy, and what neither may
depend on.
"""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import subspace_angles

from asdkit.losses import AdaProj, energy_inside, principal_angles
from asdkit.losses.adaproj import orthonormalized, projected_cosine

few = settings(deadline=None, derandomize=True, max_examples=25)
sizes = st.tuples(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 9)).filter(
    lambda size: size[2] <= size[1]
)


def drawn(seed, dim, dims, classes=3, count=7):
    chance = torch.Generator().manual_seed(seed)
    x = torch.randn(count, dim, generator=chance, dtype=torch.float64)
    return x, torch.randn(classes, dims, dim, generator=chance, dtype=torch.float64)


@few
@given(size=sizes)
def test_energy_is_what_least_squares_explains(size):
    x, centers = drawn(*size)
    energy = energy_inside(x, centers).numpy()
    for k, rows in enumerate(centers.numpy()):
        best = rows.T @ np.linalg.lstsq(rows.T, x.numpy().T, rcond=None)[0]  # (D, N)
        explained = (best**2).sum(axis=0) / (x.numpy() ** 2).sum(axis=1)
        np.testing.assert_allclose(energy[:, k], explained, atol=1e-10)


@few
@given(size=sizes)
def test_the_principal_angles_are_those_of_scipy(size):
    _, centers = drawn(*size)
    angles = principal_angles(centers)
    assert angles.dtype == torch.float64 and angles.shape == (3, 3, size[2])
    for k in range(3):
        for other in range(3):
            theirs = subspace_angles(centers[k].numpy().T, centers[other].numpy().T)[::-1]
            np.testing.assert_allclose(angles[k, other], theirs, atol=1e-6)


@few
@given(size=sizes, length=st.floats(1e-3, 1e3))
def test_only_the_span_counts(size, length):
    """Other centers of the same span, other lengths, a rotation of all: the same numbers."""
    x, centers = drawn(*size)
    chance = torch.Generator().manual_seed(1)
    blend = torch.eye(size[2]) + 0.1 * torch.randn(3, size[2], size[2], generator=chance)
    turn = torch.linalg.qr(torch.randn(size[1], size[1], generator=chance).double()).Q
    energy, angles = energy_inside(x, centers), principal_angles(centers)
    for rows, told in ((blend.double() @ centers, x), (centers @ turn, x @ turn)):
        torch.testing.assert_close(energy_inside(-length * told, rows), energy, atol=1e-8, rtol=0)
        torch.testing.assert_close(principal_angles(rows), angles, atol=1e-5, rtol=0)
    torch.testing.assert_close(angles, angles.transpose(0, 1), atol=1e-6, rtol=0)
    assert (angles.diff(dim=2) >= 0).all() and angles.min() >= 0
    assert angles.max() <= math.pi / 2 + 1e-12 and energy.min() >= 0 and energy.max() <= 1


@few
@given(size=sizes)
def test_the_cosine_of_adaproj_is_its_root_for_orthonormal_centers_and_never_more(size):
    x, centers = drawn(*size)
    root = energy_inside(x, centers).sqrt()
    assert (projected_cosine(x, centers) <= root + 1e-12).all()
    torch.testing.assert_close(projected_cosine(x, orthonormalized(centers)), root)


def test_a_random_direction_has_the_share_of_dimensions():
    x, centers = drawn(0, 64, 8, classes=4, count=4000)
    spread = math.sqrt(2 * (8 / 64) * (1 - 8 / 64) / (64 + 2) / 4000)  # of the mean, a beta law
    assert (energy_inside(x, centers).mean(dim=0) - 8 / 64).abs().max() < 5 * spread


def test_the_extremes():
    x, centers = drawn(3, 6, 6)
    torch.testing.assert_close(energy_inside(x, centers), torch.ones(7, 3, dtype=torch.float64))
    assert principal_angles(centers).max() < 1e-7  # all span everything
    axes = torch.eye(6)
    apart = torch.stack([axes[:2], axes[2:4], axes[4:]])
    assert energy_inside(axes[:2], apart).tolist() == [[1, 0, 0], [1, 0, 0]]
    assert torch.equal(principal_angles(apart)[0, 1].rad2deg(), torch.full((2,), 90.0).double())
    assert energy_inside(torch.zeros(1, 6), apart).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equal_centers_span_no_more_than_one_of_them(dtype):
    x, centers = (values.to(dtype) for values in drawn(5, 16, 3))
    twice = torch.cat([centers[:, :1], centers], dim=1)  # the first center two times
    torch.testing.assert_close(energy_inside(x, twice), energy_inside(x, centers))
    with pytest.raises(ValueError, match="the 4 centers of class 0 span 3 dimensions: give each"):
        principal_angles(twice)
    with pytest.raises(ValueError, match="the 17 centers of class 0 span 16 dimensions"):
        principal_angles(torch.randn(2, 17, 16, dtype=dtype))


def test_they_measure_a_loss_and_leave_no_gradient():
    loss = AdaProj(dim=8, classes=3, subspace_dim=2, trainable=True)
    energy = energy_inside(torch.randn(5, 8, requires_grad=True), loss.centers)
    assert energy.dtype == torch.float32 and not energy.requires_grad
    assert not principal_angles(loss.centers).requires_grad


def test_what_they_refuse():
    for x, centers in ((torch.randn(2, 3), torch.randn(2, 2, 4)), (torch.randn(4), torch.eye(4))):
        with pytest.raises(ValueError, match="give .N, D. and .C, J, D."):
            energy_inside(x, centers)
    for measure in (principal_angles, lambda centers: energy_inside(centers, centers)):
        with pytest.raises(ValueError, match=r"centers are \(4, 4\): give \(C, J, D\)"):
            measure(torch.eye(4))
