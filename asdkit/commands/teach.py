"""``asdkit teach``: slides of the lessons' own formulas, figures and claims (``--slides OUT``), or
a copy of the course for students (``--without-solutions OUT``).
"""

from pathlib import Path

from .. import runtime
from ..plain import say
from . import slides, student
from .places import check_file, check_folder
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
    what.add_argument("--slides", metavar="OUT", help="a folder for a page a lesson")
    what.add_argument(
        "--without-solutions", metavar="OUT", help="a new folder for the whole course"
    )
    parser.add_argument("notebook", nargs="*", help="lessons to make slides of (default all)")
    parser.set_defaults(main=main)


def main(args):
    """Write slides, or a copy for students; what lies there and is not ours stays.

    Raises: FileNotFoundError for a notebook that the course does not have, or where asdkit is not
        run from a clone; ValueError for a lesson that cannot be read, for notebooks beside
        ``--without-solutions``, and for a place that another file has; OSError where it cannot be
        written.
    """
    home = runtime.home()
    if args.slides is not None:
        _slides(args.slides, _lessons(home / LESSONS, args.notebook))
    elif args.notebook:
        raise ValueError("--without-solutions copies all lessons: leave the notebooks out")
    else:
        out = check_folder(args.without_solutions, "--without-solutions")
        say(f"{out}: {student.copy(home, out)} lessons without their solutions")
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
    pages = {}
    for path in lessons:
        page = check_folder(out, "--slides") / f"{path.stem}.html"
        check_file(page, "--slides", slides.is_ours)
        pages[page] = slides.page(student.read(path))
    for page, (text, _) in pages.items():
        write(page, text)
    count = sum(count for _, count in pages.values())
    say(f"{out}: pages: {len(pages)}, slides: {count}; open one in a browser, and print it")
