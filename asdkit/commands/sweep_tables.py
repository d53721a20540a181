"""What ``asdkit sweep`` leaves: a table of results, a table of scores a data set, and what was
refused.
"""

import shutil
from contextlib import nullcontext
from pathlib import Path

from ..owned import owned
from ..plain import say

NAMES = ("results", "refused")  # of the tables beside those of scores
COLUMNS = (
    "system", "backend", "data", "seed", "epochs", "clips", "machine", "section", "auc", "pauc",
    "seconds",
)  # fmt: skip


def is_file(out):
    """Whether --out is the table of one data set, and no folder."""
    return str(out).endswith(".csv")


def cells_of(out):
    """The folder of the cells: in that of the tables, or beside a file while it is made."""
    return Path(f"{out}.cells") if is_file(out) else Path(out) / "cells"


class Tables:
    """The tables of a sweep, made of its finished cells and written anew after each.

    ``out`` is a folder, or the file of the scores of one data set; ``clips`` has the training and
    the test clips by their Source; the first of ``notes`` is the command, then comes a line a data
    set.

    Choices: an --out that is a file may hold scores already, whose cells are gone; a folder keeps
        its cells, beside its tables.
    """

    def __init__(self, out, cells, clips, notes, refused):
        self.out, self.planned, self.clips, self.refused = Path(out), cells, clips, refused
        self.single, self.cells = is_file(out), cells_of(out)
        names = [source.name for source in clips]
        self.files = {name: self.out if self.single else self.out / f"{name}.csv" for name in names}
        self.notes = {name: [notes[0], line] for name, line in zip(names, notes[1:])}
        self.scores = {source.name: _facts(source, test) for source, (_, test) in clips.items()}
        self.rows = {}
        if self.single and self.out.exists():
            for name in self.files:
                self.scores[name] = self._known(name)
        self._check_cells()

    def own(self):
        """Write the tables of a folder as long as the block lasts; others of their names stay."""
        if self.single:
            return nullcontext()
        names = [*NAMES, *self.files]
        return owned(self.cells / "sweep.json", self.out, [f"{name}.csv" for name in names])

    def begin(self):
        """Take what is there, write it, and say which cells are left."""
        left = []
        for cell in self.planned:
            if cell.read(self.cells) is not None:
                self._take(cell)
            elif not set(columns(cell)) <= set(self.scores[cell.source.name].columns):
                left.append(cell)
        if len(left) < len(self.planned) or self.refused:
            self._write(self.files)
        return left

    def add(self, cell):
        """Take a cell that is finished now."""
        self._take(cell)
        self._write([cell.source.name])

    def refuse(self, cell, sentence):
        """Note that a system and a data set cannot meet; False where that is known already."""
        pair = cell.name, cell.source.name
        if pair in self.refused:
            return False
        self.refused[pair] = sentence
        self._write([])
        return True

    def end(self):
        """Leave nothing of what cells needed on their way, and of a file no cells, as it has their
        scores now.
        """
        for cell in self.planned:
            place, ends = self.cells / cell.key(), (".lock", ".lock.json")
            shutil.rmtree(place, ignore_errors=True)
            for end in (*ends, ".safetensors") if self.single else ends:
                place.with_suffix(end).unlink(missing_ok=True)

    def tell(self):
        """Print what there is now."""
        from .. import traces

        if not self.single:
            say(f"{self.out / 'results.csv'}: {sum(map(len, self.rows.values()))} rows")
        for name, path in self.files.items():
            table = self.scores[name]
            say(f"{path}: {len(table)} clips, {len(table.columns) - len(traces.FACTS)} columns")

    def _take(self, cell):
        scores, seconds = cell.read(self.cells)
        name, told = cell.source.name, columns(cell)
        for score in scores.values():
            if len(score) != len(self.scores[name]):
                raise ValueError(
                    f"{cell.file(self.cells)} holds scores of {len(score)} clips, and {name} has "
                    f"{len(self.scores[name])}: remove it, and the same command trains it again"
                )
        found = {column: scores[backend] for column, backend in told.items()}
        # a copy is in one piece: pandas warns of a table that grew a hundred times
        self.scores[name] = self.scores[name].assign(**found).copy()
        if not self.single:
            clips = self.clips[cell.source]
            self.rows[cell.name, cell.seed, name] = _rows(cell, *clips, scores, seconds)

    def _write(self, changed):
        from .. import traces

        for name in changed:
            table = self.scores[name]
            own = [cell for cell in self.planned if cell.source.name == name]
            there = [column for cell in own for column in columns(cell) if column in table.columns]
            traces.write(self.files[name], table[[*traces.FACTS, *there]], self.notes[name])
        if self.single:
            return
        keys = [(cell.name, cell.seed, cell.source.name) for cell in self.planned]
        rows = [row for key in keys for row in self.rows.get(key, ())]
        _write_csv(self.out / "results.csv", COLUMNS, rows)
        refused = [(*pair, sentence) for pair, sentence in self.refused.items()]
        _write_csv(self.out / "refused.csv", ("system", "data", "reason"), refused)

    def _known(self, name):
        """What the file holds already; it is refused where another command made it."""
        from .. import traces

        table, before = traces.read(self.out)
        told, facts = self.notes[name][1:], self.scores[name]
        if before[1:] != told or not _same(table[list(traces.FACTS)], facts):
            raise ValueError(
                f"{self.out} holds scores of {' '.join(before[1:])}, and this would be {told[0]}: "
                "give another --out"
            )
        planned = {column for cell in self.planned for column in columns(cell)}
        self._refuse(table.columns[len(facts.columns) :], planned)
        return table

    def _check_cells(self):
        """Refuse a folder in which cells of another sweep lie, finished or not."""
        ends = ("", ".safetensors")
        names = [path.stem for path in self.cells.glob("[!.]*") if path.suffix in ends]
        self._refuse(sorted(names), {cell.key() for cell in self.planned})

    def _refuse(self, there, planned):
        strange = [name for name in there if name not in planned]
        if strange:
            raise ValueError(
                f"{self.out} holds {_named(self.cells, strange[0])}, which this command does not "
                "make: name all of its systems, backends, seeds and data, its epochs, clips and "
                "pattern as they were, or give another --out"
            )


def columns(cell):
    """The columns of a cell in the table of scores, with their backends; what trains nothing has no
    seed.
    """
    end = "" if cell.system.loss is None else f"|{cell.seed}"
    return {f"{cell.name}|{backend}{end}": backend for backend in cell.backends}


def _facts(source, test):
    facts = test[["machine", "section", "domain", "label"]].reset_index(drop=True)
    facts["domain"] = facts["domain"].fillna("")
    return facts.assign(clip=[source.clip(path) for path in test["path"]])


def _rows(cell, train, test, scores, seconds):
    """The rows of a cell in the table of results, one a backend and id.

    Choices: an id whose test clips are all normal, or all anomalies, has gaps for numbers.
    """
    from .. import metrics, sound

    trained = cell.system.loss is not None
    counts = sound.groups(train[train["label"].fillna(0) == 0]).value_counts()
    rows = []
    for backend in cell.backends:
        report = metrics.report(test, scores[backend], intervals=False)
        ids = report.groupby(["machine", "section"]).tail(1)  # all domains together come last
        for row in ids.itertuples():
            clips = counts[f"{row.machine}/{row.section}"]
            rows.append((
                cell.name, backend, cell.source.name, cell.seed,
                cell.system.epochs if trained else 0, clips, row.machine, row.section,
                row.auc, row.pauc, seconds,
            ))  # fmt: skip
    return rows


def _write_csv(path, names, rows):
    import pandas as pd

    from .results import write

    table = pd.DataFrame(rows, columns=list(names))
    write(path, table.to_csv(index=False, lineterminator="\n", float_format="%.6g"))


def _named(folder, name):
    """A cell by what its file tells, or a column by its name."""
    from ..contents import facts, read_as
    from ..tensorfile import read_tensors

    file = folder / f"{name}.safetensors"
    if file.is_file():
        notes = read_tensors(file, "cell")[1]
        with read_as(file, "cell", "remove it"):
            told = facts(notes)
            return f"{told['name']}, seed {told['seed']}, {told['data']}"
    return "an unfinished cell" if (folder / name).is_dir() else name


def _same(one, other):
    return one.astype(str).to_numpy().tolist() == other.astype(str).to_numpy().tolist()
