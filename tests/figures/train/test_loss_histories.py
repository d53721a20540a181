"""Losses by step: what is drawn is what was given, and the distance is to the first."""

import numpy as np
import pytest

from asdkit.figures import loss_histories


def test_the_curves_and_their_distance():
    one = np.array([3.0, 2.0, 1.0])
    figure = loss_histories({"whole": one, "again": one, "other": one + [0, 0, 0.5]}, stop=2)
    left, right = figure.axes
    assert [list(line.get_ydata()) for line in left.lines[:3]] == [
        [3, 2, 1],
        [3, 2, 1],
        [3, 2, 1.5],
    ]
    assert [list(line.get_ydata()) for line in right.lines[:2]] == [[0, 0, 0], [0, 0, 0.5]]
    assert left.lines[3].get_xdata()[0] == 2.5 and "n = 3 steps" in figure.alt
    assert "again: stays near 0; other: from 0 to 0.5. Legend: stop" in figure.alt
    late = loss_histories({"whole": one, "other": one + [0, 0, 0.5]}, since=2)
    assert [list(ax.lines[-1].get_xdata()) for ax in late.axes] == [[2, 3], [2, 3]]
    assert list(late.axes[1].lines[0].get_ydata()) == [0, 0.5] and "n = 2 steps" in late.alt
    with pytest.raises(ValueError, match="since is 4: give a step from 1 to 3"):
        loss_histories({"whole": one}, since=4)


@pytest.mark.parametrize(
    "wrong", [{}, {"a": [1.0], "b": [1.0, 2.0]}, dict.fromkeys("abcdefg", [1.0])]
)
def test_what_cannot_be_drawn(wrong):
    with pytest.raises(ValueError, match="of equal length"):
        loss_histories(wrong)
