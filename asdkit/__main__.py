"""The command line: ``asdkit lab | doctor | run | score``."""

import argparse
import sys
import warnings

from . import __version__
from .commands import doctor, lab, run, score


def main(argv=None):
    """Run one command; what is wrong with its input ends in one sentence and exit code 2.

    Notebook: 00_start_here
    """
    parser = argparse.ArgumentParser(prog="asdkit", description="A teaching kit for anomalous sound detection.")
    parser.add_argument("--version", action="version", version=f"asdkit {__version__}")
    parsers = parser.add_subparsers(dest="command", required=True, metavar="lab | doctor | run | score")
    for command in (lab, doctor, run, score):
        command.add(parsers)
    args = parser.parse_args(argv)
    warnings.showwarning = _one_line
    try:
        return args.main(args)
    except (ValueError, OSError) as error:
        print(f"asdkit {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"asdkit {args.command}: stopped", file=sys.stderr)
        return 130


def _one_line(message, category, filename, lineno, file=None, line=None):
    print(f"warning: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
