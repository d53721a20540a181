"""The residual network against the table of its paper and TensorFlow's padding rule."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from asdkit.encoders import ResNet
from asdkit.encoders.resnet import SameConv
from asdkit.losses import SubClusterAdaCos


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return ResNet(128)


def count(*parts):
    return sum(p.numel() for part in parts for p in part.parameters())


def test_parameters_of_table_1(net):
    """A convolution k x k from a to b channels has k k a b + b, a batch norm 2 b parameters."""
    stages = [count(*net.stages[i : i + 2]) for i in (0, 2, 4, 6)]
    by_rule = [2 * (2 * (9 * 16 * 16 + 16) + 2 * 2 * 16)]
    for a, b in ((16, 32), (32, 64), (64, 128)):
        first = (9 * a * b + b) + (9 * b * b + b) + (a * b + b) + 2 * 2 * b
        second = 2 * (9 * b * b + b) + 2 * 2 * b
        by_rule.append(first + second)
    assert stages == by_rule == [9408, 33184, 131904, 525952]
    assert count(net.stem) == 7 * 7 * 16 + 16 + 32 == 832
    assert count(net.embed) == 65664
    assert count(net) == 766944
    assert all(p.requires_grad for p in net.parameters())


@pytest.mark.parametrize("sub_clusters, total", [(1, 772192), (64, 1102816)])
def test_parameters_with_the_loss_of_41_classes(net, sub_clusters, total):
    assert count(net, SubClusterAdaCos(128, 41, sub_clusters)) == total


def test_sizes_of_table_1(net):
    sizes = {}

    def note(name):
        return lambda _, __, out: sizes.update({name: tuple(out.shape[1:])})

    parts = [("conv", net.stem[0]), ("stem", net.stem), *[(i, net.stages[i]) for i in range(8)]]
    hooks = [part.register_forward_hook(note(name)) for name, part in parts]
    assert net(torch.randn(2, 128, 313)).shape == (2, 128)
    for hook in hooks:
        hook.remove()
    assert sizes["conv"] == (16, 64, 157) and sizes["stem"] == (16, 31, 78)
    expected = [(16, 31, 78), (32, 16, 39), (64, 8, 20), (128, 4, 10)]
    assert [sizes[i] for i in range(8)] == [size for size in expected for _ in range(2)]


def test_the_last_lines_of_table_1(net):
    """Max-pool (10, 1) takes all frames of 10 s, then 4 x 128 numbers are flattened, channel by
    channel.
    """
    seen = {}
    hooks = [
        net.stages.register_forward_hook(lambda _, __, out: seen.update(stages=out)),
        net.embed.register_forward_hook(
            lambda _, inputs, out: seen.update(flat=inputs[0], out=out)
        ),
    ]
    with torch.no_grad():
        x = net(torch.randn(2, 128, 313))
    for hook in hooks:
        hook.remove()
    assert seen["stages"].shape == (2, 128, 4, 10) and seen["flat"].shape == (2, 512)
    pooled = F.max_pool2d(seen["stages"], (1, 10))
    for channel in (0, 77, 127):
        torch.testing.assert_close(
            seen["flat"][:, 4 * channel : 4 * channel + 4], pooled[:, channel, :, 0]
        )
    torch.testing.assert_close(
        x, seen["flat"] @ net.embed.weight.T + net.embed.bias
    )  # linear: no activation


def test_what_a_residual_unit_computes(net):
    """LeakyReLU .1, conv, LeakyReLU, BN, conv; the skip pools, then 1x1; BN after the sum."""
    unit = net.stages[2].eval()
    x = torch.randn(2, 16, 9, 6)
    with torch.no_grad():
        first, norm, second = unit.branch[1], unit.branch[3], unit.branch[4]
        branch = second(norm(F.leaky_relu(first(F.leaky_relu(x, 0.1)), 0.1)))
        expected = unit.norm(unit.skip[1](F.max_pool2d(x, 2, ceil_mode=True)) + branch)
        torch.testing.assert_close(unit(x), expected)
        assert (first.stride, second.stride) == ((2, 2), (1, 1))
    net.train()
    assert [unit.branch[1].stride[0] for unit in net.stages] == [1, 1, 2, 1, 2, 1, 2, 1]


@pytest.mark.parametrize("dim", [2, 256])
def test_other_dimensions(dim):
    assert ResNet(dim)(torch.randn(2, 128, 157)).shape == (2, dim)


def same_by_hand(x, weight, bias, stride):
    """TensorFlow's rule: ceil(size / stride) outputs, the missing border halved, an odd row more at
    the end.
    """
    kernel = weight.shape[2]
    outputs = [math.ceil(size / stride) for size in x.shape[1:]]
    pads = [max((out - 1) * stride + kernel - size, 0) for out, size in zip(outputs, x.shape[1:])]
    result = np.zeros((len(weight), *outputs))
    for channel in range(len(weight)):
        for row in range(outputs[0]):
            for column in range(outputs[1]):
                total = bias[channel]
                for i in range(kernel):
                    for j in range(kernel):
                        a, b = row * stride + i - pads[0] // 2, column * stride + j - pads[1] // 2
                        if 0 <= a < x.shape[1] and 0 <= b < x.shape[2]:
                            total += x[:, a, b] @ weight[channel, :, i, j]
                result[channel, row, column] = total
    return result


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3, 7]), st.sampled_from([1, 2]),
    st.integers(0, 1000)
)  # fmt: skip
def test_same_padding(rows, columns, kernel, stride, seed):
    torch.manual_seed(seed)
    conv = SameConv(2, 3, kernel, stride).double()
    x = torch.randn(1, 2, rows, columns, dtype=torch.float64)
    with torch.no_grad():
        expected = same_by_hand(x[0].numpy(), conv.weight.numpy(), conv.bias.numpy(), stride)
        np.testing.assert_allclose(conv(x)[0].numpy(), expected, atol=1e-12)


def test_pooling_in_the_skip_keeps_an_odd_last_row(net):
    pool = net.stages[2].skip[0]
    x = torch.arange(15.0).view(1, 1, 3, 5)
    assert pool(x).tolist() == [[[[6, 8, 9], [11, 13, 14]]]]


def test_kernels_are_glorot_uniform_and_biases_zero(net):
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            field = module.weight[0, 0].numel() if module.weight.ndim == 4 else 1
            bound = math.sqrt(6 / (field * (module.weight.shape[0] + module.weight.shape[1])))
            assert 0.97 * bound < module.weight.abs().max() <= bound
            assert module.weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.08)
            assert not module.bias.any()


def test_batch_norm_has_the_settings_of_tensorflow():
    """Statistics move by a hundredth a step: momentum 0.99 in Keras' sense."""
    net = ResNet(8)
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(norms) == 1 + 2 * 8
    assert all((norm.eps, norm.momentum) == (1e-3, 0.01) for norm in norms)
    seen = []
    net.stem[2].register_forward_pre_hook(
        lambda _, x: seen.append(x[0].detach().mean(dim=(0, 2, 3)))
    )
    net.train()(torch.randn(2, 128, 157))
    torch.testing.assert_close(net.stem[2].running_mean, 0.01 * seen[0])


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    net = ResNet(16)
    net(torch.randn(4, 128, 313)).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_clips_do_not_see_each_other_in_evaluation(net):
    net.eval()
    x = torch.randn(3, 128, 313)
    with torch.no_grad():
        torch.testing.assert_close(net(x)[1:2], net(x[1:2]), rtol=1e-4, atol=1e-5)
    net.train()


@pytest.mark.parametrize("shape", [(128, 313), (2, 1, 128, 313), (2, 127, 313), (2, 128, 156)])
def test_input_of_another_shape(net, shape):
    with pytest.raises(ValueError, match=r"\(N, 128, T\) of 157 frames or more"):
        net(torch.zeros(shape))
