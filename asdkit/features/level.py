"""Offset and level of a clip: both can give its label away, and neither says much about the
machine.
"""

import torch

from .frames import check


def remove_offset(waves):
    r"""Take the mean out of each clip, $w - \bar w$: what is left of a recorder that does not rest
    at zero.

    Shapes: (N, T) -> (N, T); a constant clip becomes zero.
    Raises: ValueError for what are no waves, or samples that are no sound.
    Choices: not in [SCA]. It leaves the level as it is, which can give the label away just as well:
        the systems here take ``normalize_level``, which removes both.
    Example:
        >>> features.remove_offset(torch.tensor([[1.0, 2.0, 3.0]]))
        tensor([[-1.,  0.,  1.]])
    Notebook: 02_features
    """
    check(waves, 1, "remove_offset")
    centered = waves - waves.mean(dim=1, keepdim=True)
    return centered * (_rms(centered) > _rounding(waves))


def normalize_level(waves):
    r"""Remove the offset of each clip and bring it to unit power, $(w - \bar w) / \mathrm{rms}(w -
    \bar w)$.

    Shapes: (N, T) -> (N, T); digital silence becomes zero, with an offset too.
    Raises: ValueError for what are no waves, or samples that are no sound.
    Choices: not in [SCA]. The total level of a clip can give its label away, and it says more about
        the microphone than about the machine, so the systems here are not shown it. [DDC] brings a
        machine's recordings to unit power together, which keeps the differences between its clips.
    Example:
        >>> features.normalize_level(torch.tensor([[0.5, 0.75, 0.5, 0.75]]))
        tensor([[-1.,  1., -1.,  1.]])
    Notebook: 00_start_here, 02_features
    """
    check(waves, 1, "normalize_level")
    centered = waves - waves.mean(dim=1, keepdim=True)
    rms = _rms(centered)
    return centered * torch.where(rms > _rounding(waves), rms.reciprocal(), 0.0)


def _rms(waves):
    return waves.square().mean(dim=1, keepdim=True).sqrt()


def _rounding(waves):
    """What is left of a constant clip after its mean is taken out in floating point: no sound."""
    return 8.0 * torch.finfo(waves.dtype).eps * waves.abs().amax(dim=1, keepdim=True)
