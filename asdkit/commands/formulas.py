"""Formulas as drawings within a line of HTML, which need no script, no font and no network."""

import html
import re

SIZE = 100.0  # of the letters while they are drawn: the drawing itself is sized in ems
PLACE = "\ue000"  # holds the place of a formula while the words around it are converted
FORMULA = re.compile(r"(?<!\$)\$([^$]+)\$(?!\$)")
OTHERWISE = {  # how matplotlib wants to read it
    r"\\le(?![a-z])": r"\\leq",
    r"\\ge(?![a-z])": r"\\geq",
    r"\\sqrt *(\d|[a-z])": r"\\sqrt{\1}",
}


def svg(formula):
    """Draw a formula of a line, such as ``s = 30``, and give its TeX to a screen reader.

    Raises: ValueError for what matplotlib's TeX does not know.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from matplotlib.textpath import TextPath

    tex = formula.strip()
    for pattern, known in OTHERWISE.items():
        tex = re.sub(pattern, known, tex)
    font = FontProperties(size=SIZE, math_fontfamily="stix")
    width, height, depth, *_ = MathTextParser("path").parse(f"${tex}$", dpi=72, prop=font)
    path = TextPath((0, 0), f"${tex}$", prop=font)
    return (
        f'<svg role="img" aria-label="{html.escape(formula.strip())}" '
        f'viewBox="0 {depth - height:.0f} {width:.0f} {height:.0f}" style="width: '
        f"{width / SIZE:.2f}em; height: {height / SIZE:.2f}em; "
        f'vertical-align: {-depth / SIZE:.2f}em"><path transform="scale(1 -1)" '
        f'd="{_outline(path)}"/></svg>'
    )


def drawn(text, convert):
    """Convert a text of Markdown to HTML by ``convert``, with its formulas drawn.

    Choices: a formula that cannot be drawn is shown as the TeX that it is.
    """
    words = FORMULA.split(text)  # and every second one is a formula
    drawings = iter([_drawing(formula) for formula in words[1::2]])
    return re.sub(PLACE, lambda _: next(drawings), convert(PLACE.join(words[::2])))


def _drawing(formula):
    try:
        return svg(formula)
    except ValueError:
        return f"<code>{html.escape(formula)}</code>"


def _outline(path):
    letters = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}
    return " ".join(
        letters[code] + ("" if code == 79 else " ".join(f"{number:.1f}" for number in points))
        for points, code in path.iter_segments(simplify=False)
    )
