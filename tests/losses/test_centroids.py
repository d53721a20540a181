"""Distances to centroids against the paper's sums in float64 numpy, and what eps is for."""

import math

import numpy as np
import pytest
import torch

from asdkit import losses
from asdkit.losses import ANOMALY, NORMAL, OUTLIER

Y = np.array([NORMAL, OUTLIER, ANOMALY, OUTLIER, NORMAL, OUTLIER, OUTLIER])
NORMALS, OUTLIERS, ANOMALIES = (role == Y for role in (NORMAL, OUTLIER, ANOMALY))


def gaps(x, centers):
    return ((x[:, None] - centers) ** 2).sum(axis=2)


def one(x, centers, eta, eps):
    """[DDC] eq. 2, sum by sum."""
    d = gaps(x, centers)[:, 0]
    far = 1 / (d + eps)
    total = far[OUTLIERS].sum() + eta * (d[NORMALS].sum() + far[ANOMALIES].sum())
    return total / len(x)


def two(x, centers, eta, eps):
    """[DDC] eq. 3, sum by sum."""
    near, away = gaps(x, centers).T
    total = (1 / (near[OUTLIERS] + eps) + away[OUTLIERS]).sum()
    total += eta * (near[NORMALS] + 1 / (away[NORMALS] + eps)).sum()
    total += eta * (1 / (near[ANOMALIES] + eps) + away[ANOMALIES]).sum()
    return total / len(x)


def binary(loss, x):
    p = 1 / (1 + np.exp(-(x @ loss.head.weight.detach().numpy()[0])))
    return -np.where(NORMALS, np.log(p), np.log(1 - p)).mean()


CASES = [
    (losses.DSAD, one), (losses.DDCSAD, two), (losses.BinaryDSAD, one), (losses.BinaryDDCSAD, two),
]  # fmt: skip


@pytest.mark.parametrize("eps", [1e-6, 0.0, 0.1])
@pytest.mark.parametrize("eta", [2.0, 0.3])
@pytest.mark.parametrize(("make", "distances"), CASES)
def test_the_loss_is_the_paper_s_sum(make, distances, eta, eps):
    torch.manual_seed(1)
    weighs = {"weight": 0.7} if "Binary" in make.__name__ else {}
    loss, x = make(6, eta=eta, eps=eps, **weighs).double(), torch.randn(7, 6, dtype=torch.float64)
    loss.centers.copy_(torch.randn(loss.centers.shape, dtype=torch.float64))
    expected = distances(x.numpy(), loss.centers.numpy(), eta, eps)
    if weighs:
        expected = binary(loss, x.numpy()) + 0.7 * expected  # eq. 4
    np.testing.assert_allclose(loss(x, torch.from_numpy(Y)).item(), expected, rtol=1e-12)


@pytest.mark.parametrize("make", [losses.DSAD, losses.DDCSAD])
def test_an_anomaly_costs_eta_times_an_outlier(make):
    loss, x = make(4, eta=3.5).double(), torch.randn(9, 4, dtype=torch.float64)
    outlier, anomaly = (loss.each(x, torch.full((9,), role)) for role in (OUTLIER, ANOMALY))
    np.testing.assert_allclose(anomaly, 3.5 * outlier, rtol=1e-12)


def test_exchanged_centers_exchange_the_roles():
    """Eq. 3 at eta 1: what a normal clip costs is what an outlier costs between the other two."""
    loss, x = losses.DDCSAD(4, eta=1.0).double(), torch.randn(9, 4, dtype=torch.float64)
    normal = loss.each(x, torch.full((9,), NORMAL))
    loss.centers.copy_(loss.centers.flip(0).clone())
    np.testing.assert_allclose(loss.each(x, torch.full((9,), OUTLIER)), normal, rtol=1e-12)


def test_the_limits():
    """On its center a normal clip costs nothing of DSAD, an outlier 1 / eps; far off, d and 0."""
    loss = losses.DSAD(3, eta=2.0).double()
    x = loss.centers + torch.tensor([[0.0], [1e6]], dtype=torch.float64)
    normal, outlier = (loss.each(x, torch.full((2,), role)) for role in (NORMAL, OUTLIER))
    np.testing.assert_allclose(normal, [0.0, 2 * 3e12], rtol=1e-9)
    np.testing.assert_allclose(outlier, [1e6, 1 / 3e12], rtol=1e-9)


def test_without_eps_an_outlier_on_the_center_costs_infinity_and_has_no_slope():
    for eps, finite in ((0.0, False), (1e-6, True)):
        loss = losses.DDCSAD(3, eps=eps)
        x = loss.centers[:1].clone().requires_grad_()
        value = loss(x, torch.tensor([OUTLIER]))
        value.backward()
        assert math.isfinite(value.item()) == finite and bool(x.grad.isfinite().all()) == finite
    normal = losses.DSAD(3, eps=0.0)
    x = normal.centers.clone().requires_grad_()
    normal(x, torch.tensor([NORMAL])).backward()  # its inverse is not asked for
    assert not x.grad.any()


def test_the_steepest_slope_is_bounded_by_eps():
    r"""|d/dz (d + eps)^{-1}| is largest at d = eps / 3: (9 / 8) sqrt(1 / 3) eps^(-3/2)."""
    loss, eps = losses.DSAD(1, eta=1.0, eps=1e-2).double(), 1e-2
    x = (loss.centers + torch.linspace(0, 1, 20001, dtype=torch.float64)[:, None]).requires_grad_()
    loss.each(x, torch.full((len(x),), OUTLIER)).sum().backward()
    steepest = x.grad.abs().argmax()
    assert (x - loss.centers)[steepest].square().item() == pytest.approx(eps / 3, rel=1e-2)
    assert x.grad.abs().max().item() == pytest.approx(9 / 8 * 3**-0.5 * eps**-1.5, rel=1e-6)


def test_the_logit_says_which_center_is_nearer():
    loss = losses.DDCSAD(2).double()
    loss.centers.copy_(torch.tensor([[0.0, 0.0], [4.0, 0.0]]))
    x = torch.tensor([[1.0, 5.0], [2.0, -3.0], [3.0, 0.0]], dtype=torch.float64)
    assert loss.logits(x).tolist() == [8.0, 0.0, -8.0]
    single = losses.DSAD(2).double()
    np.testing.assert_allclose(single.logits(x), -gaps(x.numpy(), single.centers.numpy())[:, 0])


@pytest.mark.parametrize("make", [losses.DSAD, losses.BinaryDSAD])
def test_one_center_stays_where_it_is_unless_it_is_told_to_follow(make):
    assert not make(4).updated and make(4, updated=True).updated
    assert not losses.BinaryCrossEntropy(4).updated


@pytest.mark.parametrize("make", [losses.DDCSAD, losses.BinaryDDCSAD])
def test_two_centers_follow_unless_they_are_told_to_stay(make):
    assert make(4).updated and not make(4, updated=False).updated
    with pytest.raises(ValueError, match="not updated are no mean of any clips: leave it out"):
        make(4, updated=False, with_anomalies=True)
