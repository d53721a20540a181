"""Files and folders that are whole or not there."""

import errno
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where drafts of killed processes stay
    fcntl = None

MARK = ".asdkit-"  # before the 16 hex digits of a draft's name
NAMELESS = (errno.ENAMETOOLONG, errno.EISDIR)


@contextmanager
def whole(path):
    """A draft to write to, which takes the place of ``path`` when it is done, and is removed where
    that fails.

    Raises: OSError, with the cure, where the file cannot be written.
    Choices: the draft lies beside its place under a name that no one can guess, and is flushed to
        the disk before it is renamed. A link at its place is replaced, never written through. What
        killed processes have left of their drafts in this folder is removed first.
    Example:
        >>> with drafts.whole("notes.txt") as draft:
        ...     print(draft.write_text("all of it"), "characters")
        9 characters
        >>> draft.exists()
        False
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        with _draft(path.parent, _make_file) as draft:
            yield draft
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
            draft.replace(path)
    except OSError as error:
        raise _unwritten(path, error) from error


@contextmanager
def whole_folder(path, size=0):
    """A draft of a folder, which takes the place of ``path`` when it is done, and is removed where
    that fails; ``size`` is how many bytes are to come.

    Raises: FileExistsError where something is there already, or comes to be there meanwhile;
        OSError, with the cure, where the folder cannot be made, or the disk has no room for it.
    Choices: as those of ``whole``; an empty folder is replaced, and one behind a link stays there.
    Example:
        >>> with drafts.whole_folder("clips") as draft:
        ...     print((draft / "notes.txt").write_text("all of it"), "characters")
        9 characters
    """
    path = Path(path)
    place = path.resolve()
    if os.path.lexists(place) and not _is_empty(place):
        told = f"{path} is there already and is not an empty folder"
        raise FileExistsError(f"{told}: give a new one, or remove it")
    check_room(path, size)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _draft(place.parent, Path.mkdir) as draft:
            yield draft
            if place.exists():
                place.rmdir()
            draft.rename(place)
    except OSError as error:
        if os.path.lexists(place) and not _is_empty(place):
            raise FileExistsError(
                f"{path} was made meanwhile by another process: use that one"
            ) from error
        raise _unwritten(path, error) from error


def check_room(path, size):
    """Check that the disk has room for so many bytes, before they are written.

    Raises: OSError, with the cure, where it has not.
    Example:
        >>> drafts.check_room("clips", 10**18)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        OSError: clips takes about 1e+09 GB, and ... are free: make room there, or give another ...
    """
    place = next(part for part in Path(path).absolute().parents if part.exists())
    free = shutil.disk_usage(place).free
    if free < size:
        raise OSError(
            f"{path} takes about {size / 1e9:.3g} GB, and {free / 1e9:.3g} GB are free: make room "
            "there, or give another folder"
        )


def _is_empty(place):
    return place.is_dir() and not any(place.iterdir())


def _unwritten(path, error):
    cure = "give another name" if error.errno in NAMELESS else "give another folder"
    return OSError(
        f"{path} cannot be written ({error.strerror or error}): make room there, or {cure}"
    )


@contextmanager
def _draft(folder, make):
    """A new file or folder, held as long as its process lives."""
    _clear(folder)
    draft, held = _new(folder, make)
    try:
        yield draft
    finally:
        with suppress(OSError):
            _remove(draft)
        if held is not None:
            os.close(held)


def _new(folder, make):
    while True:
        draft = folder / f"{MARK}{secrets.token_hex(8)}"
        make(draft)
        with suppress(BlockingIOError, FileNotFoundError):  # taken for one that was left
            return draft, _hold(draft)


def _make_file(draft):
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


def _hold(draft):
    """What holds a draft until it is closed or its process dies; None where that is not to be had.

    Raises: BlockingIOError where another process holds it; FileNotFoundError where one removed it.
    """
    if fcntl is None:
        return None
    file = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file).st_nlink:
            return file
        raise FileNotFoundError(errno.ENOENT, "it is gone")
    except OSError as error:
        os.close(file)
        if isinstance(error, BlockingIOError | FileNotFoundError):
            raise
        return None  # of a disk that knows no such locks


def _clear(folder):
    """Remove the drafts of processes that were killed, which no one holds."""
    for draft in folder.glob(MARK + "[0-9a-f]" * 16):
        with suppress(OSError):
            held = _hold(draft)
            if held is not None:
                _remove(draft)
                os.close(held)


def _remove(draft):
    shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
