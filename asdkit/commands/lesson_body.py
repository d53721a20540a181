"""A lesson as the body of a page: its prose, its code and what the code has shown."""

import html
import re
from functools import cache

from ..table_headers import scoped
from .markdown import SCROLLED, converted

VIEW = (
    "<p class='view'><strong>A view to play with.</strong> In JupyterLab it moves by hand; on this "
    "page the picture near it stands for it. As it starts: {}</p>\n"
)
SOLUTION = re.compile(r"# (Solution[^\n]*)\n")


def body(notebook, href):
    """Convert the cells of an executed lesson to HTML; nothing is executed.

    ``href`` turns the target of a link, as in ``markdown.converted``.

    Choices: solutions are folded with what they show. A sound stays a sound, a picture keeps its
        alternative text, and of a view stands what it says.
    """
    return "\n".join(_cell(cell, href) for cell in notebook.cells)


def highlighted(source, kind="python"):
    """Color the words of a source by its kind: python, toml or text."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    return highlight(source, get_lexer_by_name(kind), HtmlFormatter())


def image(output, otherwise=""):
    """The picture that an output holds, with its alternative text or another."""
    alt = output.get("metadata", {}).get("image/png", {}).get("alt") or otherwise
    data = "".join(output["data"]["image/png"].split())
    return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}">'


def _cell(cell, href):
    if cell.cell_type == "markdown":
        return converted(cell.source, href)
    code = f'<div class="code">{highlighted(cell.source)}</div>\n'
    shown = code + "".join(_output(output) for output in cell.get("outputs", []))
    if "solution" not in cell.metadata.get("tags", []):
        return shown
    told = SOLUTION.match(cell.source)
    summary = html.escape(told[1]) if told else "Solution"
    return f'<details class="solution"><summary>{summary}</summary>\n{shown}</details>\n'


def _output(output):
    """What a reader sees of an output: a table or a sound before a picture, and that before words.

    Raises: ValueError for an output of another kind, such as an error.
    """
    data = output.get("data", {})
    if "text/html" in data:
        return table(data["text/html"])
    if "image/png" in data:
        return f"<figure>{image(output)}</figure>\n"
    text = output.get("text", data.get("text/plain"))
    if text is None:
        raise ValueError(f"an output is of the kind {output.output_type}: run the lesson anew")
    named = re.match(r"<(\w+): (.*)>$", text, re.DOTALL)
    if named and named[1] in _views():
        return VIEW.format(html.escape(named[2]))
    return f'<pre class="out">{html.escape(text)}</pre>\n'


def table(shown):
    """A table of pandas under the style of the page, or what else was shown as HTML."""
    shown = re.sub(r"<style.*?</style>\s*| border=\"1\"", "", shown, flags=re.DOTALL)
    if "<table" not in shown:
        return f'<div class="out">{shown}</div>\n'
    return SCROLLED.format("A table", scoped(shown))


@cache
def _views():
    from .. import views
    from ..views.view import View

    found = {name: getattr(views, name) for name in views.__all__}
    return {name for name, own in found.items() if isinstance(own, type) and issubclass(own, View)}
