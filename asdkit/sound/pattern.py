"""Own names of folders and files: one pattern says which part of a path tells what."""

import re
import unicodedata
from collections import Counter
from pathlib import Path, PurePosixPath

from .folders import CLIP, OTHERS, Walk

WORDS = {
    "split": {"train": "train", "test": "test"},
    "domain": {"source": "source", "target": "target"},
    "label": {
        **dict.fromkeys(("normal", "good", "ok"), 0),
        **dict.fromkeys(("anomaly", "anomalous", "abnormal", "bad", "ng", "faulty"), 1),
        "unknown": None,
    },
}
FIELDS = ("machine", "section", "domain", "split", "label", "attributes", "id")
YEAR = 2022  # whose layout and rule later years keep
TESTED = 4  # of so many normal clips one is a test clip, where no split is told


class Pattern:
    """What a path below a data set tells, such as ``{machine}/{split}/{label}_{id}.wav``.

    ``{machine}``, ``{section}`` and ``{attributes}`` are any text within one name, ``{id}`` is
    a number, and ``*`` is any text that tells nothing. ``{split}`` is train or test, ``{domain}``
    source or target, ``{label}`` normal, good or ok; anomaly, anomalous, abnormal, bad, ng or
    faulty; or unknown.

    Raises: ValueError, with the cure, for a pattern that no path can fit, or that tells too little.
    Choices: upper and lower case are one. A path that fits in two ways is refused: the shortest and
        the longest reading of its fields, from left to right, then differ.
    Example:
        >>> from asdkit.sound.pattern import Pattern
        >>> Pattern("{machine}/{split}/{label}_*.wav").read("press/Test/ok_Monday 7.wav")
        {'machine': 'press', 'split': 'test', 'label': 0}
    """

    def __init__(self, text):
        self.text = _checked(text)
        pieces = re.split(r"(\{[^{}]*\}|\*)", text)
        self.fields = _fields(text, pieces[1::2])
        self.ending = _ending(text)
        self.shortest, self.longest = (
            re.compile("".join(_part(piece, lazy) for piece in pieces), re.IGNORECASE)
            for lazy in (True, False)
        )

    def read(self, path):
        """What a path tells, or None where it does not fit.

        Shapes: a path below the root, with slashes -> a dict of column -> value.
        Raises: ValueError for a path that fits in two ways.
        """
        match, other = (form.fullmatch(path) for form in (self.shortest, self.longest))
        if match is None:
            return None
        one, two = (found.groupdict() for found in (match, other))
        for name in one:
            if one[name] != two[name]:
                raise ValueError(
                    f"fits the pattern {self.text!r} in two ways, {name} {one[name]!r} or "
                    f"{two[name]!r}: write out what separates its parts, or rename the file"
                )
        return {
            name: WORDS[name][text.lower()] if name in WORDS else text for name, text in one.items()
        }


def _checked(text):
    if not isinstance(text, str) or not text:
        raise ValueError(
            f"pattern is {text!r}: give one such as '{{machine}}/{{split}}/{{label}}_{{id}}.wav'"
        )
    parts = PurePosixPath(text).parts
    if text.startswith("/") or "\\" in text or ".." in parts or "//" in text:
        raise ValueError(
            f"the pattern {text!r} is no way down from a folder: leave the folder out, and "
            "separate names by single slashes"
        )
    if set("{}") & set(re.sub(r"\{[^{}]*\}", "", text)):
        raise ValueError(f"the pattern {text!r} has a brace without its other half: add it")
    return text


def _fields(text, told):
    fields = [field[1:-1] for field in told if field != "*"]
    for field in fields:
        if field not in FIELDS:
            raise ValueError(
                f"the pattern {text!r} has the field {{{field}}}: its fields are "
                f"{', '.join(f'{{{name}}}' for name in FIELDS)}"
            )
        if fields.count(field) > 1:
            raise ValueError(
                f"the pattern {text!r} names {{{field}}} twice: take * for one of them"
            )
    if not {"split", "label"} & set(fields):
        raise ValueError(
            f"the pattern {text!r} tells neither {{split}} nor {{label}}, so nothing says what to "
            "train on: name one of them"
        )
    return fields


def _ending(text):
    ending = PurePosixPath(text).suffix.lower()
    if ending not in (CLIP, *OTHERS):
        raise ValueError(
            f"the pattern {text!r} does not end as a sound file: end it with that of your files, "
            f"one of {', '.join((CLIP, *OTHERS))}"
        )
    return ending


def _part(piece, lazy):
    """The regular expression of a piece, which takes as little as it can, or as much."""
    more, name = "?" if lazy else "", piece[1:-1]
    if piece == "*":
        return f"[^/]*{more}"
    if not piece.startswith("{"):
        return re.escape(piece)
    if name in WORDS:
        words = sorted(WORDS[name], key=len, reverse=not lazy)
        return f"(?P<{name}>{'|'.join(words)})"
    if name == "id":
        return "(?<![0-9])[0-9]+(?![0-9])"  # a whole number
    return f"(?P<{name}>[^/]+{more})"


def rows(root, text):
    """Read every file below a folder that fits a pattern.

    Shapes: -> rows as ``index`` has columns, a sentence for each fault, and one for each warning.
    Raises: FileNotFoundError for a folder without files of the pattern's ending; ValueError for a
        pattern that fits none of them, and as ``Pattern`` does.
    Choices: what a pattern does not name is taken so: the machine is the name of the folder, the
        section ``00``, the domain ``source``, no attributes; clips of ``train`` are normal, those
        of ``test`` have no label. Without ``{split}`` anomalies and clips of unknown label are test
        clips, and of the normal clips of each machine and section each fourth, in the order of
        their paths. Files that do not fit are left out, with a warning.
    """
    pattern, found, faults, notes, strange = Pattern(text), [], [], [], []
    root = Path(root)
    walked = Walk(root, faults, notes, pattern.ending, homes=()).found
    paths = [Path(folder, name) for folder, names in walked for name in names]
    for path in sorted(paths):
        try:
            told = pattern.read(path.relative_to(root).as_posix())
        except ValueError as error:
            faults.append(f"{path} {error}")
            continue
        (strange if told is None else found).append((str(path), told))
    _check_found(root, pattern, found, faults, strange)
    if strange:
        notes.append(
            f"{len(strange)} of {len(paths)} files do not fit the pattern {text!r} and are left "
            f"out, first {strange[0][0]}"
        )
    if "split" not in pattern.fields:
        _spread(found, notes)
    home = unicodedata.normalize("NFC", root.resolve().name)
    return [_row(path, home, told, faults) for path, told in found], faults, notes


def _check_found(root, pattern, found, faults, strange):
    if not (found or faults or strange):
        raise FileNotFoundError(
            f"{root} holds no {pattern.ending} files: give the folder of your recordings, and a "
            "pattern that ends as they do"
        )
    if not (found or faults):
        path = Path(strange[0][0]).relative_to(root).as_posix()
        raise ValueError(
            f"the pattern {pattern.text!r} fits none of the {len(strange)} files in {root}, such "
            f"as {path!r}: write it like that path"
        )


def _spread(found, notes):
    """Share clips out where no split is told."""
    counts, tests = Counter(), 0
    for _, told in found:
        group, normal = (told.get("machine"), told.get("section")), told["label"] == 0
        counts[group] += normal
        told["split"] = "train" if normal and counts[group] % TESTED else "test"
        tests += normal and told["split"] == "test"
    notes.append(
        f"the pattern tells no {{split}}: {tests} of {sum(counts.values())} normal clips and all "
        "others are test clips"
    )


def _row(path, home, told, faults):
    train = told["split"] == "train"
    label = told.get("label", 0 if train else None)
    if train and label != 0:
        what = "an anomaly" if label else "of unknown label"
        faults.append(f"{path} is {what} among the training clips: move it to those of the test")
    machine = unicodedata.normalize("NFC", told.get("machine", home))
    section, domain = told.get("section", "00"), told.get("domain", "source")
    return path, machine, section, domain, told["split"], label, told.get("attributes", ""), YEAR
