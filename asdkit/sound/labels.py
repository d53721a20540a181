"""The organizers' ground truth, joined to an evaluation set whose names hide it."""

import csv
import os
import re
from pathlib import Path

import pandas as pd

from ..tables import checked
from .names import LABELS

FILE = re.compile(r"ground_truth_(?P<machine>.+)_section_\d\d_(?:source_|target_)?test\.csv")
LIST = "eval_data_list*.csv"
FULL_NAME = re.compile(
    r"(?:section_\d\d_(?P<domain>source|target)_(?:test_)?)?(?P<label>normal|anomaly)(?:_id_\d\d)?_\d{4,8}(?:_.*)?"
)
DOMAINS = {"0": "source", "1": "target"}


def label(clips, truth):
    """Fill in the labels, and hidden domains, of the organizers' ground truth.

    Paper: the evaluators' files of DCASE 2020 to 2026:
        ``ground_truth_data/ground_truth_<machine>_section_XX_test.csv`` (``<clip>.wav,0`` or ``1``)
        and ``ground_truth_domain`` beside it (0 source, 1 target) since 2022; and lists,
        ``eval_data_list.csv`` (a line with the machine, then
        ``<clip>.wav,<name with the label>.wav``).
    Shapes: a table of N clips, whole sections of it -> a table of N clips; ``truth`` is such a
        file, or a folder.
    Raises: FileNotFoundError for a truth without such files; ValueError for a file of another form
        or without lines, a test clip without a label in name or truth, a line without a clip, a
        line that contradicts a name or another line, and as ``tables.checked`` does.
    Choices: machines and sections that the table does not hold are passed over. Attributes stay
        hidden, as they do in the challenge; training clips stay as they are.
    Example:
        >>> from pathlib import Path
        >>> import pandas as pd
        >>> _ = Path("ground_truth_fan_section_00_test.csv").write_text("section_00_0000.wav,1")
        >>> clip = {"path": "fan/test/section_00_0000.wav", "machine": "fan", "section": "00"}
        >>> clip |= {"split": "test", "domain": None, "label": None}
        >>> sound.label(pd.DataFrame([clip]), ".")["label"].tolist()
        [1]
    Notebook: 01_machine_sounds
    """
    clips = checked(clips, "path", "machine", "section", "split", "label", "domain")
    if not isinstance(truth, str | os.PathLike):
        what = "None" if truth is None else f"a {type(truth).__name__}"
        raise ValueError(f"truth is {what}: give the path of a file or folder")
    told = {}
    for file in _files(Path(truth)):
        for key, *facts in _read(file):
            _merge(told, key, facts, file)
    if not told:
        raise ValueError(f"{truth} holds no line: download it again, or give another one")
    _check_lines(told, clips[clips["split"] == "test"], truth)
    facts = [_join(clip, told, truth) for clip in clips.itertuples()]
    labels, domains = ([fact[at] for fact in facts] for at in range(2))
    return clips.assign(label=pd.array(labels, dtype="Int64"), domain=domains)


def _files(truth):
    if truth.is_file():
        return [truth]
    files = [
        *truth.rglob(LIST),
        *(file for file in truth.rglob("ground_truth_*.csv") if FILE.fullmatch(file.name)),
    ]
    if not files:
        raise FileNotFoundError(
            f"{truth} holds no ground_truth_<machine>_section_XX_test.csv and no "
            "eval_data_list.csv: "
            "give the folder or file that the organizers published"
        )
    for file in files:
        if not file.is_file():
            raise ValueError(f"{file} is no file, or a link that leads nowhere: remove it")
    return sorted(files)


def _read(file):
    """Yield (machine, clip), label and domain for each line of a file of either form.

    Label or domain may be None.
    """
    match, machine = FILE.fullmatch(file.name), None
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = [[cell.strip() for cell in row] for row in csv.reader(lines) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{file} is no readable csv file ({error}): download it again") from error
    for row in rows:
        if len([cell for cell in row if cell]) == 1 and not match:
            machine = row[0]
            continue
        owner = match["machine"] if match else machine
        facts = _facts(row, domain=file.parent.name == "ground_truth_domain") if owner else None
        if facts is None:
            raise ValueError(
                f"{file} has the line {','.join(row)!r}: "
                "expected <clip>.wav,0 or <clip>.wav,<full name>.wav"
            )
        yield (owner, row[0].removesuffix(".wav")), *facts


def _facts(row, domain):
    value = row[1] if len(row) > 1 else ""
    if value in DOMAINS:
        return (None, DOMAINS[value]) if domain else (int(value), None)
    name = FULL_NAME.fullmatch(value.removesuffix(".wav"))
    if name is None:
        return None
    if len(row) > 2 and row[2] in DOMAINS and int(row[2]) != LABELS[name["label"]]:
        return None
    return LABELS[name["label"]], name["domain"]


def _merge(told, key, facts, file):
    known = told.setdefault(key, [None, None, file])
    for at, fact in enumerate(facts):
        if None not in (fact, known[at]) and fact != known[at]:
            both = f"two lines of {file}" if file == known[2] else f"{file} and {known[2]}"
            raise ValueError(
                f"{both} contradict each other for {key[1]}.wav of {key[0]}: remove one"
            )
        known[at] = known[at] if fact is None else fact


def _check_lines(told, test, truth):
    machines, here = set(test["machine"]), set(zip(test["machine"], test["section"]))
    keys = {(machine, Path(path).stem) for machine, path in zip(test["machine"], test["path"])}
    for machine, stem in sorted(set(told) - keys):
        section = re.search(r"(?:section|id)_(\d\d)", stem)
        if (machine, section[1]) in here if section else machine in machines:
            raise ValueError(
                f"{truth} has a line for {stem}.wav of {machine}, which the table does not hold: "
                "copy the missing clip, and label a table before you cut it"
            )


def _join(clip, told, truth):
    label, domain, file = told.get((clip.machine, Path(clip.path).stem), (None, None, truth))
    if clip.split != "test":
        return clip.label, clip.domain
    if label is None and pd.isna(clip.label):
        raise ValueError(
            f"{clip.path} has no label in its name and no line in {truth}: "
            "give the truth of its machine"
        )
    return _agree(clip, "label", label, file), _agree(clip, "domain", domain, file)


def _agree(clip, what, told, file):
    own = getattr(clip, what)
    if told is None:
        return own
    if pd.notna(own) and own != told:
        raise ValueError(
            f"{clip.path} has the {what} {own} in its name and {told} in {file}: mend one of them"
        )
    return told
