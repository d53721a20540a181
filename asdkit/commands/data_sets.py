"""Data sets as commands take them: a built-in one by its name, or a folder, whose own names a
pattern reads.
"""

from contextlib import suppress
from pathlib import Path

from .. import runtime

PATTERN = (
    "how own names of folders and files are read, such as '{machine}/{split}/{label}_{id}.wav'"
)


def names():
    """The names of the built-in sets, for the help; away from a clone there are none."""
    with suppress(FileNotFoundError):
        return ", ".join(runtime.built_in())
    return "none here"


def add_pattern(parser):
    """Declare ``--pattern``, for a command that reads folders."""
    parser.add_argument("--pattern", help=PATTERN)


def recipe_of(data, pattern=None):
    """The recipe of the built-in set that ``--data`` names; of a folder there is none.

    Raises: ValueError for a name that is both, and for a pattern beside a built-in set.
    """
    recipe = runtime.built_in().get(data)
    if recipe is None:
        return None
    if Path(data).is_dir():
        raise ValueError(
            f"--data {data} is a built-in set, and a folder here is called so too: give "
            f"{Path(data).absolute()} for the folder, or start from another one"
        )
    if pattern is not None:
        raise ValueError(
            f"--pattern is for folders, and --data {data} is a built-in set: leave it out"
        )
    return recipe
