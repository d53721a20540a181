"""The nearest neighbor by brute force, and the local outlier factor by its definition and by
scikit-learn.
"""

import math

import numpy as np
import pytest
from sklearn.neighbors import LocalOutlierFactor as OutlierFactor

from asdkit.backends import LocalOutlierFactor, NearestNeighbor

RNG = np.random.default_rng(0)
X, NEW = RNG.normal(size=(30, 4)), RNG.normal(size=(9, 4))


def brute(x, new):
    return [min(math.sqrt(sum((a - b) ** 2)) for a in x) for b in new]


def test_against_a_loop():
    def length(rows):
        return np.sqrt((rows**2).sum(axis=1, keepdims=True))

    expected = brute(X / length(X), NEW / length(NEW))
    np.testing.assert_allclose(NearestNeighbor().fit(X).score(NEW), expected, rtol=1e-9)
    np.testing.assert_allclose(
        NearestNeighbor(normalize=False).fit(X).score(NEW), brute(X, NEW), rtol=1e-9
    )
    assert NearestNeighbor().fit(X).score(7 * X[:3]) == pytest.approx([0, 0, 0], abs=1e-6)


def test_without_normalization_the_input_is_checked_all_the_same():
    bad = X.copy()
    bad[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"x is nan at \(3, 1\)"):
        NearestNeighbor(normalize=False).fit(bad)
    with pytest.raises(ValueError, match=r"x is nan at \(3, 1\)"):
        NearestNeighbor(normalize=False).fit(X).score(bad)


def factor(x, new, k):
    """The definition, clip by clip: a training clip is not its own neighbor."""

    def nearest(point, others):
        distances = [math.dist(point, other) for other in others]
        return sorted(range(len(others)), key=distances.__getitem__)[:k], sorted(distances)[:k]

    reach = [nearest(x[i], np.delete(x, i, axis=0))[1][-1] for i in range(len(x))]

    def density(point, neighbors, distances):
        return 1 / np.mean([max(reach[i], distance) for i, distance in zip(neighbors, distances)])

    densities = []
    for i, point in enumerate(x):
        neighbors, distances = nearest(point, np.delete(x, i, axis=0))
        densities.append(density(point, [j + (j >= i) for j in neighbors], distances))
    factors = []
    for point in new:
        neighbors, distances = nearest(point, x)
        factors.append(
            np.mean([densities[j] for j in neighbors]) / density(point, neighbors, distances)
        )
    return factors


@pytest.mark.parametrize("k", [1, 5, 29])
def test_the_factor_is_its_definition(k):
    backend = LocalOutlierFactor(k, normalize=False).fit(X)
    np.testing.assert_allclose(backend.score(NEW), factor(X, NEW, k), rtol=1e-9)


def test_the_factor_is_scikit_learns_of_each_group():
    group = np.repeat(["fan/00", "fan/02"], 15)
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    new = NEW / np.linalg.norm(NEW, axis=1, keepdims=True)
    backend = LocalOutlierFactor(4).fit(X, group)
    for name in ("fan/00", "fan/02"):
        expected = (
            -OutlierFactor(n_neighbors=4, novelty=True).fit(unit[group == name]).score_samples(new)
        )
        np.testing.assert_allclose(backend.score(NEW, [name] * 9), expected, rtol=1e-12)


def test_the_factor_of_an_even_crowd_is_one():
    """On a long even grid the density is the same everywhere; far outside it falls with the
    distance.
    """
    backend = LocalOutlierFactor(4, normalize=False).fit(np.arange(200.0)[:, None])
    assert backend.score([[100.5]]) == pytest.approx(1, abs=0.15)
    far, farther = backend.score([[1000.0], [2000.0]])
    assert farther / far == pytest.approx((2000 - 197.5) / (1000 - 197.5), rel=1e-6)


def test_more_neighbors_than_clips_are_all_the_others():
    all_others = LocalOutlierFactor(29).fit(X).score(NEW)
    np.testing.assert_array_equal(LocalOutlierFactor(1000).fit(X).score(NEW), all_others)


def test_one_clip_has_no_neighbors():
    with pytest.raises(
        ValueError,
        match="the group 'fan/02' has one clip, and a local outlier factor needs neighbors",
    ):
        LocalOutlierFactor().fit(X, ["fan/00"] * 29 + ["fan/02"])


@pytest.mark.filterwarnings("ignore:Duplicate values")
def test_equal_clips_are_infinitely_dense_and_still_a_number():
    same, other = LocalOutlierFactor().fit(np.repeat(X[:1], 40, axis=0)).score([X[0], -X[0]])
    assert same == pytest.approx(1) and 1e6 < other < np.inf
