"""An error of the operating system as one sentence with its cure."""

import errno

ROOM, MAY = "make room on the disk", "give a place that you may read and write"
CURES = {
    errno.ENOSPC: ROOM, errno.EDQUOT: ROOM, errno.EFBIG: ROOM, errno.EACCES: MAY, errno.EPERM: MAY,
    errno.EROFS: MAY, errno.ENAMETOOLONG: "give a shorter name",
    errno.EMFILE: "raise the limit of open files (ulimit -n), or take fewer --jobs",
    errno.ENFILE: "end other programs, or take fewer --jobs",
    errno.ENOMEM: "end other programs, or take smaller settings",
    errno.EIO: "copy it again, as the disk does not give it",
}  # fmt: skip
LOOK = "look whether it is there, and whether you may use it"


def told(error):
    """What is wrong: in the error's own words, or in ours where the system has raised it.

    Shapes: an error -> text.
    Example:
        >>> from asdkit.commands import errors
        >>> errors.told(OSError(28, "No space left on device", "x.wav"))
        'x.wav cannot be used (No space left on device): make room on the disk'
    """
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    name = "a file" if error.filename is None else error.filename
    return f"{name} cannot be used ({error.strerror}): {CURES.get(error.errno, LOOK)}"
