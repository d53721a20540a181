"""``--rate`` and ``--percentile``: which share of normal clips may alarm."""


def add(parser):
    """Declare both, of which one can be given."""
    either = parser.add_mutually_exclusive_group()
    words = "share of normal clips that may alarm, which sets the thresholds (default: 0.1)"
    either.add_argument("--rate", type=float, help=words)
    words = "the same as a percentile of their scores: 98 is a rate of 0.02"
    either.add_argument("--percentile", type=float, metavar="PERCENT", help=words)


def asked(args):
    """The rate that is asked for, or None.

    Raises: ValueError, which names the option, for a number out of its range.
    """
    from ..systems.detector import rate_of

    if args.rate is None and args.percentile is None:
        return None
    try:
        return rate_of(args.rate, args.percentile)
    except ValueError as error:
        raise ValueError(f"--{error}") from error
