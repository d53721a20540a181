"""The answer of a server over HTTP: what it refuses is a sentence, and none is waited for without
end.
"""

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from socket import SHUT_RDWR, socket
from urllib.parse import urlsplit

HEADERS = {"User-Agent": "asdkit"}
WEB = ("http", "https")
LONG = 100  # letters of what a server says, in a sentence
PATIENCE = 300  # s that a server may ask to wait
FAILING = (408, 425, 429, 500, 502, 503, 504)  # another attempt may go well


class Cut(Exception):
    """The line broke, or the server asks for patience of ``wait`` seconds: another attempt is worth
    it.
    """

    def __init__(self, told, wait=0.0):
        super().__init__(told)
        self.wait = wait


class PastEnd(Cut):
    """The server has no byte from there on: what came before is of another file."""


class Astray(OSError):
    """A server leads to where no archive is to be taken from."""


@contextmanager
def answer(url, timeout, start=0):
    """The answer of a server to a request for a file, from byte ``start`` on.

    Raises: FileNotFoundError where the server knows no such page; OSError where it refuses, leads
        astray or is not who it says; Cut where another attempt is worth it.
    Choices: a server has ``timeout`` seconds for its headers as a whole, and again for each byte
        that follows. It may lead to another host, but to no file, and from https to no http.
    """
    headers = HEADERS | ({"Range": f"bytes={start}-"} if start else {})
    try:
        found = _opener().open(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        raise _refusal(url, error) from error
    except Astray:
        raise
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise _broken(url, getattr(error, "reason", None) or error) from error
    with found:
        yield found


def is_web(url, kinds=WEB):
    """Whether text is an address of the web that can be asked."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in kinds and bool(parts.hostname) and parts.port != 0
    except (ValueError, AttributeError, TypeError):
        return False
    return good and url.isascii() and url.isprintable() and " " not in url


def _refusal(url, error):
    """What an error of HTTP means to whoever asked."""
    code, told = error.code, f"HTTP {error.code}"
    if code in (404, 410):
        return FileNotFoundError(f"{url} is not there ({told}): the record may have moved")
    if code in (401, 403):
        return PermissionError(f"{url} is closed ({told}): open it in a browser to see why")
    if 300 <= code < 400:
        to = error.headers.get("Location", "nowhere")
        way = "round in a circle" if is_web(to) or to.startswith("/") else f"to {to[:LONG]!r}"
        return OSError(f"{url} leads {way} ({told}): try again later, or tell its authors")
    if code == 416:
        return PastEnd(told)
    wait = _asked(error.headers.get("Retry-After", ""))
    if wait > PATIENCE:
        return OSError(f"{url} asks to wait {wait:.0f} s ({told}): call again after that")
    if code in FAILING:
        return Cut(told, wait)
    return OSError(f"{url} is refused ({told}): open it in a browser to see why")


def _asked(told):
    """The seconds to wait that a server tells, as a number or a date."""
    try:
        if told.strip().isdigit():
            return float(told)
        return max(parsedate_to_datetime(told).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _broken(url, error):
    """What a broken line means; a wrong certificate does not mend itself."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return OSError(
            f"{url} shows no certificate that this machine trusts ({error.verify_message}): look "
            "at the clock of this machine, and for a proxy in between"
        )
    return Cut(one_line(error))


def one_line(error):
    """The words of an error, some of which are what a server sent."""
    return " ".join(str(error).split())[:LONG] or type(error).__name__


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request, found, code, told, headers, url):
        found.close()  # what it says besides is not waited for
        before = request.full_url
        kinds = ("https",) if before.startswith("https:") else WEB
        if not is_web(url, kinds):
            raise Astray(
                f"{before} leads to {url[:LONG]!r}, which is no {' or '.join(kinds)}: take no "
                "archives from there"
            )
        return super().redirect_request(request, found, code, told, headers, url)


def _hurried(Connection):
    """A connection that hangs up where the headers of an answer take too long as a whole."""

    class Hurried(Connection):
        def getresponse(self):
            watch = threading.Timer(self.timeout, socket.shutdown, (self.sock, SHUT_RDWR))
            watch.daemon = True
            watch.start()
            try:
                return super().getresponse()
            finally:
                watch.cancel()

    return Hurried


class _Plain(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(_hurried(http.client.HTTPConnection), request)


class _Safe(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(_hurried(http.client.HTTPSConnection), request)


def _opener():
    return urllib.request.build_opener(_Redirects, _Plain, _Safe)
