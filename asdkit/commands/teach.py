"""``asdkit teach``: slides of the lessons' own figures and claims (``--slides OUT``), or a copy of
the course for students (``--without-solutions OUT``).
"""

import os
from pathlib import Path

from .. import runtime
from . import slides, student
from .results import write

LESSONS = "notebooks"
KINDS = "[0-9][0-9]_*.ipynb"


def add(parsers):
    """Declare the command."""
    parser = parsers.add_parser(
        "teach", help="slides of the lessons, or the course without solutions",
        description=__doc__,
    )  # fmt: skip
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--slides", type=Path, metavar="OUT", help="a folder for a page a lesson")
    what.add_argument(
        "--without-solutions", type=Path, metavar="OUT", help="a new folder for the whole course"
    )
    parser.add_argument("notebook", nargs="*", help="lessons to make slides of (default all)")
    parser.set_defaults(main=main)


def main(args):
    """Write slides, or a copy for students, beside what lies there.

    Raises: FileNotFoundError for a notebook that the course does not have, or where asdkit is not
        run from a clone; ValueError for notebooks named with ``--without-solutions``, and for a
        folder or page that this command did not make; OSError where it cannot be written.
    """
    home = runtime.home()
    if args.without_solutions:
        if args.notebook:
            raise ValueError("--without-solutions copies all lessons: leave the notebooks out")
        count = student.copy(home, args.without_solutions.absolute())
        print(f"{args.without_solutions}: {count} lessons without their solutions")
    else:
        _slides(args.slides, _lessons(home / LESSONS, args.notebook))
    return 0


def _lessons(folder, names):
    """The notebooks of these names, with or without ending and folder, or all of the course."""
    paths = [folder / f"{Path(name).stem}.ipynb" for name in names] or sorted(folder.glob(KINDS))
    for name, path in zip(names, paths):
        if not path.is_file():
            raise FileNotFoundError(f"{folder} holds no {name}: name one of its notebooks")
    return paths


def _slides(out, lessons):
    """All pages are made before the first is written, so that a refusal leaves all as it was."""
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out} is no folder: name one for the slides")
    pages = {}
    for path in lessons:
        page = out / f"{path.stem}.html"
        if os.path.lexists(page) and not slides.is_ours(page):
            raise ValueError(f"{page} was not made by asdkit teach: name another folder")
        pages[page] = slides.page(student.read(path))
    for page, (text, _) in pages.items():
        write(page, text)
    count = sum(count for _, count in pages.values())
    print(f"{out}: {len(pages)} pages with {count} slides; open one in a browser, and print it")
