"""Tensors and notes in one file, which is whole or not there, and is read without unpickling."""

import json
import os
import stat
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from . import digest
from .drafts import whole

HEAD = '{"__metadata__":{"digest":"'
PLACE = 8 + len(HEAD)  # of the digest, as the length of the head stands before it


def write_tensors(path, tensors, notes):
    """Write tensors and a dict of strings to a file that is whole or not there, whenever the power
    goes.

    Raises: OSError, with the cure, where the file cannot be written.
    Choices: the file is one of safetensors, written here: its notes begin with a ``digest`` of all
        of it, they stand in their order, so that equal contents are equal bytes, and no hidden file
        of another name lies beside the draft.
    Example:
        >>> tensorfile.write_tensors("x.safetensors", {"x": torch.eye(2)}, {"detector": "mine"})
    """
    with whole(path) as draft, draft.open("wb+") as file:
        data = memoryview(save({
            name: value.detach().cpu().contiguous() for name, value in tensors.items()
        }))  # fmt: skip
        size = 8 + int.from_bytes(data[:8], "little")
        told = {"__metadata__": {"digest": digest.BLANK, **notes}} | json.loads(bytes(data[8:size]))
        head = json.dumps(told, separators=(",", ":")).encode()
        head += b" " * (-len(head) % 8)  # tensors begin where a multiple of 8 does
        file.write(len(head).to_bytes(8, "little") + head)
        file.write(data[size:])
        digest.stamp(file, PLACE)


def within(tensors, part):
    """The tensors of one part of a file, by their names within it.

    Example:
        >>> tensorfile.within({"loss.scale": 1.0, "encoder.bias": 2.0}, "loss")
        {'scale': 1.0}
    """
    return {
        name.removeprefix(part + "."): value
        for name, value in tensors.items()
        if name.startswith(part + ".")
    }


def read_tensors(path, kind):
    """Read such a file: its tensors, and its notes under the key ``kind``.

    Raises: FileNotFoundError where there is no file; OSError where it cannot be read; ValueError
        where anything in it was changed after it was written, where it is of an asdkit that wrote
        no digest, or of another kind.
    Example:
        >>> tensorfile.write_tensors("x.safetensors", {"x": torch.eye(2)}, {"detector": "mine"})
        >>> tensorfile.read_tensors("x.safetensors", "detector")
        ({'x': tensor([[1., 0.], [0., 1.]])}, 'mine')
    Notebook: 15_train_on_gpu
    """
    path = there(path, f"a saved {kind}, a file such as {kind}.safetensors")
    _check_digest(path, kind)
    try:
        with safe_open(path, framework="pt") as file:
            notes = (file.metadata() or {}).get(kind)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, AttributeError) as error:  # or of a strange type
        raise ValueError(_damaged(path, kind)) from error
    if notes is None:
        raise ValueError(
            f"{path} holds no {kind} of asdkit: give the file that saving a {kind} wrote"
        )
    return tensors, notes


def there(path, what):
    """The path of a file, which is there.

    Raises: FileNotFoundError where it leads to none; ValueError for what is no path.
    Example:
        >>> tensorfile.there("notes", "a file of notes")
        Traceback (most recent call last):
        FileNotFoundError: notes is missing: give the path of a file of notes
    """
    if not isinstance(path, str | os.PathLike) or not os.fspath(path):
        raise ValueError(f"{path!r} is no path: give the path of {what}")
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):  # or no disk takes such a name
        mode = 0
    if not stat.S_ISREG(mode):
        other = "is no file, but a pipe or a device" if mode else "is missing"
        found = "is a folder" if stat.S_ISDIR(mode) else other
        raise FileNotFoundError(f"{path} {found}: give the path of {what}")
    return Path(path)


def _check_digest(path, kind):
    try:
        with path.open("rb") as file:
            sound = digest.holds(file, PLACE)
            file.seek(8)
            older = f'{{"__metadata__":{{"{kind}":'.encode()
            without = file.read(len(older)) == older
    except OSError as error:
        raise OSError(
            f"{path} cannot be read ({error.strerror or error}): look at its rights and its disk, "
            "or give another"
        ) from error
    if not sound:
        old = f"{path} is of an older asdkit, which wrote no digest: train again without it"
        raise ValueError(old if without else _damaged(path, kind))


def _damaged(path, kind):
    return (
        f"{path} is damaged or cut short, or never was a saved {kind}: give another, or train "
        "again without it"
    )
