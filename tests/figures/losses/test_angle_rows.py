"""Rows of angles: medians and overlap in the titles, one axis for all, nothing left out."""

import math
from statistics import NormalDist

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
        words = "{}: medians {:.1f}° and {:.1f}°, overlap {:.0f} %"
        shared = 100 * figures.overlap(normal, anomaly)
        assert ax.get_title() == words.format(name, *medians, shared)
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


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.5, 0.9, 1.0, 2.0])
def test_overlap_of_two_uniform_distributions(shift):
    even = (np.arange(20_000) + 0.5) / 20_000
    assert figures.overlap(even, even + shift) == pytest.approx(max(0.0, 1 - shift), abs=0.02)


@pytest.mark.parametrize("gap", [0.5, 1.0, 2.0, 3.0])
def test_overlap_of_two_normal_distributions(gap):
    """Their densities cross in the middle: twice the tail beyond half the gap."""
    normal = np.array([NormalDist().inv_cdf((i + 0.5) / 5000) for i in range(5000)])
    shared = 2 * NormalDist().cdf(-gap / 2)
    assert figures.overlap(normal, normal + gap) == pytest.approx(shared, abs=0.01)
    for some in (normal[::2], normal[::5]):  # their crossing lies inside a bin now
        assert shared - 0.005 < figures.overlap(normal + gap, some) < shared + 0.03


def test_overlap_where_densities_cross_twice():
    """One median, twice the spread: they cross at c with c^2 = (8 / 3) ln 2 on both sides."""
    normal = np.array([NormalDist().inv_cdf((i + 0.5) / 5000) for i in range(5000)])
    c, cdf = math.sqrt(8 / 3 * math.log(2)), NormalDist().cdf
    shared = 2 * (1 - cdf(c)) + 2 * cdf(c / 2) - 1
    assert figures.overlap(normal, 2 * normal) == pytest.approx(shared, abs=0.01)


def test_overlap_knows_the_order_of_the_angles_alone():
    normal, anomaly = RNG.normal(0.6, 0.1, 300), RNG.normal(0.8, 0.2, 200)
    shared = figures.overlap(normal, anomaly)
    assert 0 < shared < 1
    for bend in (np.degrees, np.exp, lambda angle: -np.cos(np.clip(angle, 0, np.pi))):
        assert figures.overlap(bend(normal), bend(anomaly)) == pytest.approx(shared, abs=0.011)


def test_overlap_of_few_clips_is_too_small_as_told():
    """Two samples of one distribution: the mean over draws beside the rule of the docstring."""
    for clips in (200, 1000):
        read = [figures.overlap(*RNG.normal(size=(2, clips))) for _ in range(100)]
        assert np.mean(read) == pytest.approx(1 - math.sqrt(10 / (math.pi * clips)), abs=0.015)


def test_overlap_at_its_ends():
    assert figures.overlap([1.0, 1.0], [1.0, 1.0, 1.0]) == 1.0  # ties are no difference
    assert figures.overlap([0.1, 0.2], [0.3, 0.4]) == 0.0
    for groups, bins, words in (
        (([], [1.0]), 10, "normal holds no values"),
        (([1.0], [np.nan]), 10, "anomaly is nan"),
        (([1.0], [2.0]), 1, "bins is 1: give 2"),
    ):
        with pytest.raises(ValueError, match=words):
            figures.overlap(*groups, bins=bins)
