"""Every backend, given what is not one finite row a clip: it refuses in a sentence, or says the
same as for the plain array.
"""

import warnings
from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from every import every
from sklearn.base import clone

from asdkit import backends
from asdkit.backends.planted import planted

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3)) + 2.0
ROLES, PROBABILITIES = RNG.uniform(size=(12, 2)), RNG.dirichlet(np.ones(3), size=12)
GROUP = ["fan/00"] * 6 + ["pump/00"] * 6
MADE = {
    "CosineToMean": (backends.CosineToMean(), X),
    "CosineTopK": (backends.CosineTopK(3), X),
    "CosineToClusters": (backends.CosineToClusters(2), X),
    "NearestNeighbor": (backends.NearestNeighbor(), X),
    "LocalOutlierFactor": (backends.LocalOutlierFactor(3), X),
    "Gaussian": (backends.Gaussian(), X),
    "Gaussian as it is": (backends.Gaussian("diagonal", normalize=False), X),
    "GaussianMixture": (backends.GaussianMixture(2), X),
    "PLDA": (backends.PLDA(), X),
    "RoleFusion": (backends.RoleFusion(0.5), ROLES),
    "Probability": (backends.Probability(), PROBABILITIES),
    "OwnLoss": (backends.OwnLoss(), X[:, 0]),
}


@pytest.fixture(params=MADE)
def case(request):
    backend, x = MADE[request.param]
    return clone(backend), x


def hole(x, value):
    x = x.astype(object if value is None else float)
    x.flat[4] = value
    return x


BROKEN = {
    "NaN": lambda x: hole(x, np.nan),
    "infinity": lambda x: hole(x, -np.inf),
    "None among numbers": lambda x: hole(x, None),
    "masked": lambda x: np.ma.masked_array(x, mask=np.arange(x.size).reshape(x.shape) == 4),
    "text": lambda x: x.astype(str),
    "complex": lambda x: x + 0j,
    "None": lambda x: None,
    "a dict": lambda x: {"x": x},
    "a generator": lambda x: (row for row in x),
    "no clip": lambda x: x[:0],
    "another axis": lambda x: x[..., None],
    "without a batch": lambda x: x[0],
    "rows of different lengths": lambda x: [[1.0], [1.0, 2.0]],
    "sparse": lambda x: torch.tensor(x).to_sparse(),
    "on no device": lambda x: torch.tensor(x, device="meta"),
    "a whole number beyond all": lambda x: hole(x, None).tolist()[:0] or [[10**400] * 3] * 12,
}


@every("kind", BROKEN)
def test_what_is_no_finite_row_a_clip_is_neither_fitted_to_nor_scored(case, kind, refused):
    backend, x = case
    fitted = clone(backend).fit(x, GROUP)
    refused(lambda: backend.fit(BROKEN[kind](x), GROUP))
    refused(lambda: fitted.score(BROKEN[kind](x), GROUP))


ALIKE = {
    "with a gradient": lambda x: torch.tensor(x, requires_grad=True),
    "a list": lambda x: x.tolist(),
    "a list of tensors": lambda x: [torch.tensor(row, requires_grad=True) for row in x],
    "a table": lambda x: pd.DataFrame(x) if x.ndim > 1 else pd.Series(x),
    "objects": lambda x: x.astype(object),
    "upside down": lambda x: x[::-1].copy()[::-1],
    "masked nowhere": lambda x: np.ma.masked_array(x),
}


@every("kind", ALIKE)
def test_another_form_of_the_same_numbers_gives_the_same_scores(case, kind):
    backend, x = case
    expected = clone(backend).fit(x, GROUP).score(x, GROUP)
    found = backend.fit(ALIKE[kind](x), GROUP).score(ALIKE[kind](x), GROUP)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@every("kind", [torch.float16, torch.bfloat16, np.float16])
def test_half_precision_is_taken_as_it_is_rounded(case, kind):
    backend, x = case
    half = torch.tensor(x).to(kind) if isinstance(kind, torch.dtype) else x.astype(kind)
    rounded = torch.as_tensor(half).double().numpy()
    if isinstance(backend, backends.Probability):
        half, rounded = half / 2, (torch.as_tensor(half) / 2).double().numpy()
    expected = clone(backend).fit(rounded, GROUP).score(rounded, GROUP)
    np.testing.assert_allclose(backend.fit(half, GROUP).score(half, GROUP), expected, rtol=1e-6)


GROUPS = {
    "one too few": GROUP[:-1],
    "one too many": [*GROUP, "fan/00"],
    "NaN": [*GROUP[:-1], np.nan],
    "None": [*GROUP[:-1], None],
    "pandas.NA": pd.Series([*GROUP[:-1], pd.NA], dtype="string"),
    "numbers": list(range(12)),
    "bytes": [name.encode() for name in GROUP],
    "one text": "fan/00",
    "a column": np.array(GROUP)[:, None],
    "one number": 3,
}


@every("kind", GROUPS)
def test_a_group_is_one_text_a_clip(case, kind, refused):
    backend, x = case
    refused(lambda: clone(backend).fit(x, GROUPS[kind]), "group")
    refused(lambda: backend.fit(x, GROUP).score(x, GROUPS[kind]), "group")


def test_a_group_in_another_order_than_its_embeddings_is_not_matched_by_position(case, refused):
    backend, x = case
    table = pd.DataFrame(x) if x.ndim > 1 else pd.Series(x)
    other = pd.Series(GROUP, index=range(12)[::-1])
    refused(lambda: clone(backend).fit(table, other), "group", "order")
    fitted = backend.fit(table, pd.Series(GROUP))
    refused(lambda: fitted.score(table, other), "group", "order")
    assert len(fitted.score(table, pd.Series(GROUP))) == 12


def test_an_unknown_group_is_named_with_those_that_are_known(case, refused):
    backend, x = case
    refused(lambda: backend.fit(x, GROUP).score(x, ["fan/99"] * 12), "'fan/99'", "fan/00, pump/00")
    refused(lambda: backend.fit(x, GROUP).score(x), "'all'", "fan/00, pump/00")


def test_a_backend_is_fitted_before_it_scores(case, refused):
    backend, x = case
    refused(lambda: backend.score(x, GROUP), type(backend).__name__, "was not fitted", "fit")


@every("kind", ["twice as many", "one"])
def test_embeddings_have_as_many_numbers_as_those_of_the_fit(case, kind, refused):
    backend, x = case
    if x.ndim > 1:  # a loss has one number a clip
        other = np.concatenate([x, x], axis=1) / 2 if kind == "twice as many" else x[:, :1]
        refused(lambda: backend.fit(x, GROUP).score(other, GROUP), "(12," if x is ROLES else "")


DOMAINS = {
    "NaN": ["source"] * 11 + [np.nan],
    "None": ["source"] * 11 + [None],
    "another word": ["both"] * 12,
    "one too few": ["source"] * 11,
    "one text": "source",
    "numbers": [0] * 12,
}


@every("kind", DOMAINS)
def test_a_domain_is_source_or_target_for_each_clip(case, kind, refused):
    backend, x = case
    refused(lambda: backend.fit(x, GROUP, DOMAINS[kind]), "domain")


OWNERS = ["fan/00", "pump/00"]
LEARNED = {
    "a plain tuple": (np.ones((2, 3)), OWNERS),
    "without centers": backends.Learned(None, OWNERS),
    "of other owners": backends.Learned(np.ones((2, 3)), ["valve/00", "slider/00"]),
    "one owner too few": backends.Learned(np.ones((3, 3)), OWNERS),
    "NaN": backends.Learned(np.full((2, 3), np.nan), OWNERS),
    "of another network": backends.Learned(np.ones((2, 5)), OWNERS),
    "one number a class": backends.Learned(np.ones(2), OWNERS),
    "no owners": backends.Learned(np.ones((2, 3)), None),
}


@pytest.mark.parametrize("kind", LEARNED)
def test_modes_start_at_finite_centers_of_the_own_classes(kind, refused):
    refused(lambda: backends.GaussianMixture().fit(X, GROUP, learned=LEARNED[kind]))


def test_centers_with_a_gradient_are_taken(case):
    backend, x = case
    learned = backends.Learned(torch.rand(2, 3, requires_grad=True), OWNERS)
    backend = backends.GaussianMixture() if backend.judges == "embeddings" else backend
    learned = None if backend.judges == "probabilities" else learned
    assert np.isfinite(backend.fit(x, GROUP, learned=learned).score(x, GROUP)).all()


BAD = {
    "text": "x", "a fraction": 2.5, "negative": -1, "zero": 0, "True": True, "None": None,
    "NaN": np.nan, "infinity": np.inf, "a list": [2], "an array": np.array([1, 2]), "complex": 1j,
    "beyond all": 10**400, "a dict": {"a": 1},
}  # fmt: skip
COUNTS = (
    ("CosineTopK", "k"), ("CosineToClusters", "clusters"), ("LocalOutlierFactor", "neighbors"),
    ("GaussianMixture", "components"),
)  # fmt: skip
NUMBERS = ("Gaussian", "GaussianMixture", "PLDA")
SWITCHES = (*NUMBERS, "LocalOutlierFactor", "NearestNeighbor")


@pytest.mark.parametrize(("name", "setting"), COUNTS)
@every("kind", BAD)
def test_a_count_is_refused_by_its_name_when_it_is_given(name, setting, kind, refused):
    make, value = getattr(backends, name), BAD[kind]
    if name == "GaussianMixture" and value is None:
        return  # which leaves it to what was learned
    refused(lambda: make(**{setting: value}), setting, "give a whole number, 1 or more")
    plain = make()
    refused(lambda: plain.set_params(**{setting: value}).fit(X), setting)


@pytest.mark.parametrize("name", NUMBERS)
@every("kind", sorted(set(BAD) - {"a fraction", "zero"}))
def test_a_regularization_is_a_finite_number_from_zero_on(name, kind, refused):
    make, value = getattr(backends, name), BAD[kind]
    refused(lambda: make(regularization=value), "regularization", "give a number from 0")


@pytest.mark.parametrize("name", SWITCHES)
@every("kind", sorted(set(BAD) - {"True"}))
def test_a_switch_is_true_or_false(name, kind, refused):
    refused(lambda: getattr(backends, name)(normalize=BAD[kind]), "normalize", "True or False")


@pytest.mark.parametrize("kind", BAD)
def test_a_word_is_one_that_is_known(kind, refused):
    for make in (backends.Gaussian, backends.GaussianMixture):
        refused(partial(make, covariance=BAD[kind]), "covariance", "diagonal")
    refused(lambda: backends.Gaussian("ful"), "'ful'", "full")
    refused(lambda: backends.RoleFusion(0.5, scale=BAD[kind]), "scale", "test, train")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"True", "zero", "a dict"}))
def test_an_alpha_is_a_share_for_each_machine_type(kind, refused):
    refused(lambda: backends.RoleFusion(BAD[kind]), "alpha", "from 0 to 1")
    refused(lambda: backends.RoleFusion({"fan": BAD[kind]}), "alpha of fan", "from 0 to 1")
    refused(lambda: backends.RoleFusion({}), "alpha is empty")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"None"}))
def test_starts_of_modes_are_finite_rows(kind, refused):
    refused(lambda: backends.GaussianMixture(means_init=BAD[kind]).fit(X), "means_init")
    refused(lambda: backends.Probability(owners=BAD[kind]).fit(PROBABILITIES), "owners")


@pytest.mark.parametrize("kind", BAD)
def test_a_fusion_is_a_list_of_backends_and_as_many_embeddings(kind, refused):
    refused(lambda: backends.Fusion(BAD[kind]).fit([X, X]), "Fusion([CosineToMean()")
    two = backends.Fusion([backends.CosineToMean(), backends.CosineToMean()])
    refused(lambda: two.fit(BAD[kind]))
    refused(lambda: two.score([X, X]), "Fusion was not fitted")
    refused(lambda: two.fit([X, X[:3]]), "12, 3 clips")
    for wrong in (["CosineToMean"], [backends.CosineToMean], backends.CosineToMean()):
        refused(partial(backends.Fusion(wrong).fit, [X]), "Fusion([CosineToMean()")


AT_RIGHT_ANGLES = ("CosineToMean", "CosineTopK", "CosineToClusters", "NearestNeighbor")


@pytest.mark.parametrize("name", [name for name, (_, x) in MADE.items() if x is X])
def test_zero_has_no_direction_which_is_warned_of_and_never_the_most_normal_score(name):
    backend, x = clone(MADE[name][0]), np.concatenate([X - 2.0, X + 8.0])
    backend.fit(x + 4.0, GROUP * 2)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        score = backend.score(np.zeros((1, 3)), GROUP[:1])
    assert np.isfinite(score).all()
    if getattr(backend, "normalize", True):
        assert "1 of 1 embeddings are zero and have no direction" in str(told[0].message)
        assert score > backend.score(x + 4.0, GROUP * 2).max()
    if name in AT_RIGHT_ANGLES:
        np.testing.assert_allclose(score, 1.0)


@pytest.mark.parametrize("name", [name for name, (_, x) in MADE.items() if x is X])
@every("power", [-300, -200, 200, 300])
def test_a_length_beyond_squares_is_no_other_direction(name, power, refused):
    backend = clone(MADE[name][0]).fit(X, GROUP)
    if backend.normalize:
        scores = backend.score(X * 10.0**power, GROUP)
        np.testing.assert_allclose(scores, backend.score(X, GROUP), rtol=1e-6, atol=1e-7)
    elif power > 0:
        refused(lambda: backend.score(X * 10.0**power, GROUP), "the score of clip 0 is inf")


@pytest.mark.parametrize("name", MADE)
def test_equal_clips_and_few_clips_give_finite_scores(name):
    backend, x = clone(MADE[name][0]), MADE[name][1]
    equal = np.repeat(x[:1], 12, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scikit-learn, which names the equal clips
        assert np.isfinite(clone(backend).fit(equal, GROUP).score(x, GROUP)).all()
        few = x[[0, 1, 6, 7]], [*GROUP[:2], *GROUP[6:8]]
        assert np.isfinite(backend.fit(*few).score(x, GROUP)).all()


@pytest.mark.parametrize("name", ["Gaussian", "GaussianMixture", "PLDA"])
def test_without_a_regularization_equal_clips_have_no_density(name, refused):
    make = getattr(backends, name)
    refused(lambda: make(regularization=0.0).fit(np.ones((12, 3)), GROUP), "regularization of 0")


def test_a_density_is_of_the_size_of_its_embeddings(refused):
    for mean, whitening in ((np.zeros(2), np.eye(2)), (np.zeros(1), np.ones(1)), (X[0], np.eye(2))):
        density = partial(backends.gaussian.log_density, X, mean, whitening)
        refused(density, "embeddings of 3 numbers")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"zero"}))
def test_what_is_planted_is_counted(kind, refused):
    refused(lambda: planted(seed=BAD[kind]), "seed is")
    refused(lambda: planted(faulty=BAD[kind]), "faulty is")
    refused(lambda: planted().of(BAD[kind]), "machine is", "round, streak")


def test_what_was_fitted_does_not_change_with_the_array_it_was_fitted_to(case):
    backend, x = case
    own = x.copy()
    expected = backend.fit(own, GROUP).score(x, GROUP)
    own[:] = 0.25
    np.testing.assert_array_equal(backend.score(x, GROUP), expected)
