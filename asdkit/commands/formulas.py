"""Formulas as drawings in a page, with their structure beside for whoever listens: they need no
script, no font and no network.
"""

import re
from functools import cache

SIZE = 24.0  # of the letters while they are drawn: the drawing itself is sized in ems
STYLE = """
.formula { position: relative } .formula svg { fill: currentColor; overflow: visible }
.formula math { position: absolute; left: 0; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap }
"""
OTHERWISE = {  # as ziamath reads it
    r":=": r"\\coloneqq ", r"\\tag\{([^}]*)\}": r"\\qquad(\1)",
    r"\\[Bb]ig\\\{": r"\\left\\{", r"\\[Bb]ig\\\}": r"\\right\\}",
    r"(?<![A-Za-z\\])P_": "P{}_",  # or the font draws an index into the letter
}  # fmt: skip


@cache
def drawing(tex, display=False):
    r"""Draw a formula such as ``\frac{s}{2}``, with its MathML for a screen reader.

    Raises: ValueError for what is no TeX of a formula.
    Choices: it is drawn, since a browser draws MathML by the fonts of its machine, and without one
        for mathematics loses script letters such as those of ``\mathcal``.
    """
    import ziamath

    ziamath.config.svg2, ziamath.config.precision = False, 2
    for pattern, known in OTHERWISE.items():
        tex = re.sub(pattern, known, tex)
    try:
        formula = ziamath.Latex(tex.strip(), size=SIZE, inline=not display)
        image, words = formula.svgxml(), formula.mathmlstr()
    except Exception as error:  # it has several of its own
        raise ValueError(f"{tex} cannot be drawn as a formula ({error}): mend its TeX") from error
    if "\\" in words:
        raise ValueError(f"{tex} has a command that no formula knows: mend its TeX")
    return f'<span class="formula">{_sized(image)}<math>{words}</math></span>'


def _sized(image):
    """A drawing in ems, on the line of the letters around it, in their color."""
    from xml.etree import ElementTree

    left, top, width, height = map(float, image.attrib["viewBox"].split())
    for part in image.iter():
        part.attrib.pop("fill", None)
    image.attrib = {
        "aria-hidden": "true",
        "viewBox": f"{left:g} {top:g} {width:g} {height:g}",
        "style": f"width: {width / SIZE:.2f}em; height: {height / SIZE:.2f}em; "
        f"vertical-align: {-(top + height) / SIZE:.2f}em",
    }
    return ElementTree.tostring(image, encoding="unicode")
