"""The table of AUCs, by domain and by another column."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures

TABLE = pd.DataFrame(
    [
        (m, s, d, 0.7, 0.6, 0.8)
        for m in ("fan", "valve")
        for s in ("00", "01")
        for d in ("source", "target", "both")
    ],
    columns=["machine", "section", "domain", "auc", "auc_low", "auc_high"],
)
RIVALS = pd.DataFrame(
    [
        (m, "00", d, 0.7 - 0.1 * k, 0.5, 0.8)
        for m in ("fan", "valve")
        for k, d in enumerate(("ours", "level"))
    ],
    columns=["machine", "section", "detector", "auc", "auc_low", "auc_high"],
)


def test_the_table_has_a_dot_a_row_and_chance():
    ax = figures.auc_table(TABLE).axes[0]
    assert sum(len(dots.lines[0].get_xdata()) for dots in ax.containers) == len(TABLE)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [
        "fan 00",
        "fan 01",
        "valve 00",
        "valve 01",
    ]
    assert ax.lines[0].get_xdata()[0] == 0.5
    unknown = TABLE.assign(domain=None, auc=[np.nan, *[0.7] * (len(TABLE) - 1)])
    assert (
        len(figures.auc_table(unknown).axes[0].containers[0].lines[0].get_xdata()) == len(TABLE) - 1
    )


def test_a_table_that_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="lacks auc_low"):
        figures.auc_table(TABLE.drop(columns="auc_low"))
    with pytest.raises(ValueError, match="no row"):
        figures.auc_table(TABLE.assign(auc=np.nan))
    with pytest.raises(ValueError, match="does not hold"):
        figures.auc_table(TABLE.assign(auc=0.9))


def test_dots_are_told_apart_by_a_column():
    figure = figures.auc_table(RIVALS, by="detector")
    ax = figure.axes[0]
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words[1:] == ["ours, n = 2, mean 0.700", "level, n = 2, mean 0.600"]
    assert figure.legends[0].get_title().get_text() == "detector"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["fan 00", "valve 00"]
    assert len({dots.lines[0].get_marker() for dots in ax.containers}) == 2
    assert [dots.lines[0].get_xdata().tolist() for dots in ax.containers] == [
        [0.7, 0.7],
        [0.6, 0.6],
    ]


def test_what_cannot_be_told_apart():
    with pytest.raises(ValueError, match="lacks system"):
        figures.auc_table(RIVALS, by="system")
    many = pd.concat([RIVALS.assign(detector=str(number)) for number in range(7)])
    with pytest.raises(
        ValueError, match="7 values of 'detector' cannot be told apart: show up to 6"
    ):
        figures.auc_table(many, by="detector")


def test_long_names_do_not_take_the_room_of_the_axes():
    figure = figures.auc_table(RIVALS.replace("ours", "a detector with a long name"), by="detector")
    figure.png()
    assert figure.axes[0].get_position().width > 0.7
