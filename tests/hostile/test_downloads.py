"""Servers that drip, stall, lie and lead astray, records of other types, and archives that were
made to hurt: each ends in a sentence, or in the right files.
"""

import hashlib
import importlib
import io
import json
import os
import re
import shutil
import stat
import struct
import threading
import time
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from asdkit import sound
from asdkit.__main__ import main
from asdkit.sound.archives import line, transfer
from asdkit.sound.archives.unpack import size, unpack

download = importlib.import_module("asdkit.sound.archives.download")
unpacking = importlib.import_module("asdkit.sound.archives.unpack")
CLIP = "fan/train/section_00_source_train_normal_0000_speed_1.wav"
RECORD, CONTENT = "/api/records/7882613", "/api/records/7882613/files/dev_fan.zip/content"


def zipped(files, kind=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


ARCHIVE = zipped({CLIP: b"RIFF" + os.urandom(9000)})


def told(**more):
    checksum = f"md5:{hashlib.md5(ARCHIVE).hexdigest()}"
    return {"key": "dev_fan.zip", "size": len(ARCHIVE), "checksum": checksum} | more


class Site:
    """A server whose answer to a path is a function of the request, or a list of them, one a
    request, of which the last goes on.
    """

    def __init__(self):
        self.asked, site = [], self
        self.answers = {RECORD: body(json.dumps({"files": [told()]}).encode()), CONTENT: ranged}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.path, self.headers.get("Range")))
                found = site.answers.get(self.path, status(404))
                if isinstance(found, list):
                    found = found.pop(0) if len(found) > 1 else found[0]
                with suppress(OSError):  # a client that gave up
                    found(self)
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def starts(self):
        return [wanted for path, wanted in self.asked if path == CONTENT]


def head(request, code=200, length=None, **headers):
    request.send_response(code)
    if length is not None:
        request.send_header("Content-Length", str(length))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()


def body(data, code=200, **headers):
    def answer(request):
        head(request, code, len(data), **headers)
        request.wfile.write(data)

    return answer


def status(code, **headers):
    return body(b"", code, **headers)


def begun(request, data=ARCHIVE):
    """Write the headers of a file, or of its rest that is asked for, and return that rest."""
    wanted = request.headers.get("Range")
    start = int(re.match(r"bytes=(\d+)-", wanted)[1]) if wanted else 0
    more = {"Content_Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
    head(request, 206 if start else 200, len(data) - start, **more)
    return data[start:]


def ranged(request):
    request.wfile.write(begun(request))


def pieces(count, pause, then=0.0, forever=False, data=ARCHIVE):
    """Send a few bytes at a time, ``count`` a request, then stall."""

    def answer(request):
        rest = begun(request, data)
        for at in range(0, len(rest) if forever else count, 1 if forever else count):
            request.wfile.write(rest[at : at + (1 if forever else count)])
            time.sleep(pause)
        time.sleep(then)

    return answer


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(transfer, "WAITS", (0, 0))
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def impatient(monkeypatch):
    """Wait as long for a byte as a test can; a busy machine is slower than that now and then."""
    monkeypatch.setattr(transfer, "TIMEOUT", 0.15)


@pytest.fixture
def get(site, tmp_path):
    return lambda root=tmp_path / "data", **choices: sound.download(
        **{"year": 2023, "root": root, "site": site.address} | choices
    )


def files(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def fetched(folder):
    return files(folder) == ["archives.json", CLIP]


# --- a line that drips or stalls


@pytest.mark.usefixtures("impatient")
def test_a_byte_a_while_is_given_up_and_what_came_is_kept(site, get, refused, tmp_path):
    site.answers[CONTENT] = pieces(1, 0.02, forever=True)
    began = time.monotonic()
    refused(get, "dev_fan.zip/content", "bytes came in", "goes on where it stopped")
    assert time.monotonic() - began < 5
    part = tmp_path / "data" / "dcase2023" / "dev_data" / "dev_fan.zip.part"
    assert 0 < part.stat().st_size < 100
    site.answers[CONTENT] = ranged
    assert fetched(get()) and site.starts()[-1].startswith("bytes=")


@pytest.mark.usefixtures("impatient")
def test_a_record_that_drips_is_given_up(site, get, refused):
    site.answers[RECORD] = pieces(1, 0.02, forever=True, data=b'{"files": []}' + b" " * 2000)
    refused(get, "cannot be fetched", "bytes came in", "call again")


@pytest.mark.usefixtures("impatient")
def test_headers_that_drip_are_given_up(site, get, refused):
    def drip(request):
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300:
            request.wfile.write(bytes([letter]))
            time.sleep(0.02)

    site.answers[RECORD] = drip
    began = time.monotonic()
    refused(get, "cannot be fetched", "call again")
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("impatient")
def test_a_line_that_stalls_after_each_piece_gets_ahead(site, get):
    site.answers[CONTENT] = pieces(1500, 0.0, then=0.3)
    assert fetched(get())
    starts = [0 if wanted is None else int(wanted[6:-1]) for wanted in site.starts()]
    assert starts == list(range(0, len(ARCHIVE), 1500))


@pytest.mark.usefixtures("impatient")
def test_a_line_that_stalls_without_ranges_says_so(site, get, refused):
    def stall(request):
        head(request, 200, len(ARCHIVE))
        request.wfile.write(ARCHIVE[:1500])
        time.sleep(0.3)

    site.answers[CONTENT] = stall
    refused(get, "cannot go on where it was cut", "better line")


def test_a_server_that_refuses_every_range_and_cuts_ends(site, get, refused):
    site.answers[CONTENT] = lambda request: (
        status(416)(request) if request.headers.get("Range") else pieces(1500, 0.0)(request)
    )
    refused(get, "cannot be fetched")
    assert len(site.starts()) < 12


def test_the_bar_follows_what_comes(site, get, monkeypatch):
    seen = []

    class Bar(SimpleNamespace):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def update(self, count):
            seen.append(count)

    monkeypatch.setattr(transfer, "progress", lambda *_, **__: Bar(n=0))
    site.answers[CONTENT] = pieces(3000, 0.01)
    assert fetched(get()) and sum(seen) == len(ARCHIVE) and len(seen) >= 3


# --- what headers say


@pytest.mark.parametrize("length", [None, 5, 10**9])
def test_a_length_that_is_absent_or_wrong(site, get, length):
    def answer(request):
        if request.headers.get("Range"):
            return ranged(request)
        head(request, 200, length)
        request.wfile.write(ARCHIVE)

    site.answers[CONTENT] = answer
    assert fetched(get())


def test_chunks(site, get):
    def answer(request):
        request.protocol_version = "HTTP/1.1"
        head(request, 200, Transfer_Encoding="chunked")
        for at in range(0, len(ARCHIVE), 999):
            piece = ARCHIVE[at : at + 999]
            request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        request.wfile.write(b"0\r\n\r\n")

    site.answers[CONTENT] = answer
    assert fetched(get())


def test_a_body_longer_than_its_record_tells(site, get, refused, tmp_path):
    site.answers[CONTENT] = body(ARCHIVE + bytes(10**6))
    refused(get, "another checksum than its record states", "tell its authors")
    assert files(tmp_path) == []


def test_a_file_that_changed_between_two_pieces_is_fetched_anew(site, get):
    other = bytes(len(ARCHIVE))
    site.answers[CONTENT] = [pieces(3000, 0, data=other), ranged, ranged]
    assert fetched(get()) and site.starts() == [None, "bytes=3000-", None]


def test_a_web_page_instead_of_an_archive(site, get, refused, tmp_path):
    site.answers[CONTENT] = body(b"<html>Sign in</html>", Content_Type="text/html; charset=utf-8")
    refused(get, "dev_fan.zip/content", "web page", "open it in a browser")
    assert len(site.starts()) == 1 and files(tmp_path) == []


def test_a_web_page_instead_of_a_record(site, get, refused):
    site.answers[RECORD] = body(b"<html>Sign in</html>", Content_Type="text/html")
    refused(get, "is no record of archives")


def test_a_record_without_end(site, get, refused, monkeypatch):
    monkeypatch.setattr(transfer, "LONGEST", 10**6)
    site.answers[RECORD] = body(b" " * 3 * 10**6)
    refused(get, "too long for a record", "open it in a browser")


def test_answers_that_are_no_http(site, get, refused):
    site.answers[RECORD] = lambda request: request.wfile.write(b"\x00\xff nonsense\r\n\r\n")
    refused(get, "cannot be fetched", "check the network")


@pytest.mark.parametrize(
    "code, words, requests",
    [
        (401, "is closed (HTTP 401): open it in a browser", 1),
        (403, "is closed (HTTP 403): open it in a browser", 1),
        (404, "is not there (HTTP 404)", 1),
        (410, "is not there (HTTP 410)", 1),
        (400, "is refused (HTTP 400): open it in a browser", 1),
        (418, "is refused (HTTP 418): open it in a browser", 1),
        (416, "cannot be fetched (HTTP 416): check the network", 3),
        (429, "cannot be fetched (HTTP 429): check the network", 3),
        (500, "cannot be fetched (HTTP 500): check the network", 3),
        (503, "cannot be fetched (HTTP 503): check the network", 3),
        (304, "(HTTP 304)", 1),
    ],
)
@pytest.mark.parametrize("path", [RECORD, CONTENT])
def test_errors_of_http(site, get, refused, path, code, words, requests):
    site.answers[path] = status(code)
    refused(get, words)
    assert len([asked for asked, _ in site.asked if asked == path]) == requests


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_asks_for_patience_gets_it(site, get, monkeypatch, code):
    slept = []
    monkeypatch.setattr(transfer.time, "sleep", slept.append)
    site.answers[CONTENT] = [status(code, Retry_After="7"), ranged]
    assert fetched(get()) and slept == [7.0]


@pytest.mark.parametrize("wait", ["soon", "-5", "", "1e9", "²", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_wait_that_is_none(site, get, monkeypatch, wait):
    slept = []
    monkeypatch.setattr(transfer.time, "sleep", slept.append)
    site.answers[CONTENT] = [status(429, Retry_After=wait.encode().decode("latin-1")), ranged]
    assert fetched(get()) and slept == [0]


@pytest.mark.parametrize("wait", ["86400", "9" * 400, "Wed, 21 Oct 2815 07:28:00 GMT"])
def test_a_wait_of_a_day_is_told(site, get, refused, wait):
    site.answers[CONTENT] = status(429, Retry_After=wait)
    refused(get, "asks to wait", "(HTTP 429): call again after that")
    assert len(site.starts()) == 1


# --- where it leads


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/a.zip", "data:,x", "gopher://127.0.0.1/1"]
)
@pytest.mark.parametrize("path", [RECORD, CONTENT])
def test_a_server_that_leads_astray(site, get, refused, path, to):
    site.answers[path] = status(302, Location=to)
    refused(get, "leads to", to)


@pytest.mark.parametrize("path", [RECORD, CONTENT])
def test_a_server_that_leads_round_in_a_circle(site, get, refused, path):
    site.answers[path] = status(302, Location=path)
    refused(get, "leads round in a circle", "try again later")


def test_a_server_that_leads_nowhere(site, get, refused):
    site.answers[CONTENT] = status(302)
    refused(get, "leads to 'nowhere'")


def test_a_server_may_lead_to_another_host(site, get):
    other = Site()
    other.answers["/store"] = ranged
    site.answers[CONTENT] = status(302, Location=f"{other.address}/store")
    assert fetched(get()) and [path for path, _ in other.asked] == ["/store"]
    other.server.shutdown()
    other.server.server_close()


def test_a_leading_server_is_not_listened_to_without_end(site, get):
    def chatty(request):
        head(request, 302, 10**9, Location="/store")
        while True:
            request.wfile.write(b"x")
            time.sleep(0.05)

    site.answers |= {CONTENT: chatty, "/store": ranged}
    assert fetched(get())


def test_from_https_nothing_leads_to_http():
    request = SimpleNamespace(full_url="https://records.example/a")
    found = SimpleNamespace(close=lambda: None)
    with pytest.raises(OSError, match="which is no https: take no archives from there"):
        line._Redirects().redirect_request(request, found, 302, "", {}, "http://records.example/a")


@pytest.mark.parametrize(
    "address",
    ["", None, 5, "records.example", "file:///data", "ftp://records.example", "https://",
     "http://:80", "https://[::1", "https://a:port", "https://a b", "https://a\nb", "https://ä.de"],
)  # fmt: skip
def test_addresses_that_are_none(get, refused, address):
    refused(lambda: get(site=address), "site is", "give an address that starts with https://")


def test_a_host_that_is_no_name(get, refused):
    refused(lambda: get(site="http://a..b"), "cannot be fetched", "check the network")


# --- records and lists of other types

RECORDS = {
    "list": [], "number": 5, "text": "x", "null": None, "truth": True,
    "files number": {"files": 5}, "files text": {"files": "abc"}, "files dict": {"files": {"a": 1}},
    "file null": {"files": [None]}, "file list": {"files": [[]]}, "no key": {"files": [{}]},
    "key number": {"files": [told(key=5)]}, "key null": {"files": [told(key=None)]},
    "keys mixed": {"files": [told(), told(key=5)]},
    "size null": {"files": [told(size=None)]}, "size text": {"files": [told(size="9")]},
    "size negative": {"files": [told(size=-9)]}, "size zero": {"files": [told(size=0)]},
    "size fraction": {"files": [told(size=1.5)]}, "size truth": {"files": [told(size=True)]},
    "size list": {"files": [told(size=[1])]}, "size infinite": {"files": [told(size=float("inf"))]},
    "size NaN": {"files": [told(size=float("nan"))]},
    "checksum null": {"files": [told(checksum=None)]},
    "checksum of": {"files": [told(checksum="")]},
    "checksum list": {"files": [told(checksum=[])]},
    "checksum kind": {"files": [told(checksum=f"sha512:{'0' * 32}")]},
    "checksum short": {"files": [told(checksum="md5:00")]},
    "metadata list": {"files": [told()], "metadata": [1]},
}  # fmt: skip


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_of_another_type(site, get, refused, tmp_path, kind):
    site.answers[RECORD] = body(json.dumps(RECORDS[kind]).encode())
    refused(get, RECORD, "is no record of archives")
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[" * 10**5, b'{"files": 1e999}', b'{"a": ' * 10**5, b"NaN"]
)
def test_a_record_that_is_no_json(site, get, refused, data):
    site.answers[RECORD] = body(data)
    refused(get, "is no record of archives")


@pytest.mark.parametrize("files_", [None, [], {}, [told(key="README.md")], 0, ""])
def test_a_record_without_archives(site, get, refused, files_):
    site.answers[RECORD] = body(json.dumps({"files": files_}).encode())
    refused(get, "lists no archives", "open it in a browser")


@pytest.mark.parametrize("license_", ["cc0", ["cc0"], 5, {"id": 5}, {"id": "cc0"}, {}, None])
def test_a_license_of_any_type_is_no_fault(site, get, license_):
    site.answers[RECORD] = body(
        json.dumps({"files": [told()], "metadata": {"license": license_}}).encode()
    )
    notes = json.loads((get() / "archives.json").read_text())["dev_fan.zip"]
    named = license_ in ("cc0", {"id": "cc0"})
    assert notes["license"] == ("cc0" if named else "not stated")


def test_a_machine_with_letters_of_its_own(site, get):
    name = "dev_Lüfter_扇.zip"
    site.answers[RECORD] = body(json.dumps({"files": [told(key=name)]}).encode())
    with pytest.raises(ValueError, match="holds no folder Lüfter_扇: tell its authors"):
        site.answers["/api/records/7882613/files/dev_L%C3%BCfter_%E6%89%87.zip/content"] = ranged
        get()


@pytest.mark.parametrize("note", ["[]", "5", "null", '"x"', '{"dev_fan.zip": 5}',
                                  '{"dev_fan.zip": null}', "{", "[" * 10**5, "\xff"])  # fmt: skip
def test_a_list_of_archives_of_another_type(site, get, refused, tmp_path, note):
    folder = tmp_path / "data" / "dcase2023" / "dev_data"
    folder.mkdir(parents=True)
    (folder / "archives.json").write_bytes(note.encode("latin-1"))
    refused(get, "archives.json is damaged", "remove it")
    assert site.starts() == []


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_list_of_archives_that_is_no_file(get, refused, tmp_path, kind):
    folder = tmp_path / "data" / "dcase2023" / "dev_data"
    folder.mkdir(parents=True)
    (folder.joinpath("archives.json").mkdir if kind == "folder" else
     lambda: os.mkfifo(folder / "archives.json"))()  # fmt: skip
    refused(get, "archives.json is damaged", "remove it")


@pytest.mark.parametrize(
    "choices, words",
    [
        ({"year": [2023]}, "no archives of [2023] are known: give a year from 2020"),
        ({"year": None}, "no archives of None are known"),
        ({"year": 2023.0}, "no archives of 2023.0 are known"),
        ({"part": None}, "no part is called None: give one of dev, train, eval"),
        ({"part": ["dev"]}, "no part is called ['dev']"),
        ({"machines": 5}, "machines is 5: give a list of names"),
        ({"machines": [5]}, "has no machine '5': give some of fan"),
        ({"machines": [["fan"]]}, "has no machine"),
        ({"machines": ["Fan"]}, "has no machine 'Fan': give some of fan"),
        ({"machines": ""}, "has no machine '': give some of fan"),
        ({"root": ""}, "root is '': give the folder that gets dcase2023"),
        ({"root": None}, "root is None: give the folder"),
        ({"root": 5}, "root is 5: give the folder"),
        ({"root": "a\0b"}, "give the folder that gets dcase2023"),
    ],
)
def test_choices_of_other_types(get, refused, tmp_path, monkeypatch, choices, words):
    monkeypatch.chdir(tmp_path)
    refused(lambda: get(**choices), words)
    assert list(tmp_path.iterdir()) == []


# --- what lies in the folder stays


@pytest.mark.parametrize("kind", ["link", "dead link", "folder", "pipe"])
def test_a_part_that_is_no_file_of_ours(site, get, refused, tmp_path, kind):
    folder = tmp_path / "data" / "dcase2023" / "dev_data"
    folder.mkdir(parents=True)
    part, precious = folder / "dev_fan.zip.part", tmp_path / "precious"
    precious.write_text("mine")
    {"link": lambda: part.symlink_to(precious), "dead link": lambda: part.symlink_to("nowhere"),
     "folder": part.mkdir, "pipe": lambda: os.mkfifo(part)}[kind]()  # fmt: skip
    refused(get, "dev_fan.zip.part", "remove it")
    assert precious.read_text() == "mine" and not (folder / "nowhere").exists()


def test_a_folder_that_may_not_be_written(get, refused, tmp_path, monkeypatch):
    whole = transfer.Path.open

    def closed(path, *some, **more):
        if path.suffix == ".part":
            raise PermissionError(13, "Permission denied")
        return whole(path, *some, **more)

    (tmp_path / "data" / "dcase2023" / "dev_data").mkdir(parents=True)
    monkeypatch.setattr(transfer.Path, "open", closed)
    refused(get, "dev_fan.zip.part cannot grow (Permission denied): give a folder you may write")


def test_files_of_the_same_size_and_other_bytes_stay(get, refused, tmp_path):
    place = tmp_path / "data" / "dcase2023" / "dev_data" / CLIP
    place.parent.mkdir(parents=True)
    place.write_bytes(b"x" * 9004)
    refused(get, "fan/train is there already with other files: move it away")
    assert place.read_bytes() == b"x" * 9004 and "archives.json" not in files(tmp_path)


@pytest.mark.parametrize("kind", ["file", "dead link"])
def test_something_else_in_the_place_of_a_machine(get, refused, tmp_path, kind):
    place = tmp_path / "data" / "dcase2023" / "dev_data" / "fan"
    place.parent.mkdir(parents=True)
    place.write_text("mine") if kind == "file" else place.symlink_to("nowhere")
    refused(get, "dev_data/fan is no folder", "move it away")
    assert place.is_symlink() or place.read_text() == "mine"


def test_a_link_in_the_place_of_the_draft(get, refused, tmp_path):
    folder, other = tmp_path / "data" / "dcase2023" / "dev_data", tmp_path / "other"
    folder.mkdir(parents=True)
    other.mkdir()
    (other / "own.wav").write_text("mine")
    (folder / ".dev_fan.zip.part.unpacked").symlink_to(other)
    refused(get, ".dev_fan.zip.part.unpacked", "remove it")
    assert (other / "own.wav").read_text() == "mine" and list(other.iterdir()) == [
        other / "own.wav"
    ]


# --- archives made to hurt


@pytest.fixture
def unpacked(tmp_path, refused):
    """That an archive is refused, and that nothing is left of it."""

    def check(data, *words, machine="fan"):
        path, folder = tmp_path / "dev_fan.zip", tmp_path / "data"
        path.write_bytes(data)
        folder.mkdir()
        told = refused(lambda: unpack(path, folder, machine), "dev_fan.zip", *words)
        assert list(folder.iterdir()) == []
        return told

    return check


def test_an_archive_that_swells_is_told_before(site, get, refused, tmp_path):
    bomb = zipped({CLIP: bytes(30 * 10**6)}, zipfile.ZIP_DEFLATED)
    more = {"size": len(bomb), "checksum": hashlib.md5(bomb).hexdigest()}
    site.answers[RECORD] = body(json.dumps({"files": [told(**more)]}).encode())
    site.answers[CONTENT] = body(bomb)
    refused(get, "dev_fan.zip.part of 0.0 MB would swell to 30.0 MB", "do not unpack it")
    assert files(tmp_path) == []


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_swells_a_thousandfold(unpacked, kind):
    unpacked(zipped({CLIP: bytes(8 * 10**6)}, kind), "would swell to 8.0 MB", "do not unpack it")


def test_an_archive_whose_header_promises_4_gb(unpacked):
    data = bytearray(zipped({CLIP: b"short"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 2**32 - 2)
    unpacked(bytes(data), "would swell to 4295.0 MB")


def test_an_archive_that_holds_more_than_its_header_tells(unpacked):
    data = bytearray(zipped({CLIP: bytes(5000)}, zipfile.ZIP_DEFLATED))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    unpacked(bytes(data), "is damaged", "tell its authors")


def test_an_archive_of_very_many_files(unpacked, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST", 50)
    unpacked(zipped({f"fan/train/{k}.wav": b"" for k in range(51)}), "in 51 files")


def test_archives_in_the_archive_stay_packed(tmp_path):
    inner = zipped({"../out.wav": b"x", CLIP: bytes(10**6)}, zipfile.ZIP_DEFLATED)
    path = tmp_path / "dev_fan.zip"
    path.write_bytes(zipped({CLIP: b"x", "fan/train/more.zip": inner}))
    unpack(path, tmp_path, "fan")
    assert (tmp_path / "fan" / "train" / "more.zip").read_bytes() == inner
    assert size(path) == 1 + len(inner)


@pytest.mark.parametrize(
    "name",
    ["fan/train/CON", "fan/train/con.wav", "fan/nul/a.wav", "fan/train/com1.wav",
     "fan/train/a:b.wav", "fan/train/a.wav.", "fan/train/a.wav ", "fan/train/a?.wav",
     "fan/train/a*.wav", 'fan/train/a".wav', "fan/train/<a>.wav", "fan/train/a|b.wav",
     f"fan/train/{'a' * 252}.wav", f"fan/train/{'ä' * 130}.wav"],
)  # fmt: skip
def test_names_that_some_system_does_not_take(unpacked, name):
    unpacked(zipped({CLIP: b"x", name: b"x"}), "holds the name", "do not unpack it")


@pytest.mark.parametrize(
    "name",
    ["../a.wav", "fan/../../a.wav", "/a.wav", "C:/a.wav", "\\\\host\\a.wav", "fan/train/..",
     "fan\\a", "fan/train/a\x1b[31m.wav", "fan/train/a\u202e.wav", "."],
)  # fmt: skip
def test_names_that_lead_elsewhere(unpacked, tmp_path, name):
    unpacked(zipped({CLIP: b"x", name: b"x"}), "leads out of its folder", "do not unpack it")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "dev_fan.zip"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices(unpacked, kind):
    member = zipfile.ZipInfo("fan/train/link")
    member.external_attr = (kind | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, b"/etc/passwd")
    unpacked(buffer.getvalue(), "is a link or a device", "do not unpack it")


def test_a_member_twice(unpacked):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(CLIP, b"one")
        archive.writestr(CLIP, b"two")
    unpacked(buffer.getvalue(), "holds two files of one name")


def with_member_bytes(at, new, data=None):
    """An archive whose member has other bytes in both of its headers."""
    data = bytearray(data or zipped({CLIP: b"sound" * 99}, zipfile.ZIP_DEFLATED))
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        place = data.rindex(mark) + shift + at
        data[place : place + len(new)] = new
    return bytes(data)


@pytest.mark.parametrize(
    "data, words",
    [
        (with_member_bytes(6, b"\x01\x00"), "encrypted"),
        (with_member_bytes(8, struct.pack("<H", 99)), "compression"),
        (with_member_bytes(4, struct.pack("<H", 255)), "version"),
        (with_member_bytes(14, b"\0\0\0\0"), "CRC"),
        (zipped({CLIP: b"x" * 5000})[:2000], "no readable zip archive"),
        (zipped({CLIP: b"x" * 5000})[:-3], "no readable zip archive"),
        (b"", "no readable zip archive"),
        (b"Rar!\x1a\x07\x00" + bytes(999), "no readable zip archive"),
        (b"<html></html>", "no readable zip archive"),
        (zipped({}), "holds no folder fan"),
        (zipped({"fan": b"x"}), "holds no folder fan"),
        (zipped({"fan/": b""}), "holds no folder fan"),
        (zipped({"pump/train/a.wav": b"x"}), "holds no folder fan"),
        (zipped({"FAN/train/a.wav": b"x"}), "holds no folder fan"),
        (zipped({"fan/train": b"x", CLIP: b"x"}), "holds two files of one name"),
    ],
    ids=["encrypted", "method", "version", "checksum", "cut", "cut end", "empty", "rar", "page",
         "nothing", "file", "bare folder", "other", "other case", "file and folder"],
)  # fmt: skip
def test_archives_that_cannot_be_read(unpacked, data, words):
    unpacked(data, words, "tell its authors")


def test_a_name_that_is_no_utf_8(unpacked):
    data = bytearray(zipped({"fan/train/ä.wav": b"x"}))
    data = bytes(data).replace("ä".encode(), b"\xff\xfe")
    unpacked(data, "no readable zip archive", "tell its authors")


@pytest.mark.parametrize("at", range(0, 120, 7))
def test_any_byte_of_the_directory_may_be_wrong(tmp_path, refused, at):
    data = bytearray(zipped({CLIP: b"sound" * 99}, zipfile.ZIP_DEFLATED))
    data[-1 - at] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "data").mkdir()
    with suppress(FileNotFoundError):
        try:
            unpack(tmp_path / "a.zip", tmp_path / "data", "fan")
        except ValueError:
            refused(lambda: unpack(tmp_path / "a.zip", tmp_path / "data", "fan"), "a.zip")
            assert list((tmp_path / "data").iterdir()) == []


def test_a_disk_that_fills_up_while_unpacking(get, refused, tmp_path, monkeypatch):
    def full(source, target, length):
        target.write(source.read(100))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(unpacking.shutil, "copyfileobj", full)
        refused(get, "cannot take", "(No space left on device): make room there, and call again")
    assert files(tmp_path) == ["data/dcase2023/dev_data/dev_fan.zip.part"]
    assert fetched(get())


def test_a_disk_without_room_is_told_before(site, get, refused, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    refused(get, "0.0 GB free", "make room")
    assert site.starts() == []


def test_the_command_ends_in_one_sentence(site, tmp_path, capsys):
    site.answers[RECORD] = body(b"[]")
    code = main(["data", "download", "2023", str(tmp_path / "data"), "--site", site.address])
    said = capsys.readouterr().err
    assert code == 2 and said.startswith("asdkit data: http://127.0.0.1") and said.count("\n") == 1
