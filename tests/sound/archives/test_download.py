"""Downloads from a server on this machine that behaves, and that misbehaves in every way we could
think of.
"""

import errno
import hashlib
import importlib
import io
import json
import re
import threading
import time
import zipfile
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from asdkit import sound
from asdkit.sound.archives import transfer

# the function of this name hides its module
download = importlib.import_module("asdkit.sound.archives.download")


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def clip(machine, split="train", k=0):
    name = (
        f"section_00_source_train_normal_{k:04d}_speed_1"
        if split == "train"
        else f"section_00_{k:04d}"
    )
    return {f"{machine}/{split}/{name}.wav": b"RIFF" + bytes(range(256)) * 40}


class Site:
    """A server with records of archives; ``faults`` maps the end of a path to what goes wrong, one
    a request.
    """

    def __init__(self):
        self.records, self.faults, self.asked = {}, {}, []
        self.ranges = True
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def put(self, record, archives, checksums=None, **more):
        files = [
            {
                "key": key,
                "size": len(body),
                "checksum": "md5:" + (checksums or {}).get(key, hashlib.md5(body).hexdigest()),
            }
            for key, body in archives.items()
        ]
        note = {"metadata": {"license": {"id": "cc-by-4.0"}}, "files": files, **more}
        self.records[f"/api/records/{record}"] = json.dumps(note).encode()
        for key, body in archives.items():
            self.records[f"/api/records/{record}/files/{key}/content"] = body

    def answer(self, request):
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        fault = next(
            (
                list_.pop(0)
                for end, list_ in self.faults.items()
                if request.path.endswith(end) and list_
            ),
            None,
        )
        body = self.records.get(request.path)
        if isinstance(fault, int) or body is None:
            request.send_error(fault or 404)
            return
        start = int(re.match(r"bytes=(\d+)-", wanted)[1]) if wanted and self.ranges else 0
        if wanted and start >= len(body):
            request.send_error(416)
            return
        if fault == "slow":
            time.sleep(1)
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        part = body[start:]
        request.send_header("Content-Length", str(len(part)))
        request.end_headers()
        with suppress(OSError):  # a client that gave up
            request.wfile.write(part[: len(part) // 2] if fault == "cut" else part)
        request.close_connection = True

    def count(self, end):
        return Counter(path.endswith(end) for path, _ in self.asked)[True]


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(transfer, "WAITS", (0, 0))
    monkeypatch.setattr(transfer, "TIMEOUT", 5)
    site = Site()
    site.put(
        7882613,
        {
            f"dev_{m}.zip": zipped(clip(m) | {f"{m}/attributes_00.csv": "file_name\n"})
            for m in ("fan", "valve")
        },
    )
    yield site
    site.server.shutdown()
    site.server.server_close()


def get(site, root, year=2023, **choices):
    return sound.download(year, root, site=site.address, **choices)


def files(root):
    return sorted(
        path.relative_to(root).as_posix() for path in Path(root).rglob("*") if path.is_file()
    )


FAN = [
    "archives.json",
    "fan/attributes_00.csv",
    "fan/train/section_00_source_train_normal_0000_speed_1.wav",
]


def test_a_folder_that_index_reads(site, tmp_path):
    folder = get(site, tmp_path)
    assert folder == tmp_path / "dcase2023" / "dev_data"
    clips = sound.index(folder)
    assert clips["machine"].tolist() == ["fan", "valve"] and set(clips["year"]) == {2023}
    assert not [name for name in files(tmp_path) if name.endswith((".part", ".zip"))]
    done = json.loads((folder / "archives.json").read_text())
    assert (
        done["dev_fan.zip"]["record"] == 7882613 and done["dev_fan.zip"]["license"] == "cc-by-4.0"
    )


def test_machines_by_name_and_nothing_twice(site, tmp_path):
    folder = get(site, tmp_path, machines=["fan"])
    assert files(folder) == FAN and site.count("valve.zip/content") == 0
    get(site, tmp_path, machines="fan")
    assert site.count("fan.zip/content") == 1
    get(site, tmp_path)
    assert site.count("fan.zip/content") == 1 and site.count("valve.zip/content") == 1


def test_training_and_hidden_clips_share_a_folder_and_a_revision_replaces(site, tmp_path):
    old, new = zipped(clip("3DPrinter", k=1)), zipped(clip("3DPrinter", k=2))
    site.put(
        11259435, {"eval_data_3DPrinter_train_r2.zip": new, "eval_data_3DPrinter_train.zip": old}
    )
    site.put(11363076, {"eval_data_3DPrinter_test.zip": zipped(clip("3DPrinter", "test"))})
    folder = get(site, tmp_path, 2024, part="train")
    assert get(site, tmp_path, 2024, part="eval") == folder == tmp_path / "dcase2024" / "eval_data"
    clips = sound.index(folder)
    assert clips["split"].tolist() == ["test", "train"] and clips["path"].iloc[1].endswith(
        "_0002_speed_1.wav"
    )


@pytest.mark.parametrize(
    "key, machine",
    [
        ("dev_data_ToyCar.zip", "ToyCar"), ("eval_data_train_ToyConveyor.zip", "ToyConveyor"),
        ("eval_data_test_fan.zip",
         "fan"), ("eval_data_gearbox_train.zip", "gearbox"), ("dev_bearing.zip", "bearing"),
        ("dev_ToyCar_r2.zip", "ToyCar"), ("eval_data_ToyDrone_train.zip", "ToyDrone"),
        ("eval_data_ToyNscale_test.zip",
         "ToyNscale"), ("eval_data_RoboticArm_train_r2.zip", "RoboticArm"),
        ("eval_data_list.csv", None), ("README.md", None),
    ],
)  # fmt: skip
def test_the_names_of_archives(key, machine):
    match = download.ARCHIVE.fullmatch(key)
    assert (match and match["machine"]) == machine


def test_every_year_has_three_records():
    numbers = [number for records in download.RECORDS.values() for number in records]
    assert list(download.RECORDS) == list(range(2020, 2027)) and len(set(numbers)) == 21


def test_a_cut_transfer_goes_on_by_itself(site, tmp_path):
    # more than WAITS, but each brings something
    site.faults["fan.zip/content"] = ["cut", "cut", "cut", "cut", "cut"]
    assert files(get(site, tmp_path, machines=["fan"])) == FAN
    starts = [wanted for path, wanted in site.asked if path.endswith("fan.zip/content")]
    assert len(starts) == 6 and starts[0] is None and all(starts[1:])


def test_a_cut_transfer_goes_on_at_the_next_call(site, tmp_path):
    site.faults["fan.zip/content"] = ["cut", 503, 503, 503]
    with pytest.raises(
        OSError,
        match=r"cannot be fetched \(HTTP 503\): check the network; the same call goes on where",
    ):
        get(site, tmp_path, machines=["fan"])
    assert files(tmp_path / "dcase2023" / "dev_data") == ["dev_fan.zip.part"]
    assert files(get(site, tmp_path, machines=["fan"])) == FAN
    assert site.asked[-1][1].startswith("bytes=")


def test_a_server_that_ignores_ranges_starts_anew(site, tmp_path):
    site.ranges, site.faults["fan.zip/content"] = False, ["cut", "cut"]
    assert files(get(site, tmp_path, machines=["fan"])) == FAN


def test_a_server_that_ignores_ranges_and_always_cuts(site, tmp_path):
    site.ranges, site.faults["fan.zip/content"] = False, ["cut"] * 99
    with pytest.raises(
        OSError, match=r"cannot be fetched \(cut after \d+ of \d+ bytes\)|IncompleteRead"
    ):
        get(site, tmp_path, machines=["fan"])


@pytest.mark.parametrize("fault", [500, 502, 503, 429])
def test_a_server_that_stumbles(site, tmp_path, fault):
    site.faults["7882613"], site.faults["fan.zip/content"] = [fault], [fault, fault]
    assert files(get(site, tmp_path, machines=["fan"])) == FAN


def test_a_server_that_hangs(site, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT", 0.3)
    site.faults["7882613"], site.faults["fan.zip/content"] = ["slow"], ["cut", "slow"]
    assert files(get(site, tmp_path, machines=["fan"])) == FAN


@pytest.mark.parametrize("damage", [b"x" * 100, b"x" * 10**6])
def test_a_damaged_part_of_an_earlier_call_is_fetched_anew(site, tmp_path, damage):
    folder = tmp_path / "dcase2023" / "dev_data"
    folder.mkdir(parents=True)
    (folder / "dev_fan.zip.part").write_bytes(damage)
    assert files(get(site, tmp_path, machines=["fan"])) == FAN


def test_a_wrong_checksum(site, tmp_path):
    site.put(7882613, {"dev_fan.zip": zipped(clip("fan"))}, {"dev_fan.zip": "0" * 32})
    with pytest.raises(
        OSError,
        match=r"dev_fan.zip.content arrives with another checksum than its record states: try",
    ):
        get(site, tmp_path)
    assert files(tmp_path) == [] and site.count("fan.zip/content") == 1


def test_a_server_that_never_stops(site, tmp_path):
    body = zipped(clip("fan"))
    site.put(7882613, {"dev_fan.zip": body})
    site.records["/api/records/7882613/files/dev_fan.zip/content"] = body + bytes(
        5 * transfer.BLOCK
    )
    with pytest.raises(OSError, match="another checksum"):
        get(site, tmp_path)
    assert files(tmp_path) == []


def test_records_that_are_gone_or_strange(site, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"/api/records/6355122 is not there \(HTTP 404\)"):
        get(site, tmp_path, 2022)
    site.put(7882613, {})
    with pytest.raises(ValueError, match="7882613 lists no archives: the record may be closed"):
        get(site, tmp_path)
    for body in (b"<html>Sign in</html>", b"[]", b'{"files": [{"key": "dev_fan.zip"}]}', b"null"):
        site.records["/api/records/7882613"] = body
        with pytest.raises(ValueError, match="7882613 is no record of archives: its form is new"):
            get(site, tmp_path)
    assert files(tmp_path) == []


def test_an_archive_that_is_gone(site, tmp_path):
    del site.records["/api/records/7882613/files/dev_fan.zip/content"]
    with pytest.raises(FileNotFoundError, match="dev_fan.zip/content is not there"):
        get(site, tmp_path)
    assert files(tmp_path) == []


def test_a_server_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(transfer, "WAITS", (0,))
    with pytest.raises(OSError, match="cannot be fetched .*: check the network"):
        sound.download(2023, tmp_path, site="http://127.0.0.1:9")


@pytest.mark.parametrize(
    "choices, words",
    [
        (
            {"year": 2019},
            "no archives of 2019 are known: give a year from 2020 to 2026",
        ),
        ({"year": "2023"}, "no archives of '2023' are known: give a year from 2020"),
        ({"part": "test"}, "no part is called 'test': give one of dev, train, eval"),
        (
            {"machines": ["fan", "lathe"]},
            "record 7882613 has no machine 'lathe': give some of fan, valve",
        ),
        ({"machines": []}, "give some of fan, valve"),
    ],
)
def test_what_is_not_known(site, tmp_path, choices, words):
    with pytest.raises(ValueError, match=words):
        get(site, tmp_path, **choices)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_none(tmp_path):
    with pytest.raises(
        ValueError, match="site is 'file:///data': give an address that starts with https://"
    ):
        sound.download(2023, tmp_path, site="file:///data")


@pytest.mark.parametrize("name", ["../x.wav", "/x.wav", "fan/../../x.wav"])
def test_an_archive_that_is_not_safe(site, tmp_path, name):
    site.put(7882613, {"dev_fan.zip": zipped({**clip("fan"), name: b"x"})})
    with pytest.raises(ValueError, match="which leads out of its folder"):
        get(site, tmp_path)
    assert files(tmp_path) == []


def test_an_archive_that_is_truncated_at_its_source(site, tmp_path):
    site.put(7882613, {"dev_fan.zip": zipped(clip("fan"))[:-40]})
    with pytest.raises(ValueError, match="no readable zip archive .*: tell its authors"):
        get(site, tmp_path)
    assert files(tmp_path) == []


def test_a_disk_without_room(site, tmp_path, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(
        OSError,
        match=r"dev_data has 0.0 GB free, and 2 archives need about 0.0 GB, packed and unpacked",
    ):
        get(site, tmp_path)
    assert files(tmp_path) == [] and site.count("/content") == 0


def test_a_disk_without_room_for_what_an_archive_holds(site, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "unpacked_size", lambda _: 10**18)
    with pytest.raises(
        OSError, match=r"dev_fan.zip holds 1000000000.0 GB: make room; the same call goes on"
    ):
        get(site, tmp_path)
    assert files(tmp_path) == ["dcase2023/dev_data/dev_fan.zip.part"]
    monkeypatch.undo()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    get(site, tmp_path)
    assert site.count("fan.zip/content") == 1


def test_a_disk_that_fills_up(site, tmp_path, monkeypatch):
    real = Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def tell(self):
            return self.file.tell()

        def write(self, block):
            self.file.write(block[: len(block) // 3])
            raise OSError(errno.ENOSPC, "No space left on device")

    def full(path, mode="r", *more, **choices):
        file = real(path, mode, *more, **choices)
        return Full(file) if path.suffix == ".part" and mode in ("ab", "wb") else file

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(
            OSError,
            match=r"dev_fan.zip.part cannot grow \(No space left on device\): make room there",
        ):
            get(site, tmp_path, machines=["fan"])
    assert files(tmp_path) == ["dcase2023/dev_data/dev_fan.zip.part"]
    assert files(get(site, tmp_path, machines=["fan"])) == FAN and site.asked[-1][1] is not None


def test_a_note_that_is_damaged(site, tmp_path):
    folder = get(site, tmp_path, machines=["fan"])
    (folder / "archives.json").write_text("{")
    with pytest.raises(
        ValueError, match="archives.json is damaged: remove it, and what is missing is fetched"
    ):
        get(site, tmp_path)
    (folder / "archives.json").unlink()
    get(site, tmp_path)  # what is in place is the same
    assert len(sound.index(folder)) == 2


def test_a_folder_that_cannot_be(site, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        OSError,
        match=r"dev_data cannot be written \(Not a directory\): give another folder",
    ):
        get(site, tmp_path / "file")
