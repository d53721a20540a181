"""``--jobs``: how many processes of this machine work at a time."""

import os

MOST = 8  # for each processor


def add(parser, act):
    """Declare the option; ``act`` says what each process does."""
    words = f"processes on this machine (default 1), each of which {act}"
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help=words)


def check(jobs):
    """Refuse a number of processes that cannot be.

    Raises: ValueError for fewer than one, or more than the machine bears.
    """
    most = MOST * (os.cpu_count() or 1)
    if not 1 <= jobs <= most:
        raise ValueError(f"--jobs is {jobs}: give a whole number from 1 to {most} here")
