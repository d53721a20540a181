"""A folder that one process at a time may work in."""

import json
import os
import socket
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

OWN = ("lock", "holder.json")


@contextmanager
def held(folder, told):
    """Keep a folder for this process as long as the block lasts; ``told`` is how a refusal names
    it.

    Raises: ValueError, with the process, machine and time of the holder, where another has it;
        OSError, with the cure, where the folder cannot be made.
    Choices: the lock is the operating system's, so a process that dies holds nothing. What only
        the lock needs is removed at the end, and the folder where nothing else is in it.
    """
    folder = Path(folder)
    lock, holder = [folder / name for name in OWN]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = FileLock(lock, timeout=0).acquire()
    except Timeout as error:
        raise ValueError(
            f"{told} is held by another sweep{_named(holder)}: wait for it, or give another --out"
        ) from error
    except OSError as error:
        raise OSError(
            f"{told} cannot be written ({error.strerror or error}): give another --out"
        ) from error
    with kept:
        since = datetime.now().astimezone().isoformat(" ", "seconds")
        holder.write_text(
            json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
        )
        try:
            yield
        finally:
            for file in (holder, lock):
                file.unlink(missing_ok=True)
            with suppress(OSError):  # it holds something
                folder.rmdir()


def _named(holder):
    try:
        known = json.loads(holder.read_text())
        return f" (process {known['pid']} on {known['host']}, since {known['since']})"
    except (OSError, ValueError, KeyError):  # which has it since this very moment
        return ""
