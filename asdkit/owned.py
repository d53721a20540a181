"""What a command has written into a folder, by a note of it: other files of these names stay."""

import hashlib
import json
import os
from contextlib import contextmanager, suppress
from pathlib import Path

from .drafts import whole

CURE = "move it away, or give another folder"


@contextmanager
def owned(note, folder, names, **identity):
    """Write files of these names into a folder as long as the block lasts.

    ``note`` is the file that tells whose they are, and what they were like when the block ended.

    Raises: ValueError as ``check`` does; OSError, with the cure, where the note cannot be written.
    Choices: the note is written before the first file, so that a killed process has told what is
        its own; where no file comes to be, it goes.
    Example:
        >>> with owned.owned("run.json", ".", ["scores.csv"], seed=0):
        ...     _ = open("scores.csv", "w").write("text")
        >>> owned.check("run.json", ".", ["scores.csv"], seed=1)
        Traceback (most recent call last):
        ValueError: run.json is of a call with another seed: give another folder
    """
    note, folder = Path(note), Path(folder)
    files = check(note, folder, names, **identity) | dict.fromkeys(names)
    _write(note, files, identity)
    try:
        yield
    finally:
        there = {name: _digest(folder / name) for name in files if (folder / name).exists()}
        with suppress(OSError):  # a full disk is told by what met it first
            _write(note, there, identity) if there else note.unlink()


def check(note, folder, names, **identity):
    """Check that files of these names may be written into a folder.

    Shapes: -> dict of a file's name -> its digest; None while it is written, and of a folder.
    Raises: ValueError for a file of such a name that the note does not tell of, or that was changed
        since, and for a note of another identity.
    """
    note, folder = Path(note), Path(folder)
    known = _read(note)
    for name in names:
        path = folder / name
        if not os.path.lexists(path):
            continue
        if name not in known["files"]:
            raise ValueError(f"{path} is there already, and not of this command: {CURE}")
        if known["files"][name] not in (None, _digest(path)):
            raise ValueError(f"{path} is not as this command left it: {CURE}")
    there, identity = known["identity"], json.loads(json.dumps(identity))
    differing = [name for name in identity if there and there.get(name) != identity[name]]
    if differing:
        raise ValueError(f"{note} is of a call with another {differing[0]}: give another folder")
    return known["files"]


def _read(note):
    """What a note tells; of none nothing.

    Raises: ValueError for a file of its name that is no note.
    """
    if not os.path.lexists(note):
        return {"files": {}, "identity": {}}
    try:
        known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
        if isinstance(known["files"], dict) and isinstance(known["identity"], dict):
            return known
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ValueError(f"{note} is there already, and not of this command: {CURE}")


def _write(note, files, identity):
    told = {"identity": identity, "files": files}
    with whole(note) as draft:
        draft.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _digest(path):
    """What a file holds, as text; of a folder nothing."""
    if path.is_dir():
        return None
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
