"""PLDA against the likelihood ratio itself: joint Gaussians over all clips of a class, by scipy."""

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from asdkit.backends import PLDA, Gaussian

RNG = np.random.default_rng(0)
SIZES = {"fan/00": 4, "fan/02": 1, "pump/00": 6}
GROUP = np.repeat(list(SIZES), list(SIZES.values()))
MEANS = dict(zip(SIZES, RNG.normal(size=(3, 2)) * 2))
X = np.stack([MEANS[name] for name in GROUP]) + RNG.normal(size=(len(GROUP), 2)) * [0.3, 0.7]
NEW = RNG.normal(size=(8, 2)) * 2


def unit(x):
    return x / np.sqrt((x**2).sum(axis=1, keepdims=True))


def covariances(x, group):
    means = {name: x[group == name].mean(axis=0) for name in np.unique(group)}
    within = sum(
        np.outer(row - means[name], row - means[name]) for row, name in zip(x, group)
    ) / len(x)
    mu = np.mean(list(means.values()), axis=0)
    between = sum(np.outer(mean - mu, mean - mu) for mean in means.values()) / len(means)
    return mu, between + 1e-3 * np.eye(x.shape[1]), within + 1e-3 * np.eye(x.shape[1])


def joint(clips, mu, between, within):
    """Log-likelihood that clips share one hidden mean: each pair of them is correlated by the
    between-covariance.
    """
    count = len(clips)
    covariance = np.kron(np.ones((count, count)), between) + np.kron(np.eye(count), within)
    return multivariate_normal(np.tile(mu, count), covariance).logpdf(clips.ravel())


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("name", SIZES)
def test_it_is_the_likelihood_ratio(name, normalize):
    x, new = (unit(X), unit(NEW)) if normalize else (X, NEW)
    parts = covariances(x, GROUP)
    own = x[name == GROUP]
    expected = [
        joint(own, *parts) + joint(clip[None], *parts) - joint(np.vstack([own, clip]), *parts)
        for clip in new
    ]
    scores = PLDA(normalize=normalize).fit(X, GROUP).score(NEW, [name] * len(NEW))
    np.testing.assert_allclose(scores, expected, rtol=1e-7, atol=1e-9)


def test_with_many_clips_it_is_two_gaussians():
    """The hidden mean becomes certain: a Gaussian with the common covariance, against one of
    everything.
    """
    rng = np.random.default_rng(1)
    group = np.repeat(["a", "b", "c"], 20000)
    x = np.repeat([[2.0, 0.0], [0.0, 2.0], [-1.0, -1.0]], 20000, axis=0) + rng.normal(
        size=(60000, 2)
    )
    mu, between, within = covariances(x, group)
    own = multivariate_normal(x[group == "a"].mean(axis=0), within).logpdf(NEW)
    anyone = multivariate_normal(mu, within + between).logpdf(NEW)
    scores = PLDA(normalize=False).fit(x, group).score(NEW, ["a"] * 8)
    np.testing.assert_allclose(scores, anyone - own, atol=2e-3)


def test_below_zero_the_own_class_is_likelier():
    rng = np.random.default_rng(2)
    centers = rng.normal(size=(20, 8))
    group = np.repeat([f"m/{number:02}" for number in range(20)], 30)
    x = np.repeat(centers, 30, axis=0) + 0.2 * rng.normal(size=(600, 8))
    backend = PLDA().fit(x[::2], group[::2])
    own = backend.score(x[1::2], group[1::2])
    other = backend.score(x[1::2], np.roll(group[1::2], 15))
    assert np.mean(own < 0) > 0.95 and np.mean(other > 0) > 0.95
    assert roc_auc_score(np.repeat([0, 1], 300), np.concatenate([own, other])) > 0.99


def test_it_shares_one_covariance_where_gaussians_have_their_own():
    """Of two groups one is wide and one narrow: PLDA gives a clip at the same distance from both
    the same score.
    """
    rng = np.random.default_rng(3)
    x = np.concatenate(
        [[-3, 0] + rng.normal(size=(400, 2)), [3, 0] + 0.1 * rng.normal(size=(400, 2))]
    )
    x = np.concatenate(
        [x, -x + 2 * x.reshape(2, 400, 2).mean(axis=1).repeat(400, axis=0)]
    )  # exact means
    group = np.tile(np.repeat(["wide", "narrow"], 400), 2)
    left, right = (x[group == name].mean(axis=0) for name in ("wide", "narrow"))
    clips = np.stack([left + [0, 1.5], right + [0, 1.5]])
    plda = PLDA(normalize=False).fit(x, group).score(clips, ["wide", "narrow"])
    full = Gaussian(normalize=False).fit(x, group).score(clips, ["wide", "narrow"])
    assert abs(plda[0] - plda[1]) < 0.05 * abs(full[0] - full[1])


def test_more_dimensions_than_clips_and_one_clip_a_group():
    rng = np.random.default_rng(4)
    x, group = rng.normal(size=(3, 50)), ["a", "b", "c"]
    backend = PLDA().fit(x, group)
    assert (backend.score(x, group) < 0).all() and (backend.score(x, ["b", "c", "a"]) > 0).all()


def test_kind_and_precision_of_arrays_do_not_count():
    once = PLDA().fit(X, GROUP).score(NEW, ["fan/00"] * 8)
    single = (
        PLDA().fit(torch.tensor(X).float(), GROUP).score(torch.tensor(NEW).float(), ["fan/00"] * 8)
    )
    np.testing.assert_allclose(single, once, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        PLDA().fit(9 * X, GROUP).score(NEW / 7, ["fan/00"] * 8), once, rtol=1e-7
    )
    assert once.dtype == np.float64


def test_what_was_fitted_is_arrays():
    """A detector keeps them in its file, and scores alike after it was read."""
    fitted = PLDA().fit(X, GROUP)
    other = PLDA()
    other.models_ = {
        name: {key: value.copy() for key, value in fitted.models_[name].items()} for name in SIZES
    }
    assert all(
        isinstance(value, np.ndarray)
        for model in other.models_.values()
        for value in model.values()
    )
    np.testing.assert_array_equal(other.score(X, GROUP), fitted.score(X, GROUP))


def test_what_cannot_be_compared():
    with pytest.raises(ValueError, match="there is only fan/00: give two"):
        PLDA().fit(X, ["fan/00"] * len(X))
    with pytest.raises(ValueError, match="there is only all"):
        PLDA().fit(X)
    fitted = PLDA().fit(X, GROUP)
    with pytest.raises(
        ValueError, match="fitted to the group 'valve/04': it knows fan/00, fan/02, pump/00"
    ):
        fitted.score(X[:1], ["valve/04"])
    with pytest.raises(ValueError, match=r"x is nan at \(0, 0\)"):
        clone(fitted).fit(X * np.nan, GROUP)
    with pytest.raises(ValueError, match=r"x is nan at \(0, 0\)"):
        fitted.score(X[:1] * np.nan, ["fan/00"])
    assert not hasattr(clone(fitted), "models_")
