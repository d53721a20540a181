"""Curves over the angle: every value in its place, in degrees, with names and marks."""

import numpy as np
import pytest

from asdkit import figures


def test_every_value_stands_at_its_angle():
    angle = np.linspace(0, np.pi, 91)
    figure = figures.target_logits({"a": np.cos(angle), "b": np.cos(angle) - 1}, marks=[np.pi / 3])
    ax = figure.axes[0]
    for line, shift in zip(ax.lines, (0, 1)):
        np.testing.assert_allclose(
            line.get_ydata(), np.cos(np.radians(line.get_xdata())) - shift, atol=1e-12
        )
    assert ax.lines[2].get_xdata()[0] == pytest.approx(60)
    assert (
        "n = 91 angles" in figure.alt
        and "in degrees" in ax.get_xlabel()
        and len(figure.png()) < 60_000
    )
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


@pytest.mark.parametrize(
    ("curves", "words"),
    [
        ({}, "no curve to draw"),
        ({"a": [1.0]}, "a holds 1 value"),
        ({"a": [1, np.nan]}, "a is nan"),
    ],
)
def test_what_it_refuses(curves, words):
    with pytest.raises(ValueError, match=words):
        figures.target_logits(curves)
