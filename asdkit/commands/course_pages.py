"""The course as pages: what its README leads to, from link to link, each file as one page."""

import html
import os
import re
from pathlib import Path

from . import lesson_body
from .markdown import converted, plain
from .student import read

MARK = "asdkit html"
FIRST, STYLE, EXPLORER = "README.md", "course.css", "explorer.html"
SOURCES = (".py", ".toml", "")  # shown as pages; other files are copied as they are
POLICY = (  # no script and nothing of a network; to some browsers a disk is not "self"
    "default-src 'none'; img-src data: 'self' file:; media-src data:; "
    "style-src 'self' file: 'unsafe-inline'"
)
READING = f"""
<p class="note">This is the course to read anywhere: with its pictures, sounds, formulas and folded
solutions, from a disk, without a network. Nothing runs here but the
<a href="{EXPLORER}">map explorer</a>, in which sounds are seen and heard. To move the views and to
solve the exercises, install the course as below.</p>
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{mark}">
<title>{title}</title>
<link rel="stylesheet" href="{up}{style}">
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<nav aria-label="The course">{ways}</nav>
<main id="text">
{body}
</main>
<footer><a href="{up}index.html">asdkit</a>: the text of the course is under
<a href="{up}notebooks/LICENSE.html">CC BY 4.0</a>, the code under
<a href="{up}LICENSE.html">MIT</a>.</footer>
</body>
</html>
"""


def pages(home):
    """Convert all files of the clone to which links lead from its README, one after another.

    Shapes: yields the name of a page within the course, and its text, or the bytes of a file that
        is no text.
    Raises: ValueError for a lesson that cannot be read.
    Choices: a link to a folder, or to what the clone does not hold, is its words.
    """
    found = [home / FIRST, home / "LICENSE", home / "notebooks" / "LICENSE.md"]
    for path in found:  # which grows meanwhile

        def href(target, path=path):
            return _turned(target, path, home, found)

        place = _place(path, home)
        if path.suffix not in (".md", ".ipynb", *SOURCES):
            yield place, path.read_bytes()
            continue
        body = _body(path, home, href)
        ways = " · ".join(_ways(path, place, home))
        yield place, _page(place, body, ways, path.name)


def _turned(target, path, home, found):
    """The target of a link as the page of its file, which is noted."""
    where, sign, anchor = target.partition("#")
    if re.match(r"[a-z]+:", target) or not where:
        return target
    file = Path(os.path.normpath(path.parent / where))
    if not (file.is_file() and file.is_relative_to(home)):
        return None
    if file not in found:
        found.append(file)
    return _from(_place(path, home), _place(file, home)) + sign + anchor


def _place(path, home):
    """The page of a file."""
    name = path.relative_to(home).as_posix()
    if name == FIRST:
        return "index.html"
    if path.suffix in (".md", ".ipynb"):
        return f"{name.removesuffix(path.suffix)}.html"
    return f"{name}.html" if path.suffix in SOURCES else name


def _from(place, other):
    return os.path.relpath(other, Path(place).parent).replace(os.sep, "/")


def _body(path, home, href):
    if path.suffix == ".ipynb":
        body = lesson_body.body(read(path), href)
        return body.replace("</h1>", f"</h1>\n{_sections(body)}", 1)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        body = converted(text, href)
        return body.replace("</h1>", f"</h1>\n{READING}", 1) if path == home / FIRST else body
    name = html.escape(path.relative_to(home).as_posix())
    code = lesson_body.highlighted(text, path.suffix.removeprefix(".") or "text")
    return f'<h1>{name}</h1>\n<div class="code">{code}</div>'


def _sections(body):
    found = re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', body)
    items = "".join(f'<li><a href="#{anchor}">{html.escape(plain(line), quote=False)}</a></li>'
                    for anchor, line in found)  # fmt: skip
    return f'<details class="sections"><summary>On this page</summary><ul>{items}</ul></details>'


def _ways(path, place, home):
    """Links to the front page, to terms, and to the lessons before and after."""
    yield f'<a href="{_from(place, "index.html")}">The course</a>'
    yield f'<a href="{_from(place, "notebooks/terms.html")}">Terms</a>'
    yield f'<a href="{_from(place, EXPLORER)}">Explorer</a>'
    lessons = sorted((home / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    if path in lessons:
        number = lessons.index(path)
        for word, other in (("Before", number - 1), ("Next", number + 1)):
            if 0 <= other < len(lessons):
                to = _place(lessons[other], home)
                yield f'<a href="{_from(place, to)}">{word}: {lessons[other].stem[:2]}</a>'


def _page(place, body, ways, name):
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body)
    title = plain(title[1]) if title else name
    return PAGE.format(
        policy=POLICY, mark=MARK, title=html.escape(title, quote=False), style=STYLE,
        up="../" * place.count("/"), ways=ways, body=body,
    )  # fmt: skip
