"""The command line, ``asdkit COMMAND``: each command is a module of ``asdkit.commands``."""

import argparse
import signal
import sys

ROOM = {
    "run": "take smaller batches (--set batch_size=16) or shorter clips (--set seconds=5), "
    "into a new --out",
    "score": "score fewer recordings at once, or give --device cpu",
}
GOES_ON = {
    "run": "; the same command goes on from its last whole epoch",
    "sweep": "; the same command goes on from its last whole epoch",
    "data": "; a download goes on from there, everything else starts anew",
}


def main(argv=None):
    """Run one command; what is wrong with its input ends in one sentence and exit code 2, and what
    stops it in one and 128 with the number of the signal.
    """
    from . import plain
    from .commands.stops import stoppable

    plain.speak_any_alphabet()
    name = ""
    with stoppable() as came:
        try:
            args = _parsed(argv)
            name = f" {args.command}"
            return _run(args)
        except BaseException as error:
            if not came and not isinstance(error, KeyboardInterrupt):
                raise
            number = came[0] if came else signal.SIGINT
            plain.say(f"asdkit{name}: stopped{GOES_ON.get(name.strip(), '')}", file=sys.stderr)
            return 128 + number
        finally:
            plain.hush()


def _parsed(argv):
    from . import __version__
    from .commands import check, data, doctor, lab, pages, run, score, sweep, teach
    from .commands import map as map_page

    parser = _Parser(prog="asdkit", description="A teaching kit for anomalous sound detection.")
    parser.add_argument("--version", action="version", version=f"asdkit {__version__}")
    parsers = parser.add_subparsers(
        dest="command", required=True,
        metavar="lab | data | doctor | run | score | sweep | map | teach | html | check",
    )  # fmt: skip
    for command in (lab, data, doctor, run, score, sweep, map_page, teach, pages, check):
        command.add(parsers)
    return parser.parse_args(argv)


def _run(args):
    import warnings

    from . import plain, runtime
    from .commands.errors import told

    with warnings.catch_warnings():
        warnings.showwarning = _teller()
        try:
            _check_place()
            return args.main(args)
        except BrokenPipeError:  # of a bar, whose reader is gone
            return 128 + 13
        except (ValueError, OSError, FloatingPointError) as error:
            plain.say(f"asdkit {args.command}: {told(error)}", file=sys.stderr)
            return 2
        except (MemoryError, RuntimeError) as error:
            if not runtime.is_memory_full(error):
                raise
            plain.say(
                f"asdkit {args.command}: the memory is full: {ROOM.get(args.command, 'make room')}",
                file=sys.stderr,
            )
            return 2


def _check_place():
    """Refuse to start from a folder that was removed: no relative path means anything there."""
    from pathlib import Path

    try:
        Path.cwd()
    except OSError as error:
        raise ValueError("the current folder is gone: change to one that is there") from error


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        from .plain import shown

        super().error(shown(message))


def _teller():
    from .plain import say

    told = set()

    def tell(message, category, filename, lineno, file=None, line=None):
        """Several stages read the same clips, and one line says it all."""
        if str(message) not in told:
            told.add(str(message))
            say(f"warning: {message}", file=sys.stderr)

    return tell


if __name__ == "__main__":
    sys.exit(main())
