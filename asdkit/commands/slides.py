"""Slides of a lesson: its claim, its formulas, pictures and tables with the sentences that read
each, and what it has shown.
"""

import html
import itertools
import re

from . import formulas

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # no script, no network
LICENSE = "the asdkit authors, CC BY 4.0"
MARK = '<meta name="generator" content="asdkit teach">'
STYLE = """
@page { size: 320mm 180mm; margin: 0 }
* { box-sizing: border-box }
html { scroll-snap-type: y mandatory; font: 3.2vmin/1.4 sans-serif; color: #111; background: #fff }
body { margin: 0 }
section { height: 100vh; padding: 5vmin 7vmin 4vmin; display: flex; flex-direction: column;
  gap: 2vmin; scroll-snap-align: start; break-after: page; overflow: hidden }
section:last-child { break-after: auto }
h1 { font-size: 7vmin; line-height: 1.15; margin: auto 0 0 } h1 ~ p { margin: 0 0 auto }
h2 { font-size: 4.4vmin; line-height: 1.2; margin: 0 }
img { flex: 1; min-height: 0; min-width: 0; object-fit: contain }
p { margin: 0; max-width: 62em } .tall { flex: 1; display: grid; place-content: center }
.display { font-size: min(130%, 2.3vw) }
table { border-collapse: collapse; font-size: min(75%, 1.35vw) }
td, th { padding: .2em .6em; text-align: right } tbody th { white-space: nowrap }
thead { border-bottom: 1px solid }
ul { margin: auto 0; padding: 0; list-style: none }
li { margin: 2vmin 0 }
footer { font-size: 2vmin; color: #555 }
@media print { html { font-size: 5.6mm } section { height: 179mm; padding: 9mm 13mm 7mm }
  h1 { font-size: 12.5mm } h2 { font-size: 8mm } footer { font-size: 3.6mm } }
"""
SHOWN, EXERCISES = "What we have shown", "Exercises"
ENDS = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\*\*)|(?<=[.!?]\)))\s+(?=[^\sa-z])")  # of sentences
AT_THE_SCREEN = re.compile(
    r"\*\*(?:Find|Listen|Predict|Try)|\bmouse|[Aa]rrow keys|[Ss]lider|Now yours"
)
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)
ASIDE = re.compile(r"<details.*?</details>|^```.*?^```", re.DOTALL | re.MULTILINE)
LONGEST = 60  # words beside a picture or a formula
TALL = '<div class="tall">{}</div>'
MOST_ROWS = 12  # of a table that a sheet holds, its head included


def page(notebook):
    """Turn an executed lesson into a page of slides, one a screen and one a sheet; and their
    number.

    Choices: a picture is shown as the lesson stores it, with its alternative text. What reads it
        are the statements of the paragraph after it, or else of the one that opens its section; a
        question or a hint how to move a slider belongs to the lesson itself. A formula stands
        under the sentences that lead to it. Of tables only those are shown that a paragraph reads,
        that fit, and beside which no picture shows the same; what solutions show is left out.
    """
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    title = html.escape(_line(r"# (.+)", text) or "A lesson", quote=False)
    slides = [*_first(text, title), *_middle(notebook), *_last(text)]
    bodies = "\n".join(
        f"<section>\n{slide}\n<footer>{title} · {number} of {len(slides)} · {LICENSE}</footer>\n"
        "</section>"
        for number, slide in enumerate(slides, 1)
    )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head = f'<meta charset="utf-8">\n{policy}\n{MARK}\n<title>{title}</title>'
    style = f"<style>{STYLE}{formulas.STYLE}</style>"
    page = f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n{style}\n</head>'
    return f"{page}\n<body>\n{bodies}\n</body>\n</html>\n", len(slides)


def is_ours(path):
    """Whether an earlier call made this page."""
    return path.is_file() and MARK in path.read_text(encoding="utf-8", errors="replace")


def reading(paragraph):
    """The statements of a paragraph, up to what is for the one who sits before the screen."""
    told = []
    for sentence in ENDS.split(" ".join(paragraph.split())):
        words = len(" ".join([*told, sentence]).split())
        if words > LONGEST or AT_THE_SCREEN.search(sentence):
            break
        if not re.search(r"[?:]\W*$", sentence):
            told.append(sentence)
    return " ".join(told)


def leading(paragraph):
    """The last sentences of a paragraph, which lead to what is below it."""
    told = []
    for sentence in reversed(ENDS.split(" ".join(paragraph.split()))):
        words = len(" ".join([sentence, *told]).split())
        if told and words > LONGEST or AT_THE_SCREEN.search(sentence):
            break
        told.insert(0, sentence)
    return " ".join(told)


def _first(text, title):
    yield f"<h1>{title}</h1>\n{_html(_line('(By the end .+)', text))}"


def _middle(notebook):
    """A slide a formula, a picture or a table, in order."""
    from nbformat.v4 import new_markdown_cell

    heading, opening, outputs = "", "", []
    for cell in [*notebook.cells, new_markdown_cell()]:
        if cell.cell_type == "markdown":
            text = re.split(HEADING, cell.source)[0]
            yield from _results(heading, opening, outputs, _paragraphs(text))
            outputs = []
            *_, heading, opening = [heading, "", *re.split(HEADING, cell.source)[1:]]
            if FORMULA.search(said := ASIDE.sub("", cell.source)) and heading != EXERCISES:
                yield _formulas(heading, said)
        elif "solution" not in cell.metadata.get("tags", []):
            outputs += cell.get("outputs", [])


def _paragraphs(text):
    return [part for part in text.strip().split("\n\n") if part]


def _results(heading, opening, outputs, told):
    """The pictures before one text, of which each has a paragraph of it; without any the last of
    the tables, if the text reads it.
    """
    from .lesson_body import image, table

    data = [output.get("data", {}) for output in outputs]
    pictures = [own for own, kinds in zip(outputs, data) if "image/png" in kinds]
    tables = [kinds["text/html"] for kinds in data if "<table" in kinds.get("text/html", "")]
    first = next(iter(_paragraphs(opening)), "")
    for picture, text in itertools.zip_longest(pictures, told[: len(pictures)], fillvalue=""):
        shown = image(picture, heading or "A picture")
        yield _slide(heading, shown, reading(text) or reading(first))
    leads = any(FORMULA.match(part) for part in told[1:2])
    text = reading(told[0]) if told and not leads else ""
    if tables and not pictures and text and tables[-1].count("<tr") <= MOST_ROWS:
        yield _slide(heading, TALL.format(table(tables[-1])), text)


def _formulas(heading, text):
    """A slide of the formulas of one text: the words that lead to each, and what reads the last."""
    *before, after = [_paragraphs(re.sub(HEADING, "", part)) for part in FORMULA.split(text)]
    shown = []
    for paragraphs, formula in zip(before, FORMULA.findall(text)):
        lead = leading(paragraphs[-1]) if paragraphs else ""
        shown += [_html(lead), TALL.format(_html(formula, "span"))]
    return _slide(heading, "\n".join(filter(None, shown)), reading(after[0]) if after else "")


def _slide(heading, shown, text):
    return "\n".join(filter(None, [f"<h2>{_html(heading, 'span')}</h2>", shown, _html(text)]))


def _last(text):
    _, *shown = text.split(f"## {SHOWN}\n")
    points = re.findall(r"^\* (.+)$", re.split(HEADING, shown[0])[0], re.MULTILINE) if shown else []
    if points:
        items = "\n".join(f"<li>{_html(point, 'span')}</li>" for point in points)
        yield f"<h2>{SHOWN}</h2>\n<ul>\n{items}\n</ul>"


def _line(pattern, text):
    """The first line of this pattern, or none."""
    return next(iter(re.findall(f"^{pattern}$", text, re.MULTILINE)), "")


def _html(text, tag="p"):
    """A paragraph of Markdown as HTML; a link to another page of the course is its words."""
    from .markdown import converted

    line = converted(text, href=lambda target: None).strip()
    return re.sub(r"^<p>(.*)</p>$", rf"<{tag}>\1</{tag}>", line, flags=re.DOTALL)
