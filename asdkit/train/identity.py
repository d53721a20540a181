"""What identifies a training: it goes on from a file only where all of this is the same."""

import hashlib
from functools import partial

from .rows import Rows


def settings(
    encoder, loss, optimizer, inputs, y, seed, plan, epochs, precision="float32", identity=None
):
    """What the weights of a training depend on, as numbers and texts: a run goes on only where all
    are the same.

    Shapes: ``inputs`` (N, ...), ``y`` (N,) -> dict.
    Choices: of the data every 97th value of each clip and all labels are hashed, which takes no
        time. Epochs count only where a schedule turns them into rates: without one, a run may be
        made longer.
    """
    groups = [dict(group, params=len(group["params"])) for group in optimizer.param_groups]
    schedule = _described(plan["schedule"])
    return {
        "seed": seed,
        "batch_size": plan["batch_size"],
        "data": _digest(inputs, y),
        "mixing": _described(plan["mixing"]),
        "batches": _described(plan["batches"]),
        "schedule": schedule and f"{schedule} over {epochs} epochs",
        "encoder": structure(encoder),
        "loss": structure(loss),
        "optimizer": f"{type(optimizer).__name__} {groups}",
        "precision": precision,
        **(identity or {}),
    }


def structure(module):
    """What a module is made of, as a short text: its classes, their simple settings, and the shapes
    of its tensors.

    Shapes: a module -> text.
    Choices: the values of its weights do not count, and neither does how torch prints a module.
    """
    told = []
    for name, part in module.named_modules():
        known = {
            key: value
            for key, value in vars(part).items()
            if isinstance(value, int | float | str | tuple)
        }
        settings = sorted(
            (key, value) for key, value in known.items() if key[0] != "_" and key != "training"
        )
        told.append((name, type(part).__qualname__, settings))
    sizes = [
        (name, tuple(value.shape), str(value.dtype)) for name, value in module.state_dict().items()
    ]
    trained = [name for name, parameter in module.named_parameters() if parameter.requires_grad]
    digest = hashlib.sha256(repr((told, sizes, trained)).encode()).hexdigest()
    return f"{type(module).__name__} {digest[:16]}"


def _described(function):
    if isinstance(function, partial):
        return f"{function.func.__name__} {function.args} {sorted(function.keywords.items())}"
    return function and getattr(function, "__name__", type(function).__name__)


def _digest(inputs, y):
    digest = hashlib.sha256(y.cpu().numpy().tobytes())
    inputs = inputs.clips if isinstance(inputs, Rows) else inputs
    for part in inputs if isinstance(inputs, tuple) else (inputs,):
        some_of_each_clip = part.flatten(1)[:, ::97]
        digest.update(some_of_each_clip.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
