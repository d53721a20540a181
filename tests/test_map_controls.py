"""Controls of maps: what shuffles keep, distances against a plain loop, and epochs."""

import numpy as np
import pandas as pd
import pytest
import sklearn.neighbors
from scipy.stats import spearmanr

from asdkit import map_controls, projection

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 6))
GROUP = np.repeat(["a", "b"], [25, 15])


def test_a_shuffle_stays_within_its_group():
    xy = RNG.normal(size=(40, 2))
    found = map_controls.shuffled(xy, GROUP)
    for name in "ab":
        own = name == GROUP
        assert sorted(map(tuple, found[own])) == sorted(map(tuple, xy[own]))
    assert (found != xy).any(axis=1).mean() > 0.8


def test_clumps_lie_below_points_at_random_and_a_grid_above():
    square = np.stack(np.meshgrid(range(30), range(30)), axis=2).reshape(-1, 2)
    clumps = np.repeat(RNG.uniform(size=(30, 2)), 30, axis=0) + 1e-3 * RNG.normal(size=(900, 2))
    at_random = map_controls.clumping(RNG.uniform(size=(900, 2)))
    assert 0.9 < at_random < 1.1
    assert map_controls.clumping(clumps) < 0.2 and map_controls.clumping(square) > 1.9


def test_gaps_are_between_means():
    means = [X[name == GROUP].mean(axis=0) for name in "ab"]
    np.testing.assert_allclose(map_controls.gaps(X, GROUP), np.linalg.norm(means[0] - means[1]))


def test_gaps_are_ranked_beside_the_angles_of_means():
    flat = projection.pca_map(X, k=4)
    group = np.arange(40) // 8
    table = map_controls.gap_ranks(X, {"PCA": flat}, group)
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    means = np.stack([unit[group == name].mean(axis=0) for name in range(5)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    pairs = np.triu_indices(5, 1)
    angle = np.arccos((means @ means.T)[pairs])
    spots = np.stack([flat.xy[group == name].mean(axis=0) for name in range(5)])
    away = np.linalg.norm(spots[:, None] - spots, axis=2)[pairs]
    assert table.loc["angle", "PCA"] == pytest.approx(spearmanr(angle, away)[0])


def test_places_are_judged_as_their_map_is():
    flat = projection.pca_map(X)
    found = map_controls.table({"map": flat, "places": flat.xy}, X)
    assert found.loc["map"].tolist() == pytest.approx(found.loc["places"].tolist())


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_the_nearest_known_clip_is_another_one(metric):
    known = np.arange(5, 20)
    wanted = sklearn.metrics.pairwise_distances(X, metric=metric)
    np.fill_diagonal(wanted, np.inf)
    found = map_controls.to_nearest(X, known, metric)
    np.testing.assert_allclose(found, wanted[:, known].min(axis=1), atol=1e-12)


def test_what_neighbors_share():
    xy = np.where(GROUP == "a", 0.0, 100.0)[:, None] + RNG.normal(size=(40, 2))
    found = map_controls.alike(xy, pd.DataFrame({"group": GROUP, "coin": RNG.integers(0, 2, 40)}))
    assert found.loc["group", "on the map"] == 1.0
    pairs = (25 * 24 + 15 * 14) / (40 * 39)  # of two clips drawn at random
    assert found.loc["group", "chance"] == pytest.approx(pairs, abs=0.01)
    assert found.loc["coin", "on the map"] <= found.loc["coin", "at most"]


def test_within_a_group_only_its_own_clips_are_neighbors():
    xy, odd = RNG.normal(size=(40, 2)), np.arange(40) % 2 == 1
    facts = pd.DataFrame({"odd": odd, "low": xy[:, 0] < 0})
    found = map_controls.alike(xy, facts, k=3, within=odd)
    assert found.loc["odd"].tolist() == [1.0, 1.0, 1.0]  # a shuffle moves nothing there
    by_hand = [map_controls.alike(xy[own], facts[own], k=3) for own in (odd, ~odd)]
    mean = np.mean([part.loc["low", "on the map"] for part in by_hand])
    assert found.loc["low", "on the map"] == pytest.approx(mean)


def test_the_range_of_gaps_is_of_groups():
    x = np.eye(3)[[0, 1, 2]].repeat(4, axis=0) + 1e-6 * RNG.normal(size=(12, 3))
    made = projection.pca_map(x)
    found = map_controls.gap_range(x, {"PCA": made}, np.repeat(["a", "b", "c"], 4))
    np.testing.assert_allclose(found.loc["angle in degrees"], 90.0, atol=1e-3)
    np.testing.assert_allclose(found.loc["PCA"], np.sqrt(3.0), rtol=1e-3)  # an equal triangle


def test_a_training_is_told_by_its_steps():
    maps = projection.pca_epochs({1: X, 5: X + 0.3 * RNG.normal(size=X.shape), 9: X**3}, k=4)
    first, second, last = maps.values()
    found = map_controls.training(maps)
    both = [
        (projection.steps(*p), projection.changed(*p)) for p in ((first, second), (second, last))
    ]
    assert found["changed"] == pytest.approx(np.mean([changed for _, changed in both]))
    assert found["rank"] == pytest.approx(np.mean([spearmanr(*pair)[0] for pair in both]))
    assert found["agreement"] == map_controls.table(maps)["agreement"].mean()
    with pytest.raises(ValueError, match="one epoch shows no training"):
        map_controls.training({1: first})
