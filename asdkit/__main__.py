"""The command line: ``asdkit lab | data | doctor | run | score | sweep | map | teach``."""

import argparse
import sys
import warnings

from . import __version__, runtime
from .commands import data, doctor, lab, run, score, sweep, teach
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
    parser = argparse.ArgumentParser(
        prog="asdkit", description="A teaching kit for anomalous sound detection."
    )
    parser.add_argument("--version", action="version", version=f"asdkit {__version__}")
    parsers = parser.add_subparsers(
        dest="command",
        required=True,
        metavar="lab | data | doctor | run | score | sweep | map | teach",
    )
    for command in (lab, data, doctor, run, score, sweep, map_page, teach):
        command.add(parsers)
    args = parser.parse_args(argv)
    with warnings.catch_warnings():
        warnings.showwarning = _teller()
        try:
            return args.main(args)
        except (ValueError, OSError, FloatingPointError) as error:
            print(f"asdkit {args.command}: {error}", file=sys.stderr)
            return 2
        except (MemoryError, RuntimeError) as error:
            if not runtime.is_memory_full(error):
                raise
            print(
                f"asdkit {args.command}: the memory is full: {ROOM.get(args.command, 'make room')}",
                file=sys.stderr,
            )
            return 2
        except KeyboardInterrupt:
            print(f"asdkit {args.command}: stopped{GOES_ON.get(args.command, '')}", file=sys.stderr)
            return 130


def _teller():
    told = set()

    def tell(message, category, filename, lineno, file=None, line=None):
        """Several stages read the same clips, and one line says it all."""
        if str(message) not in told:
            told.add(str(message))
            print(f"warning: {message}", file=sys.stderr)

    return tell


if __name__ == "__main__":
    sys.exit(main())
