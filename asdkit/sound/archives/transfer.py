"""One file over HTTP, resumed where it was cut and checked against its checksum.

pooch, the library for this, starts a cut transfer anew; an archive of gigabytes over a weak line
would never arrive.
"""

import errno
import hashlib
import http.client
import time
from pathlib import Path

from ...runtime import progress
from .line import Cut, PastEnd, answer, one_line

WAITS = (1, 3, 10, 30, 60)  # s before each further attempt
TIMEOUT = 60  # s without a byte
SLOWEST = 1000  # bytes a second; a slower line is given up
SPAN = 20  # s over which that is measured, if TIMEOUT is not less
SHARE = 0.01  # of a file, that counts as getting ahead however long it took
BLOCK = 2**20
LONGEST = 2**26  # bytes of a small answer
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def text(url):
    """Return the body of a small answer.

    Raises: FileNotFoundError where the server knows no such page; OSError where it cannot be
        reached, or does not end.
    """

    def attempt():
        with answer(url, TIMEOUT) as found:
            body = b""
            for block in _blocks(found):
                body += block
                if len(body) > LONGEST:
                    raise OSError(f"{url} is too long for a record: open it in a browser")
            return body

    return _again(attempt, url)


def fetch(url, part, size, md5):
    """Download ``url`` to the file ``part``, going on where an earlier call stopped.

    It ends when size and MD5 are right.

    Raises: FileNotFoundError where the server has no such file; OSError where it cannot be reached,
        is slower than 1 kB a second, gives a web page, the disk is full or the checksum stays
        wrong, after which ``part`` is removed.
    Choices: what came before the line broke is kept. A server that ignores the request to go on
        sends the file from its start. Where one of several pieces turns out wrong, all is fetched
        once more from the start: a part of an earlier call may be damaged, or the file another one
        since.
    """
    file = _Part(url, Path(part), size)
    for _ in range(2):
        file.fetch()
        if file.md5() == md5:
            return
        file.path.unlink()
        if not file.pieced:
            break
    raise OSError(
        f"{url} arrives with another checksum than its record states: "
        "try again later, or tell its authors"
    )


class _Part:
    """A file on its way, and what is known of it: ``pieced``, whether it comes of several answers,
    and ``ranges``, whether its server goes on where it was cut.
    """

    def __init__(self, url, path, size):
        if path.is_symlink() or path.exists() and not path.is_file():
            raise OSError(f"{path} is a link or no file, and the archive comes there: remove it")
        self.url, self.path, self.size = url, path, size
        self.pieced, self.ranges = False, True

    def __len__(self):
        return self.path.stat().st_size if self.path.exists() else 0

    def fetch(self):
        self.pieced = len(self) > 0
        with progress(None, self.path.name.removesuffix(".part"), self.size, "B") as bar:
            bar.unit_scale = True
            _again(lambda: self._go_on(bar), self.url, self)

    def md5(self):
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "md5").hexdigest()

    def _go_on(self, bar):
        if len(self) > self.size:
            self.path.unlink()
        have = len(self)
        if have == self.size:
            bar.update(have)
            return
        try:
            with answer(self.url, TIMEOUT, have) as found:
                if "html" in found.headers.get_content_type():
                    raise OSError(
                        f"{self.url} gives a web page and no archive: open it in a browser, where "
                        "it may ask to sign in"
                    )
                said = found.headers.get("Content-Range", "")
                going_on = found.status == 206 and said.startswith(f"bytes {have}-")
                self.ranges = self.ranges and (going_on or not have)
                self.pieced = self.pieced or going_on
                bar.n = have if going_on else 0
                self._write(found, "ab" if going_on else "wb", bar)
        except PastEnd:
            self.path.unlink(missing_ok=True)
            raise

    def _write(self, found, mode, bar):
        try:
            with self.path.open(mode) as file:
                for block in _blocks(found):
                    file.write(block)
                    bar.update(len(block))
                    if file.tell() > self.size:
                        break
        except OSError as error:
            full = error.errno in FULL
            cure = "make room there" if full else "give a folder you may write to"
            raise OSError(
                f"{self.path} cannot grow ({error.strerror}): {cure}; "
                "the same call goes on where it stopped"
            ) from error
        if len(self) < self.size:
            raise Cut(f"cut after {len(self)} of {self.size} bytes")


def _again(attempt, url, part=None):
    """Call until it succeeds; an attempt that got ahead makes up for empty ones."""
    have = (lambda: 0) if part is None else part.__len__
    tries, most, since = 0, have(), time.monotonic()
    while True:
        try:
            return attempt()
        except Cut as error:
            grown, seconds = have() - most, time.monotonic() - since
            if grown > 0 and grown >= min(SLOWEST * seconds, SHARE * part.size):
                tries, most, since = 0, most + grown, time.monotonic()
            if tries == len(WAITS):
                raise OSError(f"{url} cannot be fetched ({error}): {_cure(part)}") from error
            time.sleep(max(WAITS[tries], error.wait))
            tries += 1


def _cure(part):
    if part is None:
        return "check the network, and call again"
    if part.ranges:
        return "check the network; the same call goes on where it stopped"
    return "its server cannot go on where it was cut, so the same call needs a better line"


def _blocks(found):
    """The bytes of an answer as they come; it is cut where they are few for a while."""
    since, came, span = time.monotonic(), 0, min(SPAN, TIMEOUT)
    while block := _read(found):
        yield block
        came += len(block)
        seconds = time.monotonic() - since
        if seconds >= span:
            if came < SLOWEST * seconds:
                raise Cut(f"only {came} bytes came in {seconds:.0f} s")
            since, came = time.monotonic(), 0


def _read(found):
    try:
        return found.read1(BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise Cut(one_line(error)) from error
