"""Cosine distances to means, neighbors and clusters: by hand and against scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics.pairwise import cosine_distances
from sklearn.neighbors import NearestNeighbors

from asdkit.backends import CosineToClusters, CosineToMean, CosineTopK, NearestNeighbor

RNG = np.random.default_rng(3)
X, NEW = RNG.normal(size=(60, 5)) + 1, RNG.normal(size=(9, 5))


def test_by_hand():
    """The mean is taken of unit vectors: the long one counts no more than the short one."""
    x = np.array([[10.0, 0.0], [0.0, 0.1]])
    scores = (
        CosineToMean().fit(x).score(np.array([[3.0, 3.0], [1.0, 0.0], [-2.0, -2.0], [1.0, -1.0]]))
    )
    assert scores == pytest.approx([0.0, 1 - math.sqrt(0.5), 2.0, 1.0], abs=1e-12)


def test_against_a_loop():
    rng = np.random.default_rng(0)
    x, new = rng.normal(size=(20, 5)) + 1, rng.normal(size=(7, 5))
    mean = sum(row / math.sqrt(sum(row**2)) for row in x) / 20
    expected = [
        1 - sum(row * mean) / math.sqrt(sum(row**2)) / math.sqrt(sum(mean**2)) for row in new
    ]
    np.testing.assert_allclose(CosineToMean().fit(x).score(new), expected, rtol=1e-10)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(k=st.integers(1, 80), seed=st.integers(0, 100))
def test_top_k_is_the_mean_of_scikit_learns_neighbors(k, seed):
    x = np.random.default_rng(seed).normal(size=(60, 4))
    search = NearestNeighbors(n_neighbors=min(k, 60), metric="cosine").fit(x)
    expected = search.kneighbors(NEW[:, :4])[0].mean(axis=1)
    np.testing.assert_allclose(CosineTopK(k).fit(x).score(NEW[:, :4]), expected, rtol=1e-9)


def test_top_k_between_its_limits():
    """With k = 1 it is half the squared distance to the nearest clip; with all clips, the mean
    distance.
    """
    nearest = NearestNeighbor().fit(X).score(NEW)
    np.testing.assert_allclose(CosineTopK(1).fit(X).score(NEW), nearest**2 / 2, rtol=1e-9)
    np.testing.assert_allclose(
        CosineTopK(60).fit(X).score(NEW), cosine_distances(NEW, X).mean(axis=1), rtol=1e-9
    )
    with pytest.raises(ValueError, match="k is 0: give a whole number, 1 or more"):
        CosineTopK(0).fit(X)


def test_clusters_are_those_of_k_means_and_the_target_clips():
    domain = np.where(np.arange(60) < 50, "source", "target")
    unit = X / np.sqrt((X**2).sum(axis=1, keepdims=True))
    means = KMeans(8, n_init=1, random_state=0).fit(unit[:50]).cluster_centers_
    expected = np.minimum(
        cosine_distances(NEW, means).min(axis=1), cosine_distances(NEW, X[50:]).min(axis=1)
    )
    backend = CosineToClusters(8).fit(X, domain=domain)
    np.testing.assert_allclose(backend.score(NEW), expected, rtol=1e-9)
    assert (CosineToClusters(8).fit(X[:50]).score(NEW) >= backend.score(NEW) - 1e-12).all()
    np.testing.assert_allclose(backend.score(X[50:]), 0, atol=1e-12)


def test_one_cluster_is_the_mean_and_many_are_the_clips():
    np.testing.assert_allclose(
        CosineToClusters(1).fit(X).score(NEW), CosineToMean().fit(X).score(NEW), rtol=1e-9
    )
    np.testing.assert_allclose(
        CosineToClusters(60).fit(X).score(NEW), CosineTopK(1).fit(X).score(NEW), rtol=1e-9
    )


def test_domains_are_kept_apart_in_each_group():
    """A group of target clips alone has no means; another has one of its own, and neither sees the
    other's clips.
    """
    group, domain = np.repeat(["fan/00", "fan/02"], 30), np.repeat(["target", "source"], 30)
    backend = CosineToClusters(1).fit(X, group, domain)
    np.testing.assert_allclose(
        backend.score(NEW, ["fan/00"] * 9), CosineTopK(1).fit(X[:30]).score(NEW), rtol=1e-9
    )
    np.testing.assert_allclose(
        backend.score(NEW, ["fan/02"] * 9), CosineToMean().fit(X[30:]).score(NEW), rtol=1e-9
    )


def test_domains_that_are_none():
    with pytest.raises(ValueError, match="a domain is source or target, not 'sorce'"):
        CosineToClusters().fit(X, domain=["source"] * 59 + ["sorce"])
    with pytest.raises(ValueError, match=r"domain has the shape \(59,\): give 60"):
        CosineToClusters().fit(X, domain=["source"] * 59)
