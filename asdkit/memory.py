"""What memory is left, and what would not fit into it."""

import re
from pathlib import Path

SMALL = 2**28


def free():
    """The bytes that can be had without swapping, of the machine or of the container around us.

    Shapes: -> a whole number; infinity where the system does not say.
    Choices: as Linux tells them; elsewhere nothing is refused before it is tried.
    Example:
        >>> memory.free() > 2**20
        True
    """
    told = _number("/proc/meminfo", r"MemAvailable: +(\d+) kB")
    most, used = [_number(f"/sys/fs/cgroup/memory.{name}", r"(\d+)") for name in ("max", "current")]
    left = [float("inf") if told is None else told * 1024]
    return min(left + ([] if most is None or used is None else [most - used]))


def check(size, told, cure):
    """Check that so many bytes are free, before they are asked for.

    Raises: ValueError where fewer are.
    Choices: what is below 256 MiB is not looked at, as training asks for that often.
    Example:
        >>> memory.check(10**18, "seconds=1e9", "give fewer seconds")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: seconds=1e9 takes about 1e+09 GB of memory, and ... are free: give fewer seconds
    """
    left = free() if size > SMALL else size
    if size > left:
        raise ValueError(
            f"{told} takes about {size / 1e9:.3g} GB of memory, and {left / 1e9:.3g} GB are free: "
            f"{cure}"
        )


def _number(path, pattern):
    try:
        found = re.search(pattern, Path(path).read_text(encoding="ascii"))
    except OSError:
        return None
    return found and int(found[1])
