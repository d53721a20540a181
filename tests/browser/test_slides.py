"""Slides in a browser: each fits its screen and its sheet, and no network is asked."""

import re
from pathlib import Path

import nbformat
import pytest

from asdkit.commands import slides

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STEMS = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
CUT = """[...document.querySelectorAll('section')].flatMap((slide, place) =>
    slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth
    || [...slide.querySelectorAll('img')].some(image => image.clientHeight < 150
        || !image.naturalWidth) ? [place + 1] : [])"""


@pytest.mark.parametrize("stem", STEMS)
def test_each_slide_fits(page, tmp_path, stem):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    notebook = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)
    text, count = slides.page(notebook)
    (tmp_path / "slides.html").write_text(text, encoding="utf-8")
    for width, height in ((1280, 720), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto((tmp_path / "slides.html").as_uri())
        assert page.evaluate(CUT) == []
    sheets = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == count
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
