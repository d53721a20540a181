"""Spectral subtraction: what a far microphone hears is taken from what a near one hears."""

import torch

from .. import given
from ..given_tensors import floats, within


def subtract(near, far, share, floor=0.01):
    r"""Take a share of the power at a far microphone from the power at a near one.

    $$\max\big(P_1 - \beta P_2,\ \varepsilon P_1\big)$$

    Paper: the subtraction of Boll, 1979, and the spectral floor of Berouti, Schwartz and Makhoul,
        1979; none of the five papers has a second microphone.
    Shapes: two tensors of powers of one shape -> a tensor of that shape; ``share`` is $\beta$, 0 or
        more, ``floor`` is $\varepsilon$.
    Raises: ValueError for tensors of two shapes, powers below 0, and numbers out of their ranges.
    Choices: powers, not waves. The waves of two microphones that stand meters apart differ in
        phase, and their difference is no quieter.
    Example:
        >>> features.subtract(torch.tensor([4.0, 4.0]), torch.tensor([2.0, 9.0]), share=0.5)
        tensor([3.0000, 0.0400])
    Notebook: 02_features
    """
    for some, name in ((near, "near"), (far, "far")):
        within(floats(some, name), 0.0, torch.inf, "powers, 0 or more", name)
    share, floor = given.number(share, "share", 0), given.share(floor, "floor")
    if near.shape != far.shape:
        raise ValueError(
            f"near is {tuple(near.shape)} and far is {tuple(far.shape)}: give powers of one shape"
        )
    return torch.maximum(near - share * far, floor * near)
