"""A record of archives as its server tells it: every field is looked at before it is used."""

import json
import re
from typing import NamedTuple
from urllib.parse import quote

from . import transfer

MD5 = re.compile(r"(?:md5:)?([0-9a-f]{32})", re.IGNORECASE)


class Archive(NamedTuple):
    """One archive as its record states it."""

    machine: str
    name: str
    url: str
    size: int
    md5: str


def read(url, pattern):
    """Return the archives of a record by their machine, and what it says of all of them.

    Shapes: ``pattern`` of an archive's name, with a group ``machine`` -> a dict of machine ->
        Archive, and a dict of notes.
    Raises: ValueError for an answer of another form, or without archives; OSError as
        ``transfer.text`` does.
    Choices: of two archives of one machine the later name is taken, as fan_train_r2.zip replaces
        fan_train.zip.
    """
    body = transfer.text(url)
    try:
        told = json.loads(body)
        files = sorted(told.get("files") or [], key=lambda file: file["key"])
        known = {
            match["machine"]: _archive(url, match, file)
            for file in files
            if (match := pattern.fullmatch(file["key"]))
        }
        named = (told.get("metadata") or {}).get("license") or {}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError(
            f"{url} is no record of archives: its form is new, or something stands between"
        ) from error
    if not known:
        raise ValueError(f"{url} lists no archives: the record may be closed, open it in a browser")
    known_license = named.get("id") if isinstance(named, dict) else named
    told_license = known_license if isinstance(known_license, str) else "not stated"
    return known, {"license": told_license}


def _archive(url, match, file):
    size, md5 = file["size"], MD5.fullmatch(file["checksum"])
    if type(size) is not int or size < 1 or md5 is None:
        raise ValueError(f"{file['key']} has the size {size!r} and checksum {file['checksum']!r}")
    name = file["key"]
    return Archive(match["machine"], name, f"{url}/files/{quote(name)}/content", size,
                   md5[1].lower())  # fmt: skip
