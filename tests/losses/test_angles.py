"""Cosines and angles between embeddings and centers."""

import math

import pytest
import torch

from asdkit.losses import angle, cosine, own_angle
from asdkit.losses.angles import (
    CLIP,
    check_classes,
    glorot,
    median_angle,
    nearest,
    owned,
    sine,
)


@pytest.mark.parametrize("shape", [(3,), (3, 2), (2, 3, 4)])
def test_cosines_of_any_shape_of_centers(shape):
    x, centers = torch.randn(5, 6, dtype=torch.float64), torch.randn(*shape, 6, dtype=torch.float64)
    table = cosine(x, centers)
    assert table.shape == (5, *shape)
    for place in torch.cartesian_prod(torch.arange(5), *[torch.arange(size) for size in shape]):
        row, center = x[place[0]], centers[tuple(place[1:])]
        expected = (
            sum(a * b for a, b in zip(row, center))
            / math.sqrt(sum(row**2))
            / math.sqrt(sum(center**2))
        )
        assert table[tuple(place)].item() == pytest.approx(expected.item(), rel=1e-12)


def test_an_embedding_without_length_has_cosine_zero():
    assert torch.equal(cosine(torch.zeros(1, 3), torch.randn(4, 3)), torch.zeros(1, 4))


def test_angles_by_hand():
    values = torch.tensor([1.0, math.sqrt(0.5), 0.0, -0.5, -1.0], dtype=torch.float64)
    expected = torch.tensor(
        [0.0, math.pi / 4, math.pi / 2, 2 * math.pi / 3, math.pi], dtype=torch.float64
    )
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


def test_the_sine_is_that_of_the_angle_and_flat_at_the_ends():
    theta = torch.linspace(0.001, math.pi - 0.001, 999, dtype=torch.float64)
    cos = theta.cos().requires_grad_()
    value = sine(cos)
    torch.testing.assert_close(value, theta.sin(), rtol=1e-9, atol=0)
    value.sum().backward()
    torch.testing.assert_close(cos.grad, -1 / theta.tan(), rtol=1e-6, atol=1e-9)
    for dtype in (torch.float32, torch.float64):
        ends = torch.tensor([1.0, -1.0, 1.0 + 1e-6, -1.0 - 1e-6], dtype=dtype, requires_grad=True)
        sine(ends).sum().backward()
        assert sine(ends).tolist() == [0.0] * 4 and ends.grad.tolist() == [0.0] * 4


def test_the_nearest_of_several_centers():
    table = torch.tensor([[[0.1, 0.9], [-0.5, -0.2], [0.3, 0.3]]])
    assert nearest(table).tolist() == [pytest.approx([0.9, -0.2, 0.3])]
    assert torch.equal(nearest(table[:, :, 0]), table[:, :, 0])


def test_the_median_angle_blends_and_ranks():
    cos = torch.tensor(
        [[0.9, 0.1], [0.2, 0.8], [-0.3, 0.4], [0.5, -0.6]], dtype=torch.float64, requires_grad=True
    )
    soft = torch.tensor([[1.0, 0.0], [0.25, 0.75], [0.5, 0.5], [0.0, 1.0]], dtype=torch.float64)
    own = sorted(
        [
            math.acos(0.9), 0.25 * math.acos(0.2) + 0.75 * math.acos(0.8),
            0.5 * (math.acos(-0.3) + math.acos(0.4)), math.acos(-0.6),
        ]
    )  # fmt: skip
    value = median_angle(cos, soft)
    assert value.item() == pytest.approx(own[1], rel=1e-14) and not value.requires_grad


def test_one_class_is_no_task():
    check_classes(2)
    with pytest.raises(ValueError, match="2 classes or more, not 1"):
        check_classes(1)


@pytest.mark.parametrize("shape", [(4, 3), (4, 2, 3)])
def test_the_own_angle_is_the_smallest_to_a_center_of_the_own_classes(shape):
    owners = ["fan/00", "fan/02", "fan/00", "pump/00"]
    x, centers = torch.randn(6, 3).double(), torch.randn(*shape).double()
    group = ["fan/00", "pump/00", "fan/02", "fan/00", "fan/02", "pump/00"]
    for clip, name, found in zip(x, group, own_angle(x, centers, owners, group)):
        own = centers[[owner == name for owner in owners]].reshape(-1, 3)
        angles = [math.acos(clip @ one / clip.norm() / one.norm()) for one in own]
        assert found == pytest.approx(min(angles), abs=1e-7)


def test_a_machine_type_owns_the_classes_of_its_machines():
    own = owned(["fan", "pump"], ["fan/00", "pump/02", "fan/02"])
    assert own.tolist() == [[True, False], [False, True], [True, False]]
    with pytest.raises(ValueError, match="valve/00 owns no class: the classes are those of fan,"):
        owned(["fan", "pump"], ["fan/00", "valve/00"])
