"""Sub-clusters and settings, counted by hand, and bars as long as the shares."""

import itertools
import math

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from asdkit.figures import cluster_figure, cluster_state
from asdkit.figures.style import CLASSES

RNG = np.random.default_rng(0)
CENTERS = RNG.normal(size=(3, 4, 5))
Y = np.repeat([2, 0, 1], 20)
SETTING = np.array([f"fan/{own} speed {number % 3}" for number, own in enumerate(Y)])
X = RNG.normal(size=(60, 5)) * RNG.uniform(0.1, 9, (60, 1))


def nearest_by_hand():
    """The own sub-cluster of the smallest angle, of each clip."""
    found = []
    for row, own in zip(X, Y):
        angles = [
            math.acos(row @ center / np.linalg.norm(row) / np.linalg.norm(center))
            for center in CENTERS[own]
        ]
        found.append(angles.index(min(angles)))
    return found


def test_counts_are_those_of_a_loop_over_all_pairs():
    state, nearest = cluster_state(X, CENTERS, Y, SETTING), nearest_by_hand()
    assert state["clips"] == 60
    used = [{k for k, own in zip(nearest, Y) if own == c} for c in range(3)]
    assert state["used"].tolist() == [len(some) for some in used]
    assert state["in_use"] == sum(len(some) for some in used) / 3
    together = {True: [], False: []}
    for i, j in itertools.combinations(range(60), 2):
        if Y[i] == Y[j]:
            together[SETTING[i] == SETTING[j]].append(nearest[i] == nearest[j])
    assert state["one_setting"] == pytest.approx(np.mean(together[True]))
    assert state["two_settings"] == pytest.approx(np.mean(together[False]))


def test_settings_with_a_sub_cluster_each_share_none():
    y, setting = np.zeros(30, dtype=int), np.repeat(list("abc"), 10)
    x = CENTERS[0, np.repeat([3, 1, 0], 10)]
    state = cluster_state(x, CENTERS[:1], y, setting)
    assert (state["one_setting"], state["two_settings"]) == (1.0, 0.0)
    alone = cluster_state(x, CENTERS[:1], y, np.full(30, "a"))
    assert np.isnan(alone["two_settings"]) and alone["used"].tolist() == [3]


def test_each_bar_is_as_long_as_the_share_and_of_the_color_of_the_rank():
    figure = cluster_figure(X, CENTERS, Y, SETTING)
    ax = figure.axes[0]
    image = np.asarray(ax.images[0].get_array())
    nearest = np.array(nearest_by_hand())
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == sorted(set(SETTING))
    for row, name in enumerate(names):
        of_class = np.bincount(nearest[int(name[4]) == Y], minlength=4)
        for rank, cluster in enumerate(np.argsort(-of_class, kind="stable")):
            share = np.mean(nearest[name == SETTING] == cluster)
            drawn = (image[row] == to_rgb(CLASSES[rank].color)).all(axis=1).mean()
            assert drawn == pytest.approx(share, abs=0.006)
    used = sum(len(set(nearest[own == Y])) for own in range(3))
    assert f"(n = 60 clips): {used} of 12 sub-clusters are nearest to a clip" in figure.alt
    assert "busiest" in figure.alt and len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((X, CENTERS, Y[1:], SETTING), "60 clips, 59 class indices and 60 settings"),
        ((X, CENTERS[0], Y, SETTING), r"give finite rows \(N, D\) and \(C, S, D\)"),
        ((X * np.nan, CENTERS, Y, SETTING), r"x is nan at \(0, 0\): give finite numbers"),
    ],
)
def test_what_cannot_be_counted_is_told(arguments, sentence):
    for function in (cluster_state, cluster_figure):
        with pytest.raises(ValueError, match=sentence):
            function(*arguments)
