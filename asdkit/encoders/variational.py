"""A variational auto-encoder: its bottleneck is a distribution, drawn from in training."""

import torch
from torch import nn

from .. import given
from .autoencoder import checked, counts, dense, initialize, up

LEAST = 1e-12  # under the square root, whose slope at 0 is infinite


class VariationalAutoEncoder(nn.Module):
    r"""Dense layers to a Gaussian $N(\mu, \sigma^2)$ and back; out comes the residual, and behind
    it $\sqrt{2 w\,\mathrm{KL}}$ as one coordinate more.

    The squares of both add up to twice the negative evidence bound, $|x - \hat x|^2 + 2 w\,
    \mathrm{KL}(N(\mu, \sigma^2)\,\|\,N(0, 1))$, so that ``losses.SquaredError`` trains it.

    Paper: [L2S] 2 names it ("VAE"), without layers; Kingma and Welling, ICLR 2014.
    Shapes: (N, bands) vectors of ``features.FramedLogMel`` -> (N, bands + 1).
    Raises: ValueError for vectors of another length, a layer without numbers, or a ``weight`` w
        that is negative or infinite.
    Choices: the layers are those of ``AutoEncoder``, so that only the bottleneck differs: two
        linear layers, for the mean and for the logarithm of the variance. A weight of 1 takes the
        noise of each number of x to have variance 1, in dB squared. In evaluation mode nothing is
        drawn: the mean itself is decoded.
    Example:
        >>> encoder = encoders.VariationalAutoEncoder().eval()
        >>> encoder(torch.randn(4, 640)).shape
        torch.Size([4, 641])
        >>> sum(parameter.numel() for parameter in encoder.parameters())
        2705312
    Notebook: 04_autoencoders
    """

    def __init__(self, bands=640, widths=(1024, 512, 256, 128), bottleneck=16, weight=1.0):
        super().__init__()
        bands, bottleneck = given.count(bands, "bands"), given.count(bottleneck, "bottleneck")
        self.bands, self.weight = bands, given.number(weight, "weight", 0)
        widths = counts(widths, "widths")
        sizes = bands, *widths
        self.down = dense(*sizes)
        self.mean = nn.Linear(sizes[-1], bottleneck)
        self.log_variance = nn.Linear(sizes[-1], bottleneck)
        self.up = up(bottleneck, widths, bands)
        self.apply(initialize)

    def forward(self, rows):
        mean, log_variance = self.code(rows)
        drawn = torch.randn_like(mean) if self.training else 0.0
        residual = rows - self.up(mean + (0.5 * log_variance).exp() * drawn)
        apart = 2.0 * self.weight * divergence(mean, log_variance)
        return torch.cat([residual, apart.clamp_min(LEAST).sqrt()[:, None]], dim=1)

    def code(self, rows):
        """Mean and logarithm of the variance of the code of each vector.

        Shapes: (N, bands) -> (N, bottleneck), (N, bottleneck).
        """
        x = self.down(checked(rows, self))
        return self.mean(x), self.log_variance(x)

    def rebuild(self, rows):
        """The vectors as the network rebuilds them from the mean of their code.

        Shapes: (N, bands) -> (N, bands).
        """
        return self.up(self.code(rows)[0])


def divergence(mean, log_variance):
    r"""How far a Gaussian is from the standard one, $\mathrm{KL} = \frac12 \sum_l (\mu_l^2 +
    \sigma_l^2 - \ln \sigma_l^2 - 1)$, in nats.

    Paper: Kingma and Welling, ICLR 2014, appendix B.
    Shapes: (N, L), (N, L) -> (N,), 0 or more.
    Example:
        >>> encoders.divergence(torch.tensor([[0.0], [2.0]]), torch.zeros(2, 1))
        tensor([0., 2.])
    Notebook: 04_autoencoders
    """
    return 0.5 * (mean.square() + log_variance.exp() - log_variance - 1.0).sum(dim=1)
