"""A view of a table of results: headers sort it, buttons and words filter it, a picture follows."""

import ipywidgets
import numpy as np
import pandas as pd

from ..figures.metrics.table_lab import ALL, table_figure, table_state
from ..plain import sendable
from .headers import Headers
from .view import NAMED, View, buttons

MARGIN = 0.05  # of the axis, beyond the largest value


class TableView(View):
    """Sort a table of results by its headers, and filter it by buttons and by words.

    Shapes: ``table``, a DataFrame of N rows; ``value`` and the two of ``reach``, its columns with a
        result and the ends of its interval; ``filters``, columns of words -> a row of buttons each.
    Raises: ValueError for a column that is not there, and as ``set`` does.
    Choices: ``set(sort="auc rising", words="adacos", data="toy")``; a value "all" filters nothing.
        Numbers are shown with three digits. The picture keeps its axis, which holds all values,
        while rows come and go; an interval of two seeds may run out of it.
    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"loss": ["a", "b"], "data": ["toy", "shift"], "auc": [0.6, 0.7],
        ...                       "low": [0.5, 0.6], "high": [0.7, 0.8]})
        >>> view = views.TableView(table, filters=["data"])
        >>> view.state["rows"]["loss"].tolist(), view.set(data="toy").state["rows"]["loss"].tolist()
        (['b', 'a'], ['a'])
    Notebook: 13_compare_losses
    """

    def __init__(self, table, value="auc", reach=("low", "high"), filters=(), title="Results"):
        table = table.rename(columns=sendable)
        value, *reach = map(sendable, (value, *reach))
        filters = [*map(sendable, filters)]
        for column in (value, *reach, *filters):
            if column not in table:
                raise ValueError(f"there is no column {column!r}: take one of {', '.join(table)}")
        self.table, self.value, self.reach, self.title = table, value, reach, title
        self.filters = filters
        least, most = np.nanmin(table[value]), np.nanmax(table[value])
        room = MARGIN * (most - least) or MARGIN
        self.limits = least - room, most + room
        controls = {
            name: buttons(name, [ALL, *_values(table[name])], ALL, f"Show rows of one {name}")
            for name in self.filters
        }
        controls["words"] = ipywidgets.Text(
            description="words", placeholder="all of which a row must hold", style=NAMED,
            tooltip="Show the rows that hold all of these words",
        )  # fmt: skip
        numeric = [pd.api.types.is_numeric_dtype(table[name]) for name in table]
        controls["sort"] = Headers(columns=list(table), numeric=numeric, value=f"{value} falling")
        super().__init__(controls)

    @property
    def state(self):
        """What is shown, the dict of ``table_state``."""
        sort, way = self.sort.value.rsplit(" ", 1)
        chosen = {name: self.controls[name].value for name in self.filters}
        return table_state(self.table, sort, way == "falling", self.words.value, **chosen)

    def figure(self):
        """Draw the rows as they stand now, for a page without a kernel."""
        return table_figure(self.state["rows"], self.value, self.reach, self.title, self.limits)

    def _step(self, name, value):
        if name == "words":
            return str(value)
        return super()._step(name, value)

    def _follow(self):
        self.sort.told = self._readout()
        self.sort.rows = [[*map(_told, row)] for row in self.state["rows"].itertuples(index=False)]

    def _readout(self):
        state, way = self.state, "falling" if self.state["falling"] else "rising"
        rows = state["rows"]
        first = f"; first {', '.join(map(_told, rows.iloc[0]))}" if len(rows) else ""
        return f"{len(rows)} of {state['of']} rows, sorted by {state['sort']}, {way}{first}"


def _values(column):
    return sorted({str(value) for value in column})


def _told(value):
    """A cell in words: a number with three digits, a gap as nothing."""
    if isinstance(value, str):
        return sendable(value)
    return "" if pd.isna(value) else f"{value:.3g}"
