"""Tables with notes in CSV files that are whole or not there, and found out where they changed."""

import io
import itertools

import pandas as pd

from . import digest
from .drafts import whole
from .tensorfile import there

MARK = "# digest "


def write_table(path, table, notes, **form):
    """Write lines of notes, a digest of the whole file, and a table.

    Shapes: ``form`` as ``DataFrame.to_csv`` takes it.
    Raises: OSError, with the cure, where the file cannot be written.
    """
    head = "".join(f"# {note}\n" for note in notes) + MARK
    text = table.to_csv(index=False, lineterminator="\n", **form)
    with whole(path) as draft, draft.open("wb+") as file:
        file.write(f"{head}{digest.BLANK}\n{text}".encode())
        digest.stamp(file, len(head.encode()))


def read_table(path, **form):
    """Read such a file: its table, and its notes.

    Shapes: ``form`` as ``pandas.read_csv`` takes it.
    Raises: FileNotFoundError where there is no file; ValueError where anything in it was changed
        after it was written, or it has no digest.
    Choices: line ends that git or an editor made their own are no change.
    """
    path = there(path, "a table that asdkit wrote, a .csv file")
    data = _bytes(path).replace(b"\r\n", b"\n")
    lines = data.split(b"\n")
    head = list(itertools.takewhile(lambda line: line.startswith(b"# "), lines))
    if not head or not head[-1].startswith(MARK.encode()):
        raise ValueError(
            f"{path} is no table of scores with a digest, as asdkit writes them: give another "
            "file, or make one of an older asdkit again by its command"
        )
    if not digest.holds(io.BytesIO(data), sum(len(line) + 1 for line in head[:-1]) + len(MARK)):
        raise ValueError(
            f"{path} is damaged, or was changed after asdkit wrote it: make it again by the "
            "command in its head, or write your own changes with traces.write"
        )
    notes = [line.decode().removeprefix("# ") for line in head[:-1]]
    try:
        return pd.read_csv(io.BytesIO(b"\n".join(lines[len(head) :])), **form), notes
    except ValueError as error:  # of pandas' parser
        raise ValueError(f"{path} is no table of scores: give another file") from error


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise OSError(
            f"{path} cannot be read ({error.strerror or error}): look at its rights and its disk, "
            "or give another"
        ) from error
