"""Tables of test scores: a row a clip, a column a system, backend and seed."""

import re

import numpy as np
import pandas as pd

from .tablefile import read_table, write_table

FACTS = ("machine", "section", "domain", "label", "clip")
DIGITS = 5


def read(path):
    """Read a file of ``write``: its table, and its notes.

    Shapes: -> a table of N rows, a list of lines.
    Raises: FileNotFoundError where there is no file; ValueError where it is no such file, was
        changed after it was written, or holds labels or scores that are none.
    """
    form = {"dtype": {"section": str}, "keep_default_na": False}
    table, notes = read_table(path, **form)
    columns = table.columns[len(FACTS) :]
    if not notes or tuple(table.columns[: len(FACTS)]) != FACTS:
        raise ValueError(f"{path} is no table of scores of asdkit sweep: give another file")
    if not table["label"].isin([0, 1]).all():
        raise ValueError(f"{path} holds labels other than 0 and 1: make it again")
    for name in columns:
        is_score = re.fullmatch(r"[^|]+\|[^|]+(\|\d+)?", name) and table[name].dtype.kind in "iuf"
        if not is_score or not np.isfinite(table[name]).all():
            raise ValueError(f"{path} holds no finite scores of {name!r}: make it again")
    return table, notes


def write(path, table, notes):
    """Write a table of scores with its notes before it, whole or not at all.

    Shapes: a table of N rows: machine, section, domain, label, clip, and then "system|backend|seed"
        or "system|backend" columns.
    Choices: scores have 5 significant digits, and no 0 before the point, so that a file stays
        small.
    """
    columns = table.columns[len(FACTS) :]
    told = {name: [_told(value) for value in table[name]] for name in columns}
    text = pd.concat([table[list(FACTS)], pd.DataFrame(told, index=table.index)], axis=1)
    write_table(path, text, notes)


def scores_of(table):
    """The scores of a table by "system, backend".

    Shapes: a table of N rows -> dict of "system, backend" -> (R, N), a row a seed, or (N,) where
        nothing is trained.
    """
    rows = {}
    for column in table.columns[len(FACTS) :]:
        system, backend, *seed = column.split("|")
        rows.setdefault(f"{system}, {backend}", []).append((seed, table[column].to_numpy()))
    return {
        key: np.stack([score for _, score in found]) if found[0][0] else found[0][1]
        for key, found in rows.items()
    }


def joined(found):
    """Tables of the same clips as one.

    Shapes: ``found`` a dict of a name -> a table and its notes -> a table, and its notes; the first
        has a command a line.
    Raises: ValueError for no name, and for tables of other clips, conditions or seeds, or with the
        same scores.
    """
    if not found:
        raise ValueError("no table of scores is named: give a name or several")
    (first, (table, notes)), *others = found.items()
    commands = notes[:1]
    for name, (other, told) in others:
        seeds = [_seeds(some) for some in (table, other)]
        alike = {
            "the same clips": table[list(FACTS)].equals(other[list(FACTS)]),
            "the same conditions": notes[1:] == told[1:],
            "as many seeds": seeds[0] == seeds[1] or not all(seeds),  # what trains nothing has none
            "different scores": set(table) & set(other) == set(FACTS),
        }
        if not all(alike.values()):
            lacks = ", ".join(what for what, holds in alike.items() if not holds)
            raise ValueError(f"{first} and {name} do not have {lacks}: load each for itself")
        table = table.join(other.iloc[:, len(FACTS) :])
        commands += told[:1]
    return table, ["\n".join(commands), *notes[1:]]


def _seeds(table):
    columns = [column.split("|") for column in table.columns[len(FACTS) :]]
    return {column[2] for column in columns if len(column) > 2}


def _told(score):
    text = f"{score:.{DIGITS}g}"
    return text[1:] if text.startswith("0.") else text
