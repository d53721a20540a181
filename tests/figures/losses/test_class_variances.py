"""Variance within and between two classes, against sums written out, and the picture of it."""

import numpy as np
import pytest
import torch

from asdkit import figures
from asdkit.figures.style import LOOKS

RNG = np.random.default_rng(0)
PAIRS = {"BCE": RNG.uniform(1, 2, (5, 2)), "DDCSAD": RNG.uniform([0.1, 5], [0.2, 9], (5, 2))}


def by_hand(x, own):
    parts = [[row for row, mine in zip(x, own) if mine == kind] for kind in (True, False)]
    means = [[sum(column) / len(part) for column in zip(*part)] for part in parts]
    within = [
        sum(sum((a - b) ** 2 for a, b in zip(row, mean)) for row in part) / len(part)
        for part, mean in zip(parts, means)
    ]
    return sum(within) / 2, sum((a - b) ** 2 for a, b in zip(*means)) / 4


@pytest.mark.parametrize("dim", [1, 2, 7])
def test_it_is_the_sum_written_out(dim):
    x, own = RNG.normal(size=(30, dim)), RNG.uniform(size=30) < 0.3
    np.testing.assert_allclose(figures.within_and_between(x, own), by_hand(x, own), rtol=1e-12)


def test_both_are_the_whole_variance_where_classes_count_alike():
    x, own = RNG.normal(size=(41, 5)) + 3.0, np.arange(41) < 12
    weights = np.where(own, 0.5 / own.sum(), 0.5 / (~own).sum())
    mean = weights @ x
    total = weights @ ((x - mean) ** 2).sum(axis=1)
    assert sum(figures.within_and_between(x, own)) == pytest.approx(total, rel=1e-12)


def test_the_ratio_knows_no_scale_and_tensors_do_as_well():
    x, own = RNG.normal(size=(20, 3)), np.arange(20) < 8
    within, between = figures.within_and_between(x, own)
    small = torch.tensor(0.01 * x, requires_grad=True)
    tiny, little = figures.within_and_between(small, torch.tensor(own))
    assert little / tiny == pytest.approx(between / within, rel=1e-9)


@pytest.mark.parametrize(
    ("x", "own", "words"),
    [
        (np.ones((3, 2)), [True] * 3, "all clips are of one class"),
        (np.ones((3, 2)), [True, False], r"x is \(3, 2\) and own \(2,\)"),
        ([[np.nan, 1.0], [0.0, 1.0]], [True, False], "x is nan"),
        ([1.0, 2.0], [True, False], r"x is \(2,\)"),
    ],
)
def test_which_clips_are_refused(x, own, words):
    with pytest.raises(ValueError, match=words):
        figures.within_and_between(np.array(x), np.array(own))


def test_the_picture_shows_seeds_and_medians():
    figure = figures.class_variances(PAIRS)
    above, below = figure.axes
    for number, values in enumerate(PAIRS.values()):
        within, between = above.lines[2 * number : 2 * number + 2]
        np.testing.assert_array_equal(within.get_ydata(), values[:, 0])
        np.testing.assert_array_equal(between.get_ydata(), values[:, 1])
        assert (within.get_color(), between.get_color()) == (
            LOOKS["source"].color, LOOKS["target"].color
        )  # fmt: skip
    ratios = [np.median(values[:, 1] / values[:, 0]) for values in PAIRS.values()]
    assert [text.get_text() for text in below.texts] == [f"{ratio:.1f}" for ratio in ratios]
    assert [tick.get_text() for tick in below.get_xticklabels()] == list(PAIRS)
    assert above.get_yscale() == below.get_yscale() == "log"
    assert "n = 5 seeds" in above.get_title() and above.get_ylabel() and below.get_xlabel()
    assert len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({}, "there is no loss to draw"), ({"BCE": [1.0, 2.0]}, r"the pairs of BCE are \(2,\)"),
        ({"BCE": [(1.0, 0.0)]}, "the pairs of BCE hold what is not positive"),
        ({"BCE": [(np.nan, 1.0)]}, "the pairs of BCE is nan at"),
    ],
)  # fmt: skip
def test_which_pairs_are_refused(pairs, words):
    with pytest.raises(ValueError, match=words):
        figures.class_variances(pairs)
