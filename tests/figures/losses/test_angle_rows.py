"""Rows of angles: medians in the titles, one axis for all, nothing left out."""

import numpy as np
import pytest

from asdkit import figures

RNG = np.random.default_rng(0)


def test_each_row_has_its_medians_and_all_share_an_axis():
    rows = {
        f"m = {m}": (RNG.uniform(0.9 - m, 1.1 - m, 51), RNG.uniform(1.0 - m, 1.4 - m, 31))
        for m in (0.0, 0.5)
    }
    figure = figures.angle_rows(rows)
    for ax, (name, (normal, anomaly)) in zip(figure.axes, rows.items()):
        medians = np.degrees([np.median(normal), np.median(anomaly)])
        assert ax.get_title() == "{}: medians {:.1f}° and {:.1f}°".format(name, *medians)
        np.testing.assert_allclose([line.get_xdata()[0] for line in ax.lines], medians)
        assert ax.get_xlim() == (0, 90)
    assert "n = 51 normal, 31 anomalies a row" in figure.alt and len(figure.png()) < 60_000


def test_one_wide_angle_widens_every_row():
    figure = figures.angle_rows({"a": ([0.1, 0.2], [0.3]), "b": ([0.1], [np.pi])})
    assert [ax.get_xlim() for ax in figure.axes] == [(0, 180)] * 2
    highest = max(patch.get_data().values.max() for ax in figure.axes for patch in ax.patches)
    # heights of rows can be compared
    assert figure.axes[0].get_ylim()[1] == figure.axes[1].get_ylim()[1] > highest
    share = figure.axes[1].patches[-1].get_data()
    # a density, nothing left out
    assert np.sum(share.values * np.diff(share.edges)) == pytest.approx(1.0)


def test_a_slightly_wide_angle_widens_slightly():
    assert figures.angle_rows({"a": ([0.1, 0.2], [np.radians(98)])}).axes[0].get_xlim() == (0, 120)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({}, "no row to draw"),
        ({"a": ([], [0.1])}, "a holds no values"),
        ({"a": ([0.1], [40.0])}, "pass radians"),
    ],
)
def test_what_it_refuses(rows, words):
    with pytest.raises(ValueError, match=words):
        figures.angle_rows(rows)
