"""Formulas of a line: a drawing with its TeX as words, or the TeX itself."""

import re
import xml.etree.ElementTree as tree

import pytest

from asdkit.commands import formulas

FORMULAS = ["s = 30", r"1/\sqrt n", r"r\le\sqrt2", r"e^{\hat s'} < K", r"\|x\|"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_drawing_has_lines_and_words(formula):
    drawing = tree.fromstring(formulas.svg(formula))
    assert drawing.get("aria-label") == formula and drawing.get("role") == "img"
    assert re.fullmatch(r"(?:[MLQC]-?[\d.]+(?: -?[\d.]+)+ ?|Z ?)+", drawing[0].get("d"))


def test_a_drawing_is_as_high_as_its_letters():
    """A root reaches above a letter, a subscript below the line."""

    def em(formula, name):
        return float(re.search(rf"{name}: (-?[\d.]+)em", formulas.svg(formula))[1])

    assert em("x", "height") < em(r"\sqrt{x}", "height")
    assert 0 >= em("x", "vertical-align") > -0.05 > em("x_p", "vertical-align")
    assert em("x", "width") < em("xx", "width")


def test_words_and_formulas_keep_their_order():
    page = formulas.drawn("a $x$ b $y$ c", lambda text: f"<p>{text}</p>")
    assert re.findall(r'label="(.)"', page) == ["x", "y"]
    assert re.sub(r"<svg.*?</svg>", "_", page) == "<p>a _ b _ c</p>"


def test_what_cannot_be_drawn_is_shown_as_it_is():
    assert formulas.drawn(r"$\nosuch<$", str) == r"<code>\nosuch&lt;</code>"
    assert formulas.drawn("5 $ and no formula", str) == "5 $ and no formula"
