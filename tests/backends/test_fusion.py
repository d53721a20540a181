"""Several systems as one: sums of scores, and what cannot be summed."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.base import clone

from asdkit.backends import CosineToMean, Fusion, Gaussian, GaussianMixture, NearestNeighbor

RNG = np.random.default_rng(0)
X = [RNG.normal(size=(40, dim)) + 1 for dim in (3, 5)]
NEW = [RNG.normal(size=(7, dim)) for dim in (3, 5)]


def unit(x):
    return x / np.sqrt((x**2).sum(axis=1, keepdims=True))


def test_log_densities_add_up():
    """The sum over two systems is the log-density of both embeddings side by side, as if they were
    independent.
    """
    blocks = [np.cov(unit(x).T, bias=True) + 1e-3 * np.eye(x.shape[1]) for x in X]
    joint = np.block([[blocks[0], np.zeros((3, 5))], [np.zeros((5, 3)), blocks[1]]])
    mean = np.concatenate([unit(x).mean(axis=0) for x in X])
    expected = -multivariate_normal(mean, joint).logpdf(np.hstack([unit(new) for new in NEW]))
    np.testing.assert_allclose(
        Fusion([Gaussian(), Gaussian()]).fit(X).score(NEW), expected, rtol=1e-8
    )


def test_an_ensemble_over_sub_clusters():
    """[SCA]: one mixture a system, each with another number of modes, and a group each."""
    group, new_group = np.repeat(["fan/00", "fan/02"], 20), ["fan/00", "fan/02"] * 3 + ["fan/00"]
    mixtures = [GaussianMixture(modes) for modes in (1, 2)]
    scores = Fusion(mixtures).fit(X, group).score(NEW, new_group)
    own = [
        clone(backend).fit(x, group).score(new, new_group)
        for backend, x, new in zip(mixtures, X, NEW)
    ]
    np.testing.assert_allclose(scores, own[0] + own[1], rtol=1e-12)
    with pytest.raises(ValueError, match="fitted to the group 'pump/00'"):
        Fusion(mixtures).fit(X, group).score(NEW, ["pump/00"] * 7)


def test_trials_of_one_system_rank_as_their_mean():
    trials = [CosineToMean() for _ in range(2)]
    single = [CosineToMean().fit(x).score(new) for x, new in zip(X, NEW)]
    assert np.array_equal(
        Fusion(trials).fit(X).score(NEW).argsort(), np.mean(single, axis=0).argsort()
    )


def test_the_backends_themselves_stay_unfitted():
    fusion = Fusion([CosineToMean(), NearestNeighbor()])
    assert fusion.fit(X) is fusion
    assert not any(hasattr(backend, "models_") for backend in fusion.backends)
    assert not hasattr(clone(fusion), "backends_")


def test_what_cannot_be_fused():
    pair = [CosineToMean(), CosineToMean()]
    fitted = Fusion(pair).fit(X)
    cases = [
        (X + X, "2 backends and 4 sets of embeddings"),
        ([X[0], X[1][:9]], "the systems embed 40, 9 clips"),
        ([X[0], X[1] * np.nan], r"x is nan at \(0, 0\)"), (X[0][:2], r"embeddings \(N, D\)"),
    ]  # fmt: skip
    for wrong, words in cases:
        with pytest.raises(ValueError, match=words):
            Fusion(pair).fit(wrong)
        with pytest.raises(ValueError, match=words):
            fitted.score(wrong)
    with pytest.raises(ValueError, match="at least one backend"):
        Fusion([]).fit([])
