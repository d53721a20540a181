"""Held-out clips are of every name, and being asked on the way does not change a training."""

import pytest
import torch

from asdkit import encoders, losses, train

X, Y = torch.randn(24, 4, 5, generator=torch.Generator().manual_seed(0)), torch.arange(24) % 3


def parts():
    torch.manual_seed(0)
    return encoders.Toy(3, bands=4), losses.L2Softmax(3, 3, alpha=8.0)


def test_a_share_of_every_name_is_held_out():
    held = train.held_out(["a"] * 20 + ["b"] * 8 + ["c"] * 3)
    assert [held[:20].sum(), held[20:28].sum(), held[28:].sum()] == [5, 2, 0]


def test_too_few_clips_are_refused():
    with pytest.raises(ValueError, match="lower every"):
        train.held_out(["a", "b", "a"])


def test_the_curve_is_that_of_one_training_without_the_held_out_clips():
    held = train.held_out(Y.numpy())
    run, shares = train.learning_curve(*parts(), X, Y, held, epochs=[1, 3])
    alone = train.fit(*parts(), X[~held], Y[~held], epochs=3)
    assert torch.equal(run.loss.centers, alone.loss.centers)
    logits = alone.loss.logits(train.embed(alone.encoder, X[held]))
    assert shares[3] == pytest.approx((logits.argmax(dim=1) == Y[held]).double().mean().item())
    assert list(shares.index) == [1, 3]
