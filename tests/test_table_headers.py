"""Headers of tables: each says of what it is one, in every form that pandas draws, and no word or
number is lost.
"""

import re

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from asdkit.table_headers import scoped, show_scoped

FLAT = pd.DataFrame({"auc": [0.6, 0.7], "lead": [0.0, 0.1]}, index=["AE", "<VAE>"])
DEEP = pd.DataFrame(
    {("small", "auc"): [0.6, 0.7, 0.8], ("small", "lead"): [0.0, 0.1, 0.2], ("large", "auc"): 0.9},
    index=pd.MultiIndex.from_tuples([("fan", "00"), ("fan", "01"), ("pump", "00")]),
)
FORMS = {
    "flat": FLAT,
    "named rows": FLAT.rename_axis("loss"),
    "named columns": FLAT.rename_axis(columns="number"),
    "both named": FLAT.rename_axis("loss").rename_axis(columns="number"),
    "deep": DEEP,
    "deep and named": DEEP.rename_axis(["machine", "id"]).rename_axis(columns=["net", "number"]),
    "empty": FLAT[:0],
    "long": pd.DataFrame({"n": range(100)}),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_header_has_a_scope_and_the_table_is_the_same(form):
    before = FORMS[form]._repr_html_()
    after = scoped(before)
    headers = re.findall(r"<th\b(.*?)>(.*?)</th>", after)
    assert all("scope=" in attributes and words for attributes, words in headers)
    wide = re.findall(r"<th[^>]*(?:row|col)span[^>]*>", after)
    assert all("group" in header for header in wide)
    assert scoped(after) == after
    texts = [re.sub(r"<[^>]+>", "|", html).replace("||", "|") for html in (before, after)]
    assert texts[0] == texts[1]


def test_a_name_above_the_rows_is_that_of_the_columns():
    html = scoped(FORMS["both named"]._repr_html_())
    for words, scope in {"number": "row", "loss": "col", "auc": "col", "AE": "row"}.items():
        assert f'<th scope="{scope}">{words}</th>' in html


def test_a_notebook_shows_tables_so():
    shell = InteractiveShell.instance()
    try:
        show_scoped()
        data, _ = shell.display_formatter.format(FLAT)
        assert data["text/html"] == scoped(FLAT._repr_html_()) != FLAT._repr_html_()
        assert data["text/plain"] == repr(FLAT)
        with pd.option_context("display.notebook_repr_html", False):
            assert "text/html" not in shell.display_formatter.format(FLAT)[0]
    finally:
        InteractiveShell.clear_instance()
    show_scoped()  # outside of a notebook nothing happens
