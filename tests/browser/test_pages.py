"""The course as pages, from the disk and without a network: formulas are seen, sounds play, the
explorer answers, and nothing is asked for.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from asdkit.commands import course_pages, pages

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "notebooks/00_start_here.html"
SEEN = """() => { const line = parseFloat(getComputedStyle(document.body).fontSize);
    return [...document.querySelectorAll('.formula')].filter(formula => {
        const box = formula.querySelector('svg').getBoundingClientRect();
        const ink = [...formula.querySelectorAll('path')].some(mark => mark.getBBox().width > 1);
        return ink && box.width > 0.2 * line && box.height > 0.3 * line; }).length }"""
PICTURES = "() => [...document.images].filter(image => image.naturalWidth).length"
WIDTH = "() => document.documentElement.scrollWidth"
SKIPPED = "() => [document.activeElement.className, document.activeElement.textContent]"
COLORS = """() => ['html', '.formula svg'].map(part => getComputedStyle(
    document.querySelector(part))).map(style => style.backgroundColor + style.fill)"""
PLAYED = """async () => { const sound = document.querySelector('audio'); sound.muted = true;
    await sound.play(); await new Promise(done => sound.ontimeupdate = () =>
        sound.currentTime > 0.1 && done());
    return [sound.readyState, sound.currentTime, sound.error]; }"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The front page, a lesson, and an explorer of few sounds."""
    out = tmp_path_factory.mktemp("course")
    for name, text in course_pages.pages(ROOT):
        pages._write(out / name, text)
        if name == LESSON:
            break
    pages._write(out / "data/pictures/four_losses.png",
                 (ROOT / "data/pictures/four_losses.png").read_bytes())  # fmt: skip
    pages._write(out / course_pages.STYLE, pages._style())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "SHOWN", 24)
        pages._explorer(out / course_pages.EXPLORER)
    return out


@pytest.fixture
def offline(browser):
    """A page without network, and what it asked for or complained of."""
    context, told = browser.new_context(offline=True), []
    page = context.new_page()
    page.on("request", lambda asked: told.append(asked.url))
    page.on("console", lambda line: told.append(f"console: {line.text}"))
    page.on("pageerror", lambda error: told.append(f"error: {error}"))
    yield page, told
    context.close()


def test_the_course_is_read_without_a_network(course, offline):
    page, told = offline
    page.goto((course / "index.html").as_uri())
    assert page.evaluate(PICTURES) == 1 and page.locator("table a").count() >= 17
    page.keyboard.press("Tab")
    assert page.evaluate(SKIPPED) == ["skip", "Skip to the text"]
    page.locator("table a", has_text=re.compile("^00$")).last.click()
    assert page.url.endswith(LESSON) and page.locator("h1").inner_text().startswith("00 ")
    formulas = page.locator(".formula").count()
    assert page.evaluate(SEEN) == formulas >= 12 and page.locator(".formula math").count() >= 12
    assert page.evaluate(PICTURES) == page.locator("main img").count() >= 4
    ready, now, error = page.evaluate(PLAYED)
    assert ready >= 2 and now > 0.1 and error is None
    solution = page.locator("details.solution").first
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    assert solution.locator("pre").first.is_visible()
    page.set_viewport_size({"width": 380, "height": 700})
    assert page.evaluate(WIDTH) <= 380
    light = page.evaluate(COLORS)
    page.emulate_media(color_scheme="dark")
    assert all(dark != own for dark, own in zip(page.evaluate(COLORS), light))
    page.get_by_role("link", name="Explorer").click()
    page.locator(".stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    assert "of 24 clips" in page.locator("#told").inner_text()
    page.reload()
    page.keyboard.press("Tab")
    assert page.evaluate(SKIPPED) == ["", "The course"]
    page.keyboard.press("Enter")
    page.wait_for_url((course / "index.html").as_uri())
    assert [line for line in told if not line.startswith(("file:", "data:", "blob:"))] == []


def test_axe_finds_no_fault_in_the_pages(browser, course):
    page = browser.new_page(bypass_csp=True)  # their policy lets no script run
    try:
        for name in ("index.html", LESSON, course_pages.EXPLORER):
            page.goto((course / name).as_uri())
            assert Axe().run(page).response["violations"] == []
    finally:
        page.close()
