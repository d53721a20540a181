"""What parts take of the memory: the setting that makes one too large is named, before it swaps."""

import torch
from torch import nn

from .. import memory
from ..runtime import is_memory_full

LARGE = 2**14  # of a setting; no paper's comes near
# what torch and numpy raise where a part does not take what it is given
REFUSED = (ValueError, RuntimeError, IndexError, TypeError, AttributeError, MemoryError)
TRAINED = 4  # times the weights: with their gradients and two moments of Adam


def check_size(part, settings):
    """Check that the memory holds a network and its training.

    Raises: ValueError where it does not.
    Choices: where a setting is large enough to matter, the network is built without its numbers
        first.
    """
    name, value = _largest(settings)
    if name is None or value < LARGE or not issubclass(part.make, nn.Module):
        return
    with torch.device("meta"):
        made = part.make(**settings)
    size = sum(tensor.numel() * tensor.element_size() for tensor in made.state_dict().values())
    memory.check(TRAINED * size, f"{part.name} with {name}={value}", f"give a smaller {name}")


def check_room(part, error):
    """Say of an error which setting filled the memory, where it tells of that.

    Raises: ValueError for such an error.
    """
    if is_memory_full(error):
        name, value = _largest(dict(part.settings))
        told, cure = (
            (part.name, "make room there")
            if name is None
            else (f"{part.name} with {name}={value}", f"give a smaller {name}")
        )
        raise ValueError(f"{told} does not fit into the memory: {cure}") from error


def _largest(settings):
    """The largest whole number of some settings, and its name."""
    sizes = {name: value for name, value in settings.items() if type(value) is int}
    return max(sizes.items(), key=lambda pair: pair[1], default=(None, 0))
