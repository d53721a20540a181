"""What stands in for an encoder where nothing is trained: one number a band, over time."""

from torch import nn


class TemporalMean(nn.Module):
    r"""The mean of each band over time, $\frac1T \sum_t x_{bt}$, as an embedding without parameters.

    Paper: [SCA] IV-F, Table V.
    Shapes: (N, dim, T) -> (N, dim).
    Raises: ValueError for another number of bands than ``dim``.
    Example:
        >>> encoders.TemporalMean(dim=2)(torch.tensor([[[0.0, 4.0], [1.0, 1.0]]]))
        tensor([[2., 1.]])
    Notebook: 12_backends
    """

    def __init__(self, dim=128):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        _check(x, self)
        return x.mean(dim=2)


class TemporalMax(nn.Module):
    r"""The maximum of each band over time, $\max_t x_{bt}$, as an embedding without parameters.

    Paper: [SCA] IV-F, Table V.
    Shapes: (N, dim, T) -> (N, dim).
    Raises: ValueError for another number of bands than ``dim``.
    Example:
        >>> encoders.TemporalMax(dim=2)(torch.tensor([[[0.0, 4.0], [1.0, 1.0]]]))
        tensor([[4., 1.]])
    Notebook: 12_backends
    """

    def __init__(self, dim=128):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        _check(x, self)
        return x.amax(dim=2)


def _check(x, encoder):
    if x.ndim != 3 or x.shape[1] != encoder.dim:
        raise ValueError(
            f"{type(encoder).__name__} takes log-mels (N, {encoder.dim}, T), not {tuple(x.shape)}: give dim the "
            "number of bands"
        )
