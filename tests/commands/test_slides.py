"""Slides of a lesson: its own claim, formulas, pictures, tables and points, and what reads each."""

import html
import re
from pathlib import Path

import nbformat
import pytest

from asdkit.commands import slides

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
ASIDE = re.compile(
    r"^## Exercises$.*?(?=^## )|<details.*?</details>|^```.*?^```", re.DOTALL | re.MULTILINE
)
NEW, SAY = nbformat.v4.new_output, nbformat.v4.new_markdown_cell


def drawn(alt="a picture", data="AAAA"):
    metadata = {"image/png": {"alt": alt}} if alt else {}
    output = NEW("display_data", data={"image/png": data}, metadata=metadata)
    return nbformat.v4.new_code_cell("draw()", outputs=[output])


def tabled(rows=1, tags=()):
    shown = "<table><thead><tr><th></th><th>auc</th></tr></thead><tbody>"
    shown += "<tr><th>a</th><td>1</td></tr>" * rows + "</tbody></table>"
    output = NEW("execute_result", data={"text/html": shown}, execution_count=1)
    return nbformat.v4.new_code_cell("table", outputs=[output], metadata={"tags": [*tags]})


def page_of(*cells):
    return slides.page(nbformat.v4.new_notebook(cells=[*cells]))


def texts(page):
    """What each slide says, without its footer."""
    bodies = re.findall(r"<section>(.*?)<footer>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", body)).split("\n") for body in bodies]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_shows_its_own_pictures_and_claims(path):
    notebook = nbformat.read(path, as_version=4)
    page, count = slides.page(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    shown = re.findall(r'<img alt="([^"]+)" src="data:image/png;base64,([\w+/=]+)">', page)
    assert [data for _, data in shown] == [
        "".join(output["data"]["image/png"].split()) for output in pictures
    ]
    alts = [output["metadata"]["image/png"]["alt"] for output in pictures]
    assert [html.unescape(alt) for alt, _ in shown] == alts
    formulas, tables = page.count('class="display"'), page.count("<table")
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert formulas == ASIDE.sub("", text).count("$$") // 2 > 0
    assert 2 <= tables <= 10
    assert count == page.count("<section>")
    assert len(pictures) + tables + 2 < count <= len(pictures) + tables + formulas + 2
    assert "By the end you will have shown" in " ".join(texts(page)[0])
    assert sum("<li>" in line and ("✓" in line or "✗" in line) for line in page.split("\n")) >= 4


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_page_needs_nothing_else(path):
    """Neither network nor script nor font, and each formula is drawn."""
    page, _ = slides.page(nbformat.read(path, as_version=4))
    assert not re.search(r"<script|<link|url\(|(?:src|href)=\"(?!data:)", page)
    words = re.sub(r"<svg.*?</svg>|<style>.*?</style>", "", page, flags=re.DOTALL)
    assert not re.search(r"\$|\\\\|\]\(|\*\*", words)


@pytest.mark.parametrize(
    "paragraph, told",
    {
        "One line rises. The others do not.": "One line rises. The others do not.",
        "It rises. How much, and where?": "It rises.",
        "It rises. The largest of any clip:": "It rises.",
        "It rises. **Find** a place where it falls. It falls.": "It rises.",
        "Move it with the mouse, or the arrow keys. It rises.": "",
        "**It rises.** By [SCA] Fig. 1 it does. (Not here.) So": "**It rises.** By [SCA] Fig. 1 it "
        "does. (Not here.) So",
        f"It rises. It {'very ' * 60}rises. So": "It rises.",
        "": "",
    }.items(),
)
def test_statements_read_a_picture(paragraph, told):
    assert slides.reading(paragraph) == told


def test_a_picture_is_read_by_the_paragraph_after_it():
    page, _ = page_of(
        SAY("# A title\nBy the end you will have shown *this*."), SAY("## One\nBefore."),
        drawn(), drawn(), SAY("The first.\n\nThe second.\n\nNo third."),
        drawn(), nbformat.v4.new_code_cell("print()"), SAY("It has $r \\le 2$, see [a](b.md)."),
        SAY("## Two\nIt opens.\n\nMore."), drawn(), SAY("**Find** it."), drawn(), SAY("### Three"),
        drawn(), SAY("## What we have shown\n\n* ✓ A.\n* ✗ B.\n\n## Further reading\n\n* C."),
    )  # fmt: skip
    assert [[line for line in text if line] for text in texts(page)] == [
        ["A title", "By the end you will have shown this."],
        ["One", "The first."], ["One", "The second."], ["One", "It has r≤2, see a."],
        ["Two", "It opens."], ["Two"], ["Three"],
        ["What we have shown", "✓ A.", "✗ B."],
    ]  # fmt: skip
    assert page.count("<svg") == page.count("<math>") == 1


def test_a_formula_stands_under_what_leads_to_it():
    very = "very " * 60
    page, count = page_of(
        SAY("## One\n\nFirst. Then:\n\n$$x$$\n\nIt is $x$. Is it?\n\nNo more."),
        SAY("$$y$$\n\n**Predict** the next."),
        SAY(f"It is {very}long. We take\n\n$$a$$\n\nand\n\n$$b$$\n\n<details>$$c$$</details>"),
        SAY("```python\n$$d$$\n```"), SAY("## Exercises\n\nSo:\n\n$$z$$"),
    )  # fmt: skip
    assert [[line for line in text if line] for text in texts(page)[1:]] == [
        ["One", "First. Then:", "x", "It is x."], ["One", "y"], ["One", "We take", "a", "and", "b"],
    ]  # fmt: skip
    assert count == 4 and page.count('class="display"') == 4


def test_a_table_that_is_read_is_shown():
    page, _ = page_of(
        SAY("## One"), tabled(), tabled(rows=2), SAY("Two rows."),
        tabled(), SAY("What now?"), tabled(), SAY("With\n\n$$x$$"), tabled(rows=12), SAY("Long."),
        tabled(), drawn(), SAY("It rises."), tabled(tags=["solution"]), SAY("Solved."),
    )  # fmt: skip
    bodies = re.findall(r"<section>(.*?)<footer>", page, re.DOTALL)
    assert [body.count("<tr>") for body in bodies] == [0, 3, 0, 0]
    assert "Two rows." in bodies[1] and "<img" in bodies[3] and "It rises." in bodies[3]
    assert page.count('scope="col"') == 1 and page.count('scope="row"') == 2


def test_a_picture_that_nothing_follows_is_shown():
    assert page_of(SAY("# A title"), drawn())[1] == 2


def test_texts_are_text():
    odd = '"><script>window.broken = 1</script>'
    page, _ = page_of(SAY("# A <b>title</b>"), SAY("## One"), drawn(alt=odd))
    assert odd not in page and html.escape(odd) in page and "A &lt;b&gt;title" in page
    assert "default-src 'none'" in page


def test_a_notebook_of_another_kind_has_slides_too():
    page, count = page_of(SAY("Some words."), drawn(alt=None))
    assert count == 2 and '<img alt="A picture"' in page


def test_only_a_page_of_ours_is_ours(tmp_path):
    page = tmp_path / "a.html"
    assert not slides.is_ours(page)
    page.write_text("another")
    assert not slides.is_ours(page)
    page.write_text(page_of(SAY("# A title"))[0])
    assert slides.is_ours(page)
