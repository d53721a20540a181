"""The smallest encoder."""

import torch

from asdkit.encoders import Toy


def test_it_sees_mean_and_maximum_only():
    torch.manual_seed(0)
    net = Toy(3, bands=5)
    x = torch.randn(4, 5, 20)
    first, last = net.layers[0], net.layers[2]
    summary = torch.stack(
        [torch.cat([clip.sum(dim=1) / 20, clip.sort(dim=1).values[:, -1]]) for clip in x]
    )
    hidden = summary @ first.weight.T + first.bias
    hidden = torch.where(hidden > 0, hidden, 0.1 * hidden)
    torch.testing.assert_close(net(x), hidden @ last.weight.T + last.bias)
    torch.testing.assert_close(net(x[:, :, torch.randperm(20)]), net(x))
    assert net(x).shape == (4, 3) and Toy()(torch.randn(2, 128, 7)).shape == (2, 128)


def test_gradient_reaches_every_parameter():
    net = Toy(2, bands=5)
    net(torch.randn(4, 5, 6)).square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in net.parameters())
