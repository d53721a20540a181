"""Features of more clips than the memory holds waves of."""

import torch

from .. import given
from ..runtime import device as choose_device


def extract(blocks, feature, count=None, device=None):
    """Compute a feature block by block, and keep the feature only: the waves of one block are in
    memory at a time.

    Shapes: ``blocks`` an iterable of waves (n, T), as ``sound.blocks`` gives; ``feature`` maps (n,
        T) to (n, ...); returns (N, ...) on the CPU. With ``count``, the number N of all clips, the
        result is filled in place, so that the memory stays flat; without it the parts are put
        together at the end, which takes twice the result.
    Raises: ValueError where the blocks hold no clip, or not ``count`` clips.
    Example:
        >>> blocks = (torch.randn(8, 16000) for _ in range(4))
        >>> summary = features.Chain(features.LogMel(), features.temporal_mean)
        >>> features.extract(blocks, summary, count=32).shape
        torch.Size([32, 128])
    Notebook: 02_features
    """
    count = count if count is None else given.count(count, "count")
    device = device if device is None else choose_device(device)
    parts, whole, done = [], None, 0
    with torch.no_grad():
        for waves in blocks:
            x = feature(waves.to(device) if device is not None else waves)
            done += len(x)
            if count is None:
                parts.append(x.cpu())
                continue
            if done > count:
                raise ValueError(
                    f"the blocks hold more than count = {count} clips: give the number of all of "
                    "them"
                )
            whole = torch.empty(count, *x.shape[1:], dtype=x.dtype) if whole is None else whole
            whole[done - len(x) : done] = x
    if not done or done < (count or 0):
        raise ValueError(
            f"the blocks hold {done} clips{f', not count = {count}' if done else ''}: check the "
            "table"
        )
    return torch.cat(parts) if count is None else whole
