"""CosFace and ArcFace against formulas in float64 numpy with arccos, and their limits."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from asdkit.losses import ArcFace, CosFace, cosine
from asdkit.losses.margin import widened
from asdkit.mixup import Mix

few = settings(deadline=None, derandomize=True, max_examples=25)
MARGINS = [0.0, 0.2, 0.5, 0.7, 1.5, math.pi]


def drawn(seed, count=7, dim=5, classes=4):
    torch.manual_seed(seed)
    x, y = torch.randn(count, dim, dtype=torch.float64), torch.randint(classes, (count,))
    return x, y, Mix(y, y.flip(0), torch.rand(count, dtype=torch.float64))


def angles_by_hand(x, centers):
    """The smallest angle to a center of each class, by arccos."""
    unit = centers / np.linalg.norm(centers, axis=-1, keepdims=True)
    cos = np.einsum("nd,ckd->nck", x / np.linalg.norm(x, axis=1, keepdims=True), unit)
    return np.arccos(cos).min(axis=2)


def cross_entropy_by_hand(logits, shares):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -(shares * np.log(p)).sum(axis=1).mean()


def guarded(theta, margin):
    return np.where(np.cos(theta) > np.cos(np.pi - margin), np.cos(theta + margin),
                    np.cos(theta) - margin * np.sin(np.pi - margin))  # fmt: skip


@few
@given(
    seed=st.integers(0, 10**6), mixed=st.booleans(), sub_centers=st.integers(1, 3),
    margin=st.sampled_from(MARGINS), scale=st.floats(0.5, 64.0),
)  # fmt: skip
def test_arcface_is_the_printed_formula(seed, mixed, sub_centers, margin, scale):
    x, y, label = drawn(seed)
    loss = ArcFace(5, 4, scale, margin, sub_centers).double()
    shares = label.soft(4).numpy() if mixed else np.eye(4)[y]
    theta = angles_by_hand(x.numpy(), loss.centers.detach().numpy().reshape(4, -1, 5))
    expected = cross_entropy_by_hand(scale * guarded(theta, margin * shares), shares)
    assert loss(x, label if mixed else y).item() == pytest.approx(expected, rel=1e-10, abs=1e-12)
    np.testing.assert_allclose(
        loss.logits(x).detach(), scale * np.cos(theta), rtol=1e-12, atol=1e-12
    )
    own = np.sort((shares * theta).sum(axis=1))
    assert loss.watch() == pytest.approx({"scale": scale, "median_angle": own[(len(own) - 1) // 2]})


@few
@given(
    seed=st.integers(0, 10**6),
    mixed=st.booleans(),
    margin=st.floats(0.0, 2.0),
    scale=st.floats(0.5, 64.0),
)
def test_cosface_is_the_printed_formula(seed, mixed, margin, scale):
    x, y, label = drawn(seed)
    loss = CosFace(5, 4, scale, margin).double()
    shares = label.soft(4).numpy() if mixed else np.eye(4)[y]
    theta = angles_by_hand(x.numpy(), loss.centers.detach().numpy()[:, None])
    expected = cross_entropy_by_hand(scale * (np.cos(theta) - margin * shares), shares)
    assert loss(x, label if mixed else y).item() == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    "make", [lambda: ArcFace(5, 4, 17.3, 0.0), lambda: CosFace(5, 4, 17.3, 0.0)]
)
def test_without_a_margin_it_is_a_scaled_softmax(make):
    x, y, label = drawn(3)
    loss = make().double()
    for target in (y, label):
        shares = target.soft(4) if isinstance(target, Mix) else F.one_hot(y, 4).double()
        expected = -(shares * (17.3 * cosine(x, loss.centers)).log_softmax(dim=1)).sum(dim=1).mean()
        torch.testing.assert_close(loss(x, target), expected, rtol=1e-12, atol=1e-12)


def test_one_sub_center_is_arcface_and_equal_ones_are_too():
    x, y, label = drawn(4)
    plain = ArcFace(5, 4).double()
    many = ArcFace(5, 4, sub_centers=3).double()
    with torch.no_grad():
        many.centers.copy_(plain.centers[:, None].expand(4, 3, 5))
    for target in (y, label):
        torch.testing.assert_close(many(x, target), plain(x, target), rtol=1e-12, atol=1e-12)


def test_of_the_sub_centers_the_nearest_counts_and_learns():
    loss = ArcFace(2, 2, scale=2.0, sub_centers=2)
    with torch.no_grad():
        loss.centers.copy_(torch.tensor([[[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [0.0, -1.0]]]))
    x = torch.tensor([[-2.0, 0.1]])
    torch.testing.assert_close(
        loss.logits(x), 2 * torch.tensor([[2.0, 0.1]]) / math.hypot(2.0, 0.1)
    )
    loss(x, torch.tensor([0])).backward()
    assert loss.centers.grad[0, 0].abs().sum() == 0 and loss.centers.grad[0, 1].abs().sum() > 0
    assert loss.centers.grad[1, 1].abs().sum() == 0 and loss.centers.grad[1, 0].abs().sum() > 0


@pytest.mark.parametrize("margin", MARGINS)
def test_the_widened_cosine_falls_with_the_angle_all_the_way(margin):
    theta = torch.linspace(0, math.pi, 10_001, dtype=torch.float64)
    values = widened(theta.cos(), torch.tensor(margin, dtype=torch.float64))
    assert (values.diff() <= 1e-15).all()
    before = theta < math.pi - margin - 1e-9
    torch.testing.assert_close(values[before], (theta + margin)[before].cos(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("gap", [1e-7, 1e-10, 1e-13])
def test_near_the_ends_value_and_slope_are_those_of_the_angle(gap):
    """The slope against the angle is -sin(theta + m), however steep the sine is."""
    for center in (0.0, math.pi):
        theta = torch.tensor(math.sqrt(2 * gap), dtype=torch.float64)
        theta = (center - theta if center else theta).requires_grad_()
        value = widened(theta.cos(), torch.tensor(0.5, dtype=torch.float64))
        value.backward()
        expected = -math.sin(theta.item() + 0.5) if not center else -math.sin(theta.item())
        assert theta.grad.item() == pytest.approx(expected, rel=1e-2 if gap < 1e-10 else 1e-5)


def test_the_naive_margin_has_no_gradient_on_a_center_and_ours_has():
    x = torch.tensor([[1.0, 0.0]], requires_grad=True)
    cos = cosine(x, torch.eye(2))
    (cos.arccos() + 0.5).cos()[0, 0].backward(retain_graph=True)
    assert x.grad.isnan().any()
    x.grad = None
    widened(cos, torch.tensor(0.5))[0, 0].backward()
    assert x.grad.isfinite().all()


def test_the_margin_is_paid_in_training_only():
    x, y, _ = drawn(5)
    for loss in (ArcFace(5, 4).double(), CosFace(5, 4, 30.0, 0.35).double()):
        assert (loss(x, y) > F.cross_entropy(loss.logits(x), y)).item()
        larger = type(loss)(5, 4, 30.0, 0.9).double()
        larger.load_state_dict(loss.state_dict())
        assert larger(x, y) > loss(x, y)
        torch.testing.assert_close(larger.probabilities(x), loss.probabilities(x), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ArcFace(4, 3, scale=0.0), "scale is 0.0: give a positive number"),
        (lambda: ArcFace(4, 3, margin=28.6), "margin is 28.6: give a number from 0 to 3.14159"),
        (lambda: ArcFace(4, 3, margin=-0.1), "margin is -0.1: give a number from 0 to 3.14159"),
        (lambda: ArcFace(4, 3, sub_centers=0), "sub_centers is 0"),
        (lambda: CosFace(4, 3, -30.0, 0.35), "scale is -30.0"),
        (
            lambda: CosFace(4, 3, 30.0, 2.5),
            "margin is 2.5: give a number from 0 to 2, such as 0.35, a",
        ),
        (lambda: CosFace(4, 3, 30.0, math.nan), "margin is nan"),
    ],
)
def test_settings_that_make_no_loss(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
