"""Principal angles: each pair of classes once, in degrees, sorted, under a line at 90 degrees."""

import math

import numpy as np
import pytest
import torch

from asdkit import figures, losses


def lines(ax):
    """The curves of the pairs, and those with a name."""
    named = {line.get_label(): line for line in ax.lines if line.get_label()[0] != "_"}
    thin = [line for line in ax.lines if line.get_color() == named["a pair of classes"].get_color()]
    return thin, named


def test_each_pair_is_a_line_in_degrees():
    angles = np.zeros((3, 3, 2))
    for (k, other), pair in {(0, 1): (1.0, 0.5), (0, 2): (0.1, 1.5), (1, 2): (0.7, 0.9)}.items():
        angles[k, other] = angles[other, k] = pair
    figure = figures.principal_angles([angles, torch.from_numpy(angles)], ["random", "trained"])
    for ax, name in zip(figure.axes, ("random", "trained")):
        thin, named = lines(ax)
        drawn = [line.get_ydata().tolist() for line in thin]
        np.testing.assert_allclose(drawn, np.degrees([(0.5, 1.0), (0.1, 1.5), (0.7, 0.9)]))
        assert all(line.get_xdata().tolist() == [1, 2] for line in thin)
        middle = named["median of the pairs"].get_ydata()
        np.testing.assert_allclose(middle, np.degrees([0.5, 1.0]))
        assert set(named["right angle, 90°"].get_ydata()) == {90}
        assert ax.get_title() == f"{name}\nsmallest 5.7°, median 45.8°\nJ = 2, n = 3 pairs"
        assert ax.get_ylim() == (0, 96) and "angle" in ax.get_xlabel()
    assert "degrees" in figure.axes[0].get_ylabel() and len(figure.png()) < 60_000


def test_one_dimension_is_a_row_of_dots():
    angles = losses.principal_angles(losses.AdaProj(8, 4, 1).centers)
    thin, named = lines(figures.principal_angles([angles], ["lines"]).axes[0])
    across = [line.get_xdata()[0] for line in thin]
    assert len(set(across)) == 6 and max(across) < 1.3 and min(across) > 0.7
    middle = np.degrees(np.median(angles[np.triu_indices(4, 1)]))
    assert named["median of the pairs"].get_ydata() == pytest.approx([middle, middle])


def test_many_pairs_stay_a_small_picture():
    angles = np.linspace(0, math.pi / 2, 32) * np.ones((30, 30, 1))
    figure = figures.principal_angles([angles] * 3, list("abc"))
    assert "n = 435 pairs" in figure.alt and len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("angles", "names", "words"),
    [
        ([], [], "0 arrays for 0 names"),
        ([np.zeros((2, 2, 1))], ["a", "b"], "1 arrays for 2 names"),
        ([np.zeros((2, 3, 1))], ["a"], r"a has the shape \(2, 3, 1\): give"),
        ([np.zeros((1, 1, 4))], ["a"], "of 2 classes or more"),
        ([np.full((2, 2, 1), 80.0)], ["a"], "pass radians"),
        ([np.full((2, 2, 1), np.nan)], ["a"], "a is nan"),
    ],
)
def test_what_cannot_be_drawn(angles, names, words):
    with pytest.raises(ValueError, match=words):
        figures.principal_angles(angles, names)
