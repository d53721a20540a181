"""ArcMix and Noisy-ArcMix against their formulas in float64 numpy with arccos, and their limits."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax

from asdkit.losses import ArcFace, ArcMix, NoisyArcMix
from asdkit.mixup import Mix

few = settings(deadline=None, derandomize=True, max_examples=25)


def drawn(seed, count=7, dim=5, classes=4):
    torch.manual_seed(seed)
    x, y = torch.randn(count, dim, dtype=torch.float64), torch.randint(classes, (count,))
    return x, Mix(y, y.flip(0), torch.rand(count, dtype=torch.float64))


def angles(x, centers):
    x, centers = x.numpy(), centers.detach().numpy()
    cos = (x @ centers.T) / np.linalg.norm(x, axis=1)[:, None] / np.linalg.norm(centers, axis=1)
    return np.arccos(cos)


def logits(theta, margin, scale):
    """s cos(theta + m y), and below pi - m the guard that goes on falling."""
    guarded = np.cos(theta) - margin * np.sin(np.pi - margin)
    return scale * np.where(np.cos(theta) > np.cos(np.pi - margin), np.cos(theta + margin), guarded)


numbers = {
    "seed": st.integers(0, 10**6), "margin": st.floats(0.0, 2.0), "scale": st.floats(0.5, 64.0),
}  # fmt: skip


@few
@given(**numbers)
def test_arcmix_blends_the_costs_at_both_labels(seed, margin, scale):
    x, label = drawn(seed)
    loss = ArcMix(5, 4, scale, margin).double()
    theta, rows = angles(x, loss.centers), np.arange(7)
    costs = [
        -log_softmax(logits(theta, margin * np.eye(4)[y], scale), axis=1)[rows, y]
        for y in (label.y.numpy(), label.other.numpy())
    ]
    lam = label.lam.numpy()
    expected = lam * costs[0] + (1 - lam) * costs[1]
    np.testing.assert_allclose(loss.each(x, label).detach(), expected, rtol=1e-10, atol=1e-12)


@few
@given(**numbers)
def test_noisy_arcmix_gives_the_whole_margin_to_the_first_label(seed, margin, scale):
    x, label = drawn(seed)
    loss = NoisyArcMix(5, 4, scale, margin).double()
    theta = angles(x, loss.centers)
    own = logits(theta, margin * np.eye(4)[label.y], scale)
    expected = -(label.soft(4).numpy() * log_softmax(own, axis=1)).sum(axis=1)
    np.testing.assert_allclose(loss.each(x, label).detach(), expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(loss.logits(x).detach(), scale * np.cos(theta), rtol=1e-10)


@pytest.mark.parametrize("make", [ArcMix, NoisyArcMix])
def test_clips_that_are_not_mixed_cost_what_arcface_asks(make):
    x, label = drawn(3)
    loss, plain = make(5, 4).double(), ArcFace(5, 4, margin=0.7).double()
    plain.load_state_dict(loss.state_dict())
    torch.testing.assert_close(loss.each(x, label.y), plain.each(x, label.y), rtol=1e-12, atol=0)
    whole = label._replace(lam=torch.ones(7, dtype=torch.float64))
    torch.testing.assert_close(loss.each(x, whole), plain.each(x, label.y), rtol=1e-12, atol=0)


def test_without_a_margin_the_three_ways_of_mixing_are_one():
    x, label = drawn(4)
    three = [make(5, 4, 17.3, 0.0).double() for make in (ArcFace, ArcMix, NoisyArcMix)]
    for loss in three[1:]:
        loss.load_state_dict(three[0].state_dict())
        torch.testing.assert_close(loss(x, label), three[0](x, label), rtol=1e-12, atol=0)


def test_two_clips_of_one_class_are_a_clip_of_it():
    x, label = drawn(5)
    same = Mix(label.y, label.y, label.lam)
    for make in (ArcMix, NoisyArcMix):
        loss = make(5, 4).double()
        torch.testing.assert_close(loss(x, same), loss(x, label.y), rtol=1e-12, atol=0)


def test_where_the_first_clip_is_silent_only_the_noisy_margin_stands_at_the_wrong_class():
    x, label = drawn(6)
    label = Mix(label.y, (label.y + 1) % 4, torch.zeros(7, dtype=torch.float64))
    arcmix, noisy = ArcMix(5, 4).double(), NoisyArcMix(5, 4).double()
    noisy.load_state_dict(arcmix.state_dict())
    torch.testing.assert_close(arcmix.each(x, label), arcmix.each(x, label.other))
    assert (noisy.each(x, label) < noisy.each(x, label.other)).all()


@pytest.mark.parametrize("make", [ArcMix, NoisyArcMix])
@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"scale": -1.0}, "scale is -1.0"),
        ({"margin": 40.0}, "margin is 40.0: give a number from 0 to 3.14159"),
        ({"margin": math.nan}, "margin is nan"),
    ],
)
def test_settings_that_make_no_loss(make, choices, sentence):
    with pytest.raises(ValueError, match=sentence):
        make(4, 3, **choices)
