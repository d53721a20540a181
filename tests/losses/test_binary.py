"""What the binary losses promise: roles, centers that are means, finite slopes, and no waiting."""

import copy
import math

import numpy as np
import pytest
import torch
from scipy.special import expit

from asdkit import losses
from asdkit.losses import ANOMALY, NORMAL, OUTLIER
from asdkit.mixup import Mix

MAKE = {
    "BinaryCrossEntropy": losses.BinaryCrossEntropy, "DSAD": losses.DSAD, "DDCSAD": losses.DDCSAD,
    "BinaryDSAD": losses.BinaryDSAD, "BinaryDDCSAD": losses.BinaryDDCSAD,
}  # fmt: skip
NAMES = list(MAKE)
Y = torch.tensor([NORMAL, OUTLIER, ANOMALY, OUTLIER, NORMAL, ANOMALY, OUTLIER, NORMAL])


def drawn(name, seed=0, dtype=torch.float64, **choices):
    torch.manual_seed(seed)
    loss = MAKE[name](5, **choices).to(dtype)
    x = torch.randn(8, 5, dtype=dtype)
    if loss.updated:
        loss.update_centers(x + 0.3, Y)
    return loss, x


@pytest.mark.parametrize("name", NAMES)
def test_the_interface(name):
    loss, x = drawn(name)
    value = loss(x, Y)
    assert value.ndim == 0 and value.dtype == torch.float64
    assert loss.logits(x).shape == loss.probabilities(x).shape == loss.each(x, Y).shape == (8,)
    torch.testing.assert_close(loss.each(x, Y).mean(), value)
    np.testing.assert_allclose(
        loss.probabilities(x).detach(), expit(loss.logits(x).detach().numpy()), rtol=1e-12
    )
    assert all(type(number) is float and math.isfinite(number) for number in loss.watch().values())
    assert {key: tensor.item() for key, tensor in loss.watched().items()} == loss.watch() != {}
    rows = {"BinaryCrossEntropy": None, "DSAD": 1, "BinaryDSAD": 1}.get(name, 2)
    assert rows == (None if loss.centers is None else len(loss.centers))
    assert ("centers" in loss.state_dict()) == (rows is not None)
    assert not any("centers" in key for key, _ in loss.named_parameters())
    assert sum(weight.numel() for weight in loss.parameters()) == 6 * ("Binary" in name)


def test_binary_cross_entropy_is_that_of_numpy():
    """[DDC] eq. 1: -ln p of a normal clip, -ln(1 - p) of an outlier or an anomaly."""
    loss, x = drawn("BinaryCrossEntropy")
    weight, bias = loss.head.weight.detach().numpy()[0], loss.head.bias.detach().numpy()[0]
    p = expit(x.numpy() @ weight + bias)
    expected = -np.where(Y.numpy() > 0, np.log(p), np.log(1 - p))
    np.testing.assert_allclose(loss.each(x, Y).detach(), expected, rtol=1e-12)
    np.testing.assert_allclose(loss(x, Y).detach(), expected.sum() / 8, rtol=1e-12)
    with torch.no_grad():
        loss.head.weight.mul_(1e4)  # where p or 1 - p is 0 in float64
    each = loss.each(x, Y)
    assert each.isfinite().all() and each.max() > 800


@pytest.mark.parametrize("name", NAMES)
def test_gradients_by_finite_differences(name):
    loss, x = drawn(name)
    x.requires_grad_()
    rest = {key: value.detach().clone().requires_grad_() for key, value in loss.named_parameters()}
    mixed = Mix(Y, Y.flip(0), torch.linspace(0.1, 0.9, 8, dtype=torch.float64))
    for label in (Y, mixed):

        def value(x, *parameters, label=label):
            return torch.func.functional_call(loss, dict(zip(rest, parameters)), (x, label))

        assert torch.autograd.gradcheck(value, (x, *rest.values()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_finite_on_a_center_beside_it_and_far_from_both(name, dtype):
    loss, _ = drawn(name, dtype=dtype)
    centers = loss.centers if loss.centers is not None else torch.zeros(2, 5, dtype=dtype)
    rows = [center + torch.eye(5, dtype=dtype)[:1] * off
            for center in centers for off in (0.0, 1e-12, 1e-7, 1e-3, 1e4)]  # fmt: skip
    x = torch.cat(rows).requires_grad_()
    for role in (NORMAL, OUTLIER, ANOMALY):
        x.grad = None
        loss.zero_grad()
        each = loss.each(x, torch.full((len(x),), role))
        each.mean().backward()
        assert each.isfinite().all() and x.grad.isfinite().all() and (each >= 0).all()
        assert all(weight.grad.isfinite().all() for weight in loss.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_forward_and_backward_never_wait_for_a_value(name):
    """On the meta device nothing has a value: whatever reads one stops here."""
    loss = MAKE[name](5).to("meta")
    x = torch.empty(10, 5, device="meta", requires_grad=True)
    y = torch.empty(10, dtype=torch.long, device="meta")
    for label in (y, Mix(y, y, torch.empty(10, device="meta"))):
        loss(x, label).backward()
    assert x.grad.is_meta and loss.eval()(x, y).is_meta and loss.evidence(x).is_meta
    with pytest.raises(RuntimeError, match="meta"):
        loss.watch()


@pytest.mark.parametrize("name", NAMES)
def test_single_precision_is_near_to_double(name):
    single, x = drawn(name, dtype=torch.float32)
    double = copy.deepcopy(single).double()
    torch.testing.assert_close(
        single.each(x, Y).double(), double.each(x.double(), Y), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_mixed_clip_costs_the_blend_of_its_two_roles(name):
    loss, x = drawn(name)
    lam = torch.linspace(0, 1, 8, dtype=torch.float64)
    blend = lam * loss.each(x, Y) + (1 - lam) * loss.each(x, Y.flip(0))
    torch.testing.assert_close(loss.each(x, Mix(Y, Y.flip(0), lam)), blend, rtol=1e-12, atol=0)
    with pytest.raises(ValueError, match="lam holds 1.5: give the share of the first clip"):
        loss(x, Mix(Y, Y, lam * 1.5))


@pytest.mark.parametrize("name", NAMES)
def test_the_centers_are_the_means_of_normal_clips_and_of_outliers(name):
    loss, x = drawn(name)
    loss.update_centers(x, Y)
    roles, rows = Y.numpy(), x.numpy()
    means = np.stack([rows[roles == role].mean(axis=0) for role in (NORMAL, OUTLIER)])
    np.testing.assert_allclose(loss.centers, means[: len(loss.centers)], rtol=1e-12)
    assert len(loss.centers) == (1 if "DSAD" in name and "DDC" not in name else 2)
    assert not loss.centers.requires_grad


@pytest.mark.parametrize("name", ["DDCSAD", "BinaryDDCSAD"])
def test_true_anomalies_move_the_second_center_where_they_are_told_to(name):
    loss, x = drawn(name, with_anomalies=True)
    loss.update_centers(x, Y)
    np.testing.assert_allclose(loss.centers[1], x.numpy()[Y.numpy() != 1].mean(axis=0), rtol=1e-12)
    with pytest.raises(ValueError, match="role anomaly, and with_anomalies asks for their"):
        loss.update_centers(x[:2], Y[:2])


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([NORMAL, NORMAL], "no training clip has the role outlier: add clips of other"),
        ([OUTLIER, ANOMALY], "no training clip has the role normal: add some"),
        ([NORMAL, ANOMALY], "no training clip has the role outlier: add clips of other"),
        ([NORMAL, OUTLIER, 2], "2 is no role: y holds normal 1, outlier 0 and anomaly -1"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_roles_that_nothing_can_be_learned_from(name, y, words):
    loss, x = drawn(name)
    for refuse in (loss.check_labels, lambda y: loss.update_centers(x[: len(y)], y)):
        with pytest.raises(ValueError, match=words) as told:
            refuse(torch.tensor(y))
        assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_single_normal_clip_is_its_own_center(name):
    loss, x = drawn(name)
    loss.update_centers(x[:2], Y[:2])
    assert torch.equal(loss.centers[0], x[0])
    x.requires_grad_()
    loss(x[:2], Y[:2]).backward()
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
def test_what_training_records_are_means_of_normal_clips_and_of_others(name):
    loss, x = drawn(name)
    loss(x, Y)
    told, own = loss.watch(), Y.numpy() > 0
    evidence = loss.evidence(x).detach().numpy()
    for column, what in enumerate(("probability", "distance")):
        for who, rows in (("normal", own), ("others", ~own)):
            assert (f"{what}_{who}" in told) == (what in loss.tells)
            if what in loss.tells:
                mean = evidence[rows, column].mean()
                assert told[f"{what}_{who}"] == pytest.approx(mean, rel=1e-6)
    loss.eval()(x + 1, Y)
    assert loss.watch() == told


@pytest.mark.parametrize("name", NAMES)
def test_what_a_score_is_made_of(name):
    """[DDC] eq. 5: p, and d = |z - c_p|^2; without centers there is no distance to tell."""
    loss, x = drawn(name)
    evidence = loss.evidence(x).detach().numpy()
    np.testing.assert_allclose(evidence[:, 0], loss.probabilities(x).detach(), rtol=1e-12)
    if loss.centers is None:
        return np.testing.assert_array_equal(evidence[:, 1], 0.0)
    gap = x.numpy() - loss.centers.numpy()[0]
    np.testing.assert_allclose(evidence[:, 1], (gap**2).sum(axis=1), rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_training_tells_normal_clips_from_others(name):
    """Free embeddings: after some steps every normal clip is likelier than any other clip."""
    torch.manual_seed(3)
    loss, x = MAKE[name](8), torch.randn(8, 8, requires_grad=True)
    optimizer = torch.optim.Adam([x, *loss.parameters()], lr=0.05)
    for step in range(200):
        if loss.updated and step % 10 == 0:
            loss.update_centers(x.detach(), Y)
        optimizer.zero_grad()
        loss(x, Y).backward()
        optimizer.step()
    p = loss.probabilities(x)
    assert p[Y > 0].min() > p[Y <= 0].max()


@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan])
def test_numbers_that_cannot_be(value):
    for name in set(NAMES) - {"BinaryCrossEntropy"}:
        with pytest.raises(ValueError, match=f"eta is {value}: give a positive number"):
            MAKE[name](4, eta=value)
        if "Binary" in name:
            with pytest.raises(ValueError, match=f"weight is {value}: give a positive number"):
                MAKE[name](4, weight=value)
        if value != 0:
            with pytest.raises(ValueError, match=f"eps is {value}: give a number from 0, such as"):
                MAKE[name](4, eps=value)
    assert "eta=3.0, eps=0" in repr(losses.DSAD(4, eta=3.0, eps=0))
