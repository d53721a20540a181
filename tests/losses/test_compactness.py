"""Compactness against distances in float64 numpy, and what a center that may move does to it."""

import numpy as np
import pytest
import torch
from scipy.special import log_softmax

from asdkit.losses import Compactness, CompactnessSoftmax
from asdkit.mixup import Mix


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def drawn(make, seed=0):
    torch.manual_seed(seed)
    x, y = torch.randn(7, 5, dtype=torch.float64), torch.randint(4, (7,))
    return make(5, 4).double(), x, Mix(y, y.flip(0), torch.rand(7, dtype=torch.float64))


@pytest.mark.parametrize("mixed", [False, True])
def test_it_is_the_squared_distance_to_the_own_center(mixed):
    loss, x, label = drawn(Compactness)
    soft = label.soft(4).numpy() if mixed else np.eye(4)[label.y]
    gaps = np.square(unit(x.numpy())[:, None] - unit(loss.centers.numpy())).sum(axis=2)
    np.testing.assert_allclose(loss.each(x, label if mixed else label.y), (soft * gaps).sum(axis=1))
    np.testing.assert_allclose(loss.logits(x), -gaps)


@pytest.mark.parametrize("mixed", [False, True])
def test_the_softmax_is_added_to_the_distance(mixed):
    loss, x, label = drawn(CompactnessSoftmax)
    soft = label.soft(4).numpy() if mixed else np.eye(4)[label.y]
    gaps = np.square(unit(x.numpy())[:, None] - unit(loss.centers.numpy())).sum(axis=2)
    logits = unit(x.numpy()) @ loss.weight.detach().numpy().T
    expected = (soft * gaps).sum(axis=1) - (soft * log_softmax(logits, axis=1)).sum(axis=1)
    np.testing.assert_allclose(loss.each(x, label if mixed else label.y).detach(), expected)


def trained(loss):
    """Free embeddings of four classes, moved with the loss; how far apart they come to lie."""
    torch.manual_seed(1)
    x, y = torch.randn(16, 5, requires_grad=True), torch.arange(16) % 4
    movable = [part for part in loss.parameters() if part.requires_grad]
    optimizer = torch.optim.Adam([x, *movable], lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss(x, y).backward()
        optimizer.step()
    return loss(x, y).item(), torch.pdist(torch.nn.functional.normalize(x.detach(), dim=1)).max()


def test_fixed_centers_keep_the_classes_apart():
    torch.manual_seed(0)
    value, apart = trained(Compactness(5, 4))
    assert value < 1e-3 and apart > 0.5
    assert not Compactness(5, 4).centers.requires_grad


def test_an_encoder_that_gives_one_point_costs_nothing_once_its_centers_may_move():
    loss = Compactness(5, 4, trainable=True)
    x, y = torch.ones(16, 5), torch.arange(16) % 4
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss(x, y).backward()
        optimizer.step()
    assert loss(x, y) < 1e-3
    fixed = Compactness(5, 4)
    assert fixed(x, y) > 0.1
