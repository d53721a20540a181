"""The convolutional auto-encoder: its sizes, its layers by hand, and what it can hand on."""

import pytest
import torch
from torch.nn import functional as F

from asdkit.encoders import ConvAutoEncoder


def test_parameters_by_rule():
    """3 x 3 weights of each pair of channels, 2 of batch norm for each channel, one last bias."""
    sizes = [1, 16, 32, 64, 8]
    pairs = list(zip(sizes, sizes[1:]))
    convolutions = 2 * sum(9 * a * b for a, b in pairs)
    norms = 2 * (sum(sizes[1:]) + sum(sizes[1:-1]))
    net = ConvAutoEncoder()
    assert sum(p.numel() for p in net.parameters()) == convolutions + norms + 1 == 56049


@pytest.mark.parametrize(
    ("bands", "frames", "sizes"),
    [
        (128, 32, [(64, 16), (32, 8), (16, 4), (8, 2)]),
        (128, 313, [(64, 157), (32, 79), (16, 40), (8, 20)]),
        (65, 1, [(33, 1), (17, 1), (9, 1), (5, 1)]),
    ],
)
def test_sizes(bands, frames, sizes):
    net, seen = ConvAutoEncoder().eval(), []
    for layer in [*net.down, *net.up]:
        layer.register_forward_hook(lambda _, __, out: seen.append(tuple(out.shape[1:])))
    with torch.no_grad():
        assert net(torch.randn(2, bands, frames)).shape == (2, bands * frames)
    down = [(c, *size) for c, size in zip((16, 32, 64, 8), sizes)]
    back = [(c, *size) for c, size in zip((64, 32, 16, 1), [*sizes[-2::-1], (bands, frames)])]
    assert seen == down + back
    assert net.code(torch.randn(2, bands, frames)).shape[1:] == down[-1]


def test_the_residual_is_a_number_a_pixel_in_the_order_of_the_picture():
    net, x = ConvAutoEncoder().eval(), torch.randn(3, 20, 9)
    with torch.no_grad():
        assert torch.equal(net(x), (x - net.rebuild(x)).reshape(3, -1))


def test_layers_by_hand():
    """A transposed convolution puts a weighted copy of its kernel where each number stands."""
    torch.manual_seed(0)
    net = ConvAutoEncoder((), bottleneck=2).double().eval()
    (conv, norm, _), last = net.down[0], net.up[0].conv
    x = torch.randn(1, 6, 4, dtype=torch.float64)
    with torch.no_grad():
        code = F.conv2d(x[:, None], conv.weight, stride=2, padding=1)
        code = (code / (1 + norm.eps) ** 0.5).relu()  # (1, 2, 3, 2)
        padded = torch.zeros(8, 6, dtype=torch.float64)
        for row in range(3):
            for column in range(2):
                kernels = (code[0, :, row, column, None, None] * last.weight[:, 0]).sum(dim=0)
                padded[2 * row : 2 * row + 3, 2 * column : 2 * column + 3] += kernels
        torch.testing.assert_close(net.code(x), code)
        torch.testing.assert_close(net.rebuild(x)[0], padded[1:7, 1:5] + last.bias)


def test_one_texture_is_learned_and_another_is_not():
    torch.manual_seed(0)
    net = ConvAutoEncoder((8,), bottleneck=2)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    rows = torch.arange(16.0)

    def stripes(count, period):
        phase, loud = torch.rand(2, count, 1, 1)
        return ((1 + loud) * torch.sin(2 * torch.pi * (rows[:, None] / period + phase))).expand(
            -1, 16, 12
        )

    for _ in range(300):
        optimizer.zero_grad()
        net(stripes(32, 16)).square().mean().backward()
        optimizer.step()
    with torch.no_grad():
        known, new = (net.eval()(stripes(64, period)).square().mean() for period in (16, 2.5))
    assert new > 5 * known


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    net = ConvAutoEncoder().double()
    net(torch.randn(4, 128, 32, dtype=torch.float64)).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_pictures_do_not_see_each_other_in_evaluation():
    net, x = ConvAutoEncoder().eval(), torch.randn(3, 32, 20)
    with torch.no_grad():
        torch.testing.assert_close(net(x)[1:2], net(x[1:2]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(128, 32), (2, 1, 128, 32)])
def test_input_of_another_shape(shape):
    with pytest.raises(ValueError, match=r"^ConvAutoEncoder takes log-mels \(N, B, T\), not \("):
        ConvAutoEncoder()(torch.zeros(shape))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"bottleneck": 0}, "bottleneck is 0"),
        ({"bottleneck": -1}, "bottleneck is -1"),
        ({"bottleneck": 2.5}, "bottleneck is 2.5"),
        ({"channels": (8, 0)}, "channels is 0"),
    ],
)
def test_a_layer_without_channels_is_refused(choices, words):
    with pytest.raises(ValueError, match=f"^{words}: give a whole number, 1 or more$"):
        ConvAutoEncoder(**choices)
