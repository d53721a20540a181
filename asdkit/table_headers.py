"""Tables that a notebook shows, with headers that a screen reader can follow."""

import re
import sys

HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
BODY = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<th((?: (?:colspan|rowspan|halign|valign)=\"\w+\")*)>(.*?)</th>", re.DOTALL)


def scoped(html):
    """Say in the HTML of a pandas table of what each header is one: its column, row or group.

    Choices: a header without a word is none, and becomes an empty cell. In a row of columns a word
        above the names of the rows names the columns.
    Example:
        >>> from asdkit import table_headers
        >>> table_headers.scoped("<thead><tr><th></th><th>auc</th></tr></thead>")
        '<thead><tr><td></td><th scope="col">auc</th></tr></thead>'
    """
    body = BODY.search(html)
    first = ROW.search(body[0]) if body else None
    levels = len(CELL.findall(first[0])) if first else 1
    html = HEAD.sub(lambda head: ROW.sub(lambda row: _head(row[0], levels), head[0]), html)
    return BODY.sub(lambda body: CELL.sub(lambda cell: _cell(cell, "row"), body[0]), html)


def show_scoped():
    """Let a notebook show the headers of all tables so; nothing happens outside of one."""
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    if shell is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    for module in ("pandas", "pandas.core.frame"):  # from version 3 on, and before
        html.for_type_by_name(module, "DataFrame", _shown)


def _shown(table):
    html = table._repr_html_()
    return html and scoped(html)


def _head(row, levels):
    """Scope the cells of one row of a head; the first of them stand above the names of rows."""
    cells = CELL.findall(row)
    names_rows = len(cells) > levels and not any(words for _, words in cells[levels:])
    scopes = iter(["col" if names_rows else "row"] * levels + ["col"] * len(cells))
    return CELL.sub(lambda cell: _cell(cell, next(scopes)), row)


def _cell(cell, scope):
    attributes, words = cell.groups()
    if not words.strip():
        return f"<td{attributes}>{words}</td>"
    wide = "colspan" in attributes or "rowspan" in attributes
    return f'<th{attributes} scope="{scope}{"group" if wide else ""}">{words}</th>'
