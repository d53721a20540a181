"""A clip at rest: it and what both classes see of it stand at their angles on the circle."""

import numpy as np
import pytest

from asdkit import figures

LAM, REST = np.array([0.75, 0.5, 1.0]), np.radians([34.0, 45.0, 0.0])
MARGINS = 0.7 * np.array([LAM, 1 - LAM])


def at(line):
    """The angle of the last point of a line, in radians."""
    x, y = line.get_xydata()[-1]
    return np.arctan2(y, x)


def test_each_class_sees_the_clip_farther_away_by_its_margin():
    figure = figures.margin_arcs(LAM, REST, MARGINS)
    for ax, rest, (to_i, to_j) in zip(figure.axes, REST, MARGINS.T, strict=True):
        seen = {line.get_label(): at(line) for line in ax.lines}
        assert seen["the clip"] == pytest.approx(rest)
        assert seen["where the class of i sees it"] == pytest.approx(rest + to_i)
        assert seen["where the class of j sees it"] == pytest.approx(rest - to_j)
        words = [text.get_text() for text in ax.texts]
        sums = zip(np.degrees([rest, np.pi / 2 - rest]), np.degrees([to_i, to_j]))
        told = [f"{own:.0f}° + {m:.0f}°\n= {own + m:.0f}°" if m else "" for own, m in sums]
        assert words == ["i", "j", *told]
    assert figure.axes[0].texts[3].get_text() == "56° + 10°\n= 66°"
    assert figure.axes[0].get_title() == "lambda = 0.75: 34° to i, 56° to j"
    assert "n = 3 shares" in figure.alt and len(figure.png()) < 60_000


@pytest.mark.parametrize(
    "numbers", [(LAM, REST[:1], MARGINS), (LAM, REST, MARGINS.T[:1]), ([], [], np.zeros((2, 0)))]
)
def test_shapes_that_do_not_fit(numbers):
    with pytest.raises(ValueError, match=r"give \(K,\), \(K,\) and \(2, K\)"):
        figures.margin_arcs(*numbers)
