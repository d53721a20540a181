"""The files ``attributes_XX.csv``, which tell what the name of a clip may not tell."""

import csv
import os
from pathlib import Path

from .names import NOT_TOLD


def join(clips, faults, notes):
    """Fill in missing ``attributes`` from the files ``<machine>/attributes_<section>.csv``.

    Paper: the files of DCASE 2022 to 2026: ``file_name``, then parameter and value by turns,
        ``d1p,d1v,d2p,d2v``.
    Shapes: a table of N clips -> a table of N clips; ``faults`` and ``notes`` take a sentence each.
    Choices: a file may tell less than a name (the organizers' often do), so they contradict each
        other only where both give one parameter another value. A line without a clip is a warning,
        as parts of a data set may be left out; a training clip of which neither tells, while its
        neighbors are described, is a fault: its class would be wrong.
    """
    homes = clips["path"].map(lambda path: os.path.dirname(os.path.dirname(path)))  # noqa: PTH120
    values = clips["attributes"].copy()
    for (home, section), rows in clips.groupby([homes, "section"]):
        file = Path(home, f"attributes_{section}.csv")
        if not file.is_file():
            continue
        try:
            known = read(file)
        except (OSError, ValueError) as error:
            faults.append(str(error))
            continue
        if any(known.values()):
            stems = rows["path"].map(lambda path: Path(path).stem)
            told = zip(rows.itertuples(), stems)
            values[rows.index] = [
                _value(clip, known.get(stem), file, faults) for clip, stem in told
            ]
            if missing := set(known) - set(stems):
                notes.append(
                    f"{file} names {len(missing)} clips that are missing, first {min(missing)}.wav"
                )
    return clips.assign(attributes=values)


def read(file):
    """Return the pairs of parameter and value of each clip that an attribute file names.

    The key is the name of the clip without its ending.

    Raises: ValueError for a file without the column ``file_name``, and a clip with two different
        lines.
    Choices: the organizers write ``fan/train/<name>.wav`` or ``<name>``; both are read.
    """
    try:
        with Path(file).open(newline="", encoding="utf-8-sig") as lines:
            header, *rows = [row for row in csv.reader(lines) if row] or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            f"{file} is no readable csv file ({error}): save it as UTF-8, or remove it"
        ) from error
    if header[:1] != ["file_name"]:
        raise ValueError(
            f"{file} does not start with the column file_name: name its columns file_name,d1p,d1v"
        )
    pairs = [(at, at + 1) for at in range(1, len(header) - 1, 2) if header[at].endswith("p")]
    known = {}
    for row in rows:
        cells = [cell.strip() for cell in row] + [""] * len(header)
        stem = Path(cells[0]).name.removesuffix(".wav")
        told = [(cells[p], cells[v]) for p, v in pairs if cells[p]]
        if known.setdefault(stem, told) != told:
            raise ValueError(f"{file} has two different lines for {stem}: remove one")
    return known


def _value(clip, told, file, faults):
    if clip.attributes not in NOT_TOLD:
        for parameter, value in told or []:
            if _differs(clip.attributes, parameter, value):
                faults.append(
                    f"{clip.path} contradicts {file}, "
                    f"which gives {parameter} = {value}: mend one of them"
                )
        return clip.attributes
    if told is None and clip.split == "train":
        faults.append(f"{clip.path} has no attributes in its name and no line in {file}: add one")
    return "_".join(word for pair in told or [] for word in pair) or clip.attributes


def _differs(attributes, parameter, value):
    said, key = f"_{attributes}_".replace(".", "_"), f"_{parameter}_".replace(".", "_")
    if key not in said or f"{key}{value}_".replace(".", "_") in said:
        return False
    try:
        # a spreadsheet turns 01 into 1
        return float(said.partition(key)[2].split("_")[0]) != float(value)
    except ValueError:
        return True
