"""Markdown of the course as HTML: formulas are drawn, links lead where a page says."""

import html
import re

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from . import formulas

SCROLLED = '<div class="scroll" tabindex="0" role="group" aria-label="{}">{}</div>\n'
DISPLAY = '<span class="display" tabindex="0" role="group" aria-label="Formula">{}</span>'


def converted(text, href=lambda target: target):
    """Convert a text of Markdown to HTML.

    ``href`` turns the target of a link or a picture into that of the page; where it gives None, a
    link is its words.

    Choices: a formula that cannot be drawn is shown as the TeX that it is. Headings have the
        anchors that JupyterLab gives them.
    """
    return MarkdownWithMath(renderer=_Renderer(href)).render(text)


def plain(line):
    """The words of a line of HTML, without its tags and drawings."""
    return html.unescape(re.sub(r"<[^>]+>", "", line))


class _Renderer(IPythonRenderer):
    def __init__(self, href):
        super().__init__(escape=False)
        self.href = href

    def block_math(self, body):
        return DISPLAY.format(_drawn(body, display=True))

    def inline_math(self, body):
        return _drawn(body)

    def heading(self, text, level, **_):
        anchor = html.escape(plain(text).strip().replace(" ", "-"))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        target = self.href(url)
        return text if target is None else super().link(text, target, title)

    def image(self, text, url, title=None):
        return super().image(text, self.href(url) or url, title)

    def table(self, text):
        headed = (
            text.replace("<th></th>", "<td></td>")
            .replace("<th>", '<th scope="col">')
            .replace("<th ", '<th scope="col" ')
        )
        return SCROLLED.format("A table", f"<table>\n{headed}</table>")

    def block_code(self, code, info=None):
        return SCROLLED.format("Lines of text", super().block_code(code, info))


def _drawn(tex, display=False):
    try:
        return formulas.drawing(tex, display)
    except ValueError:
        return f'<code class="undrawn">{html.escape(tex)}</code>'
