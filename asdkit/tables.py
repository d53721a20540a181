"""A table of clips, checked and mended in one way wherever ``clips`` are taken."""

import math
import numbers
import os
import unicodedata

import numpy as np
import pandas as pd

SPLITS = ("train", "test", "supplemental")
DOMAINS = ("source", "target")


def checked(clips, *columns, also=(), least=1):
    """Check some columns of a table of clips, all eight where none is named, and mend what a CSV
    file or a spreadsheet has made of them; those of ``also`` where there are such.

    Shapes: a table of N clips -> a table of N clips with the same index.
    Raises: ValueError for what is no table, fewer than ``least`` clips, a column that is lacking or
        stands twice, an index or a path that stands twice, a clip without path, machine, section
        or split, and a label, domain or split of another word.
    Choices: what is mended has one meaning only. A section of 0, 0.0 or "0" is "00"; a label of
        1.0, True or "1" is 1; an empty cell is a missing label or domain, and no attributes; a
        machine called 7 is text; letters with accents have one form. Other columns stay as they
        are, and a table that needs no mending is given back itself.
    Example:
        >>> import pandas as pd
        >>> clips = pd.DataFrame({"machine": ["fan"], "section": [0], "label": [1.0]})
        >>> tables.checked(clips, "machine", "section", "label")["section"].item()
        '00'
    """
    columns = columns or tuple(CELLS)
    _check_form(clips, columns, least)
    columns = dict.fromkeys((*columns, *(name for name in also if name in clips.columns)))
    changed = {}
    for name in columns:
        values = clips[name]
        mended = _column(clips, values)
        if mended is not values:
            changed[name] = mended
    clips = clips.assign(**changed) if changed else clips
    if "path" in columns and (twice := clips["path"].duplicated()).any():
        raise ValueError(
            f"{clips['path'][twice].iloc[0]} stands twice in the table of clips "
            f"({_such(twice.sum())}): take clips.drop_duplicates('path')"
        )
    return clips


def _check_form(clips, columns, least):
    if isinstance(clips, pd.Series):
        raise ValueError("clips is one row, or one column: give a table, such as clips.iloc[[0]]")
    if not isinstance(clips, pd.DataFrame):
        what = "None" if clips is None else f"a {type(clips).__name__}"
        raise ValueError(
            f"clips is {what}: give a table of clips, such as sound.index makes of a folder"
        )
    lacking = [name for name in columns if name not in clips.columns]
    if lacking:
        raise ValueError(f"the table of clips lacks {', '.join(lacking)}: make it with sound.index")
    for name in columns:
        if not isinstance(clips[name], pd.Series):
            raise ValueError(f"the table of clips has two columns {name}: drop one of them")
    if len(clips) < least:
        raise ValueError("the table holds no clips: check the condition that selected them")
    if not clips.index.is_unique:
        row = clips.index[clips.index.duplicated()][0]
        raise ValueError(
            f"the row {row!r} stands twice in the index of the clips, as after pd.concat: take "
            "clips.reset_index(drop=True)"
        )


def _column(clips, values):
    """A column with each of its different cells mended; itself where none has to be."""
    try:
        codes, known = pd.factorize(values, use_na_sentinel=False)
    except TypeError:  # of lists, which have no hash
        raise ValueError(f"the column {values.name} of the clips holds lists: give words") from None
    mend, made = CELLS[values.name], []
    for code, cell in enumerate(known):
        try:
            made.append(mend(None if _is_gap(cell) else cell))
        except ValueError as error:
            raise ValueError(f"{_first(clips, codes == code)} {error}") from None
    cells = np.array(made, object)
    if values.name == "label":
        kept, cells = values.dtype == "Int64", pd.array(made, dtype="Int64")
    elif values.name == "year":
        kept = values.dtype.kind == "i"
    else:
        kept = values.dtype != "category" and all(map(_same, made, known))
    if kept:
        return values
    return pd.Series(cells[codes], index=values.index, name=values.name).infer_objects()


def _same(new, cell):
    """Whether a cell is as it should be, so that its column may stay."""
    return not isinstance(cell, str) if new is None else isinstance(cell, str) and new == cell


def _first(clips, rows):
    """The first of some clips by name, and how many there are."""
    first, count = int(np.flatnonzero(rows)[0]), int(np.sum(rows))
    path = clips["path"].iloc[first] if "path" in clips.columns else None
    name = path if isinstance(path, str) and path else f"clip {clips.index[first]!r}"
    return name if count == 1 else f"{name} ({_such(count)})"


def _such(count):
    return f"{count} such clips in all"


def _is_gap(cell):
    return cell is None or cell is pd.NA or cell is pd.NaT or cell == "" or cell != cell


def _path(cell):
    cell = os.fspath(cell) if isinstance(cell, os.PathLike) else _there(cell, "path")
    if not isinstance(cell, str):
        raise ValueError(f"has the path {cell!r}: give text")
    return cell


def _machine(cell):
    return unicodedata.normalize("NFC", _of_a_group(cell, "machine"))


def _section(cell):
    word = _of_a_group(cell, "section")
    return word.zfill(2) if word.isdecimal() else word


def _of_a_group(cell, name):
    """A word of a group such as valve/00, which is taken apart again."""
    word = _word(_there(cell, name), name)
    if "/" in word:
        raise ValueError(f"has the {name} {word!r}: leave out the slash")
    return word


def _split(cell):
    return _one_of(SPLITS, _there(cell, "split"), "split")


def _domain(cell):
    return None if cell is None else _one_of(DOMAINS, cell, "domain")


def _attributes(cell):
    return "" if cell is None else _word(cell, "attributes")


def _label(cell):
    if cell is None:
        return pd.NA
    number = _number(cell)
    if number not in (0, 1):
        told = "a label is 0 (normal) or 1 (anomaly), or missing"
        raise ValueError(f"has the label {cell!r}: {told}")
    return int(number)


def _year(cell):
    number = _number(_there(cell, "year"))
    if not 1000 <= number < 10000 or number != int(number):
        raise ValueError(f"has the year {cell!r}: give one such as 2023")
    return int(number)


def _there(cell, name):
    if cell is None:
        raise ValueError(f"has no {name}: make the table with sound.index, or give it one")
    return cell


def _word(cell, name):
    number = isinstance(cell, numbers.Real) and not isinstance(cell, bool | np.bool_)
    if number and 0 <= cell < math.inf and cell == int(cell):
        return str(int(cell))
    if not isinstance(cell, str):
        raise ValueError(f"has the {name} {cell!r}: give text")
    return cell


def _one_of(words, cell, name):
    if not isinstance(cell, str) or cell not in words:
        told = f"{', '.join(words[:-1])} or {words[-1]}"
        raise ValueError(f"has the {name} {cell!r}: give {told}")
    return cell


def _number(cell):
    """A number, or a text or truth value that stands for one; NaN for anything else."""
    if not isinstance(cell, str | numbers.Real | np.bool_):
        return math.nan
    try:
        return float(cell)
    except ValueError:
        return math.nan


CELLS = {
    "path": _path, "machine": _machine, "section": _section, "domain": _domain, "split": _split,
    "label": _label, "attributes": _attributes, "year": _year,
}  # fmt: skip
