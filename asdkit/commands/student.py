"""A copy of the course to hand to students: its lessons without solutions."""

import ast
import os
import re
from contextlib import suppress
from pathlib import Path

from ..drafts import whole_folder

FILES = (
    "README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "Makefile", "environment.yml",
    "pyproject.toml", "constraints.txt", ".gitignore", "asdkit/**/*", "data/*", "data/jupyter/**/*",
    "data/pictures/**/*", "data/published/**/*", "data/traces/**/*", "notebooks/*.md",
    "notebooks/*.py", "notebooks/[0-9][0-9]_*.ipynb",
)  # fmt: skip
LINK = re.compile(r"\[((?:!?\[[^\]]*\](?:\([^)]*\))?|[^\]\[])+)\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def copy(home, out):
    """Copy the course to a new folder, its lessons without solutions; and the number of lessons.

    Raises: FileExistsError where the folder holds something, as that may be a student's work;
        ValueError for a lesson that cannot be read; OSError where the folder cannot be made.
    Choices: the library, the data and the set-up come along, so links are right and ``make lab``
        works there. Teaching pages and tests stay behind, as they hold answers; a link to one of
        them becomes its words. The checks come with their reference: who looks for it finds it.
    """
    found = {path for pattern in FILES for path in home.glob(pattern) if path.is_file()}
    files = {path for path in found if "__pycache__" not in path.parts}
    with whole_folder(out) as draft:
        for path in sorted(files):
            place = draft / path.relative_to(home)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(_handed_out(path, files))
    return sum(path.suffix == ".ipynb" for path in files)


def read(path):
    """Read a lesson.

    Raises: ValueError that names the file, where it is no notebook.
    """
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat has several of its own
        raise ValueError(f"{path} is no notebook: open it in JupyterLab and save it") from error


def without_solutions(notebook):
    """Take out the solutions of a lesson, and each cell that uses a name only they give."""
    kept, lost = [], set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            given, used = _names(cell.source)
            if "solution" in cell.metadata.get("tags", []) or lost & (used - given):
                lost |= given
                continue
            lost -= given
        kept.append(cell)
    notebook.cells = kept
    notebook.metadata.pop("asdkit", None)  # it says that the outputs are those of all cells
    return notebook


def _handed_out(path, files):
    """What a student gets of one file of the course."""
    if path.suffix == ".ipynb":
        import nbformat

        return (nbformat.writes(without_solutions(read(path))).rstrip("\n") + "\n").encode()
    if path.suffix == ".md":
        text = path.read_text(encoding="utf-8")
        return LINK.sub(lambda link: _linked(link, path.parent, files), text).encode()
    return path.read_bytes()


def _linked(link, folder, files):
    """A link of a page, or its words alone where it leads to what stays behind."""
    target = Path(os.path.normpath(folder / link[2]))
    kept = any(target == path or target in path.parents for path in files)
    return link[0] if kept or not target.exists() else link[1]


def _names(source):
    """The names that a cell gives to something, and those that it uses."""
    given, used, tree = set(), set(), ast.Module([], [])
    with suppress(SyntaxError):  # of a notebook's own, such as %time
        tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (given if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            given.add(node.name)
        elif isinstance(node, ast.arg):
            given.add(node.arg)
        elif isinstance(node, ast.alias):
            given.add(node.asname or node.name.split(".")[0])
    return given, used
