"""The variational auto-encoder: its bound, what it draws, and its limits."""

import math

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from asdkit.encoders import AutoEncoder, VariationalAutoEncoder, divergence


def small(weight=1.0):
    torch.manual_seed(0)
    return VariationalAutoEncoder(12, (9, 7), 3, weight).double()


def test_parameters_counted_from_the_auto_encoder():
    """Instead of 128 x 16 with batch norm there are two linear layers of that size."""
    counts = [
        sum(p.numel() for p in net.parameters())
        for net in (AutoEncoder(), VariationalAutoEncoder())
    ]
    one = 128 * 16 + 16
    assert counts[1] == counts[0] - (one + 2 * 16) + 2 * one == 2705312


def test_sizes():
    net, x = VariationalAutoEncoder().eval(), torch.randn(3, 640)
    mean, log_variance = net.code(x)
    assert mean.shape == log_variance.shape == (3, 16)
    assert net.rebuild(x).shape == (3, 640) and net(x).shape == (3, 641)
    widths = [layer[0].out_features for layer in [*net.down, *net.up[:-1]]]
    assert widths == [1024, 512, 256, 128, 128, 256, 512, 1024]
    assert net.up[-1].out_features == 640


def test_the_divergence_is_torchs():
    torch.manual_seed(0)
    mean, log_variance = 3 * torch.randn(2, 5, 4, dtype=torch.float64)
    other = kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(divergence(mean, log_variance), other, rtol=1e-12, atol=1e-12)
    zero = torch.zeros(5, 4, dtype=torch.float64)
    assert (divergence(mean, log_variance) > 0).all() and not divergence(zero, zero).any()


@pytest.mark.parametrize("weight", [0.5, 1.0, 30.0])
def test_the_squares_add_up_to_twice_the_bound(weight):
    """-2 ln p(x | z) of noise of variance w, up to a constant, and 2 KL, times w."""
    net, x = small(weight).eval(), torch.randn(6, 12, dtype=torch.float64)
    with torch.no_grad():
        squares = net(x).square().sum(dim=1)
        mean, log_variance = net.code(x)
        rebuilt = net.rebuild(x)
    likelihood = Normal(rebuilt, weight**0.5).log_prob(x).sum(dim=1)
    constant = -6 * math.log(2 * math.pi * weight)
    bound = likelihood - constant - divergence(mean, log_variance)
    torch.testing.assert_close(squares, -2 * weight * bound, rtol=1e-9, atol=1e-9)


def test_slopes_are_those_of_the_bound():
    net, x = small(), torch.randn(6, 12, dtype=torch.float64)
    torch.manual_seed(3)
    net(x).square().sum().backward()
    ours = [p.grad.clone() for p in net.parameters()]
    net.zero_grad()
    torch.manual_seed(3)
    mean, log_variance = net.code(x)
    z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
    ((x - net.up(z)).square().sum() + 2 * divergence(mean, log_variance).sum()).backward()
    for grad, parameter in zip(ours, net.parameters()):
        torch.testing.assert_close(grad, parameter.grad, rtol=1e-6, atol=1e-8)


def test_a_draw_has_the_mean_and_variance_that_the_code_says():
    net = small()
    with torch.no_grad():
        net.mean.weight.zero_(), net.log_variance.weight.zero_()
        net.mean.bias.copy_(torch.tensor([1.0, -2.0, 0.0]))
        net.log_variance.bias.copy_(torch.tensor([0.0, 1.0, -1.0]))
    seen = []
    net.up.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    net(torch.randn(20000, 12, dtype=torch.float64))
    z = seen[0].detach().numpy()
    np.testing.assert_allclose(z.mean(axis=0), [1.0, -2.0, 0.0], atol=0.05)
    np.testing.assert_allclose(z.var(axis=0), np.exp([0.0, 1.0, -1.0]), rtol=0.05)


def test_without_variance_training_and_evaluation_are_one():
    """In the limit of a variance of 0 the draw is the mean."""
    net = small().eval()
    with torch.no_grad():
        net.log_variance.weight.zero_()
        net.log_variance.bias.fill_(-80.0)
    x = torch.randn(6, 12, dtype=torch.float64)
    once = net(x)[:, :12]
    net.training = True  # it draws, while batch norm stays as it was
    torch.testing.assert_close(net(x)[:, :12], once, rtol=0, atol=1e-12)


def test_a_weight_of_0_leaves_the_residual_alone():
    net, x = small(0.0).eval(), torch.randn(6, 12, dtype=torch.float64)
    with torch.no_grad():
        assert (net(x)[:, 12] <= 1e-6).all()
        torch.testing.assert_close(net(x)[:, :12], x - net.rebuild(x))


def test_slopes_are_finite_where_the_code_is_the_standard_one():
    """Where KL is 0 the square root has no slope of its own."""
    net = small()
    with torch.no_grad():
        for layer in (net.mean, net.log_variance):
            layer.weight.zero_(), layer.bias.zero_()
    net(torch.randn(6, 12, dtype=torch.float64)).square().sum().backward()
    assert all(p.grad.isfinite().all() for p in net.parameters())


def test_chance_is_torchs_and_evaluation_has_none():
    net, x = small(), torch.randn(6, 12, dtype=torch.float64)
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(net(x).detach())
    assert torch.equal(drawn[0], drawn[1]) and not torch.allclose(drawn[0], drawn[2])
    assert torch.equal(net.eval()(x), net(x))


def test_gradient_reaches_every_parameter():
    net = small()
    net(torch.randn(16, 12, dtype=torch.float64)).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("shape", [(640,), (2, 639), (2, 309, 640)])
def test_input_of_another_shape(shape):
    with pytest.raises(
        ValueError, match=r"^VariationalAutoEncoder was made for vectors \(N, 640\), not \("
    ):
        VariationalAutoEncoder()(torch.zeros(shape))


@pytest.mark.parametrize("weight", [-1.0, float("nan"), math.inf])
def test_a_weight_that_cannot_be(weight):
    with pytest.raises(ValueError, match="^weight is .*: give a number from 0, such as 1$"):
        VariationalAutoEncoder(weight=weight)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"bottleneck": 0}, "bottleneck is 0"),
        ({"bottleneck": -1}, "bottleneck is -1"),
        ({"bottleneck": 2.5}, "bottleneck is 2.5"),
        ({"widths": (8, 0)}, "widths is 0"),
        ({"bands": 0}, "bands is 0"),
    ],
)
def test_a_layer_without_numbers_is_refused(choices, words):
    with pytest.raises(ValueError, match=f"^{words}: give a whole number, 1 or more$"):
        VariationalAutoEncoder(**choices)
