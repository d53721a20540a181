"""The course for those who do not see, hear or use a mouse: words of pictures and sounds, headings,
headers, contrast and keys.
"""

import ast
import base64
import html
import re
from pathlib import Path

import nbformat
import pytest

from asdkit import views
from asdkit.commands import slides
from asdkit.figures.maps.explorer_lab import HUES, MIDDLE
from asdkit.figures.style import GRAY, LOOKS, SERIES
from asdkit.views.heard import heard

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
PAGES = [ROOT / "README.md", *(ROOT / "data").glob("*.md"), *(ROOT / "notebooks").rglob("*.md")]
OURS = ROOT / "asdkit" / "views"
SHEETS = {
    "map": re.search(r"const STYLE = `(.*?)`", (OURS / "scatter.js").read_text(), re.DOTALL)[1],
    "table": re.search(r"const STYLE = `(.*?)`", (OURS / "headers.js").read_text(), re.DOTALL)[1],
    "page": re.search("<style>(.*?)</style>", (OURS / "page.html").read_text(), re.DOTALL)[1],
    "slides": slides.STYLE,
}
KEYED = {"IntSlider", "SelectionSlider", "ToggleButtons", "Checkbox", "Text"}  # all by Tab and keys
SHOWN = {"HTML", "VBox", "HBox"}


def lesson(path):
    return nbformat.read(path, as_version=4)


def outputs(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [output for cell in cells for output in cell.outputs if "data" in output]


def markdown(path):
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = [cell.source for cell in lesson(path).cells if cell.cell_type == "markdown"]
    return "\n\n".join(cells)


def jumps(text):
    """Headings that lie more than one level below the one before them."""
    found = re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    levels = [len(marks) for marks in found]
    return [(up, down) for up, down in zip([0, *levels], levels) if down > up + 1]


def headless(text):
    """Header cells of the Markdown tables of a page that hold no word, but for the first one."""
    heads = re.findall(r"^\|(.*)\|\n\|[-| :]+\|$", text, re.MULTILINE)
    return [head for head in heads if not all(map(str.strip, re.split(r"(?<!\\)\|", head)[1:]))]


def contrast(one, other):
    """The contrast of two colors as WCAG 2.2 defines it, 1 to 21."""

    def luminance(color):
        color = color.lstrip("#")
        color = "".join(2 * digit for digit in color) if len(color) == 3 else color
        parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))

    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def texts(sheet):
    """The pairs of text and ground of a style sheet: a rule that gives one alone has any other."""
    rules = [(re.search(r"(?<![-\w])color: (#\w+)", rule), re.search(r"background: (#\w+)", rule))
             for rule in re.findall(r"\{([^{}]*)\}", sheet)]  # fmt: skip
    rules = [tuple(found and found[1] for found in rule) for rule in rules]
    grounds = {ground for text, ground in rules if ground and not (text and text < "#8")} | {"#fff"}
    grounds = {ground for ground in grounds if contrast(ground, "#fff") < 2}
    own = [(text, ground) for text, ground in rules if text and ground]
    return own + [(text, on) for text, ground in rules if text and not ground for on in grounds]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_picture_table_and_sound_of_a_lesson_has_its_words(path):
    pictures, shown = [], outputs(lesson(path))
    for output in shown:
        if "image/png" in output.data:
            pictures.append(output.metadata["image/png"]["alt"])
            assert output.data["text/plain"] == f"<Picture: {pictures[-1]}>"
    for words in pictures:
        assert len(words) > 60 and words.endswith(".") and "None" not in words, words
    assert len(set(pictures)) == len(pictures)
    pages = [output.data["text/html"] for output in shown if "text/html" in output.data]
    for page in pages:
        headers = re.findall(r"<th\b([^>]*)>(.*?)</th>", page, re.DOTALL)
        assert all("scope=" in attributes and words.strip() for attributes, words in headers)
        assert page.count("<table") == page.count("<thead") and not re.search(r"<h\d", page)
        assert "<img" not in page
        sounds = re.findall(
            r"<figcaption>(.+?)<br><small>(.+?)</small></figcaption>"
            r"<audio [^>]*aria-label=\"(.+?)\"[^>]*base64,([\w+/=]+)", page)  # fmt: skip
        assert len(sounds) == page.count("<audio")
        for title, words, label, ogg in sounds:
            assert title == label and html.unescape(words) == heard(base64.b64decode(ogg))


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=lambda path: path.stem)
def test_headings_step_down_by_one_and_tables_have_headers(path):
    text = markdown(path)
    assert jumps(text) == [] and headless(text) == []
    assert all(words.strip() for words in re.findall(r"!\[([^\]]*)\]\(", text))


def test_the_rules_see_what_they_are_for():
    assert jumps("# a\n## b\n```\n#### no\n```\n### c\n## d") == [] and jumps("# a\n### b") == [
        (1, 3)
    ]
    assert headless("| a | b |\n|---|---|\n| 1 | |") == []
    assert headless("| | b |\n|---|---|") == [] and headless("| a | |\n|---|---|") == [" a | "]
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ("#777", "#eee") in texts("a { color: #777 } b { background: #eee }")
    assert texts("a { background: #111; color: #fff }") == [("#fff", "#111")]


def test_marks_stand_out_from_white():
    """Pictures are drawn on white, in a dark JupyterLab too."""
    colors = {look.color for look in (*LOOKS.values(), *SERIES)} | {*HUES, GRAY, MIDDLE}
    low = {color: contrast(color, "#ffffff") for color in colors}
    assert {color: found for color, found in low.items() if found < 3} == {}


@pytest.mark.parametrize("name", SHEETS)
def test_text_stands_out_from_its_ground_in_any_theme(name):
    sheet = SHEETS[name]
    pairs = texts(sheet)
    assert pairs and [pair for pair in pairs if contrast(*pair) < 4.5] == []
    first = re.search(r"\{([^{}]*background: #fff[^{}]*)\}", sheet)[1]
    assert re.search(r"(?<![-\w])color: #111", first), "its text would be that of the theme"
    outlines = re.findall(r"(?:outline|border|accent-color)[^;]*?(#\w{3,6})", sheet)
    assert all(contrast(color, "#fff") >= 3 for color in outlines)


@pytest.mark.parametrize("path", sorted(OURS.glob("*.py")), ids=lambda path: path.stem)
def test_controls_are_those_that_keys_move(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "ipywidgets"
    }
    assert made <= KEYED | SHOWN
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if path.stem != "view" and getattr(call.func, "attr", "") in KEYED:
            assert {"description", "tooltip"} <= {word.arg for word in call.keywords}


def test_each_view_is_moved_by_keys_in_a_browser():
    """In a lesson that shows it: there is a test that opens this lesson and presses keys."""
    moved = [
        path.read_text(encoding="utf-8") for path in (ROOT / "tests/browser").glob("test_*.py")
    ]
    moved = [text for text in moved if re.search(r"\.(?:press|choose)\(", text)]
    code = {path.stem: "\n".join(cell.source for cell in lesson(path).cells) for path in NOTEBOOKS}
    names = [name for name in views.__all__
             if isinstance(own := getattr(views, name), type) and hasattr(own, "set")]  # fmt: skip
    assert len(names) > 10
    for name in names:
        lessons = [stem for stem, text in code.items() if f"views.{name}" in text]
        assert any(stem in text for stem in lessons for text in moved), name
