"""The published tables of the five papers: their numbers, how means are taken, and which system of
the kit stands for which row.
"""

from functools import lru_cache

import pandas as pd

from .. import given
from ..runtime import home

PAPERS = ("subcluster_adacos", "adaproj", "bce_ddcsad", "noisy_arcmix")  # files of numbers
SUMMARY = "mean of the four"  # data sets, of [AP] Table 1


def tables():
    """What there is: the tables of the five papers, and those whose numbers the texts have lost.

    Shapes: -> DataFrame ``table what data rule trials epochs clips source lost numbers``; ``rule``
        is how means are taken, ``clips`` are training clips an id, ``numbers`` are 0 where all are
        lost.
    """
    known = stored("tables")
    counts = numbers()["table"].value_counts()
    return known.assign(numbers=known["table"].map(counts).fillna(0).astype(int))


def table(name):
    """The numbers of a published table, in %, by the name that ``tables`` gives it.

    Shapes: -> DataFrame ``row data domain machine metric value std``; ``machine`` is a type, or
        "all" for a printed mean; ``std`` is of trials.
    Raises: ValueError for a table that is not known, or whose numbers are lost.
    Choices: a value that was printed as "diverges" is a gap. The alpha of [DDC] Table I is a share,
        no percentage.
    Example:
        >>> papers.table("SCA IV").set_index("row").loc["S = 32, GMM", "value"].tolist()
        [92.57, 86.37, 94.69, 87.9]
    Notebook: 03_scores_and_metrics, 10_adaproj, 11_noisy_arcmix
    """
    known = stored("tables")["table"].tolist()
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"no table is called {given.told(name)}: take one of {', '.join(known)}")
    own = numbers()[numbers()["table"] == name]
    if own.empty:
        raise ValueError(f"the numbers of {name} are lost from the text of the paper: print none")
    return own.drop(columns="table").reset_index(drop=True)


def missing():
    """The published rows that no system of this kit stands for, and why.

    Shapes: -> DataFrame ``table row why``.
    """
    rows = stored("rows")
    own = rows[rows["system"] == ""].rename(columns={"note": "why"})
    return own[["table", "row", "why"]].reset_index(drop=True)


@lru_cache
def stored(name):
    """A file of ``data/published/``, all columns as text: "tables" tells of each table what it is,
    "rows" which system stands for each row or why none does, the others hold numbers.

    Shapes: -> DataFrame.
    """
    path = home() / "data" / "published" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@lru_cache
def numbers():
    """The numbers of all tables.

    Shapes: -> DataFrame ``table row data domain machine metric value std``.
    """
    told = pd.concat([stored(name) for name in PAPERS], ignore_index=True)
    return told.assign(**{name: pd.to_numeric(told[name]) for name in ("value", "std")})
