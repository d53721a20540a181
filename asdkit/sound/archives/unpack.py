"""A zip archive into a folder: nothing outside of it, nothing half-written."""

import errno
import filecmp
import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

BLOCK = 2**20
SWELLS = 20  # times its size, of an archive that is no sound: FLAC and zip halve it at best
SMALL = 2**20  # bytes unpacked, which any archive may hold
MOST = 200_000  # files; the official archives hold some 10,000
LONG = 255  # bytes of a name
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*[. ]|.*[:*?\"<>|].*", re.I)


def size(archive):
    """Return the bytes that an archive takes when it is unpacked.

    Raises: ValueError for a file that is no readable archive, holds too many files, or swells to
        what no sound does.
    Choices: more than 20 times the archive and 1 MB, or more than 200,000 files, are refused.
        Archives inside of the archive stay packed.
    """
    members, packed = _members(archive), Path(archive).stat().st_size
    whole = sum(member.file_size for member in members)
    if whole > max(SWELLS * packed, SMALL) or len(members) > MOST:
        raise ValueError(
            f"{archive} of {packed / 1e6:.1f} MB would swell to {whole / 1e6:.1f} MB in "
            f"{len(members)} files, which no archive of sounds does: do not unpack it"
        )
    return whole


def unpack(archive, folder, machine):
    """Unpack the folder ``machine`` of an archive to ``folder/machine``: all of it, or nothing.

    Raises: ValueError for an archive that is damaged, lacks the machine, swells as ``size`` tells,
        or holds a link, a device, or a name that leads elsewhere or that some system does not take;
        FileExistsError for a ``fan/train`` that is there with other files; OSError for a full disk.
    Choices: everything is unpacked beside its place, then moved there folder by folder; where a
        call was ended between two moves, the next finds what is in place to be the same. What lies
        outside the machine's folder is left out.
    """
    size(archive)
    folder, members = Path(folder), _members(archive)
    for member in members:
        _check(member, archive)
    members = [member for member in members if PurePosixPath(member.filename).parts[0] == machine]
    if not any("/" in member.filename.rstrip("/") for member in members):
        raise ValueError(f"{archive} holds no folder {machine}: tell its authors")
    draft = folder / f".{Path(archive).name}.unpacked"
    _clear(draft)
    try:
        _extract(archive, members, draft)
        _place_all(draft / machine, folder / machine)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _clear(draft):
    """Make room for the draft, which a call that was killed may have left."""
    shutil.rmtree(draft, ignore_errors=True)
    if draft.is_symlink() or draft.exists():
        raise OSError(f"{draft} cannot be removed, and an archive is unpacked there: remove it")


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
    rooted = name.startswith("/") or "\\" in name or PureWindowsPath(name).drive
    if rooted or ".." in parts or not parts or not name.isprintable():
        raise ValueError(
            f"{archive} holds the name {name!r}, which leads out of its folder: do not unpack it"
        )
    if any(map(_is_reserved, parts)):
        raise ValueError(
            f"{archive} holds the name {name[:80]!r}, which no file has on every system: do not "
            "unpack it"
        )
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ValueError(f"{archive} holds {name!r}, which is a link or a device: do not unpack it")


def _is_reserved(part):
    return RESERVED.fullmatch(part) or len(part.encode()) > LONG


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
        if error.errno in (None, errno.EINVAL):  # of bz2, and of places before the file's start
            raise ValueError(f"{archive} is damaged ({error}): tell its authors") from error
        raise OSError(
            f"{draft.parent} cannot take {archive} unpacked ({error.strerror}): "
            "make room there, and call again"
        ) from error


def _place_all(draft, place):
    if (place.exists() or place.is_symlink()) and not place.is_dir():
        raise FileExistsError(f"{place} is no folder, and one comes there: move it away")
    try:
        place.mkdir(exist_ok=True)
        for path in sorted(draft.iterdir()):
            _place(path, place / path.name)
    except FileExistsError:
        raise
    except OSError as error:
        raise OSError(
            f"{place} cannot be filled ({error.strerror}): give a folder you may write to, and all "
            "of it on one disk"
        ) from error


def _place(draft, place):
    if not (place.exists() or place.is_symlink()):
        os.replace(draft, place)  # noqa: PTH105, one step on every system
    elif not _same(draft, place):
        raise FileExistsError(
            f"{place} is there already with other files: move it away, or give another folder"
        )


def _same(draft, place):
    """Whether two folders, or two files, hold the same bytes."""
    if draft.is_file() or place.is_file():
        return draft.is_file() and place.is_file() and filecmp.cmp(draft, place, shallow=False)
    names = _files(draft)
    return names == _files(place) and all(
        filecmp.cmp(draft / name, place / name, shallow=False) for name in names
    )


def _files(folder):
    return {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}
