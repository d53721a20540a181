"""The dense auto-encoder against the table of its paper, the official baseline, and numpy."""

import numpy as np
import pytest
import torch
from torch import nn

from asdkit.encoders import AutoEncoder

SIZES = [640, 1024, 512, 256, 128, 16, 128, 256, 512, 1024, 640]  # the report's table


def count(*parts):
    return sum(p.numel() for part in parts for p in part.parameters())


def by_rule(sizes):
    """A dense layer from a to b has a b + b parameters, batch norm 2 b; the last has none."""
    pairs = list(zip(sizes, sizes[1:]))
    return sum(a * b + b for a, b in pairs) + sum(2 * b for _, b in pairs[:-1])


def test_parameters_of_the_paper():
    net = AutoEncoder()
    assert count(net) == by_rule(SIZES) == 2703280
    kept = sum(value.numel() for name, value in net.named_buffers() if "running" in name)
    assert count(net) + kept == 2710992  # as the report counts them
    assert all(parameter.requires_grad for parameter in net.parameters())
    baseline = AutoEncoder(widths=(128,) * 4, bottleneck=8)
    assert count(baseline) == by_rule([640, *[128] * 4, 8, *[128] * 4, 640]) == 267928


def test_sizes_of_the_paper():
    net, seen = AutoEncoder(), []
    hooks = [
        layer.register_forward_hook(lambda _, __, out: seen.append(out.shape[1]))
        for layer in [*net.down, *net.up]
    ]
    assert net(torch.randn(3, 640)).shape == (3, 640) and net.code(torch.randn(3, 640)).shape == (
        3,
        16,
    )
    for hook in hooks:
        hook.remove()
    assert seen[: len(SIZES) - 1] == SIZES[1:]


def test_the_residual_is_numpys():
    """Dense, batch norm by the statistics that were gathered, ReLU; the last layer linear."""
    torch.manual_seed(0)
    net = AutoEncoder(12, widths=(9, 7), bottleneck=3).double()
    for _ in range(5):
        net(3 * torch.randn(40, 12, dtype=torch.float64) - 60)
    x = 3 * torch.randn(6, 12, dtype=torch.float64) - 60
    rows = x.numpy()
    for linear, norm, _ in [*net.down, *net.up[:-1]]:
        rows = rows @ linear.weight.detach().numpy().T + linear.bias.detach().numpy()
        rows = (rows - norm.running_mean.numpy()) / np.sqrt(norm.running_var.numpy() + 1e-5)
        rows = np.maximum(rows * norm.weight.detach().numpy() + norm.bias.detach().numpy(), 0)
    rows = rows @ net.up[-1].weight.detach().numpy().T + net.up[-1].bias.detach().numpy()
    with torch.no_grad():
        np.testing.assert_allclose(net.eval()(x), x.numpy() - rows, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(net.rebuild(x), x - net(x))


def test_a_network_that_rebuilds_one_vector_leaves_the_distance_to_it():
    """Where the last layer is its bias alone, the residual is the distance to the bias."""
    net, mean = AutoEncoder(5, (4,), 2).eval(), torch.arange(5.0)
    with torch.no_grad():
        net.up[-1].weight.zero_()
        net.up[-1].bias.copy_(mean)
        x = torch.randn(3, 5)
        assert torch.equal(net(x), x - mean)


def test_a_wide_bottleneck_can_hand_its_input_on():
    """Numbers above 0 pass through layers that are the identity: nothing is left."""
    net = AutoEncoder(6, (), 6).double().eval()
    with torch.no_grad():
        for linear in (net.down[0][0], net.up[-1]):
            linear.weight.copy_(torch.eye(6))
        net.down[0][1].running_var.fill_(1.0 - 1e-5)  # to which batch norm adds its eps
    x = torch.rand(4, 6, dtype=torch.float64)
    torch.testing.assert_close(net(x), torch.zeros(4, 6, dtype=torch.float64), rtol=0, atol=1e-9)


def test_what_lies_in_a_line_is_learned():
    """One number moves 20 others along a line: its residual falls, that of others does not."""
    torch.manual_seed(0)
    line, away = torch.randn(2, 20)
    net = AutoEncoder(20, (32,), 4)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(300):
        optimizer.zero_grad()
        net(torch.randn(64, 1) * line).square().mean().backward()
        optimizer.step()
    on, off = torch.randn(200, 1) * line, torch.randn(200, 1) * away
    with torch.no_grad():
        known, new = net.eval()(on).square().mean(), net(off).square().mean()
    assert known < 0.1 * on.square().mean() and new > 5 * known


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    net = AutoEncoder(40, (32, 16), 8)
    net(torch.randn(16, 40)).square().sum().backward()
    for name, parameter in net.named_parameters():
        if not name.endswith("0.bias"):  # which batch norm takes out again
            assert parameter.grad.abs().sum() > 0, name


def test_rows_do_not_see_each_other_in_evaluation():
    net, x = AutoEncoder(40, (32,), 8).eval(), torch.randn(5, 40)
    with torch.no_grad():
        torch.testing.assert_close(net(x)[2:3], net(x[2:3]))


def test_weights_are_glorot_uniform_and_biases_zero():
    for layer in AutoEncoder().modules():
        if isinstance(layer, nn.Linear):
            bound = (6 / sum(layer.weight.shape)) ** 0.5
            assert 0.97 * bound < layer.weight.abs().max() <= bound and not layer.bias.any()


@pytest.mark.parametrize("shape", [(640,), (2, 639), (2, 309, 640)])
def test_input_of_another_shape(shape):
    with pytest.raises(ValueError, match=r"^AutoEncoder was made for vectors \(N, 640\), not \("):
        AutoEncoder()(torch.zeros(shape))


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
        AutoEncoder(**choices)
