"""Values on their way between two processes, as JSON.

What a student's code has made is never unpickled: an unpickled value may run code.
"""

from base64 import b64decode, b64encode
from contextlib import suppress

import numpy as np

PLAIN = (type(None), bool, int, float, str)
SERIES = {"list": list, "tuple": tuple}


def packed(value):
    """Write a value as JSON can hold it; of what is no number and no text its type alone is left.

    Example:
        >>> from asdkit.commands import wire
        >>> wire.unpacked(wire.packed([1, np.float32(0.5), ...]))
        [1, np.float32(0.5), Ellipsis]
    """
    if value is ...:
        return {"kind": "blank"}
    if type(value) in PLAIN:
        return {"kind": "plain", "value": value}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {"kind": kind, "of": [packed(one) for one in value]}
    with suppress(Exception):  # whatever a type of the student's own raises
        is_tensor = hasattr(value, "detach")
        array = (value.detach().cpu() if is_tensor else value).__array__()
        if not array.dtype.hasobject:
            kind = "number" if isinstance(value, np.generic) else "array"
            return {
                "kind": "tensor" if is_tensor else kind, "type": array.dtype.str,
                "shape": array.shape, "bytes": b64encode(array.tobytes()).decode(),
            }  # fmt: skip
    return {"kind": "other", "name": type(value).__name__}


def unpacked(parcel):
    """Read what ``packed`` wrote; a value of another type is an empty one of a type of its name."""
    kind = parcel["kind"]
    if kind == "blank":
        return ...
    if kind == "plain":
        return parcel["value"]
    if kind in SERIES:
        return SERIES[kind](map(unpacked, parcel["of"]))
    if kind == "other":
        return type(parcel["name"], (), {})()
    data = b64decode(parcel["bytes"])
    array = np.ndarray(parcel["shape"], parcel["type"], data).copy()
    if kind == "tensor":
        import torch

        return torch.from_numpy(array)
    return array[()] if kind == "number" else array
