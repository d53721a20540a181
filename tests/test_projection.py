"""Maps: their numbers, the cache, epochs turned onto each other, noise, and what is refused."""

import subprocess
import sys
import warnings
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist
from scipy.stats import ortho_group
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness as of_sklearn

from asdkit import projection
from asdkit.projection import Map

RNG = np.random.default_rng(0)
X = np.repeat(RNG.normal(size=(5, 16)), 18, axis=0) + 0.3 * RNG.normal(size=(90, 16))
NOISE = RNG.normal(size=(90, 16))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with mock.patch.dict("os.environ", ASDKIT_CACHE=str(folder)):
        yield folder / "maps"


@pytest.fixture(scope="module")
def made(cache):
    """Three maps, fitted while any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {
            "seed 0": projection.fit_map(X), "seed 1": projection.fit_map(X, seed=1),
            "noise": projection.fit_map(NOISE),
        }  # fmt: skip


@pytest.fixture
def unfitted(cache, monkeypatch):
    """UMAP stands aside: the places are random, and what it was asked is kept."""
    asked = []

    def places(rows, start, *settings):
        asked.append((start, *settings))
        return np.random.default_rng(len(asked)).normal(size=(len(rows), 2)).astype(np.float32)

    monkeypatch.setattr(projection, "_umap", places)
    monkeypatch.setenv("ASDKIT_CACHE", str(cache.parent / "unfitted"))
    yield asked
    for path in (cache.parent / "unfitted" / "maps").glob("*"):
        path.unlink()


def test_a_map_has_the_numbers_of_its_points(made):
    for x, own in ((X, made["seed 0"]), (X, made["seed 1"]), (NOISE, made["noise"])):
        assert own.xy.shape == (90, 2) and own.xy.dtype == np.float32
        assert (len(own), own.k) == (90, 10)
        np.testing.assert_array_equal(own.nearest, projection.nearest(x, 10)[0])
        np.testing.assert_array_equal(own.agreement, projection.agreement(x, own.xy))
        np.testing.assert_array_equal(own.trust, projection.trustworthiness(x, own.xy))
        told = of_sklearn(x, own.xy, n_neighbors=10, metric="cosine")
        assert own.overall["trustworthiness"] == pytest.approx(told)
        assert own.overall["chance"] == 10 / 89
        assert own.overall["agreement"] == own.agreement.mean()


def test_two_seeds_are_two_maps_of_the_same_neighbors(made):
    one, other = made["seed 0"], made["seed 1"]
    assert one.way == "UMAP, 15 neighbors, min_dist 0.1, seed 0" != other.way
    assert projection.steps(one, other).mean() > 0.01
    np.testing.assert_array_equal(projection.changed(one, other), 0.0)


def test_the_map_of_noise_is_told_by_its_numbers(made):
    real, noise = made["seed 0"], made["noise"]
    assert noise.overall["trustworthiness"] < real.overall["trustworthiness"] - 0.1
    assert noise.poor().sum() > real.poor().sum()
    np.testing.assert_array_equal(noise.poor(below=0.6), noise.trust < 0.6)


def test_a_second_call_reads_what_the_first_wrote(made, cache):
    files = {path.name: path.read_bytes() for path in cache.iterdir()}
    with mock.patch.object(projection, "_umap", side_effect=AssertionError("fitted again")):
        for x in (X, 2.0 * X):
            again = projection.fit_map(x)
            for name in ("xy", "nearest", "agreement", "trust"):
                value = getattr(made["seed 0"], name)
                np.testing.assert_array_equal(getattr(again, name), value)
                assert getattr(again, name).dtype == value.dtype
            assert again.way == made["seed 0"].way
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == files
    assert len(files) == len(made)


def test_one_seed_gives_one_map_and_a_damaged_file_is_made_again(made, cache):
    kept = {path: path.read_bytes() for path in cache.iterdir()}
    for path, content in kept.items():
        path.write_bytes(content[:100])
    with pytest.warns(UserWarning, match="safetensors is damaged: the map is made again"):
        again = projection.fit_map(X, seed=1)
    np.testing.assert_array_equal(again.xy, made["seed 1"].xy)
    whole = [path for path in kept if path.read_bytes() == kept[path]]
    assert len(whole) == 1
    for path, content in kept.items():
        path.write_bytes(content)


@pytest.mark.parametrize(
    "choice", [{"seed": 1}, {"neighbors": 14}, {"min_dist": 0.0}, {"k": 9}, {"x": X[::-1]}]
)
def test_another_choice_is_another_file(unfitted, cache, choice):
    projection.fit_map(**{"x": X})
    projection.fit_map(**{"x": X} | choice)
    assert len(unfitted) == 2
    assert len(list((cache.parent / "unfitted" / "maps").iterdir())) == 2


def test_tensors_and_arrays_of_the_same_numbers_share_a_file(unfitted):
    narrow = X.astype(np.float32)
    for x in (torch.tensor(narrow, requires_grad=True), narrow, narrow.astype(np.float64)):
        projection.fit_map(x, seed=np.int64(3), neighbors=np.int64(9))
    assert unfitted == [(None, 9, 0.1, 3)]


def test_umap_is_loaded_only_to_fit(made, cache):
    script = (
        "import sys, numpy as np; from asdkit import projection;"
        "x = np.frombuffer(bytes.fromhex(sys.stdin.read())).reshape(90, 16);"
        "print(projection.fit_map(x).overall); projection.pca_map(x);"
        "print('umap' in sys.modules, 'numba' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], input=X.tobytes().hex(),
        capture_output=True, text=True,
    )  # fmt: skip
    assert ran.stdout.splitlines() == [str(made["seed 0"].overall), "False False"], ran.stderr
    assert not ran.stderr


def test_what_is_compiled_for_a_map_is_kept_for_other_processes(made):
    from umap.umap_ import compute_membership_strengths, smooth_knn_dist

    for compiled in (smooth_knn_dist, compute_membership_strengths):
        told = compiled.stats
        assert Path(told.cache_path).is_dir() and (told.cache_hits or told.cache_misses)


@pytest.mark.parametrize("start", [None, X[:, :2]])
def test_umap_gets_exact_neighbors_and_one_thread(made, monkeypatch, start):
    import umap

    asked = {}

    class Asked:
        def __init__(self, **settings):
            asked.update(settings)

        def fit_transform(self, rows):
            return rows[:, :2]

    monkeypatch.setattr(umap, "UMAP", Asked)
    rows = X / np.linalg.norm(X, axis=1, keepdims=True)
    projection._umap(rows, start, 12, 0.3, 7)
    found, distance = asked.pop("precomputed_knn")
    cosine = 1.0 - rows @ rows.T
    order = np.argsort(cosine + np.diag(np.full(90, -9.0)), axis=1)[:, :12]
    np.testing.assert_array_equal(found, order)  # itself, then the eleven nearest
    told = np.take_along_axis(cosine, order, axis=1)
    np.testing.assert_allclose(distance, told, atol=1e-6)
    assert asked.pop("init") is (start if start is not None else "spectral")
    assert asked == {
        "n_neighbors": 12, "min_dist": 0.3, "metric": "cosine", "random_state": 7, "n_jobs": 1,
        "disconnection_distance": np.inf, "learning_rate": 1.0 if start is None else 0.1,
    }  # fmt: skip


@pytest.mark.parametrize("basis", [None, NOISE])
def test_pca_is_that_of_scikit_learn_on_the_sphere(basis):
    own = projection.pca_map(X, basis=basis, k=4)
    rows, others = (
        x / np.linalg.norm(x, axis=1, keepdims=True) for x in (X, X if basis is None else basis)
    )
    pca = PCA(2).fit(others)
    told = pca.transform(rows)
    for axis, column, direction in zip(own.xy.T, told.T, pca.components_):
        sign = np.sign(direction[np.abs(direction).argmax()])
        np.testing.assert_allclose(axis, sign * column, atol=1e-6)
    assert (own.way, own.k) == ("PCA", 4)
    order = RNG.permutation(90)
    if basis is None:
        np.testing.assert_allclose(projection.pca_map(X[order]).xy, own.xy[order], atol=1e-6)


EPOCHS = {9: X, 2: 0.5 * X + NOISE, 5: X + 0.5 * NOISE}


def test_epochs_of_pca_share_the_basis_of_the_last():
    maps = projection.pca_epochs(EPOCHS, k=6)
    assert list(maps) == [2, 5, 9]
    for epoch, own in maps.items():
        np.testing.assert_array_equal(own.xy, projection.pca_map(EPOCHS[epoch], basis=X).xy)
        np.testing.assert_array_equal(own.nearest, projection.nearest(EPOCHS[epoch], 6)[0])


def test_each_epoch_of_umap_starts_where_the_last_one_lies_turned(unfitted):
    maps = projection.fit_epochs(EPOCHS, neighbors=8, min_dist=0.2, seed=4, k=6)
    assert list(maps) == [2, 5, 9] and len(unfitted) == 3
    starts = [start for start, *_ in unfitted]
    assert starts[0] is None and all(own[1:] == (8, 0.2, 4) for own in unfitted)
    np.testing.assert_array_equal(starts[1], maps[2].xy)
    np.testing.assert_array_equal(starts[2], maps[5].xy)
    for number, (epoch, own) in enumerate(maps.items(), start=1):
        raw = np.random.default_rng(number).normal(size=(90, 2))
        np.testing.assert_allclose(pdist(own.xy), pdist(raw), atol=1e-5)
        np.testing.assert_array_equal(own.nearest, projection.nearest(EPOCHS[epoch], 6)[0])
        np.testing.assert_array_equal(
            own.agreement, projection.agreement(EPOCHS[epoch], own.xy, k=6)
        )
    assert projection.fit_epochs(EPOCHS, neighbors=8, min_dist=0.2, seed=4, k=6).keys() == {2, 5, 9}
    assert len(unfitted) == 3


def test_a_turned_map_lies_as_near_as_it_can():
    onto = projection.pca_map(X)
    for seed in range(4):
        turn = ortho_group.rvs(2, random_state=seed) @ np.diag([1.0, -1.0])
        own = Map(onto.xy @ turn + 5.0, *(None,) * 4)
        np.testing.assert_allclose(projection._turned(own, onto).xy, onto.xy, atol=1e-5)
    own = Map(onto.xy + RNG.normal(size=(90, 2)), *(None,) * 4)
    best = projection._turned(own, onto).xy
    least = ((best - onto.xy) ** 2).sum()
    for angle in (-0.1, 0.1, 2.0):
        cos, sin = np.cos(angle), np.sin(angle)
        turned = (best - best.mean(0)) @ np.array([[cos, sin], [-sin, cos]]) + best.mean(0)
        assert ((turned - onto.xy) ** 2).sum() > least
    assert ((best + 0.01 - onto.xy) ** 2).sum() > least


def test_what_changed_between_two_epochs():
    before, after = (projection.pca_map(EPOCHS[epoch], k=7) for epoch in (2, 5))
    lists = [projection.nearest(EPOCHS[epoch], 7)[0].tolist() for epoch in (2, 5)]
    told = [len(set(one) - set(other)) / 7 for one, other in zip(*lists)]
    np.testing.assert_allclose(projection.changed(before, after), told)
    middle = after.xy.astype(float).mean(axis=0)
    size = np.sqrt(np.mean([((row - middle) ** 2).sum() for row in after.xy.astype(float)]))
    told = [np.sqrt(((a - b) ** 2).sum()) / size for a, b in zip(before.xy, after.xy)]
    np.testing.assert_allclose(projection.steps(before, after), told, rtol=1e-5)


SMALL = X[:12]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: projection.fit_map(X[:1]), "from 4 to 50,000 embeddings, not 1: add clips"),
        (lambda: projection.fit_map(np.zeros((200_000, 2))), "not 200,000: draw some"),
        (lambda: projection.fit_map(np.ones((40, 3))), "all 40 embeddings have one direction"),
        (lambda: projection.fit_map(X * np.nan), r"x is nan at \(0, 0\)"),
        (lambda: projection.pca_map(X, basis=X * np.nan), r"x is nan at \(0, 0\)"),
        (lambda: projection.fit_map(SMALL), "UMAP with 15 neighbors: pass neighbors from 2 to 11"),
        (lambda: projection.fit_map(SMALL, neighbors=5, k=10), "half: pass k from 1 to 5"),
        (lambda: projection.pca_map(SMALL, k=10), "half: pass k from 1 to 5"),
        (lambda: projection.fit_map(X, min_dist=2.0), "min_dist is a distance from 0 to 1"),
        (lambda: projection.pca_map(X, basis=X[:, :5]), "16 numbers .* in a basis of 5"),
        (lambda: projection.fit_epochs({}), "not none"),
        (lambda: projection.pca_epochs({1: X, 2: SMALL}), r"1: \(90, 16\), 2: \(12, 16\)"),
    ],
)
def test_what_is_refused_is_refused_before_a_fit(unfitted, call, words):
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert not unfitted and "\n" not in str(error.value)


def test_maps_of_other_clips_do_not_compare():
    one, other = projection.pca_map(X), projection.pca_map(X[:80])
    for compare in (projection.changed, projection.steps):
        with pytest.raises(ValueError, match="do not compare"):
            compare(one, other)
    with pytest.raises(ValueError, match="same k"):
        projection.changed(one, projection.pca_map(X, k=5))


def test_a_small_map_compares_as_many_neighbors_as_are_fewer_than_half():
    assert [projection.pca_map(X[:n]).k for n in (16, 20, 21, 90)] == [7, 9, 10, 10]
