"""A marked spectrum shows the curve and the marks it was given."""

import numpy as np
import pytest

from asdkit.figures import line_spectrum

FREQUENCY, LEVEL = np.arange(0, 100, 0.5), np.sin(np.arange(200))


def test_curve_and_marks_are_those_given():
    figure = line_spectrum(
        FREQUENCY, LEVEL, {"shaft": 25.0, "blades": [50.0, 75.0, 90.0]}, limit=80
    )
    ax = figure.axes[0]
    assert np.allclose(
        ax.lines[0].get_xydata().T, [FREQUENCY[FREQUENCY <= 80], LEVEL[FREQUENCY <= 80]]
    )
    assert [line.get_xdata()[0] for line in ax.lines[1:] if len(line.get_xdata())] == [
        25.0,
        50.0,
        75.0,
        90.0,
    ]
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["shaft, 25.0 Hz", "blades, 50.0, 75.0 ... Hz"]


def test_marks_differ_by_more_than_their_color():
    ax = line_spectrum(FREQUENCY, LEVEL, {name: 10.0 for name in "abc"}).axes[0]
    assert len({line.get_linestyle() for line in ax.lines[1:]}) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((FREQUENCY, LEVEL[1:], {}), "200 frequencies and 199 levels"),
        ((FREQUENCY, np.full(200, -np.inf), {}), "is -inf"),
        ((FREQUENCY + 1, LEVEL, {}, "title", 0.5), "below the limit"),
        ((FREQUENCY, LEVEL, {"shaft": np.nan}), "shaft is nan"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        line_spectrum(*arguments)
