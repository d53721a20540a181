"""What curves and histograms show, in words, against curves whose course is known."""

import numpy as np
import pytest

from asdkit import figures
from asdkit.figures.words import seen

X = np.linspace(0, 10, 101)


def shown(kind, draw, **choices):
    figure = figures.Picture()
    ax = figure.subplots()
    draw(ax)
    ax.set(**choices)
    return seen(ax, figure._all_legends)[kind][1]


def test_a_curve_is_told_by_its_ends_and_what_passes_them():
    def draw(ax):
        ax.plot(X, 4 - (X - 3) ** 2 / 5, label="hill")
        ax.plot(X, np.abs(X - 5), label="valley")
        ax.plot(X, 0 * X + 2, label="level")
        ax.plot(X, X, color="black")
        ax.plot(np.cos(X), np.sin(X), label="a circle is no course")

    assert shown("courses", draw) == [
        ("hill", "from 2.2 to -5.8, highest 4 at 3"),
        ("valley", "from 5 to 5, lowest 0 at 5"),
        ("level", "stays near 2"),
    ]


def test_the_highest_curve_is_told_with_the_place_where_another_takes_over():
    def crossing(ax):
        ax.plot(X, 10 - X, label="falling")
        ax.plot(X, X, label="rising")

    def level(ax):
        for name in ("a", "b"):
            ax.plot(X, X, label=name)

    def noise(ax):
        for number, values in enumerate(np.random.default_rng(0).random((2, 101))):
            ax.plot(X, values, label=f"noise {number}")

    assert shown("highest", crossing) == [("", "highest: falling up to 5, then rising")]
    assert shown("highest", level) == shown("highest", noise) == []
    assert shown("ends", crossing) == [("", "at the right end from 0, falling, to 10, rising")]

    def hills(ax):
        ax.plot(X, 5 - abs(X - 4), label="a hill")
        ax.plot(X, 3 - abs(X - 4), label="a lower one")

    assert shown("ends", hills) == [("", "top 5 at 4, a hill")]


@pytest.mark.parametrize("own", [False, True])
def test_a_curve_has_the_name_that_its_legend_gives_to_its_look(own):
    figure = figures.Picture()
    left, right = figure.subplots(1, 2)
    for number, (name, style) in enumerate({"AdaCos": "--", "s = 30": ":"}.items()):
        left.plot([], [], style, color="black", label=name)
        right.plot(X, X * number, style, color="black", label=name if own else None)
    figure.legend(*left.get_legend_handles_labels())
    assert [name for name, _ in seen(right, figure.legends)["courses"][1]] == ["AdaCos", "s = 30"]
    assert figure.alt.count("AdaCos") == 1 and "Legend" not in figure.alt


def test_no_place_is_told_that_ticks_do_not_tell():
    def draw(ax):
        ax.plot(X, X % 9, label="a saw")

    assert shown("courses", draw, yticks=[]) == []
    figure = figures.Picture()
    ax = figure.subplots()
    draw(ax)
    ax.set_xticks([0, 5, 10], ["63", "500", "4k"])
    assert seen(ax, [])["courses"] == (
        "left to right, 63 to 4k. ", [("a saw", "from 0 to 1, highest 8.9 at about 4k")],
    )  # fmt: skip


def test_histograms_are_told_by_peak_and_width_and_guides_where_no_word_tells_them():
    def draw(ax):
        ax.stairs([1, 8, 1], [0, 1, 2, 3], label="normal")
        ax.axvline(1.5)
        ax.axvline(2.5)
        ax.axhline(0)
        ax.axhline(4, label="named")

    assert shown("values", draw) == [("normal", "most near 1.5, 80% in 1 to 2")]
    assert shown("lines", draw, title="median 1.5") == [("", "vertical line at 2.5")]
