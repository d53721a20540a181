"""A zip archive into a folder: nothing outside of it, nothing half-written."""

import os
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

BLOCK = 2**20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def size(archive):
    """Return the bytes that an archive takes when it is unpacked.

    Raises: ValueError for a file that is no readable archive.
    """
    return sum(member.file_size for member in _members(archive))


def unpack(archive, folder, machine):
    """Unpack the folder ``machine`` of an archive to ``folder/machine``: all of it, or nothing.

    Raises: ValueError for an archive that is damaged, lacks the machine, or holds a name that leads
        elsewhere, a link or a device; FileExistsError for a ``fan/train`` that is there with other
        files; OSError for a full disk.
    Choices: everything is unpacked beside its place, then moved there folder by folder; where a
        call was ended between two moves, the next finds what is in place to be the same. What lies
        outside the machine's folder is left out.
    """
    folder, members = Path(folder), _members(archive)
    for member in members:
        _check(member, archive)
    members = [member for member in members if PurePosixPath(member.filename).parts[0] == machine]
    if not members:
        raise ValueError(f"{archive} holds no folder {machine}: tell its authors")
    draft = folder / f".{Path(archive).name}.unpacked"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _extract(archive, members, draft)
        (folder / machine).mkdir(exist_ok=True)
        for path in sorted((draft / machine).iterdir()):
            _place(path, folder / machine / path.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _members(archive):
    try:
        with zipfile.ZipFile(archive) as file:
            return file.infolist()
    except BROKEN as error:
        raise ValueError(
            f"{archive} is no readable zip archive ({error}): tell its authors"
        ) from error


def _check(member, archive):
    name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
    parts = PurePosixPath(name).parts
    elsewhere = (
        name.startswith("/")
        or PureWindowsPath(name).drive
        or "\\" in name
        or ".." in parts
        or not parts
    )
    if elsewhere or not name.isprintable():
        raise ValueError(
            f"{archive} holds the name {name!r}, which leads out of its folder: do not unpack it"
        )
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ValueError(f"{archive} holds {name!r}, which is a link or a device: do not unpack it")


def _extract(archive, members, draft):
    draft.mkdir(parents=True)
    try:
        with zipfile.ZipFile(archive) as file:
            for member in members:
                path = draft / member.filename
                if member.is_dir():
                    path.mkdir(parents=True, exist_ok=True)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                with file.open(member) as source, path.open("xb") as target:
                    shutil.copyfileobj(source, target, BLOCK)
    except BROKEN as error:
        raise ValueError(f"{archive} is damaged ({error}): tell its authors") from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise ValueError(
            f"{archive} holds two files of one name, {error.filename}: tell its authors"
        ) from error
    except OSError as error:
        raise OSError(
            f"{draft.parent} cannot take {archive} unpacked ({error.strerror}): "
            "make room there, and call again"
        ) from error


def _place(draft, place):
    if not place.exists():
        os.replace(draft, place)  # noqa: PTH105, one step on every system
    elif _listing(draft) != _listing(place):
        raise FileExistsError(
            f"{place} is there already with other files: move it away, or give another folder"
        )


def _listing(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return {
        file.relative_to(path).as_posix(): file.stat().st_size for file in files if file.is_file()
    }
