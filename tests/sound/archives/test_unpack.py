"""Archives that are fine, damaged, or out to write elsewhere."""

import errno
import stat
import zipfile
from pathlib import Path

import pytest

from asdkit.sound.archives.unpack import size, unpack

GOOD = {
    "fan/train/a.wav": b"sound",
    "fan/test/b.wav": b"other sound" * 999,
    "fan/attributes_00.csv": b"file_name\n",
}


def archive(path, files, **kinds):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = kinds.get("mode", 0o644 | stat.S_IFREG) << 16
            file.writestr(info, content)
    return path


def tree(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_an_archive_is_unpacked_and_measured(tmp_path, folder):
    path = archive(
        tmp_path / "fan.zip",
        {"fan/": b"", "fan/train/": b"", **GOOD, "README.md": b"x", "__MACOSX/fan/._a": b"x"},
    )
    unpack(path, folder, "fan")
    assert tree(folder) == GOOD and size(path) == sum(map(len, GOOD.values())) + 2


def test_two_archives_share_a_machine(tmp_path, folder):
    unpack(archive(tmp_path / "one.zip", {"fan/train/a.wav": b"a"}), folder, "fan")
    unpack(archive(tmp_path / "two.zip", {"fan/test/b.wav": b"b"}), folder, "fan")
    assert tree(folder) == {"fan/train/a.wav": b"a", "fan/test/b.wav": b"b"}


def test_what_is_in_place_already_may_be_the_same(tmp_path, folder):
    path = archive(tmp_path / "fan.zip", GOOD)
    unpack(path, folder, "fan")
    (folder / "fan" / "test" / "b.wav").unlink()
    (folder / "fan" / "test").rmdir()
    unpack(path, folder, "fan")  # as after a call that was ended between two moves
    assert tree(folder) == GOOD


def test_other_files_in_place_are_kept(tmp_path, folder):
    (folder / "fan" / "train").mkdir(parents=True)
    (folder / "fan" / "train" / "own.wav").write_bytes(b"mine")
    with pytest.raises(
        FileExistsError, match=r"fan.train is there already with other files: move it away"
    ):
        unpack(archive(tmp_path / "fan.zip", GOOD), folder, "fan")
    assert tree(folder)["fan/train/own.wav"] == b"mine" and not list(folder.glob(".*"))


OUTSIDE = [
    "../x.wav",
    "fan/../../x.wav",
    "/x.wav",
    "//x.wav",
    "C:/x.wav",
    "C:x.wav",
    "fan\\..\\..\\x.wav",
    "fan/\nx.wav",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_names_that_lead_elsewhere(tmp_path, folder, name):
    path = archive(tmp_path / "bad.zip", {**GOOD, name: b"x"})
    with pytest.raises(
        ValueError,
        match=r"bad.zip holds the name .* which leads out of its folder: do not unpack it",
    ):
        unpack(path, folder, "fan")
    assert (
        tree(folder) == {}
        and [p.name for p in tmp_path.iterdir()].count("x.wav") == 0
        and not Path("/x.wav").exists()
    )


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
)
def test_links_and_devices(tmp_path, folder, kind):
    path = archive(tmp_path / "bad.zip", {"fan/train/a.wav": b"/etc/passwd"}, mode=kind | 0o777)
    with pytest.raises(
        ValueError, match="'fan/train/a.wav', which is a link or a device: do not unpack it"
    ):
        unpack(path, folder, "fan")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("keep", [0, 10, -30, -400])
def test_a_truncated_archive(tmp_path, folder, keep):
    path = archive(tmp_path / "fan.zip", GOOD)
    path.write_bytes(path.read_bytes()[:keep] if keep else b"")
    with pytest.raises(ValueError, match="fan.zip is no readable zip archive"):
        unpack(path, folder, "fan")
    with pytest.raises(ValueError, match="no readable zip archive"):
        size(path)
    assert list(folder.iterdir()) == []


def test_a_member_whose_bytes_are_damaged(tmp_path, folder):
    path = archive(tmp_path / "fan.zip", GOOD)
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"a.wav") + 7] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="fan.zip is damaged .*: tell its authors"):
        unpack(path, folder, "fan")
    assert list(folder.iterdir()) == []


def test_an_archive_without_its_machine(tmp_path, folder):
    with pytest.raises(ValueError, match="fan.zip holds no folder pump: tell its authors"):
        unpack(archive(tmp_path / "fan.zip", GOOD), folder, "pump")


def test_a_file_that_is_also_a_folder(tmp_path, folder):
    path = archive(tmp_path / "bad.zip", {"fan/train": b"x", "fan/train/a.wav": b"x"})
    with pytest.raises(ValueError, match="holds two files of one name"):
        unpack(path, folder, "fan")
    assert list(folder.iterdir()) == []


def test_a_disk_that_is_full(tmp_path, folder, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("asdkit.sound.archives.unpack.shutil.copyfileobj", full)
    path = archive(tmp_path / "fan.zip", GOOD)
    with pytest.raises(
        OSError, match=r"data cannot take .*fan.zip unpacked \(No space left on device\): make room"
    ):
        unpack(path, folder, "fan")
    assert list(folder.iterdir()) == [] and path.exists()
