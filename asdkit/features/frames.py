"""A wave cut into overlapping frames, and batches worked through in blocks that stay in the
processor's cache.
"""

import torch
from torch.nn.functional import pad

from .. import given
from ..given_tensors import clips, tensor, within

BLOCK = {"cpu": 1}  # on other devices more at a time, so that they have enough to do
PADDINGS = (None, "reflect", "constant")
LOUDEST = 2.0**31  # samples of 32 bits as they stand: what is louder is no sound


def frames(waves, window=1024, hop=512, padding=None):
    r"""Cut each wave into overlapping frames, $f_{t,n} = w_{tH + n}$ with the hop $H$.

    Shapes: (N, T) -> (N, 1 + (T - window) // hop, window). With a padding, half a window is added
        at both ends, so that frame t is centered at sample t * hop: (N, 1 + T // hop, window) for
        an even window.
    Raises: ValueError where the input is not (N, T) of floating point, or too short for one frame,
        or the padding is none of ``None``, ``"reflect"`` (mirrored ends) and ``"constant"``
        (zeros).
    Choices: a view, not a copy: overlapping frames share their samples.
    Example:
        >>> features.frames(torch.arange(6.0)[None], window=4, hop=2)
        tensor([[[0., 1., 2., 3.],
                 [2., 3., 4., 5.]]])
    Notebook: 02_features
    """
    window, hop = given.count(window, "window"), given.count(hop, "hop")
    check_padding(padding)
    shortest = {None: window, "reflect": window // 2 + 1, "constant": 1}[padding]
    check(waves, shortest)
    half = window // 2
    if padding == "constant":
        waves = pad(waves, (half, half))
    if padding == "reflect":  # six times as fast as torch's own on a CPU
        waves = torch.cat(
            [waves[:, 1 : half + 1].flip(1), waves, waves[:, -half - 1 : -1].flip(1)], dim=1
        )
    return waves.unfold(1, window, hop)


def check(waves, shortest=2, name="a feature"):
    """See that ``waves`` are a batch of waveforms.

    Shapes: (N, T) with N >= 1 and T >= ``shortest`` -> the same.
    Raises: ValueError where they are not, or are no floating-point numbers; on a CPU for NaN too,
        and for samples beyond those of 32 bits.
    Notebook: 02_features
    """
    if tensor(waves, "waves").ndim != 2 or not len(waves) or waves.shape[1] < shortest:
        raise ValueError(
            f"{name} takes waveforms (N, T) of {shortest} samples or more, not {tuple(waves.shape)}"
            ": give a batch of one channel, a single wave as waves[None]"
        )
    if waves.dtype not in (torch.float32, torch.float64):
        raise ValueError(
            f"{name} takes waveforms in float32 or float64, not {waves.dtype}: convert them first, "
            "those of 16 bits by waves / 32768"
        )
    return within(waves, -LOUDEST, LOUDEST, "samples of sound, from -1 to 1", "waves")


def check_padding(padding):
    """See that a padding is one that ``frames`` knows.

    Shapes: a text or None -> the same.
    Raises: ValueError for any other.
    """
    if padding not in PADDINGS:
        raise ValueError(f"no padding is called {padding!r}: give None, 'reflect' or 'constant'")
    return padding


def pictures(x, name, bands=None):
    """See that ``x`` is a batch of pictures, such as log-mels.

    Shapes: (N, B, T) with B = ``bands`` where it is told -> the same.
    Raises: ValueError where it is not, or holds no finite floating-point numbers.
    """
    if clips(x, "x").ndim != 3 or (bands is not None and x.shape[1] != bands):
        size = "B" if bands is None else bands
        raise ValueError(
            f"{name} takes pictures (N, {size}, T), not {tuple(x.shape)}: give a batch, a single "
            "picture as x[None]"
        )
    return x


def by_blocks(feature, waves):
    """Apply a feature to a few clips at a time: on a CPU to one, whose spectrum stays in the cache.

    Shapes: ``feature`` maps (n, T) to (n, ...); (N, T) -> (N, ...).
    Notebook: 02_features
    """
    size = BLOCK.get(waves.device.type, 64)
    return torch.cat([feature(block) for block in waves.split(size)])
