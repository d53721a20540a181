"""Tensors and notes in one file, which is whole or not there, and is read without unpickling."""

from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from .drafts import whole


def write_tensors(path, tensors, notes):
    """Write tensors and a dict of strings to a file that is whole or not there, whenever the power
    goes.

    Raises: OSError, with the cure, where the file cannot be written.
    Choices: the bytes are written here, for safetensors itself would write to a hidden file of its
        own beside the draft, which a killed process leaves behind.
    Example:
        >>> tensorfile.write_tensors("x.safetensors", {"x": torch.eye(2)}, {"detector": "mine"})
    """
    with whole(path) as draft:
        tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
        draft.write_bytes(save(tensors, metadata=notes))


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

    Raises: FileNotFoundError where there is no file; ValueError where it is damaged or of another
        kind.
    Example:
        >>> tensorfile.write_tensors("x.safetensors", {"x": torch.eye(2)}, {"detector": "mine"})
        >>> tensorfile.read_tensors("x.safetensors", "detector")
        ({'x': tensor([[1., 0.], [0., 1.]])}, 'mine')
    Notebook: 15_train_on_gpu
    """
    if not Path(path).is_file():
        what = "is a folder" if Path(path).is_dir() else "is missing"
        raise FileNotFoundError(
            f"{path} {what}: give the path of a saved {kind}, a file such as {kind}.safetensors"
        )
    try:
        with safe_open(path, framework="pt") as file:
            notes = (file.metadata() or {}).get(kind)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ValueError(
            f"{path} is damaged or cut short, or never was a saved {kind}: give another, or train "
            "again without it"
        ) from error
    if notes is None:
        raise ValueError(
            f"{path} holds no {kind} of asdkit: give the file that saving a {kind} wrote"
        )
    return tensors, notes
