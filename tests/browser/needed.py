"""Which code cells of a lesson its views need: those that show or move them, and what they stand
on.
"""

import ast
import copy
import symtable
from typing import NamedTuple

BINDING = ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
ONLY_LOOK = {"print", "checks"}  # what they are given stays as it is


class Cell(NamedTuple):
    """The names that a cell reads before it binds them, those it binds, those it may change, what
    is read within each function of it, and the names of views that it makes.
    """

    reads: set
    binds: set
    changes: set
    within: dict
    views: set


def needed(sources):
    """The places of the cells that views need, in order, given the source of each code cell.

    A cell needs the last one above it that binds a name it reads, itself or in a function it
    speaks of, and whatever between the two may change what the name means: an assignment to a part
    of it, one that is not always reached, or a call that stands as a statement. A second name of
    one object, and a change by a call whose value is taken, are not seen: what then runs with
    other values, or without a name, is a view that its test knows.
    """
    cells = [_cell(source) for source in sources]
    for at, cell in enumerate(cells):
        cell.changes.update(_with_functions(cells[: at + 1], cell.changes))
    found, waiting = set(), _moving(cells)
    while waiting:
        at = waiting.pop()
        found.add(at)
        names = _with_functions(cells[: at + 1], cells[at].reads)
        waiting |= {above for name in names for above in _sources(cells[:at], name)} - found
    return sorted(found)


def _sources(above, name):
    """The last of the cells that binds a name, and those after it that may change it."""
    for at in reversed(range(len(above))):
        if name in above[at].binds | above[at].changes:
            yield at
        if name in above[at].binds:
            return


def _with_functions(cells, names):
    """Names, and what functions of these names read."""
    within = {name: read for cell in cells for name, read in cell.within.items()}
    while more := set().union(*(within.get(name, set()) for name in names)) - names:
        names = names | more
    return names


def _moving(cells):
    """The cells that speak of ``views``, of what is made of it, or of functions that do."""
    views = {"views"}.union(*(cell.views for cell in cells))
    within = {name: read for cell in cells for name, read in cell.within.items()}
    while more := {name for name, read in within.items() if read & views} - views:
        views |= more
    return {at for at, cell in enumerate(cells) if cell.reads & views}


def _cell(source):
    cell = Cell(set(), set(), set(), {}, set())
    _gather(cell, ast.parse(source).body, cell.binds)
    return cell


def _gather(cell, body, bound):
    """Add the statements of a cell, or of a block in it; ``bound`` is what is bound before them."""
    top = bound is cell.binds
    for node in body:
        node, blocks = _parted(node)
        table = symtable.symtable(ast.unparse(node), "cell", "exec")
        names = {name.get_name() for name in table.get_symbols() if _is_bound(name)}
        cell.reads.update(_read(table) - bound)
        if isinstance(node, BINDING):
            bound |= names
        if not (top and isinstance(node, BINDING)):
            cell.changes.update(names)
        cell.changes.update(_read(table).intersection(_changed(node, top and node is body[-1])))
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            cell.within[node.name] = _read(table)
        elif isinstance(node, ast.Assign) and _root(node.value) == "views":
            cell.views.update(names)
        for block in blocks:
            _gather(cell, block, bound | names)


def _parted(node):
    """A statement without the blocks in it, and these."""
    if not isinstance(node, ast.For | ast.While | ast.If | ast.With):
        return node, []
    head = copy.copy(node)
    head.body, head.orelse = [ast.Pass()], []
    return head, [node.body, getattr(node, "orelse", [])]


def _is_bound(name):
    return name.is_assigned() or name.is_imported()


def _read(table):
    """The names of the notebook that are read, at once or in a function."""
    names = {name.get_name() for name in table.get_symbols()
             if name.is_referenced() and name.is_global()}  # fmt: skip
    return names.union(*map(_read, table.get_children()))


def _changed(statement, shown):
    """The names whose values a statement may change, if it is not the one that the cell shows."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _names(node.value)
        elif isinstance(node, ast.Expr) and not (shown and node is statement):
            yield from () if _root(node.value) in ONLY_LOOK else _names(node.value)


def _names(node):
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _root(node):
    """The name that a chain of calls and attributes starts with."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None
