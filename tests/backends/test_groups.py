"""What holds for every backend of embeddings: groups, errors, direction of the score, and what a
detector keeps.
"""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from asdkit import backends
from asdkit.backends.groups import prepared, unit

# PLDA needs two groups, Probability, OwnLoss and RoleFusion take no embeddings, Fusion several
# sets: their own files test the same of them.
APART = {"PLDA", "Probability", "OwnLoss", "RoleFusion", "Fusion", "Backend", "Learned"}
NAMES = sorted(set(backends.__all__) - APART)
ALL = [getattr(backends, name) for name in NAMES]
NORTH = np.array([0.0, 0.0, 1.0])


def cloud(center, count=40, seed=0):
    return center + 0.1 * np.random.default_rng(seed).normal(size=(count, 3))


@pytest.fixture(params=ALL, ids=NAMES)
def backend(request):
    # as many clusters as clips would leave k-means to the rounding of the last digit
    return (
        request.param(clusters=4) if request.param is backends.CosineToClusters else request.param()
    )


@settings(deadline=None, derandomize=True, max_examples=15)
@given(direction=st.floats(0, 2 * np.pi), seed=st.integers(0, 50))
def test_larger_is_more_anomalous(direction, seed):
    """A point that moves away on the sphere from the cloud of normal clips scores higher."""
    angles = np.linspace(0.4, 1.5, 12)
    away = np.array([np.cos(direction), np.sin(direction), 0.0])
    path = np.cos(angles)[:, None] * NORTH + np.sin(angles)[:, None] * away
    for make in ALL:
        backend = make(components=2) if make is backends.GaussianMixture else make()
        normal = cloud(NORTH, 80, seed)
        scores = backend.fit(normal).score(path)
        assert (np.diff(scores) > 0).all(), make.__name__
        assert scores[0] > np.median(backend.score(normal)), make.__name__


def test_groups_are_kept_apart(backend):
    x = np.concatenate([cloud(NORTH), cloud(np.array([1.0, 0.0, 0.0]), seed=1)])
    group = np.repeat(["fan/00", "fan/02"], 40)
    shuffled = np.random.default_rng(0).permutation(80)
    fitted = clone(backend).fit(x[shuffled], group[shuffled])
    new = cloud(NORTH, 6, seed=2)
    own, other = [fitted.score(new, [name] * 6) for name in ("fan/00", "fan/02")]
    assert own.max() < other.min()
    alone = clone(backend).fit(x[shuffled][group[shuffled] == "fan/00"])
    np.testing.assert_allclose(own, alone.score(new), rtol=1e-9)
    mixed = fitted.score(new, ["fan/02", "fan/00"] * 3)
    np.testing.assert_allclose(mixed[::2], other[::2], rtol=1e-9)
    np.testing.assert_allclose(mixed[1::2], own[1::2], rtol=1e-9)


def test_an_unknown_group_is_named(backend):
    fitted = backend.fit(cloud(NORTH), ["fan/00"] * 40)
    with pytest.raises(ValueError, match="fitted to the group 'pump/04': it knows fan/00"):
        fitted.score(cloud(NORTH, 2), ["fan/00", "pump/04"])
    with pytest.raises(ValueError, match="fitted to the group 'all'"):
        fitted.score(cloud(NORTH, 2))


def test_what_is_no_set_of_embeddings(backend):
    bad = cloud(NORTH)
    bad[5, 1] = np.inf
    cases = [
        (bad, r"x is inf at \(5, 1\)"),
        (NORTH, r"\(N, D\)"),
        (bad[:0], "at least one clip"),
    ]
    for wrong, words in cases:
        with pytest.raises(ValueError, match=words):
            clone(backend).fit(wrong)
        with pytest.raises(ValueError, match=words):
            clone(backend).fit(cloud(NORTH)).score(wrong)
    with pytest.raises(ValueError, match=r"group has the shape \(39,\): give 40"):
        backend.fit(cloud(NORTH), ["fan/00"] * 39)


def test_length_precision_and_kind_of_array_do_not_count(backend):
    x, new = cloud(NORTH), cloud(NORTH, 9, seed=1)
    once = clone(backend).fit(x).score(new)
    lengths = np.geomspace(1e-3, 1e3, 40)[:, None]
    np.testing.assert_allclose(
        clone(backend).fit(x * lengths).score(new * 50), once, rtol=1e-6, atol=1e-9
    )
    np.testing.assert_allclose(
        clone(backend).fit(torch.tensor(x)).score(torch.tensor(new)), once, rtol=1e-12
    )
    single = clone(backend).fit(torch.tensor(x).float()).score(torch.tensor(new).float())
    np.testing.assert_allclose(single, once, rtol=1e-2, atol=1e-3)
    assert once.shape == (9,) and once.dtype == np.float64


def test_it_is_an_estimator_of_scikit_learn(backend):
    assert clone(backend).get_params().keys() == backend.get_params().keys()
    before = str(backend.get_params())
    assert backend.fit(cloud(NORTH)) is backend
    assert str(backend.get_params()) == before
    assert not hasattr(clone(backend), "models_")


def test_unit_vectors():
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    assert unit(x).dtype == np.float64
    np.testing.assert_allclose((unit(x) ** 2).sum(axis=1), 1, rtol=1e-14)
    assert not unit(np.zeros((2, 3))).any()


def test_lengths_stay_where_they_are_asked_to():
    x = np.array([[3.0, 4.0]])
    assert prepared(x, normalize=True).tolist() == [[0.6, 0.8]]
    assert prepared(x, normalize=False).tolist() == [[3.0, 4.0]]


@pytest.mark.parametrize("count", [2, 3, 7])
def test_few_clips_many_dimensions(backend, count):
    """Fewer clips than neighbors, clusters, modes, dimensions: finite, and the far side of the
    sphere scores more.
    """
    x = 1.0 + 0.1 * np.random.default_rng(count).normal(size=(count, 50))
    backend.fit(x)
    assert np.isfinite(backend.score(x)).all()
    assert backend.score(-x[:1]) > backend.score(x).max()


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"LocalOutlierFactor"}))
def test_one_clip_is_enough(name):
    backend = getattr(backends, name)().fit(cloud(NORTH, 1))
    assert np.isfinite(backend.score(cloud(NORTH, 5))).all()
    assert backend.score(-cloud(NORTH, 1)) > backend.score([NORTH])


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"LocalOutlierFactor"}))
def test_equal_clips(name):
    """Forty times the same clip is that clip: nothing warns, and a clip elsewhere scores more."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        backend = getattr(backends, name)().fit(np.repeat(NORTH[None], 40, axis=0))
    near, far = backend.score([NORTH, [1.0, 0.0, 0.0]])
    assert np.isfinite(near) and near < far < np.inf


def test_what_was_fitted_is_arrays(backend):
    """A detector keeps them in its file, and scores alike after it was read."""
    backend.fit(cloud(NORTH))
    other = clone(backend)
    (model,) = backend.models_.values()
    assert all(isinstance(value, np.ndarray) for value in model.values())
    other.models_ = {"all": {key: value.copy() for key, value in model.items()}}
    assert (other.score(cloud(NORTH, 5)) == backend.score(cloud(NORTH, 5))).all()
