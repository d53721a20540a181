"""The grammar of DCASE's file names, 2020 to 2026: what names and folders say."""

import os
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from ..plain import sendable

# Facts of the names: the organizers' task pages, baselines and evaluators, each form tried in
# tests/sound/test_names.py
NAMES_2020 = re.compile(r"(?:(?P<label>normal|anomaly)_)?id_(?P<section>\d\d)_\d{8}")
NAMES_2021 = re.compile(
    r"section_(?P<section>\d\d)_(?P<domain>source|target)_(?P<split>train|test)_(?P<label>normal|anomaly)_\d{4}"
    r"(?:_(?P<attributes>.*))?"
)
NAMES_HIDDEN = re.compile(
    r"section_(?P<section>\d\d)(?:_(?P<domain>source|target)_(?P<split>test))?_\d{4}"
)
NAMES_SUPPLEMENTAL = re.compile(
    r"section_(?P<section>\d\d)(?:_(?P<domain>source|target))?(?:_(?P<first>noise|clean|machine))?"
    r"(?P<word>_supplemental)?(?:_(?P<second>normal|noise|clean|machine))?_\d{4}(?:_(?P<attributes>.*))?"
)
SECTION = re.compile(r"(?:section|(?:(?:normal|anomaly)_)?id)_(?P<section>\d\d)_")
FOLDERS = {
    "train": "train", "test": "test", "source_test": "test", "target_test": "test",
    "supplemental": "supplemental",
}  # fmt: skip
LABELS = {"normal": 0, "anomaly": 1}
NOT_TOLD = ("", "noAttribute")
YEAR = re.compile(r"(?<!\d)202[1-6](?!\d)")


class Folder(NamedTuple):
    """What the path of a folder says of its clips: machine, split, domain, and year if named."""

    path: str
    machine: str
    split: str
    domain: str | None
    year: int | None


def folder(path):
    """Read the path of a folder, such as ``dcase2023/dev_data/raw/fan/train``.

    Raises: ValueError for a folder that is neither train, test nor supplemental, and a path that no
        table could tell, as it is no UTF-8 or holds a control character.
    """
    path = Path(path)
    if fault := _unspeakable(str(path)):
        raise ValueError(f"lies in a folder whose name {fault}: rename the folder")
    home = Path(os.path.abspath(path))  # noqa: PTH100
    if home.name not in FOLDERS or home.parent.name in FOLDERS:
        told = f"{home.parent.name}/{home.name}" if home.name in FOLDERS else home.name
        raise ValueError(
            f"lies in '{told}': move it to <machine>/train or <machine>/test, or read your own "
            "names by a pattern (--pattern)"
        )
    named = [int(year) for part in path.parts for year in YEAR.findall(part)]
    domain, _, test = home.name.rpartition("_")
    year = named[-1] if named else 2021 if domain else None
    machine = unicodedata.normalize("NFC", home.parent.name)
    return Folder(str(path), machine, FOLDERS[home.name], domain or None, year)


def read(stem, place):
    """Read the name of a clip, without its ending, in a ``Folder``: a value for each column.

    Raises: ValueError, with the cure, for a name of no known form, and one that contradicts its
        folder.
    Choices: names of 2020 have no domain, so all are ``source``. A supplemental clip that is not
        named normal, the noise alone or the machine alone, has no label, and that word stands first
        in its attributes.
    """
    if fault := _unspeakable(stem):
        raise ValueError(f"has a name that {fault}: rename it")
    name, old = _match(stem)
    split = name.get("split")
    if place.split != (split or place.split):
        raise ValueError(_moved(split, place.split))
    if place.split == "train" and name.get("label") == "anomaly":
        raise ValueError("is an anomaly among the training clips: move it to the folder test")
    if place.split == "train" and name.get("label") != "normal":
        raise ValueError(
            "is not named normal, and train holds normal clips only: rename it or move it"
        )
    domain = "source" if old else name.get("domain")
    if place.domain and domain and domain != place.domain:
        raise ValueError(
            f"is named {domain} and lies in '{place.domain}_test': rename it or move it"
        )
    year = 2020 if old else place.year or 2022
    attributes = (name.get("attributes") or "").strip("_")
    label = LABELS.get(name.get("label"))
    return (
        place.machine,
        name["section"],
        domain or place.domain,
        place.split,
        label,
        attributes,
        year,
    )


def _unspeakable(name):
    """What is wrong with a name that no table could tell."""
    if sendable(name) != name:
        return "is no UTF-8"
    if any(unicodedata.category(letter) == "Cc" for letter in name):
        return "holds a control character, such as a line break"


def _match(stem):
    if match := NAMES_2020.fullmatch(stem):
        return match.groupdict(), True
    if match := NAMES_2021.fullmatch(stem) or NAMES_HIDDEN.fullmatch(stem):
        return match.groupdict(), False
    name = (match := NAMES_SUPPLEMENTAL.fullmatch(stem)) and match.groupdict()
    if not name or not (
        name["word"] or name["first"] or name["second"] in ("noise", "clean", "machine")
    ):
        raise ValueError(
            "fits no name of DCASE 2020 to 2026: rename it like "
            "section_00_source_train_normal_0000_<attribute>_<value>.wav"
        )
    alone = name["first"] or (name["second"] if name["second"] != "normal" else None)
    name["attributes"] = "_".join(filter(None, [alone, name["attributes"]]))
    return name | {"split": "supplemental", "label": None if alone else name["second"]}, False


def _moved(split, place):
    clip = {
        "train": "a training clip",
        "test": "a test clip",
        "supplemental": "a supplemental clip",
    }[split]
    where = "among the training clips" if place == "train" else f"in the folder {place}"
    return f"is {clip} {where}: move it to the folder {split}"
