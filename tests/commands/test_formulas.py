"""Formulas: a drawing for the eye, MathML for the ear, and what no formula knows is refused."""

import re
import xml.etree.ElementTree as tree

import pytest

from asdkit.commands import formulas

FORMULAS = {
    "s = 30": "s=30", r"1/\sqrt n": "1/n", r"r\le\sqrt2": "r≤2", r"e^{\hat s'} < K": "ês′<K",
    r"\|x\|": "‖x‖", r"\mathcal C := \{c\}": "C≔{c}", r"\tfrac12\Big(a\Big) \tag{3}": "12(a)(3)",
}  # fmt: skip


@pytest.mark.parametrize("formula, words", FORMULAS.items())
def test_a_drawing_has_lines_and_words(formula, words):
    drawing, math = tree.fromstring(formulas.drawing(formula))
    marks = [part for part in drawing if part.tag == "path"]
    assert marks and all(re.match(r"M -?[\d.]+ -?[\d.]+ [LQ]", mark.get("d")) for mark in marks)
    assert drawing.get("aria-hidden") == "true" and math.tag == "math"
    heard = "".join(math.itertext()).replace("\u0302", "").replace("\u2003", "")
    assert re.sub(r"\s", "", heard) == words.replace("ê", "e")


def test_a_drawing_is_as_high_as_its_letters():
    """A root reaches above a letter, a subscript below the line."""

    def em(formula, name, **how):
        return float(re.search(rf"{name}: (-?[\d.]+)em", formulas.drawing(formula, **how))[1])

    assert em("x", "height") < em(r"\sqrt{x}", "height")
    assert 0 >= em("x", "vertical-align") > -0.1 > em("x_p", "vertical-align")
    assert em("x", "width") < em("xx", "width")
    assert em(r"\frac12", "height") < em(r"\frac12", "height", display=True)


@pytest.mark.parametrize("tex", [r"\nosuch<", r"\frac{1", r"x^"])
def test_what_no_formula_knows_is_refused(tex):
    with pytest.raises(ValueError, match="mend its TeX"):
        formulas.drawing(tex)
