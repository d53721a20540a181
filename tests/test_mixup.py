"""Pairs, coefficients and labels of mixed clips."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from asdkit.mixup import Mix, mix, unmixed


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def test_equation_4_by_hand():
    batch, y = torch.randn(5, 2, 3, dtype=torch.float64), torch.tensor([0, 1, 2, 1, 0])
    mixed, label = mix(batch, y, generator=chance())
    lam = torch.rand(5, generator=chance()).double()
    for i in range(5):
        j = 4 - i
        torch.testing.assert_close(
            mixed[i], lam[i] * batch[i] + (1 - lam[i]) * batch[j], rtol=1e-12, atol=1e-12
        )
        assert (label.y[i], label.other[i], label.lam[i]) == (y[i], y[j], lam[i])
        soft = [0.0, 0.0, 0.0]
        soft[y[i]] += lam[i].item()
        soft[y[j]] += 1 - lam[i].item()
        assert label.soft(3)[i].tolist() == pytest.approx(soft, rel=1e-6)


def test_a_tuple_of_batches_is_mixed_alike():
    wave, picture, y = torch.randn(6, 100), torch.randn(6, 4, 7), torch.arange(6)
    both, label = mix((wave, picture), y, pairing="permute", generator=chance(1))
    one, same = mix(wave, y, pairing="permute", generator=chance(1))
    other, _ = mix(picture, y, pairing="permute", generator=chance(1))
    assert isinstance(both, tuple) and torch.equal(both[0], one) and torch.equal(both[1], other)
    assert all(torch.equal(a, b) for a, b in zip(label, same))


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.data())
def test_soft_labels_and_partners(data):
    count = data.draw(st.integers(1, 20))
    y = torch.tensor(data.draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    how, pairing = (
        data.draw(st.sampled_from(["uniform", "beta"])),
        data.draw(st.sampled_from(["reverse", "permute"])),
    )
    batch = torch.arange(float(count))[:, None]
    mixed, label = mix(batch, y, how, pairing, generator=chance(data.draw(st.integers(0, 1000))))
    torch.testing.assert_close(label.soft(5).sum(dim=1), torch.ones(count))
    assert (label.soft(5) >= 0).all() and label.lam.shape == (count,)
    assert sorted(label.other.tolist()) == sorted(y.tolist())
    low, high = batch.min(), batch.max()
    assert (mixed >= low).all() and (mixed <= high).all()


def test_partners_are_the_reversed_batch_or_a_permutation():
    y = torch.arange(50)
    assert mix(y[:, None].float(), y)[1].other.tolist() == list(range(49, -1, -1))
    labels = [
        mix(y[:, None].float(), y, pairing="permute", generator=chance(seed))[1] for seed in (0, 1)
    ]
    others = [label.other.tolist() for label in labels]
    assert others[0] != others[1] and all(sorted(other) == list(range(50)) for other in others)


def test_distributions_of_the_coefficients():
    """Uniform and one a clip; the arcsine law and one a batch."""
    y = torch.zeros(4000, dtype=torch.int64)
    uniform = mix(torch.zeros(4000, 1), y, generator=chance())[1].lam.numpy()
    assert stats.kstest(uniform, "uniform").pvalue > 0.01
    draw, beta = chance(), []
    for _ in range(4000):
        lam = mix(torch.zeros(3, 1), y[:3], "beta", generator=draw)[1].lam
        assert (lam == lam[0]).all()
        beta.append(lam[0].item())
    assert stats.kstest(beta, stats.beta(0.5, 0.5).cdf).pvalue > 0.01
    assert stats.kstest(beta, "uniform").pvalue < 1e-6


def test_a_generator_gives_the_same_mixture_and_leaves_the_global_chance_alone():
    batch, y = torch.randn(8, 3), torch.arange(8)
    state = torch.get_rng_state()
    first, second, third = [
        mix(batch, y, pairing="permute", generator=chance(seed))[0] for seed in (5, 5, 6)
    ]
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(first, second) and not torch.equal(first, third)


def test_whole_clips():
    y = torch.tensor([2, 0, 1])
    assert np.array_equal(unmixed(y).soft(3), np.eye(3)[[2, 0, 1]])
    mixed = Mix(y, y, torch.rand(3))
    assert all(part is same for part, same in zip(unmixed(mixed), mixed))
    assert unmixed(y, torch.float64).lam.dtype == torch.float64


def test_errors():
    with pytest.raises(ValueError, match="'uniform' or 'beta', not 'gauss'"):
        mix(torch.zeros(2, 1), torch.arange(2), how="gauss")
    with pytest.raises(ValueError, match="'reverse' or 'permute', not 'next'"):
        mix(torch.zeros(2, 1), torch.arange(2), pairing="next")
