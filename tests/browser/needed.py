"""Which code cells of a lesson its views need: those that show them, or move what is shown
further down, and what they stand on.
"""

import ast
import builtins
import copy
import symtable
from typing import NamedTuple

BINDING = ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
ONLY_LOOK = {"print", "checks"}  # what they are given stays as it is


class Cell(NamedTuple):
    """The names that a cell reads before it binds them, those it binds, those it may change, the
    modules that it imports or seeds, and the names of views that it makes; what is read and what
    may be changed within each of its functions; and the name of what it shows.
    """

    reads: set
    binds: set
    changes: set
    modules: set
    seeds: set
    views: set
    within: dict
    altered: dict
    shows: str


def needed(sources):
    """The places of the cells that views need, in order, given the source of each code cell.

    Cells that move a view count up to the last one that shows a view. A cell needs the last one
    above it that binds a name it reads, itself or in a function it speaks of, and whatever between
    the two may change what the name means: an assignment to a part of it, one that is not always
    reached, or a call that stands as a statement, of a function that does so too; a module is
    changed by its seed alone. A second name of one object, and a change by a call whose value is
    taken, are not seen: what then runs with other values, or without a name, is a view that its
    test knows.
    """
    cells = [_cell(source) for source in sources]
    fixed = set(dir(builtins)).union(*(cell.modules for cell in cells))
    for at, cell in enumerate(cells):
        changed = _with_functions([above.altered for above in cells[: at + 1]], cell.changes)
        cells[at] = cell._replace(changes=changed - fixed | cell.seeds)
    reads, found, waiting = [cell.within for cell in cells], set(), _moving(cells)
    while waiting:
        at = waiting.pop()
        found.add(at)
        names = _with_functions(reads[: at + 1], cells[at].reads)
        waiting |= {above for name in names for above in _sources(cells[:at], name)} - found
    return sorted(found)


def _sources(above, name):
    """The last of the cells that binds a name, and those after it that may change it."""
    for at in reversed(range(len(above))):
        if name in above[at].binds | above[at].changes:
            yield at
        if name in above[at].binds:
            return


def _with_functions(within, names):
    """Names, and those that stand in functions of these names, given what stands in each."""
    known = {name: inner for cell in within for name, inner in cell.items()}
    while more := set().union(*(known.get(name, set()) for name in names)) - names:
        names = names | more
    return names


def _moving(cells):
    """The cells that speak of ``views``, of what is made of it, or of functions that do, down to
    the last that shows such a thing.
    """
    made = {"views"}.union(*(cell.views for cell in cells))
    last = max((at for at, cell in enumerate(cells) if cell.shows in made), default=len(cells))
    views, within = made, {name: read for cell in cells for name, read in cell.within.items()}
    while more := {name for name, read in within.items() if read & views} - views:
        views = views | more
    return {at for at, cell in enumerate(cells) if cell.reads & views and at <= last}


def _cell(source):
    cell = Cell(*(set() for _ in range(6)), {}, {}, shows=None)
    body = ast.parse(source).body
    _gather(cell, body, cell.binds)
    return cell._replace(shows=_shown(body[-1])) if body else cell


def _shown(node):
    """The name of what a statement shows, or that makes it."""
    return _root(node.value) if isinstance(node, ast.Expr) else None


def _gather(cell, body, bound):
    """Add the statements of a cell, or of a block in it; ``bound`` is what is bound before them."""
    top = bound is cell.binds
    for node in body:
        node, blocks = _parted(node)
        table = symtable.symtable(ast.unparse(node), "cell", "exec")
        names = {name.get_name() for name in table.get_symbols() if _is_bound(name)}
        changed = _read(table).intersection(_changed(node, top and node is body[-1]))
        cell.reads.update(_read(table) - bound)
        cell.seeds.update(_seeded(node))
        if isinstance(node, BINDING):
            bound |= names
        if not (top and isinstance(node, BINDING)):
            cell.changes.update(names)
        if isinstance(node, ast.Import | ast.ImportFrom):
            cell.modules.update(names)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            cell.within[node.name], cell.altered[node.name] = _read(table), changed
        else:
            cell.changes.update(changed)
        if isinstance(node, ast.Assign) and _root(node.value) == "views":
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


def _seeded(statement):
    """The modules whose random numbers a statement seeds."""
    calls = (node for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {_root(call) for call in calls if ast.unparse(call.func).endswith("seed")}
