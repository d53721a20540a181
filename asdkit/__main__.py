"""The command line: ``asdkit lab | data | doctor | run | score | sweep | map``."""

import argparse
import sys
import warnings

from . import __version__, plain, runtime
from .commands import data, doctor, lab, run, score, sweep
from .commands import map as map_page

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
    """Run one command; what is wrong with its input ends in one sentence and exit code 2."""
    plain.speak_any_alphabet()
    try:
        return _run(argv)
    finally:
        plain.hush()


def _run(argv):
    parser = _Parser(prog="asdkit", description="A teaching kit for anomalous sound detection.")
    parser.add_argument("--version", action="version", version=f"asdkit {__version__}")
    parsers = parser.add_subparsers(
        dest="command", required=True, metavar="lab | data | doctor | run | score | sweep | map"
    )
    for command in (lab, data, doctor, run, score, sweep, map_page):
        command.add(parsers)
    args = parser.parse_args(argv)
    with warnings.catch_warnings():
        warnings.showwarning = _teller()
        try:
            return args.main(args)
        except BrokenPipeError:  # of a bar, whose reader is gone
            return 128 + 13
        except (ValueError, OSError, FloatingPointError) as error:
            plain.say(f"asdkit {args.command}: {error}", file=sys.stderr)
            return 2
        except (MemoryError, RuntimeError) as error:
            if not runtime.is_memory_full(error):
                raise
            plain.say(
                f"asdkit {args.command}: the memory is full: {ROOM.get(args.command, 'make room')}",
                file=sys.stderr,
            )
            return 2
        except KeyboardInterrupt:
            plain.say(
                f"asdkit {args.command}: stopped{GOES_ON.get(args.command, '')}", file=sys.stderr
            )
            return 130


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        super().error(plain.shown(message))


def _teller():
    told = set()

    def tell(message, category, filename, lineno, file=None, line=None):
        """Several stages read the same clips, and one line says it all."""
        if str(message) not in told:
            told.add(str(message))
            plain.say(f"warning: {message}", file=sys.stderr)

    return tell


if __name__ == "__main__":
    sys.exit(main())
