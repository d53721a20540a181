"""What the tables of a sweep tell of themselves: the command that makes them again, and a line on
each data set, without a path of this machine.
"""

import shlex
from pathlib import Path

from .. import __version__, runtime


def notes(args, clips):
    """The command, and a line a data set.

    Shapes: ``clips`` a dict of a Source -> training and test clips.
    """
    named = "" if args.pattern is None else f" named {args.pattern!r}"
    return [
        _command(args),
        *(
            f"asdkit {__version__}, {told(data)} data{named}, {len(train)} training clips, "
            f"{args.epochs} epochs"
            for data, (train, _) in zip(args.data, clips.values())
        ),
    ]


def told(path):
    """A path below the clone, or else its last name alone."""
    path = Path(path)
    if path.is_absolute() and path.is_relative_to(runtime.home()):
        path = path.relative_to(runtime.home())
    return path.name if path.is_absolute() else path.as_posix()


def _command(args):
    words = ["asdkit", "sweep", *args.systems, "--seeds", args.seeds, "--epochs", args.epochs]
    words += ["--backends", *args.backends] if args.backends else []
    words += ["--data", *map(told, args.data)]
    words += [] if args.pattern is None else ["--pattern", args.pattern]
    words += [] if args.clips is None else ["--clips", args.clips]
    return shlex.join(map(str, [*words, "--out", told(args.out)]))
