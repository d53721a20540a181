"""The table of AUCs by another column than the domain."""

import pandas as pd
import pytest

from asdkit import figures

TABLE = pd.DataFrame(
    [(m, "00", d, 0.7 - 0.1 * k, 0.5, 0.8) for m in ("fan", "valve") for k, d in enumerate(("ours", "level"))],
    columns=["machine", "section", "detector", "auc", "auc_low", "auc_high"],
)


def test_dots_are_told_apart_by_a_column():
    figure = figures.auc_table(TABLE, by="detector")
    ax = figure.axes[0]
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words[1:] == ["ours, n = 2, mean 0.700", "level, n = 2, mean 0.600"]
    assert figure.legends[0].get_title().get_text() == "detector"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["fan 00", "valve 00"]
    assert len({dots.lines[0].get_marker() for dots in ax.containers}) == 2
    assert [dots.lines[0].get_xdata().tolist() for dots in ax.containers] == [[0.7, 0.7], [0.6, 0.6]]


def test_what_cannot_be_told_apart():
    with pytest.raises(ValueError, match="lacks system"):
        figures.auc_table(TABLE, by="system")
    many = pd.concat([TABLE.assign(detector=str(number)) for number in range(7)])
    with pytest.raises(ValueError, match="7 values of 'detector' cannot be told apart: show up to 6"):
        figures.auc_table(many, by="detector")
