"""What can be known of a place before any work: whether results can be written there, and to whom
it belongs.
"""

import os
from pathlib import Path

NAME, PATH = 255, 4000  # bytes of a name, and of a path with room for the files of a run


def check_folder(out, told="--out"):
    """Check that a folder can be made, or be written to where it is there.

    Shapes: -> Path.
    Raises: ValueError for an empty name, a file, a link that leads nowhere, a folder that is
        read-only, and a name that is too long.
    """
    if not out:
        raise ValueError(f"{told} is empty: give a folder")
    path = Path(out)
    place = _nearest(path, told)
    if not place.is_dir():
        raise ValueError(
            f"{told} {path} cannot be a folder, as {place} is {_kind(place)}: give another folder"
        )
    if not os.access(place, os.W_OK):
        raise ValueError(
            f"{told} {path} cannot be written, as {place} is read-only: give another folder"
        )
    return path


def check_outside(out, data):
    """Check that results do not come to lie among the recordings.

    Raises: ValueError where they would.
    """
    if Path(out).resolve().is_relative_to(Path(data).resolve()):
        raise ValueError(
            f"--out {out} lies in --data {data}, which stays as it is: give a folder outside of it"
        )


def check_file(path, told, mine):
    """Check that a file can be written, and that none of another kind is there.

    ``mine`` says of a file that is there whether the command wrote it.

    Raises: ValueError as ``check_folder`` does, and for a file that the command has not written.
    """
    path = Path(path)
    check_folder(path.absolute().parent, told)
    _nearest(path, told)
    if os.path.lexists(path) and not (path.is_file() and mine(path)):
        raise ValueError(
            f"{told} {path} is there already, and not of this command: move it away, or give "
            "another name"
        )


def _nearest(path, told):
    """The part of a path that is there already.

    Raises: ValueError for names that no disk takes.
    """
    path = path.absolute()
    longest = max(len(os.fsencode(part)) for part in path.parts)
    if longest > NAME or len(os.fsencode(path)) > PATH:
        raise ValueError(f"{told} has a name of {longest} characters: give a shorter one")
    return next(part for part in (path, *path.parents) if os.path.lexists(part))


def _kind(place):
    if place.is_symlink():
        return "a link that leads nowhere"
    return "a file" if place.is_file() else "no folder"
