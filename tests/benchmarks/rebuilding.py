"""The layers of the networks that rebuild what they hear, written plainly in torch, for
``networks.py``.
"""

import torch
from torch import nn

from asdkit import encoders, losses

ROWS, PICTURES = 512, 64
WIDTHS = (1024, 512, 256, 128)


class Rebuild(nn.Module):
    """What is left of ``target(x)`` where a network has rebuilt it of ``seen(x)``."""

    def __init__(self, network, seen, target):
        super().__init__()
        self.network, self.seen, self.target = network, seen, target

    def forward(self, x):
        return (self.target(x) - self.network(self.seen(x))).flatten(1)


class Variational(nn.Module):
    """A Gaussian code, and the root of its divergence behind the residual."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(*dense(640, *WIDTHS))
        self.mean, self.log_variance = nn.Linear(128, 16), nn.Linear(128, 16)
        self.up = nn.Sequential(*dense(16, *WIDTHS[::-1]), nn.Linear(1024, 640))

    def forward(self, x):
        hidden = self.down(x)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        apart = (mean**2 + log_variance.exp() - log_variance - 1).sum(dim=1, keepdim=True)
        return torch.cat([x - self.up(z), apart.clamp_min(1e-12).sqrt()], dim=1)


def dense(*sizes):
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.BatchNorm1d(after), nn.ReLU()]
    return layers


def auto_encoder(before, after, widths=WIDTHS, bottleneck=16):
    layers = dense(before, *widths, bottleneck, *widths[::-1])
    return nn.Sequential(*layers, nn.Linear(widths[0], after))


def convolutional():
    layers, sizes = [nn.Unflatten(1, (1, 128))], (1, 16, 32, 64, 8)
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    for before, after in ((8, 64), (64, 32), (32, 16)):
        layers.append(nn.ConvTranspose2d(before, after, 3, 2, 1, output_padding=1, bias=False))
        layers += [nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(16, 1, 3, 2, 1, output_padding=1))


def same(x):
    return x


def middle(x):
    return x[:, 256:384]


def around(x):
    return torch.cat([x[:, :256], x[:, 384:]], dim=1)


ROW, PICTURE = torch.randn(ROWS, 640), torch.randn(PICTURES, 128, 32)
REBUILDING = {
    "AutoEncoder": (
        encoders.AutoEncoder(), Rebuild(auto_encoder(640, 640), same, same), losses.SquaredError,
        ROW,
    ),
    "AutoEncoder of the official baseline": (
        encoders.AutoEncoder(widths=(128,) * 4, bottleneck=8),
        Rebuild(auto_encoder(640, 640, (128,) * 4, 8), same, same), losses.SquaredError, ROW,
    ),
    "VariationalAutoEncoder": (
        encoders.VariationalAutoEncoder(), Variational(), losses.SquaredError, ROW,
    ),
    "Idnn": (
        encoders.Idnn(), Rebuild(auto_encoder(512, 128), around, middle), losses.SquaredError, ROW,
    ),
    "ConvAutoEncoder": (
        encoders.ConvAutoEncoder(), Rebuild(convolutional(), same, lambda x: x[:, None]),
        losses.SquaredError, PICTURE,
    ),
}  # fmt: skip
