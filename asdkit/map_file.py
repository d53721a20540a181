"""A map in a file of the cache: what is damaged is told, and made again."""

import warnings

import torch

from .contents import check, read_as
from .tensorfile import read_tensors, write_tensors

ARRAYS = ("xy", "nearest", "agreement", "trust")  # of a map, in this order


def write(path, made):
    """Write the arrays of a Map, and how it was made.

    Raises: OSError, with the cure, where the file cannot be written.
    """
    tensors = {name: torch.from_numpy(getattr(made, name)) for name in ARRAYS}
    write_tensors(path, tensors, {"map": made.way})


def read(path, count, k):
    """What ``write`` wrote of so many clips and k neighbors each, in the order of a Map; None where
    there is no such file.

    Choices: what is damaged, or no map of these clips, is none, and warned of.
    """
    if not path.exists():
        return None
    shapes = {"xy": (count, 2), "nearest": (count, k), "agreement": (count,), "trust": (count,)}
    types = {"xy": torch.float32, "nearest": torch.int64}
    try:
        tensors, way = read_tensors(path, "map")
        with read_as(path, "map", "remove it"):
            for name in ARRAYS:
                check(name, tensors[name], shapes[name], types.get(name, torch.float64))
            if not 0 <= tensors["nearest"].min() <= tensors["nearest"].max() < count:
                raise ValueError("its neighbors are of no clip")
    except (ValueError, OSError):
        warnings.warn(f"{path} is damaged: the map is made again", stacklevel=4)
        return None
    return *(tensors[name].numpy() for name in ARRAYS), way
