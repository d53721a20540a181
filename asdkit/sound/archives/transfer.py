"""One file over HTTP, resumed where it was cut and checked against its checksum.

pooch, the library for this, starts a cut transfer anew; an archive of gigabytes over a weak line
would never arrive.
"""

import errno
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path

from ...runtime import progress

WAITS = (1, 3, 10, 30, 60)  # s before each further attempt
TIMEOUT = 60  # s without a byte
BLOCK = 2**20
CUT = (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError)
HEADERS = {"User-Agent": "asdkit"}


class Cut(Exception):
    """The line broke, or the server asks for patience: another attempt is worth it."""


def text(url):
    """Return the body of a small answer.

    Raises: FileNotFoundError where the server knows no such page; OSError where it cannot be
        reached.
    """

    def attempt():
        with _open(url) as answer:
            return _read(answer)

    return _again(attempt, url)


def fetch(url, part, size, md5):
    """Download ``url`` to the file ``part``, going on where an earlier call stopped.

    It ends when size and MD5 are right.

    Raises: FileNotFoundError where the server has no such file; OSError where it cannot be reached,
        the disk is full or the checksum stays wrong, after which ``part`` is removed.
    Choices: a server that ignores the request to go on sends the file from its start. A part that
        turns out wrong is fetched once more from the start, since an earlier call may have left it
        damaged.
    """
    part = Path(part)
    for _ in range(2):
        resumed = _size(part) > 0
        with progress(None, part.name.removesuffix(".part"), size, "B") as bar:
            bar.unit_scale = True
            _again(lambda bar=bar: _go_on(url, part, size, bar), url, lambda: _size(part))
        if _md5(part) == md5:
            return
        part.unlink()
        if not resumed:
            break
    raise OSError(
        f"{url} arrives with another checksum than its record states: "
        "try again later, or tell its authors"
    )


def _again(attempt, url, grown=lambda: 0):
    """Call until it succeeds; an attempt that brought something makes up for empty ones."""
    tries, before = 0, grown()
    while True:
        try:
            return attempt()
        except Cut as error:
            now = grown()
            tries, before = 0 if now > before else tries, now
            if tries == len(WAITS):
                raise OSError(
                    f"{url} cannot be fetched ({error}): check the network; "
                    "the same call goes on where it stopped"
                ) from error
            time.sleep(WAITS[tries])
            tries += 1


def _open(url, start=0):
    headers = HEADERS | ({"Range": f"bytes={start}-"} if start else {})
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416:
            raise
        if error.code in (403, 404, 410):
            raise FileNotFoundError(
                f"{url} is not there (HTTP {error.code}): the record may have moved"
            ) from error
        raise Cut(f"HTTP {error.code}") from error
    except CUT as error:
        raise Cut(getattr(error, "reason", None) or error) from error


def _go_on(url, part, size, bar):
    have = _size(part)
    if have > size:
        part.unlink()
        have = 0
    if have == size and part.exists():
        bar.update(size)
        return
    try:
        answer = _open(url, have)
    except urllib.error.HTTPError as error:
        part.unlink()
        raise Cut("the server refused to go on") from error
    with answer:
        said = answer.headers.get("Content-Range", "")
        going_on = answer.status == 206 and said.startswith(f"bytes {have}-")
        bar.n = have if going_on else 0
        _write(answer, part, "ab" if going_on else "wb", size, bar)


def _write(answer, part, mode, size, bar):
    try:
        with part.open(mode) as file:
            while file.tell() <= size and (block := _read(answer, BLOCK)):
                file.write(block)
                bar.update(len(block))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise OSError(
            f"{part} cannot grow ({error.strerror}): make room there; "
            "the same call goes on where it stopped"
        ) from error
    if _size(part) < size:
        raise Cut(f"cut after {_size(part)} of {size} bytes")


def _read(answer, amount=None):
    try:
        return answer.read(amount)
    except CUT as error:
        raise Cut(str(error) or type(error).__name__) from error


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _md5(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
