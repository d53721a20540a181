"""A picture in words: they say what is drawn against what, in which panels, and what is written."""

import base64
import html
import re

import numpy as np
import pytest

from asdkit import figures
from asdkit.figures.alt import MOST


def told(draw, count=1, **choices):
    figure = figures.Picture()
    axes = figure.subplots(1, count, squeeze=False, **choices)[0]
    draw(figure, *axes)
    return figure.alt


X = np.arange(5.0)
MARKS = {
    "Curves": (lambda ax: ax.plot(X, X), "Left to right, 0 to 4, from 0 to 4."),
    "Points": (
        lambda ax: ax.plot(X, X % 2, "o", linestyle="none"),
        "Left to right, 0 to 4, from 0 to 0, highest 1 at 1.",
    ),
    "Points ": (lambda ax: ax.scatter(X[::-1], X), ""),
    "Bars": (lambda ax: ax.bar(X, X), ""),
    "Histograms": (lambda ax: ax.stairs(X, np.arange(6)), ""),
    "Values with intervals": (lambda ax: ax.errorbar(X[::-1], X, 1, fmt="o"), ""),
    "Curves and bands": (
        lambda ax: (ax.fill_between(X, X, X + 1), ax.plot(X, 2 * X)),
        "Left to right, 0 to 4, from 0 to 8.",
    ),
    "Image": (lambda ax: ax.imshow(np.eye(3)), ""),
    "Image ": (lambda ax: ax.pcolormesh(np.eye(3)), ""),
    "Shaded regions": (lambda ax: ax.contourf(np.eye(3)), ""),
    "Contour lines": (lambda ax: ax.contour(np.eye(3)), ""),
    "Segments": (lambda ax: ax.hlines(X, X, X + 1), ""),
    "Drawing": (
        lambda ax: (ax.axvline(0.5), ax.plot([], [], label="an entry")),
        "Vertical line at 0.5.",
    ),
}


@pytest.mark.parametrize("kind", MARKS)
def test_marks_are_named(kind):
    draw_marks, shown = MARKS[kind]

    def draw(figure, ax):
        draw_marks(ax)
        ax.set(title="T", xlabel="time in s", ylabel="level in dB")

    assert told(draw) == f"T. {kind.strip()} of level in dB against time in s. {shown}".strip()


def test_panels_alike_are_told_together_with_the_labels_that_they_share():
    def draw(figure, first, second, third):
        for ax in (first, third):
            ax.plot(X[[0, -1]], X[[0, -1]])
        second.bar(["fan", "valve"], [1, 2])
        first.set(title="a", ylabel="loss", xlabel="step")
        third.set(title="b\nc", xlabel="step")
        second.set(title="d:\ne", xlabel="machine", ylabel="AUC")
        first.text(0, 0, "a note")
        figure.suptitle("All")

    assert told(draw, 3) == (
        "All. 2 panels, each curves of loss against step. a. Written in it: a note. b, c. "
        "d: e. Bars of AUC against machine. 1 at fan, 2 at valve."
    )


def test_a_logarithmic_axis_is_told_once():
    def draw(figure, first, second):
        first.set(xscale="log", xlabel="scale s", ylabel="loss")
        second.set(xscale="log", xlabel="size (log axis)", ylabel="AUC")
        for ax in (first, second):
            ax.plot(X[1:3], X[1:3])

    assert told(draw, 2) == (
        "Curves of loss against scale s (log axis). Curves of AUC against size (log axis)."
    )


def test_what_marks_show_is_told_while_there_is_room_and_names_once():
    def draw(count):
        def lines(figure, ax):
            for number in range(count):
                ax.plot(X, X * number, label=f"the curve with the number {number}")
            ax.legend()

        return lines

    few, many = told(draw(2)), told(draw(20))
    assert few == (
        "Curves. Highest: the curve with the number 1. Left to right, 0 to 4. "
        "the curve with the number 0: stays near 0; the curve with the number 1: from 0 to 4."
    )
    assert "Legend: the curve with the number 0; " in many and "Left to right" not in many


def test_a_scale_of_colors_is_no_panel_and_names_of_rows_are_told_once():
    def draw(figure, first, second):
        for ax in (first, second):
            image = ax.imshow(np.eye(2))
            ax.set_yticks([0, 1], ["fan", "valve"])
            ax.set_title("M")
        figure.colorbar(image, ax=[first, second], label="level in dB")

    assert told(draw, 2) == (
        "2 panels, each image. M. Along the vertical axis: fan; valve. Largest at 0, fan. "
        "M. Largest at 0, fan. Color: level in dB, 0 to 1."
    )


def test_an_empty_panel_is_not_told():
    assert told(lambda figure, first, second: first.plot(X[:2], X[:2]), 2) == "Curves."


def test_many_numbers_are_told_by_their_range():
    def draw(figure, ax):
        for number in range(MOST + 1):
            ax.text(0, 0, f"{number - 3}")
        ax.text(0, 0, "mean rank")

    assert told(draw) == f"Drawing. Written in it: mean rank; {MOST + 1} numbers from -3 to 13."


def test_a_legend_is_told_with_its_title():
    def draw(figure, ax):
        for name in ("AdaCos", "s = 30"):
            ax.plot(X[:2], X[:2], label=name)
        ax.legend(title="loss")

    assert told(draw) == "Curves. Legend, loss: AdaCos; s = 30."


def test_a_page_shows_the_same_picture_with_the_same_words():
    """JupyterLab shows HTML before a PNG, whose words it leaves out."""
    figure = figures.null_histogram([0.4, 0.5], 0.8)
    figure.axes[0].set_title('"<b>"')
    bundle, metadata = figure._repr_mimebundle_()
    shown = re.fullmatch(r'<img [^>]*alt="(.*?)" src="data:image/png;base64,(.*?)">',
                         bundle["text/html"])  # fmt: skip
    assert shown[2] == bundle["image/png"] and base64.b64decode(shown[2])[:4] == b"\x89PNG"
    assert html.unescape(shown[1]) == metadata["image/png"]["alt"] == figure.alt
    assert "<b>" not in shown[1] and '"<b>"' in figure.alt


def test_a_legend_holds_no_entry_without_a_name():
    pairs = {name: [[1.0, 2.0], [1.5, 2.5]] for name in ("BCE", "DSAD")}
    entries = figures.class_variances(pairs).axes[0].get_legend().get_texts()
    assert [text.get_text() for text in entries] == ["within", "between"]
