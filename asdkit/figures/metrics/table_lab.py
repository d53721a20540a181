"""A table of results that is sorted and filtered: its rows, and a picture of them."""

import numpy as np
import pandas as pd

from ..style import GRAY, SERIES, Picture, entry, plain

ALL = "all"
MOST = 16  # rows of the picture
LEFT, WIDEST = 0.45, 60  # the share of it for the words of a row, and their letters
LOOKS = {"own": SERIES[5], "published": SERIES[2]}
HOLLOW = {"published"}


def table_state(table, sort, falling=True, words="", **chosen):
    """Sort and filter a table of results.

    Shapes: a DataFrame of N rows; ``sort``, a column; ``words``, all of which a row must hold
        somewhere, in whatever letters; ``chosen``, a column -> the value that its rows must have,
        or "all" -> dict of ``rows``, a DataFrame of M rows, ``of``, N, ``sort`` and ``falling``.
    Raises: ValueError for a column that is not there.
    Choices: gaps come last, whichever way the rest is sorted; equal rows keep their order.
    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"loss": ["AdaCos", "softmax"], "auc": [0.6, 0.7]})
        >>> figures.table_state(table, "auc", words="ADA")["rows"]["loss"].tolist()
        ['AdaCos']
    """
    for column in (sort, *chosen):
        if column not in table:
            raise ValueError(f"there is no column {column!r}: take one of {', '.join(table)}")
    kept = np.ones(len(table), dtype=bool)
    for column, value in chosen.items():
        if value != ALL:
            kept &= table[column].astype(str).to_numpy() == str(value)
    wanted = words.lower().split()
    if wanted:
        kept &= [all(word in text.lower() for word in wanted) for text in _texts(table)]
    rows = table[kept].sort_values(
        sort, ascending=not falling, kind="stable", key=_key, na_position="last"
    )
    return {"rows": rows, "of": len(table), "sort": sort, "falling": falling}


def table_figure(rows, value, reach, title, limits=None):
    """Draw rows of a table of results as dots with their intervals, in the order of the rows.

    Shapes: a DataFrame of M rows; ``value`` and the two of ``reach``, columns; ``limits``, the ends
        of the axis.
    Choices: the first 16 rows. Where there is a column ``source``, published values are hollow.
        Words of a row are its columns that are not numbers.
    Notebook: 13_compare_losses
    """
    shown = rows.iloc[:MOST]
    figure = Picture(height=1.3 + 0.19 * MOST)
    # the words of rows, which come and go, are no part of the layout: a new one takes long
    figure.get_layout_engine().set(rect=(LEFT, 0.0, 1.0 - LEFT, 1.0))
    ax = figure.subplots()
    source = shown["source"] if "source" in shown else pd.Series("own", shown.index)
    for name in filter(set(source).__contains__, LOOKS):
        look, place = LOOKS[name], np.flatnonzero(source == name)
        middle, low, high = shown.iloc[place][[value, *reach]].to_numpy(float).T
        ax.hlines(place, low, high, color=look.color, linewidth=1.4)
        ax.plot(
            middle, place, look.marker, color=look.color, linestyle="", markersize=6,
            markerfacecolor="white" if name in HOLLOW else look.color, label=entry(name),
        )  # fmt: skip
    ax.set_yticks([])
    for row, words in enumerate(_texts(shown[_telling(shown)], ", ")):
        ax.text(
            -0.02, row, words[:WIDEST], transform=ax.get_yaxis_transform(), fontsize=8, ha="right",
            va="center", in_layout=False,
        )  # fmt: skip
    ax.set(ylim=(MOST - 0.5, -0.5), xlabel=f"{value} with its 95 % interval")
    if limits:
        ax.set_xlim(limits)
    ax.grid(axis="x", color=GRAY, alpha=0.3, linewidth=0.6)
    more = f", the first {len(shown)} are drawn" if len(rows) > len(shown) else ""
    ax.set_title(f"{title} (n = {len(rows)} rows{more})", fontsize=10)
    if "source" in shown and ax.get_legend_handles_labels()[0]:
        ax.legend(loc="lower right", frameon=False, fontsize=9)
    plain(ax)
    return figure


def _key(column):
    return column if _is_number(column) else column.astype(str).str.lower()


def _is_number(column):
    return pd.api.types.is_numeric_dtype(column)


def _telling(rows):
    """The columns of words that say what a row is: those that are not the same in all rows."""
    words = [name for name in rows if not _is_number(rows[name])]
    return [name for name in words if rows[name].nunique() > 1] or words[:1]


def _texts(rows, between=" "):
    """What a row holds, as one text; a gap is nothing."""
    return [
        between.join(str(value) for value in row if not pd.isna(value))
        for row in rows.itertuples(index=False)
    ]
