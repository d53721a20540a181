"""A place that one process at a time may work in."""

import json
import os
import socket
import warnings
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from .drafts import whole

LOCK = ".asdkit.lock"  # of a folder, in it
OWN = (LOCK, f"{LOCK}.json")  # the lock, and who holds it


@contextmanager
def held(lock, told, work="run", wait=False):
    """Keep a place for this process as long as the block lasts; ``told`` is how a refusal names it.

    ``lock`` is a file that no one needs but the lock, such as ``LOCK`` in a folder; ``work`` is
    what is done there. With ``wait`` another process is waited for.

    Raises: ValueError, with the process, machine and time of the holder, where another has it;
        OSError, with the cure, where the folder cannot be made.
    Choices: the lock is the operating system's, so a process that dies holds nothing. What only
        the lock needs is removed at the end, and so are folders that it made and nothing is in.
    Example:
        >>> from pathlib import Path
        >>> with held.held("results/.asdkit.lock", "results"):
        ...     print(len(list(Path("results").iterdir())), "files: the lock, and who holds it")
        2 files: the lock, and who holds it
        >>> Path("results").exists()
        False
    """
    lock, holder = Path(lock), Path(f"{lock}.json")
    made = [folder for folder in lock.parents if not folder.exists()]
    with _taken(lock, holder, f"{told} is held by another {work}", wait):
        since = datetime.now().astimezone().isoformat(" ", "seconds")
        known = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
        try:
            with whole(holder) as draft:
                draft.write_text(json.dumps(known), encoding="utf-8")
            yield
        finally:
            for file in (holder, lock):
                with suppress(OSError):  # where an open file cannot go
                    file.unlink()
            for folder in made or ([] if wait else [lock.parent]):
                with suppress(OSError):  # it holds something
                    folder.rmdir()


def _taken(lock, holder, told, wait):
    """The lock, acquired."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        kept = FileLock(lock)
        try:
            return kept.acquire(timeout=0)
        except Timeout as error:
            told += _named(holder)
            if not wait:
                raise ValueError(f"{told}: wait for it, or give another folder") from error
            warnings.warn(f"{told}, which is waited for", stacklevel=4)
            return kept.acquire()
    except OSError as error:
        raise OSError(
            f"{lock.parent} cannot be written ({error.strerror or error}): give another folder"
        ) from error


def _named(holder):
    try:
        known = json.loads(holder.read_text(encoding="utf-8"))
        return f" (process {known['pid']} on {known['host']}, since {known['since']})"
    except (OSError, ValueError, KeyError, TypeError):  # which has it since this very moment
        return ""
