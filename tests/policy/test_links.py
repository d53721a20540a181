"""Links of pages and lessons: each file exists, each heading too; no lesson is promised."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / name
    for name in ("README.md", "data/README.md", "data/own_recordings.md", "notebooks/terms.md")
]
TEACHING = sorted((ROOT / "notebooks" / "teaching").glob("*.md"))
MORE = [ROOT / "CHANGELOG.md", ROOT / "notebooks" / "LICENSE.md", *TEACHING]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
WRITTEN = {path.name[:2] for path in LESSONS}
PLANNED = {f"{number:02}" for number in range(17)} - WRITTEN
TARGET = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
OUTSIDE = re.compile(r"https?://|mailto:|data:|attachment:")
NOT_YET = "(not written yet)"
NAMED = re.compile(r"(?:[Ll]essons? |^\| )(\d\d)\b(.{0,30})", re.MULTILINE)


def text_of(path):
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def headings(text):
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"^#{1,6} +(.+?) *$", text, flags=re.MULTILINE)


def anchors(text):
    """The anchors that lead to a heading both on GitHub and in JupyterLab.

    GitHub takes small letters and drops the signs; JupyterLab keeps all but the blanks.
    """
    found = headings(text)
    github = [re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in found]
    return {one for one, line in zip(github, found) if one == line.replace(" ", "-")}


def faults_of(text, folder):
    """What is wrong with the links of a text that lies in a folder."""
    text = re.sub(r"```.*?```|\$[^$]+\$", "", text, flags=re.DOTALL)
    for target in map("".join, TARGET.findall(text)):
        path, _, heading = target.partition("#")
        if OUTSIDE.match(target):
            continue
        if path and not (folder / path).exists():
            yield f"a link to {target}, which does not exist"
        elif heading and path.endswith(".md"):
            if heading not in anchors(text_of(folder / path)):
                yield f"a link to {target}, and no heading there is reached by it everywhere"
        elif heading and not path and heading not in anchors(text):
            yield f"a link to {target}, and no heading here is reached by it everywhere"


@pytest.mark.parametrize("path", PAGES + MORE + LESSONS, ids=lambda path: path.stem + path.suffix)
def test_links_lead_somewhere(path):
    assert list(faults_of(text_of(path), path.parent)) == []


@pytest.mark.parametrize(
    "text, faults",
    {
        "[a](README.md) [b](notebooks/terms.md#anomaly-score) [c](https://x.y/z#q)": 0,
        "# one thing\n[a](#one-thing) ![b](LICENSE) $[c](d)$": 0,
        "[a](nowhere.md)": 1,
        "[a](notebooks/terms.md#nowhere) <img src=\"nowhere.png\">": 2,
        "# One thing\n[a](#one-thing) [b](#One-thing)": 2,
    }.items(),
)  # fmt: skip
def test_a_link_that_leads_nowhere_is_found(text, faults):
    assert len(list(faults_of(text, ROOT))) == faults


def test_every_term_can_be_linked_to():
    text = text_of(PAGES[-1])
    terms = [line for line in headings(text) if line != "Terms and papers"]
    assert len(terms) == len(set(terms))
    assert {line.replace(" ", "-") for line in terms} <= anchors(text)


@pytest.mark.parametrize("path", [PAGES[0], PAGES[-1]], ids=lambda path: path.stem)
def test_a_lesson_that_is_not_written_yet_is_called_so(path):
    """Both ways: none is promised in silence, and none that exists is called missing."""
    text = text_of(path)
    for number, after in NAMED.findall(text):
        if number in PLANNED:
            assert after.strip(" |").startswith(NOT_YET), (
                f"lesson {number} is named as if it existed"
            )
    missing = re.findall(rf"(\d\d) {re.escape(NOT_YET)}", text)
    assert set(missing) <= PLANNED


def test_the_readme_links_every_lesson():
    for path in LESSONS:
        assert f"(notebooks/{path.name})" in text_of(PAGES[0])
