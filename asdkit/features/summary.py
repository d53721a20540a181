"""Summaries over time: one number a band, and when it happened is forgotten."""

import torch

from .frames import pictures


def temporal_mean(x):
    r"""Mean of each band over time, $\frac1F \sum_t x_{bt}$: it keeps what lasts, and hardly a
    click.

    Paper: [SCA] IV-F, Table V: untrained, ahead of the learned embedding on ToyConveyor, at chance
        on the valve.
    Shapes: (N, B, F) -> (N, B).
    Raises: ValueError for what is no (N, B, F) of finite floating-point numbers.
    Example:
        >>> features.temporal_mean(torch.tensor([[[0.0, 0.0, 3.0]]]))
        tensor([[1.]])
    Notebook: 02_features
    """
    return pictures(x, "temporal_mean").mean(dim=-1)


def temporal_max(x):
    r"""Maximum of each band over time, $\max_t x_{bt}$: one loud frame is enough, and what lasts
    below it is lost.

    Paper: [SCA] IV-F, Table V: no training; good on the valve, near chance on ToyConveyor.
    Shapes: (N, B, F) -> (N, B).
    Raises: ValueError for what is no (N, B, F) of finite floating-point numbers.
    Example:
        >>> features.temporal_max(torch.tensor([[[0.0, 0.0, 3.0]]]))
        tensor([[3.]])
    Notebook: 02_features
    """
    return pictures(x, "temporal_max").amax(dim=-1)


def mean_and_max(x):
    r"""Temporal mean and maximum of each band beside each other: what ``encoders.Toy`` sees of a
    spectrogram, 150 times smaller.

    Paper: the two summaries are those of [SCA] IV-F.
    Shapes: (N, B, F) -> (N, B, 2), mean before maximum.
    Raises: ValueError as ``temporal_mean`` does.
    """
    return torch.stack([temporal_mean(x), temporal_max(x)], dim=2)
