"""Neighbors, agreement and trustworthiness against loops in float64 and against scikit-learn."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import ortho_group
from sklearn.manifold import trustworthiness as of_sklearn

from asdkit import neighborhoods
from asdkit.neighborhoods import agreement, nearest, trustworthiness

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 7)) + 0.5
XY = RNG.normal(size=(60, 2))


def cosine(a, b):
    product = sum(p * q for p, q in zip(a, b))
    return product / math.sqrt(sum(p * p for p in a)) / math.sqrt(sum(q * q for q in b))


def around(distance):
    """The others by distance, nearest first, for each point."""
    count = len(distance)
    return [
        sorted((j for j in range(count) if j != i), key=lambda j: distance[i][j])
        for i in range(count)
    ]


def by_cosine(x):
    return around([[1.0 - cosine(a, b) for b in x] for a in x])


def by_place(xy):
    return around([[math.dist(a, b) for b in xy] for a in xy])


@pytest.mark.parametrize("k", [1, 5, 59])
def test_neighbors_are_those_of_loops(k):
    found, distance = nearest(X, k)
    assert found.tolist() == [row[:k] for row in by_cosine(X)]
    for i in (0, 31, 59):
        told = [1.0 - cosine(X[i], X[j]) for j in found[i]]
        np.testing.assert_allclose(distance[i], told, atol=1e-12)


@pytest.mark.parametrize("form", [np.flatnonzero, lambda mask: mask])
def test_neighbors_among_some(form):
    mask = RNG.uniform(size=60) < 0.4
    found, _ = nearest(X, 3, among=form(mask))
    assert found.tolist() == [[j for j in row if mask[j]][:3] for row in by_cosine(X)]


def test_an_embedding_is_never_its_own_neighbor():
    twins = np.repeat(X[:6], 10, axis=0)
    found, distance = nearest(twins, 4)
    assert not (found == np.arange(60)[:, None]).any() and distance.max() < 1e-12
    assert all(len(set(row)) == 4 for row in found.tolist())


@pytest.mark.parametrize("k", [1, 4, 12, 29])
def test_agreement_is_that_of_loops(k):
    pairs = zip(by_cosine(X), by_place(XY))
    told = [len(set(near[:k]) & set(found[:k])) / k for near, found in pairs]
    np.testing.assert_allclose(agreement(X, XY, k), told, atol=1e-12)


@pytest.mark.parametrize("k", [1, 4, 12, 29])
def test_trustworthiness_is_that_of_loops_and_its_mean_that_of_scikit_learn(k, monkeypatch):
    n, ranks = 60, by_cosine(X)
    told = [
        1.0 - 2.0 / (k * (2 * n - 3 * k - 1))
        * sum(max(0, ranks[i].index(j) + 1 - k) for j in found[:k])
        for i, found in enumerate(by_place(XY))
    ]  # fmt: skip
    trust = trustworthiness(X, XY, k)
    np.testing.assert_allclose(trust, told, atol=1e-12)
    assert trust.mean() == pytest.approx(of_sklearn(X, XY, n_neighbors=k, metric="cosine"))
    monkeypatch.setattr(neighborhoods, "BLOCK", 7 * n)  # nine blocks, the last of four rows
    np.testing.assert_array_equal(trustworthiness(X, XY, k), trust)


@pytest.mark.parametrize("measure", [agreement, trustworthiness])
def test_neither_depends_on_how_map_and_embeddings_lie(measure):
    told = measure(X, XY, 5)
    for seed in range(3):
        turn, turn_7 = (ortho_group.rvs(dim, random_state=seed) for dim in (2, 7))
        np.testing.assert_allclose(measure(X, 3.0 * XY @ turn + 8.0, 5), told)
        lengths = RNG.uniform(0.1, 9.0, size=(60, 1))
        np.testing.assert_allclose(measure(lengths * X @ turn_7, XY, 5), told)
    order = RNG.permutation(60)
    np.testing.assert_allclose(measure(X[order], XY[order], 5), told[order])
    tensors = torch.tensor(X, requires_grad=True), torch.tensor(XY)
    np.testing.assert_array_equal(measure(*tensors, 5), told)


@pytest.mark.parametrize("k", [1, 10])
def test_a_map_that_loses_nothing_has_both_at_1(k):
    circle = neighborhoods.directions(X[:, :2])
    np.testing.assert_array_equal(agreement(X[:, :2], circle, k), 1.0)
    np.testing.assert_array_equal(trustworthiness(X[:, :2], circle, k), 1.0)


def test_points_that_chance_placed_agree_as_chance_does():
    n, k, rng = 400, 10, np.random.default_rng(1)
    x, chance = rng.normal(size=(n, 8)), k / (n - 1)
    maps = rng.normal(size=(10, n, 2))
    means = [agreement(x, xy, k).mean() for xy in maps]
    spread = math.sqrt(chance * (1.0 - chance) / (n * k * len(maps)))
    assert abs(np.mean(means) - chance) < 4.0 * spread
    over = (n - 1 - k) * (n - k) / (2.0 * (n - 1))  # mean of max(0, rank - k), ranks uniform
    told = 1.0 - 2.0 * over / (2 * n - 3 * k - 1)
    trusts = [trustworthiness(x, xy, k).mean() for xy in maps]
    assert abs(np.mean(trusts) - told) < 4.0 * np.std(trusts) / math.sqrt(len(maps)) + 1e-9
    assert told == pytest.approx(0.5, abs=0.01)


ROW = np.arange(60)[:, None]
BROKEN = X.copy()
BROKEN[[4, 9], 2] = np.nan


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (BROKEN, r"x is nan at \(4, 2\): give finite"),
        (np.where(ROW == 3, np.inf, X), r"x is inf at \(3, 0\)"),
        (X[:1], "from 4 to 50,000 embeddings, not 1: add clips"),
        (np.zeros((200_000, 2)), "not 200,000: draw some"),
        (np.tile(X[0], (9, 1)) * np.arange(1.0, 10.0)[:, None], "all 9 embeddings have one dir"),
        (np.where(ROW == 8, 0.0, X), "1 of 60 .* the first is row 8"),
        (X[:, 0], r"embeddings are \(60,\)"), (X[:, :1], r"embeddings are \(60, 1\)"),
    ],
)  # fmt: skip
def test_which_embeddings_are_refused(x, words):
    for refused in (neighborhoods.directions, lambda x: nearest(x, 1)):
        with pytest.raises(ValueError, match=words) as error:
            refused(x)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nearest(X, 60), "60 neighbors .* among 60 embeddings: pass k from 1 to 59"),
        (lambda: nearest(X, 0), "k is 0: give a whole number"),
        (lambda: nearest(X, 3, among=[1, 2, 3]), "among 3 embeddings: pass k from 1 to 2"),
        (lambda: trustworthiness(X, XY, 30), "fewer than half: pass k from 1 to 29"),
        (lambda: agreement(X, XY[:9]), r"xy has the shape \(9, 2\): give places \(60, 2\)"),
        (lambda: agreement(X, XY * np.nan), r"xy is nan at \(0, 0\)"),
    ],
)
def test_what_else_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
