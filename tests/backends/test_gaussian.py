"""Gaussians and mixtures against scipy's densities."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from sklearn.base import clone
from sklearn.mixture import GaussianMixture as Mixture

from asdkit.backends import Gaussian, GaussianMixture
from asdkit.backends.gaussian import log_density


def cloud(count=60, dim=4, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dim)) * 0.3 + np.linspace(1, 2, dim)


def unit(x):
    return x / np.sqrt((x**2).sum(axis=1, keepdims=True))


def covariance(x, kind):
    centered = x - x.mean(axis=0)
    full = centered.T @ centered / len(x)
    if kind == "diagonal":
        full = np.diag(np.diag(full))
    if kind == "spherical":
        full = np.eye(len(full)) * np.trace(full) / len(full)
    return full + 1e-3 * np.eye(len(full))


@pytest.mark.parametrize("kind", ["full", "diagonal", "spherical"])
def test_one_gaussian_is_scipys(kind):
    x, new = cloud(), cloud(seed=1)
    expected = -multivariate_normal(unit(x).mean(axis=0), covariance(unit(x), kind)).logpdf(
        unit(new)
    )
    np.testing.assert_allclose(Gaussian(kind).fit(x).score(new), expected, rtol=1e-8)
    np.testing.assert_allclose(
        Gaussian(kind).fit(torch.tensor(x)).score(torch.tensor(new)), expected, rtol=1e-8
    )


@pytest.mark.parametrize("kind", ["full", "diagonal", "spherical"])
def test_a_mixture_of_one_is_a_gaussian(kind):
    x, new = cloud(), cloud(seed=1)
    one = Gaussian(kind).fit(x).score(new)
    np.testing.assert_allclose(
        GaussianMixture(1, covariance=kind).fit(x).score(new), one, rtol=1e-9
    )
    starts = GaussianMixture(means_init=x[:1], covariance=kind).fit(x).score(new)
    np.testing.assert_allclose(starts, one, rtol=1e-9)


def two_clouds():
    rng = np.random.default_rng(0)
    return np.concatenate(
        [[1, 0, 0] + 0.1 * rng.normal(size=(90, 3)), [0, 1, 0] + 0.1 * rng.normal(size=(10, 3))]
    )


@pytest.mark.parametrize(
    "kind, name", [("full", "full"), ("diagonal", "diag"), ("spherical", "spherical")]
)
def test_the_best_mode_counts_without_its_weight(kind, name):
    x, starts = two_clouds(), np.array([[3.0, 0, 0], [0, 0.5, 0]])
    new = np.random.default_rng(1).normal(size=(50, 3))
    fitted = Mixture(
        2, covariance_type=name, reg_covar=1e-3, means_init=unit(starts), random_state=0
    ).fit(unit(x))
    shapes = {
        "full": fitted.covariances_,
        "diag": [np.diag(row) for row in np.atleast_2d(fitted.covariances_)],
        "spherical": [np.eye(3) * value for value in np.ravel(fitted.covariances_)],
    }[name]  # fmt: skip
    densities = [multivariate_normal(m, c).logpdf(unit(new)) for m, c in zip(fitted.means_, shapes)]
    scores = GaussianMixture(means_init=starts, covariance=kind).fit(x).score(new)
    np.testing.assert_allclose(scores, -np.max(densities, axis=0), rtol=1e-8)
    weighted = -np.max(np.array(densities) + np.log(fitted.weights_)[:, None], axis=0)
    assert np.abs(scores - weighted).max() > 1


def test_each_group_starts_at_its_own_centers():
    x = np.concatenate([two_clouds(), -two_clouds()])
    group = np.repeat(["a/00", "b/00"], 100)
    starts = {"a/00": np.eye(3)[:2], "b/00": -np.eye(3)[:2]}
    both = GaussianMixture(means_init=starts).fit(x, group)
    assert [len(model["means"]) for model in both.models_.values()] == [2, 2]
    single = GaussianMixture(means_init=-np.eye(3)[:2]).fit(x[100:])
    np.testing.assert_allclose(both.score(x[100:], group[100:]), single.score(x[100:]), rtol=1e-9)
    with pytest.raises(ValueError, match="no centers of the group 'b/00': it has a/00"):
        GaussianMixture(means_init={"a/00": np.eye(3)}).fit(x, group)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_fewer_clips_than_centers(count):
    """Centers that no clip is nearest to are left out; the others score finitely, and far
    embeddings higher.
    """
    x = cloud(count)
    for backend in (GaussianMixture(means_init=cloud(16, seed=3)), GaussianMixture(16), Gaussian()):
        backend.fit(x)
        (model,) = backend.models_.values()
        assert len(model["means"]) <= count
        assert np.isfinite(backend.score(x)).all()
        assert backend.score(-x[:1]) > backend.score(x).max()


def test_a_center_without_clips_is_left_out():
    x = two_clouds()
    starts = np.concatenate([np.eye(3), -np.eye(3)])
    (model,) = GaussianMixture(means_init=starts).fit(x).models_.values()
    assert 2 <= len(model["means"]) < 6


@settings(deadline=None, derandomize=True, max_examples=15)
@given(length=st.floats(1e-6, 1e6), seed=st.integers(0, 100))
def test_the_length_of_an_embedding_does_not_count(length, seed):
    x, new = cloud(seed=seed), cloud(seed=seed + 1)
    for backend in (Gaussian(), GaussianMixture(2)):
        once = backend.fit(x).score(new)
        np.testing.assert_allclose(
            clone(backend).fit(x * length).score(new / length), once, rtol=1e-6
        )


def test_another_covariance():
    for backend in (Gaussian, GaussianMixture):
        with pytest.raises(
            ValueError, match="covariance is 'tied': choose one of full, diagonal, spherical"
        ):
            backend(covariance="tied")
        with pytest.raises(ValueError, match="covariance is 'tied'"):
            backend().set_params(covariance="tied").fit(cloud())


@pytest.mark.parametrize("kind", ["full", "diagonal", "spherical"])
def test_without_normalization_lengths_count(kind):
    x, new = cloud(), cloud(seed=1)
    expected = -multivariate_normal(x.mean(axis=0), covariance(x, kind)).logpdf(new)
    for backend in (
        Gaussian(kind, normalize=False),
        GaussianMixture(1, covariance=kind, normalize=False),
    ):
        np.testing.assert_allclose(backend.fit(x).score(new), expected, rtol=1e-8)


def test_without_normalization_a_center_is_nearest_by_distance():
    """Both centers point the same way, and each has its clips."""
    x = np.concatenate([np.full((20, 2), 1.0), np.full((20, 2), 9.0)]) + np.random.default_rng(
        0
    ).normal(size=(40, 2))
    backend = GaussianMixture(means_init=[[1.0, 1.0], [9.0, 9.0]], normalize=False).fit(x)
    np.testing.assert_allclose(
        backend.models_["all"]["means"], [x[:20].mean(axis=0), x[20:].mean(axis=0)], atol=1e-3
    )


@pytest.mark.parametrize("kind", ["full", "diagonal", "spherical"])
def test_a_density_from_its_whitening(kind):
    """The whitening of scikit-learn's covariance gives scipy's density."""
    x, new = cloud(), cloud(seed=1)
    (model,) = Gaussian(kind, normalize=False).fit(x).models_.values()
    expected = multivariate_normal(x.mean(axis=0), covariance(x, kind)).logpdf(new)
    np.testing.assert_allclose(
        log_density(new, model["means"][0], model["whitening"][0]), expected, rtol=1e-8
    )


def test_a_singular_covariance_names_the_cure():
    x = np.random.default_rng(0).normal(size=(5, 8))
    with pytest.raises(ValueError, match="a regularization of 0: give more clips, or a larger"):
        Gaussian(regularization=0.0).fit(x)
    with pytest.raises(ValueError, match="centers of 'all' have 3 numbers, and embeddings 8"):
        GaussianMixture(means_init=np.ones((2, 3))).fit(x)
