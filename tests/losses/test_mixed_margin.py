"""Margins that follow the mixing coefficient, against their formula in float64, and its limits."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax

from asdkit.losses import ArcFace, ArcMix, CosFace, MixedMargin, NoisyArcMix
from asdkit.mixup import Mix

few = settings(deadline=None, derandomize=True, max_examples=25)
POWERS = [0.5, 1.0, 2.0, 7.0]


def drawn(seed, count=7, dim=5, classes=4):
    torch.manual_seed(seed)
    x, y = torch.randn(count, dim, dtype=torch.float64), torch.randint(classes, (count,))
    return x, Mix(y, (y + 1) % classes, torch.rand(count, dtype=torch.float64))


def angles(x, centers):
    x, centers = x.numpy(), centers.detach().numpy()
    cos = (x @ centers.T) / np.linalg.norm(x, axis=1)[:, None] / np.linalg.norm(centers, axis=1)
    return np.arccos(cos)


def alike(one, other):
    """The second loss with the centers of the first."""
    other.load_state_dict(one.state_dict())
    return other


@few
@given(
    seed=st.integers(0, 10**6), margin=st.floats(0.0, 2.0), scale=st.floats(0.5, 64.0),
    power=st.floats(0.1, 9.0),
)  # fmt: skip
def test_each_class_has_the_margin_of_its_share(seed, margin, scale, power):
    x, label = drawn(seed)
    loss = MixedMargin(5, 4, scale, margin, power).double()
    theta, lam, rows = angles(x, loss.centers), label.lam.numpy(), np.arange(7)
    own = np.zeros((7, 4))
    own[rows, label.y], own[rows, label.other] = margin * lam**power, margin * (1 - lam) ** power
    guarded = np.cos(theta) - own * np.sin(np.pi - own)
    logits = scale * np.where(np.cos(theta) > np.cos(np.pi - own), np.cos(theta + own), guarded)
    log_p = log_softmax(logits, axis=1)
    expected = -lam * log_p[rows, label.y] - (1 - lam) * log_p[rows, label.other]
    np.testing.assert_allclose(loss.each(x, label).detach(), expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(loss.logits(x).detach(), scale * np.cos(theta), rtol=1e-10)


@pytest.mark.parametrize("power", POWERS)
def test_a_whole_clip_costs_what_arcface_asks(power):
    x, label = drawn(3)
    loss = MixedMargin(5, 4, power=power).double()
    plain = alike(loss, ArcFace(5, 4, margin=0.7).double())
    whole = label._replace(lam=torch.ones(7, dtype=torch.float64))
    gone = label._replace(lam=torch.zeros(7, dtype=torch.float64))
    for asked, y in ((label.y, label.y), (whole, label.y), (gone, label.other)):
        torch.testing.assert_close(loss.each(x, asked), plain.each(x, y), rtol=1e-12, atol=0)


@pytest.mark.parametrize("power", POWERS)
def test_without_a_margin_it_is_the_cross_entropy_with_the_mixed_label(power):
    x, label = drawn(4)
    loss = MixedMargin(5, 4, 17.3, 0.0, power).double()
    plain = alike(loss, CosFace(5, 4, 17.3, 0.0).double())
    torch.testing.assert_close(loss.each(x, label), plain.each(x, label), rtol=1e-12, atol=0)


@pytest.mark.parametrize("power", POWERS)
def test_two_clips_of_one_class_are_a_clip_of_it(power):
    x, label = drawn(5)
    same, loss = Mix(label.y, label.y, label.lam), MixedMargin(5, 4, power=power).double()
    torch.testing.assert_close(loss.each(x, same), loss.each(x, label.y), rtol=1e-12, atol=0)


@pytest.mark.parametrize("power", POWERS)
def test_it_does_not_matter_which_clip_is_called_the_first(power):
    """Where lam is one half, and where the shares go with their clips; Noisy-ArcMix does mind."""
    x, label = drawn(6)
    half = torch.full((7,), 0.5, dtype=torch.float64)
    loss, noisy = MixedMargin(5, 4, power=power).double(), NoisyArcMix(5, 4).double()
    for one in (label, label._replace(lam=half)):
        other = Mix(one.other, one.y, 1 - one.lam)
        torch.testing.assert_close(loss.each(x, one), loss.each(x, other), rtol=1e-9, atol=0)
        assert (noisy.each(x, one) - noisy.each(x, other)).abs().min() > 1e-6


def test_with_a_power_of_1_it_is_arcface_of_the_mixed_label_and_no_other_is():
    x, label = drawn(7)
    loss = MixedMargin(5, 4).double()
    plain = alike(loss, ArcFace(5, 4, margin=0.7).double())
    torch.testing.assert_close(loss.each(x, label), plain.each(x, label), rtol=1e-12, atol=0)
    for other in (MixedMargin(5, 4, power=2.0), ArcMix(5, 4), NoisyArcMix(5, 4)):
        off = alike(loss, other.double()).each(x, label) - plain.each(x, label)
        assert off.abs().min() > 1e-6


def test_a_power_of_2_keeps_the_difference_of_the_margins_and_lowers_their_sum():
    _, label = drawn(8)
    soft = label.soft(4)
    one, two = (MixedMargin(5, 4, power=power).margins(soft) for power in (1.0, 2.0))
    rows = torch.arange(7)
    first, second = [(some[rows, label.y], some[rows, label.other]) for some in (one, two)]
    torch.testing.assert_close(first[0] - first[1], second[0] - second[1])
    torch.testing.assert_close(sum(first), torch.full((7,), 0.7, dtype=torch.float64))
    torch.testing.assert_close(sum(second), 0.7 * (1 - 2 * label.lam * (1 - label.lam)))


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"scale": -1.0}, "scale is -1.0"), ({"margin": 40.0}, "margin is 40.0: give a number fr"),
        ({"power": 0.0}, "power is 0.0: give a positive number"), ({"power": math.nan}, "is nan"),
        ({"power": math.inf}, "power is inf"),
    ],
)  # fmt: skip
def test_settings_that_make_no_loss(choices, sentence):
    with pytest.raises(ValueError, match=sentence):
        MixedMargin(4, 3, **choices)
