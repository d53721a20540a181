"""Cosines and angles between embeddings and centers."""

import math

import pytest
import torch

from asdkit.losses import angle, cosine
from asdkit.losses.angles import CLIP, glorot


@pytest.mark.parametrize("shape", [(3,), (3, 2), (2, 3, 4)])
def test_cosines_of_any_shape_of_centers(shape):
    x, centers = torch.randn(5, 6, dtype=torch.float64), torch.randn(*shape, 6, dtype=torch.float64)
    table = cosine(x, centers)
    assert table.shape == (5, *shape)
    for place in torch.cartesian_prod(torch.arange(5), *[torch.arange(size) for size in shape]):
        row, center = x[place[0]], centers[tuple(place[1:])]
        expected = sum(a * b for a, b in zip(row, center)) / math.sqrt(sum(row**2)) / math.sqrt(sum(center**2))
        assert table[tuple(place)].item() == pytest.approx(expected.item(), rel=1e-12)


def test_an_embedding_without_length_has_cosine_zero():
    assert torch.equal(cosine(torch.zeros(1, 3), torch.randn(4, 3)), torch.zeros(1, 4))


def test_angles_by_hand():
    values = torch.tensor([1.0, math.sqrt(0.5), 0.0, -0.5, -1.0], dtype=torch.float64)
    expected = torch.tensor([0.0, math.pi / 4, math.pi / 2, 2 * math.pi / 3, math.pi], dtype=torch.float64)
    torch.testing.assert_close(angle(values), expected)
    assert angle(torch.tensor([1.0 + 1e-6, -1.0 - 1e-6])).tolist() == pytest.approx([0.0, math.pi])


def test_a_clipped_angle_has_a_finite_gradient():
    ends = torch.tensor([1.0, -1.0, 0.3], dtype=torch.float64, requires_grad=True)
    angle(ends, CLIP).sum().backward()
    assert ends.grad.isfinite().all()
    assert angle(ends, CLIP)[0].item() == pytest.approx(math.acos(1 - 1e-7), rel=1e-9)


def test_glorot_counts_every_center():
    torch.manual_seed(0)
    centers = glorot(30, 10, 50)
    bound = math.sqrt(6 / (300 + 50))
    assert centers.shape == (30, 10, 50) and 0.99 * bound < centers.abs().max() <= bound
    assert centers.mean().abs() < 0.01 * bound
