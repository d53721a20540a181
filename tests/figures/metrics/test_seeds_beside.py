"""Seeds beside published numbers: every dot where its number is."""

import numpy as np
import pytest

from asdkit.figures import seeds_beside

SEEDS = {"cosine": [0.7, 0.72, 0.68], "PLDA": [0.6, 0.61, 0.65], "Gaussian": [0.69, 0.74, 0.75]}


def test_every_seed_stands_in_its_line():
    figure = seeds_beside(SEEDS, {"Gaussian": 0.8913, "cosine": 0.8871})
    ax = figure.axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    values, rows = np.stack([line.get_xydata() for line in dots], axis=-1).transpose(1, 0, 2)
    np.testing.assert_array_equal(values, list(SEEDS.values()))
    np.testing.assert_array_equal(np.round(rows), [[0, 0, 0], [1, 1, 1], [2, 2, 2]])
    assert (np.diff(rows, axis=1) > 0).all()
    means = [segment[0, 0] for segment in ax.collections[0].get_segments()]
    np.testing.assert_allclose(means, [np.mean(row) for row in SEEDS.values()])
    column = ax.child_axes[0]
    assert [tick.get_text() for tick in column.get_yticklabels()] == ["0.887", "", "0.891"]
    assert column.get_ylabel() == "published, other data" and "chance, 0.5" in figure.alt
    assert ax.get_xlim()[1] < 0.8  # what others published does not squeeze the dots
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(SEEDS)
    assert "n = 3 seeds" in figure.alt
    assert len(figure.png()) < 40_000


def test_one_seed_and_nothing_published():
    figure = seeds_beside({"cosine": [0.7]})
    assert "n = 1 seeds" in figure.alt and not figure.axes[0].child_axes


def test_a_control_takes_the_place_of_chance():
    figure = seeds_beside(SEEDS, control=0.752)
    assert "control, 0.752" in figure.alt and "chance" not in figure.alt
    dotted = next(line for line in figure.axes[0].lines if line.get_linestyle() == ":")
    assert list(dotted.get_xdata()) == [0.752, 0.752]


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"2 names with \[1, 2\] seeds"):
        seeds_beside({"a": [0.5], "b": [0.5, 0.6]})
    with pytest.raises(ValueError, match="0 names"):
        seeds_beside({})
    with pytest.raises(ValueError, match="'output' is published and has no line"):
        seeds_beside(SEEDS, {"output": 0.872})
    with pytest.raises(ValueError, match="an AUC of cosine is 88.71: give shares"):
        seeds_beside(SEEDS, {"cosine": 88.71})
    with pytest.raises(ValueError, match="an AUC of the control is 75.2"):
        seeds_beside(SEEDS, control=75.2)
    with pytest.raises(ValueError, match="a holds 1 NaN"):
        seeds_beside({"a": [np.nan]})
