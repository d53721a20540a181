"""The official archives of DCASE task 2, from their records at Zenodo."""

import json
import numbers
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from ...drafts import whole
from ...held import LOCK, held
from . import transfer
from .line import is_web
from .record import read as record_of
from .unpack import size as unpacked_size
from .unpack import unpack

SITE = "https://zenodo.org"


class Records(NamedTuple):
    """The numbers of a year's records: development, additional training, and evaluation set."""

    dev: int
    train: int
    eval: int


# Checked 2026-11 against the organizers' baseline (GitHub nttcslab/dcase2023_task2_baseline_ae, the
# scripts data_download_<year>.sh in tools/ and its README; of 2024's training set the revised
# record; of 2026 its datasets/download_path_2026.yaml, and the page of the evaluation set). The
# records themselves were not opened then: their file lists, sizes, checksums and
# licenses are read at download time.
RECORDS = {
    2020: Records(dev=3678171, train=3727685, eval=3841772),
    2021: Records(dev=4562016, train=4660992, eval=4884786),
    2022: Records(dev=6355122, train=6462969, eval=6586456),
    2023: Records(dev=7882613, train=7830345, eval=7860847),
    2024: Records(dev=10902294, train=11259435, eval=11363076),
    2025: Records(dev=15097779, train=15392814, eval=15519362),
    2026: Records(dev=19336329, train=20151556, eval=20437238),
}
ARCHIVE = re.compile(
    r"(?:dev|eval)(?:_data)?(?:_(?:train|test))?_(?P<machine>\w+?)(?:_(?:train|test))?(?:_r\d+)?\.zip",
    re.IGNORECASE,
)
SWOLLEN = 1.5  # an archive of 16-bit sound is 0.7 to 1 times what it holds
DONE = "archives.json"


def download(year, root, machines=None, part="dev", site=SITE):
    """Fetch a year's official archives and unpack them.

    They come to lie in ``<root>/dcase<year>/{dev,eval}_data/<machine>/``.

    Shapes: returns the folder, which ``index`` reads; ``machines`` a list of names, all without it;
        ``part`` is ``dev``, ``train`` (the normal clips of the evaluation machines) or ``eval``
        (their hidden test clips).
    Raises: ValueError for a year, part or machine that is not known, and an archive that is damaged
        or not safe; FileNotFoundError where a record is gone; FileExistsError for a folder that
        holds other files; OSError for a full disk, a server that cannot be reached, and a checksum
        that stays wrong.
    Choices: sizes, MD5 sums and the license come from the record itself. A cut transfer goes on, by
        itself or at the next call, from ``<archive>.part``, the one thing left half-done; what
        ``archives.json`` lists is not fetched again. The room on the disk is checked first: 1.5
        times all archives, and the largest once more.
    Example:
        >>> sound.download(2019, "data")
        Traceback (most recent call last):
        ValueError: no archives of 2019 are known: give a year from 2020 to 2026
    Notebook: 01_machine_sounds
    """
    record, folder = _record(year, part), _folder(root, year, part)
    archives, notes = _archives(record, machines, site)
    with held(folder / LOCK, str(folder), "download"):
        done = _done(folder)
        wanted = [
            archive for archive in archives if done.get(archive.name, {}).get("md5") != archive.md5
        ]
        _check_room(folder, wanted)
        for archive in wanted:
            _get(archive, folder)
            done[archive.name] = {"md5": archive.md5, "record": record, **notes}
            with whole(folder / DONE) as draft:
                draft.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
    return folder


def _folder(root, year, part):
    if not isinstance(root, str | os.PathLike) or not str(root) or "\0" in str(root):
        raise ValueError(f"root is {root!r}: give the folder that gets dcase{year}")
    return Path(root) / f"dcase{year}" / ("dev_data" if part == "dev" else "eval_data")


def _record(year, part):
    if not isinstance(year, numbers.Integral) or year not in RECORDS:
        raise ValueError(
            f"no archives of {year!r} are known: give a year from {min(RECORDS)} to {max(RECORDS)}"
        )
    if part not in Records._fields:
        raise ValueError(f"no part is called {part!r}: give one of {', '.join(Records._fields)}")
    return getattr(RECORDS[year], part)


def _archives(record, machines, site):
    """Return the archives that are wanted, and what the record says of all of them."""
    if not is_web(site):
        raise ValueError(f"site is {site!r}: give an address that starts with https://")
    known, notes = record_of(f"{site.rstrip('/')}/api/records/{record}", ARCHIVE)
    wanted = [machines] if isinstance(machines, str) else machines
    try:
        wanted = list(known if wanted is None else wanted)
    except TypeError as error:
        raise ValueError(f"machines is {machines!r}: give a list of names") from error
    unknown = [str(machine) for machine in wanted if machine not in list(known)]
    if unknown or not wanted:
        raise ValueError(
            f"record {record} has no machine {', '.join(unknown)!r}: "
            f"give some of {', '.join(known)}"
        )
    return [known[machine] for machine in dict.fromkeys(wanted)], notes


def _done(folder):
    """What was fetched before, by the name of its archive."""
    path = folder / DONE
    if not path.exists():
        return {}
    try:
        done = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        good = isinstance(done, dict) and all(isinstance(one, dict) for one in done.values())
    except (OSError, ValueError, RecursionError):
        good = False
    if not good:
        raise ValueError(f"{path} is damaged: remove it, and what is missing is fetched")
    return done


def _check_room(folder, archives):
    if not archives:
        return
    there = sum(
        path.stat().st_size
        for path in map(lambda one: _part(folder, one), archives)
        if path.exists()
    )
    need = SWOLLEN * sum(one.size for one in archives) + max(one.size for one in archives) - there
    free = shutil.disk_usage(folder).free
    if free < need:
        raise OSError(
            f"{folder} has {free / 1e9:.1f} GB free, "
            f"and {len(archives)} archives need about {need / 1e9:.1f} GB, "
            "packed and unpacked: make room, name fewer machines, or give another folder"
        )


def _part(folder, archive):
    return folder / f"{archive.name}.part"


def _get(archive, folder):
    part = _part(folder, archive)
    transfer.fetch(archive.url, part, archive.size, archive.md5)
    try:
        need, free = unpacked_size(part), shutil.disk_usage(folder).free
        if free < need:
            raise OSError(
                f"{folder} has {free / 1e9:.1f} GB free, "
                f"and {archive.name} holds {need / 1e9:.1f} GB: make room; "
                "the same call goes on where it stopped"
            )
        unpack(part, folder, archive.machine)
    except ValueError:
        part.unlink()  # its checksum is right, so another transfer would bring the same
        raise
    part.unlink()
