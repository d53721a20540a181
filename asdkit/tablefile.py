"""Tables with notes in CSV files that are whole or not there, and found out where they changed."""

import io

import pandas as pd

from . import digest
from .drafts import whole
from .tensorfile import there

MARK = "# digest "


def write_table(path, table, notes, **form):
    """Write lines of notes and a table, and a digest of both before them.

    Shapes: ``form`` as ``DataFrame.to_csv`` takes it.
    Raises: OSError, with the cure, where the file cannot be written.
    """
    text = "".join(f"# {note}\n" for note in notes)
    text += table.to_csv(index=False, lineterminator="\n", **form)
    with whole(path) as draft, draft.open("wb+") as file:
        file.write(f"{MARK}{digest.BLANK}\n{text}".encode())
        digest.stamp(file, len(MARK))


def read_table(path, **form):
    """Read such a file: its table, and its notes.

    Shapes: ``form`` as ``pandas.read_csv`` takes it.
    Raises: FileNotFoundError where there is no file; ValueError where anything in it was changed
        after it was written, or it has no digest.
    Choices: line ends that git or an editor made their own are no change.
    """
    text = _text(there(path, "a table that asdkit wrote, a .csv file"))
    lines = text.split("\n")[1:]
    notes = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
    try:
        return pd.read_csv(io.StringIO("\n".join(lines[len(notes) :])), **form), notes
    except ValueError as error:  # of pandas' parser
        raise ValueError(f"{path} is no table of scores: give another file") from error


def _text(path):
    try:
        data = path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise OSError(
            f"{path} cannot be read ({error.strerror or error}): look at its rights and its disk, "
            "or give another"
        ) from error
    if not data.startswith(MARK.encode()):
        raise ValueError(
            f"{path} is no table of scores with a digest, as asdkit writes them: give another "
            "file, or make one of an older asdkit again by its command"
        )
    if not digest.holds(io.BytesIO(data), len(MARK)):
        raise ValueError(
            f"{path} is damaged, or was changed after asdkit wrote it: make it again by the "
            "command in its head, or write your own changes with traces.write"
        )
    return data.decode()
