"""Tensors and notes in one safetensors file, written whole or not at all, and read without unpickling."""

import os
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file


def write_tensors(path, tensors, notes):
    """Write tensors and a dict of strings to a file that is whole or not there, whenever the power goes.

    Choices: the file is written beside its place, flushed to the disk, and then renamed.
    Notebook: 00_start_here
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        save_file({name: value.detach().cpu().contiguous() for name, value in tensors.items()}, draft, metadata=notes)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_tensors(path, kind):
    """Read such a file: its tensors, and its notes under the key ``kind``.

    Raises: FileNotFoundError where there is no file; ValueError where it is damaged or of another kind.
    Notebook: 00_start_here
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path} is missing: give the path of a saved {kind}")
    try:
        with safe_open(path, framework="pt") as file:
            notes = (file.metadata() or {}).get(kind)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path} is damaged or cut short: save the {kind} again") from error
    if notes is None:
        raise ValueError(f"{path} holds no {kind} of asdkit: give the file that saving a {kind} wrote")
    return tensors, notes
