"""Eq. 5 of [DDC] in numpy, over the test clips or the training clips, and what it refuses."""

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import MinMaxScaler

from asdkit import losses
from asdkit.backends import RoleFusion
from asdkit.backends.roles import DDC_ALPHA, DSAD_ALPHA

RNG = np.random.default_rng(3)
GROUP = np.array(["fan/00", "pump/02", "bearing/00"])[RNG.integers(0, 3, 40)]
ASKED = np.array(["fan/00", "pump/02", "bearing/00"])[RNG.integers(0, 3, 30)]
KNOWN, NEW = (np.stack([RNG.uniform(size=n), RNG.exponential(9.0, size=n)], axis=1)
              for n in (40, 30))  # fmt: skip


def expected(alpha, scale):
    score = np.empty(30)
    for name in np.unique(GROUP):
        asked = NEW[name == ASKED]
        seen = asked if scale == "test" else KNOWN[name == GROUP]
        d = MinMaxScaler().fit(seen[:, 1:]).transform(asked[:, 1:])[:, 0]
        share = alpha(name) if callable(alpha) else alpha
        score[name == ASKED] = share * (1 - asked[:, 0]) + (1 - share) * d
    return score


@pytest.mark.parametrize("scale", ["test", "train"])
@pytest.mark.parametrize("alpha", [0.0, 0.3, 1])
def test_it_is_equation_5(alpha, scale):
    if alpha == 1 and scale == "train":
        with pytest.raises(ValueError, match="alpha is 1, .* 'scale' would have no effect"):
            RoleFusion(alpha=alpha, scale=scale).fit(KNOWN, GROUP)
        return
    backend = RoleFusion(alpha=alpha, scale=scale).fit(torch.from_numpy(KNOWN), GROUP)
    np.testing.assert_allclose(backend.score(NEW, ASKED), expected(alpha, scale), rtol=1e-12)
    order = RNG.permutation(30)
    shuffled = backend.score(NEW[order], ASKED[order])
    np.testing.assert_allclose(shuffled, expected(alpha, scale)[order], rtol=1e-12)


@pytest.mark.parametrize("alphas", [DDC_ALPHA, DSAD_ALPHA])
def test_each_machine_type_has_its_alpha_and_any_other_half(alphas):
    """[DDC] Table I; the bearing is not in it."""
    assert set(alphas) == {"fan", "pump", "slider", "ToyCar", "ToyConveyor", "valve", "other"}
    shares = {"fan/00": 0.1, "pump/02": 1.0 if alphas is DDC_ALPHA else 0.2, "bearing/00": 0.5}
    backend = RoleFusion(alpha=alphas).fit(KNOWN, GROUP)
    assert {name: backend.alpha_of(name) for name in shares} == shares
    np.testing.assert_allclose(
        backend.score(NEW, ASKED), expected(shares.__getitem__, "test"), rtol=1e-12
    )
    assert backend.uses() == {"probability", "distance"}
    few = RoleFusion(alpha={"fan": 0.1, "pump": 0.2})
    with pytest.raises(ValueError, match="no number for bearing, only for fan, pump: add 'other'"):
        few.fit(KNOWN, GROUP)


def test_a_score_over_the_test_clips_depends_on_the_others_and_one_over_training_does_not():
    rows = np.flatnonzero(ASKED == "fan/00")
    for scale, same in (("test", False), ("train", True)):
        backend = RoleFusion(alpha=0.5, scale=scale).fit(KNOWN, GROUP)
        whole = backend.score(NEW, ASKED)[rows[:3]]
        part = backend.score(NEW[rows[:3]], ASKED[rows[:3]])
        assert np.allclose(whole, part) == same
        assert backend.together("fan/00") != same
    alone = RoleFusion(alpha=1.0)
    assert not alone.together("fan/00") and alone.uses() == {"probability"}
    assert RoleFusion(alpha={"fan": 0.0, "other": 0}).uses() == {"distance"}


def test_the_order_within_a_group_is_that_of_the_distance_where_alpha_is_0():
    label = RNG.integers(0, 2, 30)
    score = RoleFusion(alpha=0.0).fit(KNOWN).score(NEW)
    assert roc_auc_score(label, score) == roc_auc_score(label, NEW[:, 1])
    score = RoleFusion(alpha=1.0).fit(KNOWN).score(NEW)
    assert roc_auc_score(label, score) == roc_auc_score(label, -NEW[:, 0])


def test_equal_distances_count_nothing():
    flat = np.stack([[0.2, 0.9, 0.5], [7.0, 7.0, 7.0]], axis=1)
    for scale in ("test", "train"):
        backend = RoleFusion(alpha=0.25, scale=scale).fit(flat)
        np.testing.assert_allclose(backend.score(flat), 0.25 * (1 - flat[:, 0]), rtol=1e-12)
    far = backend.score([[0.2, 9.0]])  # two beyond training clips that all lie at 7
    np.testing.assert_allclose(far, 0.25 * 0.8 + 0.75 * 2.0, rtol=1e-12)


def test_one_clip_alone():
    backend = RoleFusion(alpha=0.5).fit(KNOWN)
    with pytest.raises(ValueError, match="one clip, and scale='test' .* or choose scale='train'"):
        backend.score(NEW[:1])
    assert len(clone(backend).set_params(scale="train").fit(KNOWN).score(NEW[:1])) == 1
    assert RoleFusion(alpha=1.0).fit(KNOWN).score([[0.3, 4.0]]) == pytest.approx([0.7])
    assert len(RoleFusion(alpha=0.5, scale="train").fit(KNOWN[:1]).score(NEW)) == 30


BAD = [
    (np.ones((4, 3)), r"takes a probability from 0 to 1 and a squared distance .*, \(N, 2\), not"),
    (np.array([[1.2, 3.0]]), "pass loss.evidence"), (np.array([[0.5, -1.0]]), "pass loss.evidence"),
    (np.array([[0.5, np.inf]]), r"x is inf at \(0, 1\)"),
    (np.zeros((0, 2)), "at least one clip"),
]  # fmt: skip


@pytest.mark.parametrize(("x", "words"), BAD)
def test_what_is_no_probability_and_distance(x, words):
    for refuse in (RoleFusion(alpha=0.5).fit, RoleFusion(alpha=0.5).fit(KNOWN).score):
        with pytest.raises(ValueError, match=words):
            refuse(x)


@pytest.mark.parametrize("alpha", [-0.1, 1.5, float("nan"), True, "half", None, {"fan": 2.0}])
def test_an_alpha_that_is_no_share(alpha):
    with pytest.raises(ValueError, match="alpha( of fan)? is .*: give a number from 0 to 1"):
        RoleFusion(alpha=alpha).fit(KNOWN)
    with pytest.raises(ValueError, match="scale is 'all': choose one of test, train"):
        RoleFusion(alpha=0.5, scale="all").fit(KNOWN)


def test_it_takes_what_a_binary_loss_tells():
    torch.manual_seed(0)
    loss, x = losses.BinaryDDCSAD(6), torch.randn(20, 6)
    with torch.no_grad():
        score = RoleFusion(alpha=0.4).fit(loss.evidence(x)).score(loss.evidence(x))
        p = torch.sigmoid(loss.head(x))[:, 0].double().numpy()
    d = ((x - loss.centers[0]) ** 2).sum(dim=1).double().numpy()
    d = (d - d.min()) / (d.max() - d.min())
    np.testing.assert_allclose(score, 0.4 * (1 - p) + 0.6 * d, rtol=1e-5, atol=1e-6)
