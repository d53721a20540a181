"""AdaProj against its definition written out: projections, distances, logits, and both scales."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax

from asdkit.losses import AdaCos, AdaProj
from asdkit.losses.adaproj import orthonormalized, projected_cosine
from asdkit.mixup import Mix

few = settings(deadline=None, derandomize=True, max_examples=25)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def projections(x, centers):
    """P_k(x) of Definition 1, with each (N, C, D) number written out."""
    x, c = unit(x), unit(centers)
    out = np.zeros((len(x), len(c), x.shape[1]))
    for i, row in enumerate(x):
        for k, basis in enumerate(c):
            for center in basis:
                out[i, k] += math.fsum(row * center) * center
    return out


def squared_distances(x, centers):
    return np.square(unit(x)[:, None] - unit(projections(x, centers))).sum(axis=2)


class ByHand:
    """Scale and loss of one batch after the other."""

    def __init__(self, classes, dims, variant):
        self.variant = variant
        self.scale = math.sqrt(2) * math.log(classes * (dims if variant == "code" else 1) - 1)

    def loss(self, x, centers, soft):
        cos = 1 - squared_distances(x, centers) / 2
        if self.variant == "paper":
            b = np.where(soft > 0, 0.0, np.exp(self.scale * cos)).sum(axis=1).mean()
            rank = (len(x) - 1) // 2
        else:
            b = np.where(soft < 1, np.exp(self.scale * cos), 1.0).sum(axis=1).mean()
            rank = int(np.rint((len(x) - 1) / 2))
        median = np.sort((soft * np.arccos(cos)).sum(axis=1))[rank]
        self.scale = math.log(b) / math.cos(min(math.pi / 4, median))
        self.scale += 1e-7 if self.variant == "code" else 0.0
        return -(soft * log_softmax(self.scale * cos, axis=1)).sum(axis=1).mean()


def labels(mixed, y, chance):
    lam = torch.rand(len(y), generator=chance, dtype=torch.float64)
    label = Mix(y, y.flip(0), lam)
    return (label, label.soft(5).numpy()) if mixed else (y, np.eye(5)[y])


@pytest.mark.parametrize("orthonormal", [False, True])
@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("dims", [1, 3])
@pytest.mark.parametrize("variant", ["paper", "code"])
def test_training_steps_agree_with_the_definition(variant, dims, mixed, orthonormal):
    torch.manual_seed(0)
    loss = AdaProj(8, 5, dims, variant, orthonormal=orthonormal).double()
    hand = ByHand(5, dims, variant)
    assert loss.scale.item() == hand.scale
    chance = torch.Generator().manual_seed(dims)
    for count in (2, 7, 16, 6):
        x = torch.randn(count, 8, generator=chance, dtype=torch.float64)
        y, soft = labels(mixed, torch.randint(5, (count,), generator=chance), chance)
        value = loss(x, y).item()
        assert value == pytest.approx(hand.loss(x.numpy(), loss.centers.numpy(), soft), rel=1e-12)
        assert loss.scale.item() == pytest.approx(hand.scale, rel=1e-12)
        logits = hand.scale * (1 - squared_distances(x.numpy(), loss.centers.numpy()) / 2)
        np.testing.assert_allclose(loss.logits(x), logits, rtol=1e-12, atol=1e-12)


@few
@given(
    seed=st.integers(0, 10**6), dim=st.integers(2, 40), share=st.floats(0.0, 1.0),
    scaled=st.floats(1e-3, 1e3),
)  # fmt: skip
def test_the_gram_matrix_gives_the_cosine_of_the_projection(seed, dim, share, scaled):
    torch.manual_seed(seed)
    dims = 1 + int(share * (dim - 1))
    x, centers = torch.randn(4, dim).double(), torch.randn(3, dims, dim).double()
    cos = projected_cosine(scaled * x, centers)
    projected = projections(x.numpy(), centers.numpy())
    expected = (unit(x.numpy())[:, None] * unit(projected)).sum(axis=2)
    np.testing.assert_allclose(cos, expected, rtol=1e-9, atol=1e-12)
    assert (cos >= 0).all() and (cos <= 1 + 1e-12).all()


@few
@given(seed=st.integers(0, 10**6), dim=st.integers(3, 30), share=st.floats(0.0, 0.99))
def test_for_orthonormal_centers_it_is_the_length_of_the_orthogonal_projection(seed, dim, share):
    """Lemma 2: inside the span the distance is 0; and its converse, outside it is not."""
    torch.manual_seed(seed)
    dims = 1 + int(share * (dim - 1))
    basis = orthonormalized(torch.randn(1, dims, dim).double())
    x = torch.randn(6, dim).double()
    orthogonal = np.linalg.lstsq(basis[0].numpy().T, unit(x.numpy()).T, rcond=None)[0]
    length = np.linalg.norm(basis[0].numpy().T @ orthogonal, axis=0)
    np.testing.assert_allclose(projected_cosine(x, basis)[:, 0], length, rtol=1e-9)
    inside = torch.randn(6, dims).double() @ basis[0]
    np.testing.assert_allclose(projected_cosine(inside, basis), 1.0, rtol=1e-12)
    assert dims == dim or (projected_cosine(x, basis) < 1).all()


def test_random_centers_leave_their_own_span_and_less_so_in_more_dimensions():
    torch.manual_seed(0)
    gaps = []
    for dim in (16, 64, 256, 1024):
        centers = torch.randn(20, 8, dim).double()
        inside = torch.stack([torch.randn(8).double() @ basis for basis in centers])
        gaps.append(1 - projected_cosine(inside, centers).diagonal().mean())
    assert all(later < earlier / 2 for earlier, later in zip(gaps, gaps[1:]))


def test_with_as_many_centers_as_dimensions_every_class_holds_everything():
    x = torch.randn(9, 6).double()
    bases = orthonormalized(torch.randn(4, 6, 6).double())
    np.testing.assert_allclose(projected_cosine(x, bases), 1.0, rtol=1e-12)


def test_one_dimension_is_adacos_with_every_sign_turned_to_the_center():
    """Where no cosine is negative, J = 1 is AdaCos: the same losses and scales, step by step."""
    torch.manual_seed(1)
    line, point = AdaProj(6, 4, 1).double(), AdaCos(6, 4, trainable=False).double()
    with torch.no_grad():
        point.centers.copy_(line.centers.abs_()[:, 0])
    for _ in range(3):
        x, y = torch.rand(10, 6).double(), torch.randint(4, (10,))
        torch.testing.assert_close(line(x, y), point(x, y), rtol=1e-12, atol=0)
        torch.testing.assert_close(line.scale, point.scale, rtol=1e-12, atol=0)
        torch.testing.assert_close(line.logits(-x), line.logits(x), rtol=1e-12, atol=0)


def test_the_centers_are_fixed_of_length_one_and_orthonormal_where_asked():
    assert not any(part.requires_grad for part in AdaProj(8, 3, 2).parameters())
    assert AdaProj(8, 3, 2, trainable=True).centers.requires_grad
    np.testing.assert_allclose(AdaProj(8, 3, 2).centers.norm(dim=2), 1.0, rtol=1e-6)
    basis = AdaProj(8, 3, 7, orthonormal=True).centers
    np.testing.assert_allclose(basis @ basis.mT, np.eye(7)[None].repeat(3, axis=0), atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equal_centers_and_embeddings_at_right_angles_have_finite_slopes(dtype):
    loss = AdaProj(4, 3, 2, trainable=True).to(dtype)
    with torch.no_grad():
        loss.centers[0] = torch.tensor([1.0, 0, 0, 0])  # one center, twice
        loss.centers[1] = torch.eye(4)[:2]
    rows = [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 1e-20, 0], [0, 0, 0, 0], [1e-20, 0, 1, 0]]
    x = torch.tensor(rows, dtype=dtype, requires_grad=True)
    value = loss(x, torch.zeros(5, dtype=torch.long))
    value.backward()
    assert value.isfinite() and x.grad.isfinite().all() and loss.centers.grad.isfinite().all()
    np.testing.assert_allclose(projected_cosine(x, loss.centers).detach()[:3, 0], [0, 1, 0])


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"variant": "printed"}, "variant is 'paper' or 'code'"),
        ({"subspace_dim": 0}, "subspace_dim is 0: give a whole number, 1 or more"),
        ({"subspace_dim": 9}, "subspace_dim is 9: give 1 to 8"),
        ({"subspace_dim": 1.5}, "subspace_dim is 1.5: give a whole number, 1 or more"),
        ({"subspace_dim": 8, "orthonormal": True}, "every embedding lies in every class"),
        ({"classes": 2}, "needs 3 centers or more"),
    ],
)
def test_settings_that_make_no_loss(choices, sentence):
    with pytest.raises(ValueError, match=sentence):
        AdaProj(**({"dim": 8, "classes": 3, "subspace_dim": 2} | choices))
