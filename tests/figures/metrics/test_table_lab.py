"""A table that is sorted and filtered: which rows stay, in which order, and how they are drawn."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures

TABLE = pd.DataFrame({
    "system": ["softmax", "AdaCos", "adaproj", "AdaProj"],
    "data": ["toy", "toy", "shift", "DCASE 2023"],
    "source": ["own", "own", "own", "published"],
    "auc": [69.0, 64.0, np.nan, 71.4], "low": [68.0, 62.0, np.nan, 70.0],
    "high": [70.0, 66.0, np.nan, 72.8],
})  # fmt: skip


def systems(**choices):
    return figures.table_state(TABLE, **choices)["rows"]["system"].tolist()


def test_rows_are_sorted_and_gaps_come_last():
    assert systems(sort="auc") == ["AdaProj", "softmax", "AdaCos", "adaproj"]
    assert systems(sort="auc", falling=False) == ["AdaCos", "softmax", "AdaProj", "adaproj"]


def test_words_are_sorted_whatever_their_letters_and_equal_rows_stay():
    assert systems(sort="system", falling=False) == ["AdaCos", "adaproj", "AdaProj", "softmax"]


def test_filters_and_words_must_all_hold():
    assert systems(sort="auc", data="toy") == ["softmax", "AdaCos"]
    assert systems(sort="auc", data="all", words="ADAPROJ") == ["AdaProj", "adaproj"]
    assert systems(sort="auc", words="proj 2023") == ["AdaProj"]
    assert systems(sort="auc", data="toy", words="(proj") == []
    assert systems(sort="auc", words="nan") == []


def test_a_column_that_is_not_there_is_named():
    for choices in ({"sort": "pauc"}, {"sort": "auc", "pauc": "all"}):
        with pytest.raises(ValueError, match="no column 'pauc': take one of system, data"):
            figures.table_state(TABLE, **choices)


def test_dots_stand_in_the_order_of_the_rows_and_published_ones_are_hollow():
    rows = figures.table_state(TABLE, "auc")["rows"]
    (ax,) = figures.table_figure(rows, "auc", ["low", "high"], "All").axes
    own, published = ax.lines
    np.testing.assert_array_equal(own.get_xdata(), [69.0, 64.0, np.nan])
    np.testing.assert_array_equal(own.get_ydata(), [1, 2, 3])
    assert published.get_xdata().tolist() == [71.4] and published.get_ydata().tolist() == [0]
    assert published.get_markerfacecolor() == "white" != own.get_markerfacecolor()
    bars = ax.collections[1].get_segments()
    np.testing.assert_allclose(bars[0][:, 0], [70.0, 72.8])
    assert ax.get_title() == "All (n = 4 rows)"
    assert ax.texts[0].get_text() == "AdaProj, DCASE 2023, published"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["own", "published"]
    (ax,) = figures.table_figure(rows[rows["source"] == "own"], "auc", ["low", "high"], "Own").axes
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["own"]


def test_a_long_table_says_how_many_are_drawn():
    rows = pd.concat([TABLE] * 10)
    (ax,) = figures.table_figure(rows, "auc", ["low", "high"], "All").axes
    assert "(n = 40 rows, the first 16 are drawn)" in ax.get_title()
    assert figures.table_figure(TABLE[:0], "auc", ["low", "high"], "None").png()
