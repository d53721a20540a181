"""What the losses over classes share, on a loss of one's own and against numpy."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from asdkit.losses import ClassLoss, cosine
from asdkit.mixup import Mix


class Own(ClassLoss):
    """The smallest loss there is: minus the cosine to the own center, under a scale."""

    def __init__(self, dim, classes, start=0.1, trainable=True):
        super().__init__(classes, dim, trainable=trainable)
        self.keep_scale(start)
        self.power = 3

    def each(self, x, y):
        cos, soft = cosine(x, self.centers), self.labels(x, y)
        self.note_median(cos, soft)
        return -self.scale * (soft * cos).sum(dim=1)

    def logits(self, x):
        return self.scale * cosine(x, self.centers)


def own(seed=0, **choices):
    torch.manual_seed(seed)
    return Own(5, 4, **choices)


def cosines(x, centers):
    x, centers = (part.detach().double().numpy() for part in (x, centers))
    x, centers = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in (x, centers))
    return x @ centers.T


def test_two_methods_make_a_loss():
    """Mean, probabilities and recorded numbers follow from ``each`` and ``logits``, in numpy."""
    loss, x, y = own(start=3.0).double(), torch.randn(7, 5).double(), torch.arange(7) % 4
    cos = cosines(x, loss.centers)
    claimed = cos[np.arange(7), y.numpy()]
    np.testing.assert_allclose(loss(x, y).item(), -3.0 * claimed.mean(), rtol=1e-12)
    p = np.exp(3.0 * cos) / np.exp(3.0 * cos).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(loss.probabilities(x).detach(), p, rtol=1e-12)
    assert loss.watch() == pytest.approx(
        {"scale": 3.0, "median_angle": np.median(np.arccos(claimed))}, rel=1e-12
    )


def test_labels_are_those_of_plain_and_of_mixed_clips():
    loss, x, y = own(), torch.randn(3, 5), torch.tensor([2, 0, 3])
    assert loss.labels(x, y).tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    mixed = loss.labels(x.double(), Mix(y, torch.tensor([1, 0, 0]), torch.tensor([0.25, 0.5, 1.0])))
    assert mixed.dtype == torch.float64
    assert mixed.tolist() == [[0, 0.75, 0.25, 0], [1, 0, 0, 0], [0, 0, 0, 1]]


def test_a_scale_is_exact_saved_and_moved_with_its_loss():
    """0.1 is no number of float32: made in it and widened, it would keep the rounding."""
    loss = own()
    assert loss.scale.item() != 0.1 and loss.double().scale.item() == 0.1
    assert set(loss.state_dict()) == {"centers", "scale"}  # the median is recorded, not kept
    loss.scale.copy_(torch.tensor(0.7, dtype=torch.float64))
    assert loss.float().double().scale.item() == torch.tensor(0.7).double().item()  # it had moved
    again = own(seed=3)
    again.load_state_dict(loss.state_dict())
    assert torch.equal(again.centers.double(), loss.centers.float().double())
    assert again.scale.item() == loss.float().scale.item()


def test_the_median_is_recorded_in_training_only():
    loss, x, y = own(), torch.randn(5, 5), torch.arange(5) % 4
    assert loss.watch()["median_angle"] == pytest.approx(math.pi / 2)
    loss.eval()(x, y)
    assert loss.watch()["median_angle"] == pytest.approx(math.pi / 2)
    loss.train()(x, y)
    claimed = cosines(x, loss.centers)[np.arange(5), y.numpy()]
    assert loss.watch()["median_angle"] == pytest.approx(np.median(np.arccos(claimed)), rel=1e-5)
    before = loss.watched()
    loss(-x, y)
    assert before["median_angle"].item() != loss.watch()["median_angle"]  # a copy, not a view


def test_centers_may_be_left_where_they_start():
    for trainable in (True, False):
        loss = own(trainable=trainable)
        assert [name for name, _ in loss.named_parameters() if _.requires_grad] == (
            ["centers"] if trainable else []
        )
        x = torch.randn(3, 5, requires_grad=True)
        loss(x, torch.arange(3)).backward()
        assert x.grad.abs().max() > 0 and (loss.centers.grad is not None) == trainable


def test_it_says_what_it_is():
    assert repr(own()) == "Own(dim=5, classes=4, start=0.1, power=3)"
    with pytest.raises(ValueError, match="it needs 2 classes or more, not 1"):
        Own(5, 1)


def test_a_loss_without_a_scale_records_the_angle_alone():
    class Plain(ClassLoss):
        def each(self, x, y):
            return F.cross_entropy(self.logits(x), self.labels(x, y), reduction="none")

        def logits(self, x):
            return x @ self.centers.T

    loss = Plain(4, 5)
    assert set(loss.watch()) == {"median_angle"} and set(loss.state_dict()) == {"centers"}
    assert loss.double().centers.dtype == torch.float64
