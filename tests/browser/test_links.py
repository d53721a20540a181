"""The links of lessons in a real browser: one of each kind is clicked, and what it names opens."""

import json
import os
import re

import nbformat
import pytest

pytestmark = pytest.mark.browser

KINDS = {
    "a library file": r"\.\./(asdkit/(?!checks/)[\w/]+\.py)",
    "an exercise's check": r"\.\./(asdkit/checks/ex_\d\d\.py)",
    "the page of data": r"\.\./(data/README\.md)",
    "another lesson": r"(\d\d_\w+\.ipynb)",
    "a term": r"(terms\.md#[\w-]+)",
}
SHOWN = "window.jupyterapp.shell.currentWidget"
OPENED = f"path => {SHOWN}?.context?.path === path && {SHOWN}.context.isReady"
LANDED = f"""heading => [...{SHOWN}.node.querySelectorAll('h1, h2, h3')].some(found => {{
    const box = found.getBoundingClientRect(), pane = {SHOWN}.node.getBoundingClientRect();
    return found.textContent.replace('¶', '') === heading
        && pane.top <= box.top && box.bottom <= pane.bottom;
}})"""


def linked(folder, pattern):
    """The first lesson that holds such a link, and the target without its way up."""
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        for target in re.findall(rf"\]\({pattern}\)", text):
            if target != path.name:
                return path.stem, target
    pytest.fail(f"no lesson links to {pattern}")


def follow(page, path, fragment=""):
    """Click the link in the panel that is shown, and wait until its target is there."""
    end = f"[href$={json.dumps('#' + fragment)}]" if fragment else ""
    page.locator(f".jp-RenderedMarkdown a[href*={json.dumps(f'/files/{path}')}]{end}").first.click()
    page.wait_for_function(OPENED, arg=path, timeout=30_000)
    assert page.locator(".jp-Dialog").count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_opens_what_it_names(desk, lesson, lab, kind):
    *_, folder = lab
    name, target = linked(folder / "notebooks", KINDS[kind])
    path, _, fragment = target.partition("#")
    if not path.startswith(("asdkit/", "data/")):
        path = f"notebooks/{path}"
    lesson(name)
    follow(desk, path, fragment)
    text = desk.evaluate(f"() => {SHOWN}.context.model.toString()")
    assert text.strip() and len(text) > 0.5 * len((folder / path).read_text(encoding="utf-8"))
    if fragment:
        desk.wait_for_function(LANDED, arg=fragment.replace("-", " "), timeout=10_000)


@pytest.mark.usefixtures("lesson")
def test_the_page_of_terms_leads_back_to_a_lesson(desk):
    preview = "{path: 'notebooks/terms.md', factory: 'Markdown Preview'}"
    desk.evaluate(f"() => window.jupyterapp.commands.execute('docmanager:open', {preview})")
    desk.wait_for_function(OPENED, arg="notebooks/terms.md", timeout=30_000)
    follow(desk, "notebooks/08_subcluster_adacos.ipynb")


def test_a_kernel_works_in_the_folder_of_its_notebook(desk, lesson, lab):
    *_, folder = lab
    lesson("00_start_here")
    ask = """async () => {
        const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        const future = kernel.requestExecute({code: 'import os; print(os.getcwd())'});
        let text = '';
        future.onIOPub = message => { text += message.content.text ?? ''; };
        await future.done;
        return text.trim();
    }"""
    assert os.path.realpath(desk.evaluate(ask)) == os.path.realpath(folder / "notebooks")
