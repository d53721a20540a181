"""ResNet38 against the counts and sizes of its papers, and its blocks by hand."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from asdkit.encoders import ResNet38
from asdkit.encoders.panns import Basic


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return ResNet38()


@pytest.fixture
def small():
    torch.manual_seed(0)
    return ResNet38(1 / 16)


def count(*parts):
    return sum(p.numel() for part in parts for p in part.parameters())


def by_rule(channels, last):
    """3 x 3 weights of each pair of channels, and 2 of batch norm for each channel."""
    first = channels[0]
    total = 9 * first + 9 * first**2 + 4 * first
    for before, after, blocks in zip([first, *channels], channels, (3, 4, 6, 3)):
        total += blocks * (2 * 9 * after**2 + 4 * after)
        if before != after:
            total += 9 * before * after - 9 * after**2 + before * after + 2 * after
    return total + 9 * channels[-1] * last + 9 * last**2 + 4 * last


def test_parameters_of_the_paper(net):
    assert count(net) == by_rule([64, 128, 256, 512], 2048) == 68506944
    assert count(net, nn.Linear(2048, 1)) == 68508993  # with the logit, which the loss holds
    assert all(p.requires_grad for p in net.parameters())


@pytest.mark.parametrize("width", [1 / 64, 1 / 16, 0.3, 0.5])
def test_a_narrow_network_has_its_share_of_the_channels(width):
    channels = [round(width * c) for c in (64, 128, 256, 512, 2048)]
    net = ResNet38(width).eval()
    assert count(net) == by_rule(channels[:4], channels[4])
    with torch.no_grad():
        assert net(torch.randn(2, 64, 40)).shape == (2, channels[4])


def test_sizes_of_the_paper(net):
    """128 bands and 256 frames: 4 x 8 places of 2048 channels before they are averaged."""
    seen = []
    hooks = [
        layer.register_forward_hook(lambda _, __, out: seen.append(tuple(out.shape[1:])))
        for layer in net.layers
        if not isinstance(layer, nn.Dropout)
    ]
    with torch.no_grad():
        x = net.eval()(torch.randn(1, 128, 256))
    for hook in hooks:
        hook.remove()
    expected = [(64, 128, 256), (64, 64, 128)] + [(64, 64, 128)] * 3 + [(128, 32, 64)] * 4
    expected += [(256, 16, 32)] * 6 + [(512, 8, 16)] * 3 + [(512, 4, 8), (2048, 4, 8)]
    assert seen == expected and x.shape == (1, 2048)


def test_the_embedding_is_the_mean_over_all_places(small):
    seen = []
    small.eval().layers.register_forward_hook(lambda _, __, out: seen.append(out))
    with torch.no_grad():
        x = small(torch.randn(2, 128, 256))
    torch.testing.assert_close(x, seen[0].flatten(2).mean(dim=2))
    assert (x >= 0).all()


def test_dropout_is_that_of_the_paper(small):
    shares = [layer.p for layer in small.layers if isinstance(layer, nn.Dropout)]
    inside = [layer.branch[-3].p for layer in small.layers if isinstance(layer, Basic)]
    assert shares == [0.2] * 3 and inside == [0.1] * 16


def test_a_block_starts_as_its_skip(small):
    """The last batch norm starts at 0: sixteen blocks hand on what is above 0."""
    blocks = [layer for layer in small.eval().layers if isinstance(layer, Basic)]
    assert len(blocks) == 16 and sum(len(block.skip) > 0 for block in blocks) == 3
    with torch.no_grad():
        for block in blocks:
            assert not block.branch[-1].weight.any() and not block.branch[-1].bias.any()
            channels = next(m for m in block.branch if isinstance(m, nn.Conv2d)).in_channels
            x = torch.randn(1, channels, 6, 4)
            torch.testing.assert_close(block(x), block.skip(x).relu())


@pytest.mark.parametrize("halves", [False, True])
def test_a_block_by_hand(halves):
    torch.manual_seed(0)
    after = 5 if halves else 3
    block = Basic(3, after, halves).double().eval()
    norms = [m for m in block.modules() if isinstance(m, nn.BatchNorm2d)]
    first, second, *widen = [m for m in block.modules() if isinstance(m, nn.Conv2d)]
    x = torch.randn(2, 3, 7, 4, dtype=torch.float64)
    with torch.no_grad():
        for norm in norms:
            norm.weight.normal_(), norm.bias.normal_()
            norm.running_mean.normal_(), norm.running_var.uniform_(0.5, 2)

        def normed(x, norm):
            gain = norm.weight / (norm.running_var + 1e-5).sqrt()
            x = x - norm.running_mean[:, None, None]
            return x * gain[:, None, None] + norm.bias[:, None, None]

        seen = x
        if halves:  # the mean of 2 x 2 places, an odd last row left out
            seen = x[:, :, :6].unflatten(2, (3, 2)).unflatten(4, (2, 2)).mean(dim=(3, 5))
        branch = normed(F.conv2d(seen, first.weight, padding=1), norms[0]).relu()
        branch = normed(F.conv2d(branch, second.weight, padding=1), norms[1])
        skip = seen
        if halves:
            skip = torch.einsum("oc,nchw->nohw", widen[0].weight[:, :, 0, 0], seen)
            skip = normed(skip, norms[2])
        torch.testing.assert_close(block(x), (skip + branch).relu())


def test_kernels_are_glorot_uniform(net):
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            field = module.weight[0, 0].numel()
            bound = (6 / (field * (module.in_channels + module.out_channels))) ** 0.5
            assert 0.97 * bound < module.weight.abs().max() <= bound and module.bias is None


def test_gradient_reaches_every_parameter(small):
    """Those of a branch are reached once its last batch norm has left 0."""
    small.double()
    for layer in small.layers:
        if isinstance(layer, Basic):
            nn.init.ones_(layer.branch[-1].weight)
    small(torch.randn(4, 64, 64, dtype=torch.float64)).square().sum().backward()
    for name, parameter in small.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_the_last_batch_norms_leave_0_at_the_first_step(small):
    small(torch.randn(4, 64, 64)).square().sum().backward()
    for layer in small.layers:
        if isinstance(layer, Basic):
            assert layer.branch[-1].weight.grad.abs().sum() > 0


def test_clips_do_not_see_each_other_in_evaluation(small):
    x = torch.randn(3, 128, 64)
    with torch.no_grad():
        torch.testing.assert_close(small.eval()(x)[1:2], small(x[1:2]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(128, 256), (2, 1, 128, 256), (2, 31, 256), (2, 128, 31)])
def test_input_of_another_shape(small, shape):
    words = r"^ResNet38 takes log-mels \(N, B, T\) of 32 bands and 32 frames or more, not \("
    with pytest.raises(ValueError, match=words):
        small(torch.zeros(shape))


@pytest.mark.parametrize("width", [0.0, 1 / 200, -1.0])
def test_a_width_without_channels(width):
    with pytest.raises(ValueError, match=f"^width is {width}: give 0.015625 or more, so that ever"):
        ResNet38(width)
