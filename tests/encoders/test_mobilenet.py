"""MobileNetV2 against the table of its paper, counted by rule, and its picture against
interpolation by hand.
"""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from asdkit.encoders import MobileNetV2
from asdkit.encoders.mobilenet import ConvNorm, InvertedResidual

# Input of each line of the paper's Table 2 (height, channels), its t, c, n, s, typed in.
TABLE = [
    (112, 32, 1, 16, 1, 1), (112, 16, 6, 24, 2, 2), (56, 24, 6, 32, 3, 2), (28, 32, 6, 64, 4, 2),
    (14, 64, 6, 96, 3, 1), (14, 96, 6, 160, 3, 2), (7, 160, 6, 320, 1, 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return MobileNetV2()


def count(*parts):
    return sum(p.numel() for part in parts for p in part.parameters())


def by_rule(before, after, t):
    """1x1 to t channels, 3x3 a channel, 1x1 back, each with batch norm's 2 numbers a channel."""
    wide = t * before
    widen = before * wide + 2 * wide if t > 1 else 0
    return widen + 9 * wide + 2 * wide + wide * after + 2 * after


def test_parameters_counted_by_rule(net):
    expected = [
        by_rule(before if not i else c, c, t) for _, before, t, c, n, _ in TABLE for i in range(n)
    ]
    assert [count(block) for block in net.blocks] == expected
    assert count(net.stem) == 27 * 32 + 64 and count(net.last) == 320 * 1280 + 2 * 1280
    assert count(net) == sum(expected) + 928 + 412160 == 2223872
    assert all(parameter.requires_grad for parameter in net.parameters())
    assert count(MobileNetV2(dim=64, size=32)) == 2223872 - 1280 * 322 + 64 * 322
    statistics = sum(b.numel() for name, b in net.named_buffers() if "running" in name)
    assert statistics == 34112  # what Keras counts as not trainable


def test_sizes_of_the_published_table(net):
    seen = {}

    def note(name):
        return lambda _, inputs, out: seen.update(
            {name: (tuple(inputs[0].shape[1:]), tuple(out.shape[1:]))}
        )

    parts = {"stem": net.stem, "last": net.last} | dict(enumerate(net.blocks))
    hooks = [part.register_forward_hook(note(name)) for name, part in parts.items()]
    with torch.no_grad():
        assert net.eval()(torch.randn(1, 64, 313)).shape == (1, 1280)
    for hook in hooks:
        hook.remove()
    assert seen["stem"] == ((3, 224, 224), (32, 112, 112)) and seen["last"] == (
        (320, 7, 7),
        (1280, 7, 7),
    )
    first = 0
    for height, channels, _, c, n, s in TABLE:
        assert seen[first][0] == (channels, height, height)
        for block in range(first, first + n):
            assert seen[block][1] == (c, height // s, height // s)
            adds = seen[block][0] == seen[block][1]
            assert net.blocks[block].adds == adds
        first += n
    assert first == len(net.blocks) == 17 and sum(block.adds for block in net.blocks) == 10


def test_a_block_is_its_six_steps(net):
    """Against plain loops over channels for the filter, and matrix products for the 1x1
    convolutions.
    """
    torch.manual_seed(1)
    block = InvertedResidual(4, 4, stride=1, expansion=2).double().eval()
    x = torch.randn(1, 4, 5, 5, dtype=torch.float64)
    (widen, norm1, _), (each, norm2, _), narrow, norm3 = block.branch
    with torch.no_grad():
        for norm in (norm1, norm2, norm3):
            (
                norm.running_mean.normal_(),
                norm.running_var.uniform_(0.5, 2),
                norm.weight.normal_(),
            )
            norm.bias.normal_()

        def normed(x, norm):
            gain = norm.weight / (norm.running_var + 1e-5).sqrt()
            return (x - norm.running_mean[:, None, None]) * gain[:, None, None] + norm.bias[
                :, None, None
            ]

        wide = normed(torch.einsum("oc,chw->ohw", widen.weight[:, :, 0, 0], x[0]), norm1).clamp(
            0, 6
        )
        padded, filtered = F.pad(wide, (1, 1, 1, 1)), torch.zeros(8, 5, 5, dtype=torch.float64)
        for channel in range(8):
            for row in range(5):
                for column in range(5):
                    patch = padded[channel, row : row + 3, column : column + 3]
                    filtered[channel, row, column] = (patch * each.weight[channel, 0]).sum()
        filtered = normed(filtered, norm2).clamp(0, 6)
        expected = x[0] + normed(
            torch.einsum("oc,chw->ohw", narrow.weight[:, :, 0, 0], filtered), norm3
        )
        torch.testing.assert_close(block(x)[0], expected)


def test_the_picture_is_interpolated_along_both_axes():
    """A product of two lines stays one: bilinear weights are known by hand where an axis grows by a
    whole factor.
    """
    net = MobileNetV2(size=64)
    rows, columns = torch.randn(32, dtype=torch.float64), torch.randn(64, dtype=torch.float64)
    picture = net.picture((rows[:, None] * columns[None, :])[None])
    assert picture.shape == (1, 3, 64, 64)
    places = (np.arange(64) + 0.5) / 2 - 0.5  # a pixel's middle, in old pixels
    grown = np.interp(places, np.arange(32), rows.numpy())
    expected = torch.from_numpy(grown[:, None] * columns.numpy()[None, :])
    for channel in picture[0]:
        torch.testing.assert_close(channel, expected, rtol=1e-12, atol=1e-12)


def test_a_shrinking_axis_is_averaged():
    """One frame in 313 that clicks still lights the picture: plain bilinear sampling would step
    over it.
    """
    net = MobileNetV2(size=32)
    for frame in range(20, 290, 7):
        x = torch.zeros(1, 64, 313)
        x[:, :, frame] = 1.0
        assert net.picture(x)[0, 0, 5].sum().item() == pytest.approx(32 / 313, rel=0.1)


@pytest.mark.parametrize("shape", [(64, 313), (128, 157), (40, 31), (300, 500)])
def test_any_log_mel_goes_in(shape):
    net = MobileNetV2(dim=16, size=32).eval()
    with torch.no_grad():
        x = torch.randn(3, *shape)
        assert net(x).shape == (3, 16)
        torch.testing.assert_close(net(x)[1:2], net(x[1:2]), rtol=1e-4, atol=1e-5)


def test_gradient_reaches_every_parameter():
    torch.manual_seed(0)
    net = MobileNetV2(size=64)
    net(torch.randn(4, 64, 100)).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_kernels_start_as_he_and_others_say(net):
    for module in net.modules():
        if isinstance(module, nn.Conv2d) and module.weight.numel() > 5000:
            fan = module.weight[0, 0].numel() * module.out_channels
            assert module.bias is None and module.weight.std().item() == pytest.approx(
                (2 / fan) ** 0.5, rel=0.05
            )
    assert ConvNorm(2, 3, 1)(100 * torch.randn(2, 2, 4, 4)).max() <= 6


@pytest.mark.parametrize("shape", [(64, 313), (2, 1, 64, 313)])
def test_input_of_another_shape(shape):
    with pytest.raises(ValueError, match=r"takes log-mels \(N, B, T\), not"):
        MobileNetV2(dim=8, size=32)(torch.zeros(shape))


def test_a_picture_that_is_too_small():
    with pytest.raises(ValueError, match="size is 31: give 32 pixels or more"):
        MobileNetV2(size=31)
