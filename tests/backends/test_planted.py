"""Planted embeddings: their shapes on the sphere, and where their faults lie."""

import numpy as np
import pytest

from asdkit import backends
from asdkit.backends.planted import planted


@pytest.fixture(scope="module")
def drawn():
    return planted(seed=3)


def spread(x):
    """Standard deviations along the principal directions, the widest first."""
    return np.sqrt(np.linalg.eigvalsh(np.cov(x.T))[::-1])


def test_all_lie_on_the_sphere_and_a_seed_draws_the_same(drawn):
    for x in (drawn.x, drawn.x_test):
        np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1.0)
    assert np.array_equal(drawn.x, planted(seed=3).x)
    assert not np.array_equal(drawn.x, planted(seed=4).x)


def test_one_machine_is_round_and_the_other_long(drawn):
    (round_, *_), (streak, *_) = drawn.of("round"), drawn.of("streak")
    assert spread(round_)[0] < 1.5 * spread(round_)[1]
    assert spread(streak)[0] > 4 * spread(streak)[1]


def test_faults_of_the_streak_lie_across_it_and_nearer_than_its_ends(drawn):
    x, u, label = drawn.of("streak")
    gap = u - x.mean(axis=0)
    direction = np.linalg.svd(x - x.mean(axis=0))[2]
    along, across = np.abs(gap @ direction[0]), np.abs(gap @ direction[2])  # [1] is the sphere's
    assert across[label == 1].min() > across[label == 0].max()
    assert along[label == 1].max() < along[label == 0].max()


def test_an_area_is_that_of_the_machine_alone(drawn):
    x, u, label = drawn.of("round")
    score = backends.CosineToMean().fit(x).score(u)
    pairs = score[label == 1][:, None] > score[label == 0]
    areas = drawn.auc(backends.CosineToMean())
    assert list(areas) == ["round", "streak"] and areas["round"] == pytest.approx(pairs.mean())


def test_faulty_training_clips_lie_where_the_faults_lie():
    x, u, label = planted(seed=0, faulty=20).of("round")
    faults = u[label == 1].mean(axis=0)
    assert ((x @ faults)[-20:] > 0.95).all() and len(x) == 100
    with pytest.raises(ValueError, match="faulty is 101"):
        planted(faulty=101)
