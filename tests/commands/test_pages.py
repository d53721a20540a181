"""``asdkit html``: every link leads somewhere, nothing leads to a network, and all of the lessons
is there.
"""

import html
import posixpath
import re
from pathlib import Path

import nbformat
import pytest

from asdkit.__main__ import main
from asdkit.commands import course_pages, lesson_body, pages

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
CODE, NEW = nbformat.v4.new_code_cell, nbformat.v4.new_output
FETCHED = re.compile(r'(?:src|poster)="([^"]*)"|<link[^>]*href="([^"]*)"|url\(([^)]*)\)|@import')


@pytest.fixture(scope="module")
def course():
    return dict(course_pages.pages(ROOT))


@pytest.fixture
def made(tmp_path, monkeypatch, course):
    """A folder of pages, of which the explorer is a word."""
    monkeypatch.setattr(course_pages, "pages", lambda home: iter(course.items()))
    monkeypatch.setattr(pages, "_explorer", lambda path: path.write_text("explorer"))
    assert main(["html", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def targets(name, text):
    """The pages that a page links to within the course, each with its anchor."""
    for target in map(html.unescape, re.findall(r'<a [^>]*href="([^"]+)"', text)):
        if not re.match("https?:|mailto:", target):
            path, _, anchor = target.partition("#")
            inner = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            yield (inner if path else name), anchor


def test_every_link_leads_to_a_page_and_its_heading(course):
    texts = {name: text for name, text in course.items() if isinstance(text, str)}
    for name, text in texts.items():
        for page, anchor in targets(name, text):
            assert page in course or page == course_pages.EXPLORER, f"{name}: {page}"
            assert not anchor or f'id="{html.escape(anchor)}"' in course[page], f"{name}: {anchor}"


def test_nothing_is_fetched_but_what_lies_beside(course):
    for name, text in course.items():
        if not isinstance(text, str):
            continue
        assert "<script" not in text and "default-src 'none'" in text
        for fetched in map("".join, FETCHED.findall(re.sub(r"<pre.*?</pre>", "", text, flags=16))):
            inner = posixpath.normpath(posixpath.join(posixpath.dirname(name), fetched))
            assert fetched.startswith("data:") or inner in course or inner == course_pages.STYLE
    assert not re.search(r"url\(|@import", pages._style())


def test_every_lesson_is_in_the_index_and_whole(course):
    index = set(targets("index.html", course["index.html"]))
    for path in LESSONS:
        name = f"notebooks/{path.stem}.html"
        cells = nbformat.read(path, as_version=4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        pictures = [one for one in outputs if "image/png" in one.get("data", {})]
        sounds = sum(one["data"]["text/html"].count("<audio") for one in outputs
                     if "text/html" in one.get("data", {}))  # fmt: skip
        solutions = sum("solution" in cell.metadata.get("tags", []) for cell in cells)
        page = course[name]
        assert (name, "") in index
        alts = re.findall(r'<img alt="([^"]*)" src="data:image/png', page)
        assert [html.unescape(alt) for alt in alts] == [
            one.metadata["image/png"]["alt"] for one in pictures
        ]
        assert page.count("<audio") == sounds
        assert page.count('<details class="solution">') == solutions > 0
        assert "VBox(" not in page and page.count("class='view'") >= 1, name


def test_every_formula_is_drawn(course):
    drawn = 0
    for name, text in course.items():
        if isinstance(text, str) and "/notebooks" in f"/{name}":
            assert "undrawn" not in text, re.findall('undrawn">([^<]*)', text)
            drawn += text.count('<span class="formula">')
    said = [cell.source for path in LESSONS for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "markdown"]  # fmt: skip
    words = re.sub(r"```.*?```|`[^`]*`", "", "\n\n".join(said), flags=re.DOTALL)
    assert drawn >= len(re.findall(r"\$\$.+?\$\$|\$[^$]+\$", words, flags=re.DOTALL)) > 900


def test_of_a_view_its_words_stand_there_and_texts_are_text():
    odd = NEW("stream", name="stdout", text="<b>1</b>\n")
    view = NEW("execute_result", data={"text/plain": "<LossLab: m = <0.5>>"})
    other = NEW("execute_result", data={"text/plain": "<Thing: m>"})
    cell = CODE("x < 1", outputs=[odd, view, other])
    text = lesson_body.body(nbformat.v4.new_notebook(cells=[cell]), str)
    assert "&lt;b&gt;1&lt;/b&gt;" in text and "As it starts: m = &lt;0.5&gt;</p>" in text
    assert "&lt;Thing: m&gt;" in text and text.count("class='view'") == 1
    cell.outputs = [NEW("error", ename="ValueError", evalue="no", traceback=[])]
    with pytest.raises(ValueError, match="run the lesson anew"):
        lesson_body.body(nbformat.v4.new_notebook(cells=[cell]), str)


def test_a_table_has_scopes(course):
    page = course["notebooks/00_start_here.html"]
    table = re.search(r'<table class="dataframe">.*?</table>', page, re.DOTALL)
    head, rows = table[0].split("</thead>")
    assert head.count("<th") - 1 == head.count('scope="col"') > 0  # one is thead
    assert rows.count("<th") == rows.count('scope="row"') > 0 and "border=" not in page


def test_pages_are_made_again_and_files_of_others_stay(made, refused, course, monkeypatch):
    (made / "mine.txt").write_text("mine")
    fewer = {name: text for name, text in course.items() if name != "data/toy.toml.html"}
    monkeypatch.setattr(course_pages, "pages", lambda home: iter(fewer.items()))
    assert main(["html", str(made)]) == 0
    assert (made / "mine.txt").read_text() == "mine" and not (made / "data/toy.toml.html").exists()
    (made / "index.html").write_text("mine")
    assert "index.html is not as this command left it" in refused(main(["html", str(made)]))
    assert (made / "index.html").read_text() == "mine"
    (made.parent / "other").mkdir()
    (made.parent / "other" / "index.html").write_text("mine")
    told = refused(main(["html", str(made.parent / "other")]))
    assert "index.html is there already, and not of this command" in told
    assert [path.name for path in (made.parent / "other").iterdir()] == ["index.html"]


@pytest.mark.parametrize("place, told", {"": "OUT is empty", "file": "is a file"}.items())
def test_a_place_that_is_no_folder_is_refused_first(place, told, tmp_path, refused, monkeypatch):
    monkeypatch.setattr(course_pages, "pages", lambda home: pytest.fail("it has begun"))
    (tmp_path / "file").write_text("mine")
    assert told in refused(main(["html", place and str(tmp_path / place)]))
