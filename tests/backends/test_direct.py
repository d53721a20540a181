"""The output of the network as a score: columns, groups, and what is no probability."""

import numpy as np
import pytest
import torch
from scipy.special import log_softmax, softmax
from sklearn.base import clone

from asdkit import losses
from asdkit.backends import OwnLoss, Probability

OWNERS = ["fan/00", "fan/00", "fan/02", "pump/00"]
LOGITS = np.random.default_rng(0).normal(size=(6, 4)) * 3
P = softmax(LOGITS, axis=1)


def test_the_group_is_the_class():
    """One column each: the cross entropy of every clip, in nats."""
    group = ["a", "b", "c", "d", "a", "b"]
    backend = Probability(owners=["a", "b", "c", "d"]).fit(P, group)
    own = log_softmax(LOGITS, axis=1)[np.arange(6), [0, 1, 2, 3, 0, 1]]
    np.testing.assert_allclose(backend.score(P, group), -own, rtol=1e-9)
    alone = np.exp(own)[:, None]
    np.testing.assert_allclose(Probability().fit(alone, group).score(alone, group), -own, rtol=1e-9)


def test_classes_of_one_group_add_up():
    group = ["fan/00", "fan/02", "pump/00"] * 2
    scores = Probability(OWNERS).fit(P, group).score(P, group)
    expected = [
        -np.log(P[0, 0] + P[0, 1]),
        -np.log(P[1, 2]),
        -np.log(P[2, 3]),
        -np.log(P[3, 0] + P[3, 1]),
    ]
    np.testing.assert_allclose(scores[:4], expected, rtol=1e-12)
    np.testing.assert_allclose(
        Probability().fit(P).score(P), 0, atol=1e-12
    )  # every class is own: nothing is strange


def test_the_probabilities_of_a_loss():
    """float32 rows that add up to 1 only nearly; the score is the cross entropy of the logits."""
    torch.manual_seed(0)
    loss, x = losses.AdaCos(dim=8, classes=4), torch.randn(500, 8)
    with torch.no_grad():
        p, logits = loss.probabilities(x), loss.logits(x).double()
    scores = Probability(OWNERS).fit(p, ["fan/02"] * 500).score(p, ["fan/02"] * 500)
    expected = torch.nn.functional.cross_entropy(logits, torch.full((500,), 2), reduction="none")
    np.testing.assert_allclose(scores, expected, rtol=1e-4)
    assert scores.dtype == np.float64


def test_impossible_is_a_number():
    assert Probability().fit([[1.0]]).score([[0.0], [1.0]]) == pytest.approx([708.396, 0], abs=1e-3)


def test_what_is_no_probability():
    fitted = Probability().fit(P)
    cases = [
        (LOGITS, "pass loss.probabilities"), (P * 1.01, "add up to 1 at most"),
        (P[:0], "at least one clip"), (P[0], r"\(N, C\)|\(N, D\)"),
        (np.where(P[2, 1] == P, np.nan, P), r"p is nan at \(2, 1\)"),
    ]  # fmt: skip
    for wrong, words in cases:
        with pytest.raises(ValueError, match=words):
            clone(fitted).fit(wrong)
        with pytest.raises(ValueError, match=words):
            fitted.score(wrong)


def test_groups_that_own_nothing():
    with pytest.raises(
        ValueError,
        match="the group 'valve/04' owns no column: the owners are fan/00, fan/02, pump/00",
    ):
        Probability(OWNERS).fit(P, ["fan/00"] * 5 + ["valve/04"])
    with pytest.raises(ValueError, match="4 columns of probabilities and 3 owners"):
        Probability(OWNERS[:3]).fit(P, ["fan/00"] * 6)
    with pytest.raises(ValueError, match="fitted to the group 'pump/00': it knows fan/00"):
        Probability(OWNERS).fit(P, ["fan/00"] * 6).score(P, ["pump/00"] * 6)
    with pytest.raises(ValueError, match=r"group has the shape \(2,\): give 6"):
        Probability(OWNERS).fit(P, ["fan/00"] * 2)


def test_the_loss_at_the_claimed_class_is_the_score():
    """Of ArcFace with its margin, written out by torch; no clip of another group has a say."""
    torch.manual_seed(0)
    loss, x, y = (
        losses.ArcFace(8, 4, 5.0, 0.7).double().eval(),
        torch.randn(20, 8),
        torch.arange(20) % 4,
    )
    with torch.no_grad():
        value = loss.each(x.double(), y)
        angle = torch.nn.functional.cosine_similarity(
            x.double()[:, None], loss.centers[None], dim=2
        ).acos()
        widened = angle + 0.7 * torch.nn.functional.one_hot(y, 4).double()
        assert (widened < torch.pi).all()
        expected = torch.nn.functional.cross_entropy(5.0 * widened.cos(), y, reduction="none")
    group = [OWNERS[place] for place in y]
    scores = OwnLoss().fit(value, group).score(value, group)
    np.testing.assert_allclose(scores, expected, rtol=1e-9)
    half = np.array(group) == "pump/00"
    assert np.array_equal(OwnLoss().fit(value[half]).score(value[half]), scores[half])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (P, r"OwnLoss takes one loss a clip \(N,\), not \(6, 4\): pass loss.each"),
        (np.array([0.1, np.nan]), "value is nan at 1"),
        (np.zeros(0), "at least one clip"),
    ],
)
def test_what_is_no_loss_of_a_clip(value, words):
    with pytest.raises(ValueError, match=words):
        OwnLoss().fit(value)
    with pytest.raises(ValueError, match=words):
        OwnLoss().fit([1.0]).score(value)
    with pytest.raises(ValueError, match="fitted to the group 'b': it knows a"):
        OwnLoss().fit([1.0], ["a"]).score([1.0], ["b"])
