"""``asdkit html OUT``: the whole course as pages to read in a browser, without a network."""

import re
import time
from pathlib import Path

from .. import runtime
from ..owned import check, owned
from ..plain import say
from .places import check_folder
from .results import write

NOTE = "pages.json"  # which files of the folder are of this command
SHOWN = 252  # of the built-in clips on the explorer's map, or what a smaller budget has
SHORT = 1.5  # seconds of a sound there
ABOUT = (
    "Clips of four types of synthetic machines, normal and anomalous: lesson 14 reads such maps, "
    "and trains what makes them."
)


def add(parsers):
    """Declare the command."""
    words = "the course as pages to read without Python or network"
    parser = parsers.add_parser("html", help=words, description=__doc__)
    parser.add_argument("out", metavar="OUT", help="a folder for the pages")
    parser.set_defaults(main=main)


def main(args):
    """Write all pages; what lies there and is not ours stays.

    Raises: FileNotFoundError where asdkit is not run from a clone; ValueError for a lesson that
        cannot be read, and for a file of the folder that this command has not written, or that was
        changed since; OSError where the folder cannot be written.
    Choices: all pages are made before the first is written. Those of an earlier call that no link
        leads to any more are removed.
    """
    from . import course_pages  # which loads nbconvert

    begun, home, out = time.monotonic(), runtime.home(), check_folder(args.out, "OUT")
    files = dict(runtime.progress(course_pages.pages(home), "pages", unit="page"))
    files[course_pages.STYLE] = _style()
    names = [*files, course_pages.EXPLORER]
    note = out / NOTE
    gone = set(check(note, out, names)) - set(names)
    with owned(note, out, names):
        for name, content in files.items():
            _write(out / name, content)
        _explorer(out / course_pages.EXPLORER)
        for name in gone:
            (out / name).unlink(missing_ok=True)
    lessons = sum(bool(re.match(r"notebooks/\d", name)) for name in files)
    size = sum((out / name).stat().st_size for name in names) / 1e6
    took = time.monotonic() - begun
    say(
        f"{out}: {lessons} lessons, {len(names)} files, {size:.0f} MB in {took:.0f} s; open "
        f"{out / 'index.html'} in a browser"
    )
    return 0


def _style():
    from . import course_pages, formulas

    own = Path(__file__).with_name(course_pages.STYLE).read_text(encoding="utf-8")
    return own + formulas.STYLE


def _write(path, content):
    from ..drafts import whole

    if isinstance(content, str):
        return write(path, content)
    with whole(path) as draft:
        draft.write_bytes(content)


def _explorer(path):
    """A map of built-in sounds, which needs no training."""
    from .. import projection, sound, views
    from ..views.page import write_page
    from .folder import SUMMARY, summaries

    clips = sound.toy()
    clips = clips.iloc[:: max(1, len(clips) // SHOWN)].reset_index(drop=True)
    clips = clips.assign(name=[Path(file).name for file in clips["path"]])
    x = summaries(clips)
    explorer = views.MapExplorer.from_arrays(
        x, clips=clips, map=projection.fit_map(x), seconds=SHORT
    )
    title, about = f"A map of {len(clips)} sounds", [ABOUT, SUMMARY]
    write_page(explorer, path, title, about, back=("index.html", "The course"))
