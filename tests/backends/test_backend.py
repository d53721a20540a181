"""A backend of one's own, what all backends share, and what a loss has learned."""

import inspect

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.covariance import EmpiricalCovariance
from sklearn.metrics.pairwise import cosine_similarity

from asdkit import backends
from asdkit.backends import Backend, GaussianMixture, Learned, Probability

RNG = np.random.default_rng(5)
X, NEW = RNG.normal(size=(30, 4)) + 1, RNG.normal(size=(12, 4))
GROUP, ASKED = np.repeat(["a/00", "b/00", "b/02"], 10), np.tile(["b/02", "a/00", "b/00"], 4)


class Mahalanobis(Backend):
    """A backend of one's own: two methods."""

    def __init__(self, ridge=0.5):
        self.ridge = ridge

    def keep(self, x, group):
        self.told_ = [*getattr(self, "told_", []), group]
        spread = np.cov(x.T, bias=True) + self.ridge * np.eye(x.shape[1])
        return {"mean": x.mean(axis=0), "precision": np.linalg.inv(spread)}

    def judge(self, model, x):
        off = x - model["mean"]
        return np.einsum("nd,de,ne->n", off, model["precision"], off)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_two_methods_make_a_backend():
    """One model a group over unit vectors, as scikit-learn has it for each group by itself."""
    scores = Mahalanobis(ridge=0.0).fit(X, GROUP).score(NEW, ASKED)
    for name in np.unique(GROUP):
        alone = EmpiricalCovariance().fit(unit(X)[name == GROUP])
        np.testing.assert_allclose(
            scores[name == ASKED], alone.mahalanobis(unit(NEW)[name == ASKED]), rtol=1e-6
        )
    order = RNG.permutation(12)
    np.testing.assert_allclose(
        Mahalanobis(ridge=0.0).fit(X, GROUP).score(NEW[order], ASKED[order]), scores[order]
    )


def test_it_is_an_estimator_of_scikit_learn():
    backend = Mahalanobis(ridge=2.0).fit(X, GROUP)
    assert backend.get_params() == {"ridge": 2.0} and list(backend.models_) == sorted(set(GROUP))
    again = clone(backend)
    assert again.ridge == 2.0 and not hasattr(again, "models_")


def test_each_model_is_told_its_name_its_domains_and_what_was_learned():
    domain = np.where(np.arange(30) % 4 == 0, "target", "source")
    learned = Learned(np.eye(4), ["a/00", "b/00", "b/02", "b/02"])
    backend = Mahalanobis().fit(X, GROUP, domain, learned)
    assert [told.name for told in backend.told_] == ["a/00", "b/00", "b/02"]
    for told in backend.told_:
        assert told.domain.tolist() == domain[told.name == GROUP].tolist()
        assert told.learned is learned
    assert all(told.domain is None for told in Mahalanobis().fit(X, GROUP).told_)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_arrays_and_tensors_of_any_type_come_as_unit_vectors_in_float64(dtype, kind):
    seen = []

    class Note(Mahalanobis):
        def judge(self, model, x):
            seen.append(x)
            return super().judge(model, x)

    Note().fit(kind(X.astype(dtype))).score(kind((5 * NEW).astype(dtype)))
    assert seen[0].dtype == np.float64
    np.testing.assert_allclose(np.linalg.norm(seen[0], axis=1), 1.0)
    np.testing.assert_allclose(seen[0], unit(NEW), atol=1e-6)


BAD = [
    ((X, GROUP[:-1]), r"group has the shape \(29,\): give 30"),
    ((X, GROUP, ["source"] * 29), r"domain has the shape \(29,\): give 30"),
    ((X, GROUP, ["left"] * 30), "a domain is source or target, not 'left'"),
    ((X[0],), r"embeddings \(N, D\)"),
    ((X[:0],), "at least one clip"),
    ((np.where(X[3, 1] == X, np.nan, X),), r"x is nan at \(3, 1\)"),
]


@pytest.mark.parametrize(("given", "words"), BAD)
def test_what_cannot_be_fitted(given, words):
    with pytest.raises(ValueError, match=words):
        Mahalanobis().fit(*given)


def test_a_group_without_a_model_is_named():
    with pytest.raises(ValueError, match="fitted to the group 'c/00': it knows a/00, b/00, b/02"):
        Mahalanobis().fit(X, GROUP).score(NEW[:1], ["c/00"])


def test_every_backend_of_the_kit_is_one_and_names_what_it_needs():
    made = [
        make for make in vars(backends).values()
        if inspect.isclass(make) and issubclass(make, Backend) and make is not Backend
    ]  # fmt: skip
    assert {make.__bases__ for make in made} == {(Backend,)}  # inheritance is one deep
    assert {make.__name__ for make in made if make.needs_domain} == {"CosineToClusters"}
    asked = {make.__name__: make.judges for make in made if make.judges != "embeddings"}
    assert asked == {
        "Probability": "probabilities", "OwnLoss": "losses", "RoleFusion": "roles",
    }  # fmt: skip
    assert {make.__name__ for make in made if make.together is not Backend.together} == {
        "RoleFusion"
    }


def test_the_centers_of_a_group():
    centers = np.arange(24.0).reshape(4, 2, 3)
    learned = Learned(centers, ["a/00", "b/00", "b/00", "c/00"])
    assert np.array_equal(learned.of("b/00"), centers[1:3].reshape(4, 3))
    assert np.array_equal(Learned(centers[:, 0], ["a/00", "b/00"] * 2).of("a/00"), centers[::2, 0])
    for one, name in ((learned, "d/00"), (Learned(None, ["a/00"]), "a/00")):
        words = f"no centers were learned of the group '{name}': the owners are a/00"
        with pytest.raises(ValueError, match=words):
            one.of(name)


def test_a_mixture_starts_at_what_was_learned_unless_it_is_told_how_many_modes_it_has():
    """The learned centers of the group are its ``means_init``; ``components`` leaves them out."""
    centers = RNG.normal(size=(3, 2, 4)) + 1
    learned = Learned(centers, ["a/00", "b/00", "b/02"])
    ours = GaussianMixture().fit(X, GROUP, learned=learned)
    starts = {name: centers[place] for place, name in enumerate(learned.owners)}
    told = GaussianMixture(means_init=starts).fit(X, GROUP)
    np.testing.assert_allclose(ours.score(NEW, ASKED), told.score(NEW, ASKED), rtol=1e-12)
    near = cosine_similarity(X[GROUP == "b/00"], centers[1]).argmax(axis=1)
    assert len(ours.models_["b/00"]["means"]) == len(set(near))  # a center without clips is none
    three = GaussianMixture(components=3).fit(X, GROUP, learned=learned)
    assert len(three.models_["b/00"]["means"]) == 3
    alone = GaussianMixture(components=3).fit(X, GROUP)
    np.testing.assert_allclose(three.score(NEW, ASKED), alone.score(NEW, ASKED), rtol=1e-12)
    with pytest.raises(ValueError, match="components and means_init both say how many modes"):
        GaussianMixture(components=3, means_init=starts).fit(X, GROUP)
    with pytest.raises(ValueError, match="no centers were learned of the group 'b/02': the owners"):
        GaussianMixture().fit(X, GROUP, learned=Learned(centers[:2], ["a/00", "b/00"]))


def test_probabilities_take_their_owners_from_what_was_learned():
    p = RNG.dirichlet(np.ones(4), size=12)
    owners = ["a/00", "b/00", "b/02", "b/02"]
    expected = [-np.log(row[np.array(owners) == name].sum()) for row, name in zip(p, ASKED)]
    by_learned = Probability().fit(p, ASKED, learned=Learned(None, owners))
    np.testing.assert_allclose(by_learned.score(p, ASKED), expected, rtol=1e-12)
    own = Probability(owners=["b/02", "b/00", "a/00", "a/00"])
    other = own.fit(p, ASKED, learned=Learned(None, owners)).score(p, ASKED)
    assert not np.allclose(other, expected)  # owners of its own come first
