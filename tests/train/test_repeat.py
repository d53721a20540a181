"""Several seeds of one training: each is that of ``fit`` from its seed, weights included."""

from functools import partial

import pytest
import torch

from asdkit import encoders, losses, train

ENCODER = partial(encoders.Toy, dim=3, bands=4)
LOSS = partial(losses.AdaCos, 3, 3)
X, Y = torch.randn(12, 4, 5, generator=torch.Generator().manual_seed(0)), torch.arange(12) % 3


def test_each_run_is_that_of_its_seed():
    torch.manual_seed(7)
    runs = train.repeat(ENCODER, LOSS, X, Y, seeds=[3, 5], epochs=2)
    for seed, run in zip([3, 5], runs):
        torch.manual_seed(seed)
        alone = train.fit(ENCODER(), LOSS(), X, Y, epochs=2, seed=seed)
        assert torch.equal(alone.loss.centers, run.loss.centers)
        assert alone.history.equals(run.history)
    assert not torch.equal(runs[0].loss.centers, runs[1].loss.centers)


def test_the_chance_of_the_caller_is_left_alone():
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    train.repeat(ENCODER, LOSS, X, Y, seeds=1, epochs=1)
    assert torch.rand(1) == expected


def test_the_angle_of_a_run_is_that_of_its_centers():
    (run,) = train.repeat(ENCODER, LOSS, X, Y, seeds=1, epochs=1)
    group = ["fan/00", "fan/02", "pump/00"] * 4
    x = train.embed(run.encoder, X)
    cosine = losses.cosine(x, run.loss.centers.detach())[range(12), Y]
    found = run.angle(X, group[:3], group)
    assert found == pytest.approx(torch.arccos(cosine).numpy(), abs=1e-6)


def test_without_a_seed_nothing_is_trained():
    with pytest.raises(ValueError, match="there is no seed to train from"):
        train.repeat(ENCODER, LOSS, X, Y, seeds=0)


def test_untrained_networks_are_those_that_a_training_starts_with():
    for seed, run in zip((3, 5), train.untrained(ENCODER, LOSS, seeds=[3, 5])):
        torch.manual_seed(seed)
        encoder, loss = ENCODER(), LOSS()
        assert torch.equal(run.loss.centers, loss.centers)
        assert torch.equal(run.embed(X), train.embed(encoder, X))
        assert run.epoch == 0 and not run.rows
