"""Margins and places of rest: every number that is handed in stands in the picture."""

import numpy as np
import pytest

from asdkit import figures

LAM = np.array([0.0, 0.25, 1.0])
MARGINS = {"one": np.array([0.7 * LAM, 0.7 * (1 - LAM)]), "two": np.zeros((2, 3))}
RESTS = {"one": [[], [0.4, 1.1], [0.2]], "two": [[0.8]] * 3}


def test_the_picture_holds_both_margins_and_every_rest():
    figure = figures.mixed_margins(LAM, MARGINS, RESTS)
    *rows, places = figure.axes
    for ax, (name, pair) in zip(rows, MARGINS.items(), strict=True):
        assert ax.get_title() == name
        for line, values in zip(ax.lines, pair, strict=True):
            np.testing.assert_allclose(line.get_data(), [LAM, np.degrees(values)])
    one, two = places.lines[1:]
    np.testing.assert_allclose(one.get_data(), [[0.25, 0.25, 1], np.degrees([0.4, 1.1, 0.2])])
    np.testing.assert_allclose(two.get_data(), [LAM, np.degrees([0.8] * 3)])
    assert len({line.get_marker() for line in places.lines}) == 3
    assert len({ax.get_ylim() for ax in rows}) == 1
    assert "n = 3 shares" in figure.alt and "degrees against lambda" in figure.alt
    assert len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("lam", "margins", "rests", "words"),
    [
        (LAM, {}, {}, "give the same rules"), (LAM, MARGINS, {"one": RESTS["one"]}, "same rules"),
        (LAM[::-1], MARGINS, RESTS, "lam is to ascend"), (LAM[:1], MARGINS, RESTS, "two shares"),
        (LAM[:2], MARGINS, RESTS, r"one has margins \(2, 3\) and 3 places: give \(2, 2\) and 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn(lam, margins, rests, words):
    with pytest.raises(ValueError, match=words):
        figures.mixed_margins(lam, margins, rests)
