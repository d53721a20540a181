"""Softmax and L2-softmax against the formulas in float64, and the bound on alpha against what it
promises.
"""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.losses import L2Softmax, Softmax, smallest_alpha
from asdkit.mixup import Mix

few = settings(deadline=None, derandomize=True, max_examples=25)


def by_hand(x, W, b, labels, alpha=None):
    """The printed objective with loops: minus the mean over clips of the labels' share of ln P."""
    total = 0.0
    for row, label in zip(x, labels):
        if alpha is not None:
            row = alpha * row / math.sqrt(math.fsum(row**2))
        powers = [math.exp(math.fsum(center * row) + bias) for center, bias in zip(W, b)]
        total -= math.fsum(
            share * math.log(powers[j] / math.fsum(powers)) for j, share in enumerate(label)
        )
    return total / len(x)


def drawn(seed, count=7, dim=5, classes=4):
    torch.manual_seed(seed)
    x, y = torch.randn(count, dim, dtype=torch.float64), torch.randint(classes, (count,))
    return x, y, Mix(y, y.flip(0), torch.rand(count, dtype=torch.float64))


def with_biases(loss):
    with torch.no_grad():
        loss.bias.copy_(torch.randn(len(loss.bias)))
    return loss


@few
@given(seed=st.integers(0, 10**6), alpha=st.none() | st.floats(0.1, 30.0), mixed=st.booleans())
def test_the_loss_is_the_printed_objective(seed, alpha, mixed):
    x, y, label = drawn(seed)
    loss = with_biases((Softmax(5, 4) if alpha is None else L2Softmax(5, 4, alpha)).double())
    W, b = loss.centers.detach().numpy(), loss.bias.detach().numpy()
    shares = label.soft(4).numpy() if mixed else np.eye(4)[y]
    expected = by_hand(x.numpy(), W, b, shares, None if alpha is None else loss.scale.item())
    assert loss(x, label if mixed else y).item() == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_l2_softmax_is_softmax_of_embeddings_of_one_length():
    x, y, _ = drawn(0)
    loss, plain = with_biases(L2Softmax(5, 4, 7.3).double()), Softmax(5, 4).double()
    plain.load_state_dict({key: loss.state_dict()[key] for key in ("centers", "bias")})
    on_sphere = 7.3 * x / x.norm(dim=1, keepdim=True)
    torch.testing.assert_close(loss(x, y), plain(on_sphere, y), rtol=1e-12, atol=0)
    torch.testing.assert_close(loss(0.01 * x, y), loss(x, y), rtol=1e-12, atol=0)


def test_a_large_alpha_leaves_one_class_and_no_bias():
    """alpha -> infinity: all on the largest product with W, whatever the biases; alpha -> 0: the
    biases only.
    """
    x, _, _ = drawn(1)
    for alpha, wanted in ((1e6, "one"), (1e-14, "bias")):
        loss = with_biases(L2Softmax(5, 4, alpha).double())
        p = loss.probabilities(x).detach()
        products = x @ loss.centers.detach().T
        limit = torch.eye(4, dtype=torch.float64)[products.argmax(dim=1)]
        if wanted == "bias":
            limit = loss.bias.detach().softmax(dim=0).expand(7, 4)
        torch.testing.assert_close(p, limit, rtol=0, atol=1e-12)


def test_longer_embeddings_lower_the_softmax_alone():
    """Why [L2S] fixes the length: right clips get cheaper without turning at all."""
    plain, fixed = Softmax(4, 4).double(), L2Softmax(4, 4, 2.0).double()
    for loss in (plain, fixed):
        with torch.no_grad():
            loss.centers.copy_(torch.eye(4))
    x, y = torch.eye(4, dtype=torch.float64) + 0.2, torch.arange(4)
    costs = [plain(length * x, y).item() for length in (1.0, 2.0, 4.0, 30.0)]
    assert costs == sorted(costs, reverse=True) and costs[-1] < 1e-8
    assert fixed(30 * x, y).item() == pytest.approx(fixed(x, y).item(), rel=1e-12)


def test_lengths_and_angles_are_watched():
    loss = Softmax(2, 2)
    with torch.no_grad():
        loss.centers.copy_(torch.tensor([[2.0, 0.0], [0.0, 1.0]]))
    x = torch.tensor(
        [[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]]
    )  # at 0, 90 and 0 degrees from the first class
    loss(x, torch.tensor([0, 0, 0]))
    assert loss.watch() == {"median_angle": 0.0, "length": 2.0}
    fixed = L2Softmax(2, 2, 5.0)
    fixed.load_state_dict(loss.state_dict() | {"scale": fixed.scale})
    fixed(x, torch.tensor([1, 0, 1]))
    assert fixed.watch() == pytest.approx({"scale": 5.0, "median_angle": math.pi / 2})


@few
@given(classes=st.integers(3, 2000), p=st.floats(0.01, 0.999))
def test_the_bound_reaches_its_probability(classes, p):
    alpha = smallest_alpha(classes, p)
    assert math.exp(alpha) / (math.exp(alpha) + classes - 2) == pytest.approx(p, rel=1e-12)


def test_the_bound_of_six_machine_types():
    assert smallest_alpha(6, 0.9) == pytest.approx(3.5835189384561104, rel=1e-15)
    W = torch.cat([torch.eye(3), -torch.eye(3)]).double()  # six centers at right angles or opposite
    loss = L2Softmax(3, 6, smallest_alpha(6)).double()
    with torch.no_grad():
        loss.centers.copy_(W)
    p = loss.probabilities(W).diagonal()
    torch.testing.assert_close(
        p, torch.full((6,), 0.9, dtype=torch.float64), rtol=1e-3, atol=0
    )  # but e^-alpha


@pytest.mark.parametrize("alpha", [0.0, -1.0, math.inf, math.nan])
def test_an_alpha_that_is_no_length(alpha):
    with pytest.raises(ValueError, match="alpha is .*: give a positive number"):
        L2Softmax(4, 3, alpha)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((2,), "3 classes or more, not 2"),
        ((6, 1.0), "p is a share between 0 and 1, not 1.0"),
        ((6, 0.0), "p is a share between 0 and 1, not 0.0"),
        ((6, 90), "between 0 and 1"),
    ],
)
def test_no_bound(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        smallest_alpha(*arguments)
