"""The picture of one map: each clip once, in its color and shape, and rings where it says so."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures
from asdkit.figures.maps.explorer_lab import HUES
from asdkit.figures.style import GRAY, LOOKS


def points(ax):
    """The places drawn, by color and marker; rings are hollow."""
    found = {}
    for line in ax.lines:
        hollow = line.get_markerfacecolor() == "none"
        key = ("ring", line.get_marker()) if hollow else (line.get_color(), line.get_marker())
        found.setdefault(key, []).extend(map(tuple, line.get_xydata()))
    return {key: sorted(rows) for key, rows in found.items()}


def rows(made, mask):
    return sorted(map(tuple, made.xy[np.asarray(mask)]))


def words(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_every_clip_is_drawn_once_in_its_color_and_shape(made, group, label):
    figure = figures.embedding_map(made, group, label)
    found = points(figure.axes[0])
    assert found.pop(("ring", "o")) == rows(made, made.trust < 0.75)
    assert len(found) == 6
    for color, name in zip(HUES, ("fan", "pump", "valve")):
        for kind, marker in ((False, LOOKS["normal"].marker), (True, LOOKS["anomaly"].marker)):
            assert found[color, marker] == rows(made, (group == name) & (label == kind))


def test_title_legend_and_axes_say_the_numbers(made, group, label):
    figure = figures.embedding_map(made, group, label, title="Test clips")
    ax, numbers = figure.axes[0], made.overall
    told = f"{100 * numbers['agreement']:.0f}% agree (chance 16.9%)"
    assert ax.get_title() == (
        f"Test clips (n = 60)\nPCA; of 10 neighbors {told}, trustworthiness "
        f"{numbers['trustworthiness']:.2f}"
    )
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("PCA 1 (no unit)", "PCA 2 (no unit)")
    assert not len(ax.get_xticks()) and ax.get_aspect() == 1.0
    assert words(figure) == [
        "fan, n = 24", "pump, n = 16", "valve, n = 20", "normal, n = 40", "anomaly, n = 20",
        f"trustworthiness below 0.75, n = {(made.trust < 0.75).sum()}",
    ]  # fmt: skip
    assert len(figure.png()) < 60_000 and "agree" in figure.alt


def test_rings_follow_their_bound(made):
    assert 0 < (made.trust < 0.75).sum() < 60
    for below in (0.0, 0.7, 1.1):
        figure = figures.embedding_map(made, below=below)
        assert points(figure.axes[0])["ring", "o"] == rows(made, made.trust < below)
        assert words(figure)[-1].endswith(f"below {below:g}, n = {(made.trust < below).sum()}")


def test_without_groups_and_labels_there_is_one_kind(made):
    figure = figures.embedding_map(made)
    found = points(figure.axes[0])
    assert found[HUES[0], "o"] == rows(made, [True] * 60) and len(found) == 2
    assert words(figure)[0] == "clips, n = 60" and len(words(figure)) == 2


def test_small_groups_are_gray_together(made):
    number = np.arange(60) // 4
    number[52:] = 13  # the largest
    figure = figures.embedding_map(made, [f"group {one:02}" for one in number])
    told, found = words(figure), points(figure.axes[0])
    assert "group 13, n = 8" in told and "all others, n = 8" in told
    gray = ~np.isin([f"group {one:02}, n = {(number == one).sum()}" for one in number], told)
    assert found[GRAY, "o"] == rows(made, gray) and gray.sum() == 8
    hollow = {line.get_color() for line in figure.axes[0].lines
              if line.get_markerfacecolor() == "white"}  # fmt: skip
    assert hollow == set(HUES)  # the second six
    assert len(found) == 8 and LOOKS["anomaly"].color not in {color for color, _ in found}


@pytest.mark.parametrize(
    "label",
    [
        pd.array([0, 1, None] * 20, dtype="Int64"), [0.0, 1.0, np.nan] * 20,
        pd.Series([0, 1, None] * 20, index=range(5, 65), dtype="Int64"),
    ],
)  # fmt: skip
def test_missing_labels_have_a_shape_of_their_own(made, label):
    figure = figures.embedding_map(made, label=label)
    found = points(figure.axes[0])
    for kind, marker in enumerate("o^x"):
        assert found[HUES[0], marker] == rows(made, np.arange(60) % 3 == kind)
    assert words(figure)[1:4] == ["normal, n = 20", "anomaly, n = 20", "label unknown, n = 20"]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"group": ["fan"] * 59}, r"60 points and groups \(59,\)"),
        ({"label": [0] * 59}, "60 points and 59 labels"),
        ({"label": [0] * 59 + [2]}, "a label is 0 for normal, 1 for an anomaly, or missing"),
    ],
)
def test_what_is_refused(made, choice, words):
    with pytest.raises(ValueError, match=words):
        figures.embedding_map(made, **choice)
