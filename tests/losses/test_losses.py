"""What every loss promises: one interface, finite gradients at every angle, no waiting, float32 as
float64.
"""

import math
from functools import partial

import numpy as np
import pytest
import torch
from scipy.special import log_softmax
from torch.nn import functional as F

from asdkit import losses
from asdkit.mixup import Mix

MAKE = {
    "Softmax": losses.Softmax,
    "L2Softmax": lambda dim, classes: losses.L2Softmax(dim, classes, 3.7),
    "CosFace": lambda dim, classes: losses.CosFace(dim, classes, 30.1, 0.35),
    "ArcFace": losses.ArcFace,
    "ArcFace, sub-centers": lambda dim, classes: losses.ArcFace(dim, classes, 30.1, 0.7, 3),
    "AdaCos": losses.AdaCos,
    "SubClusterAdaCos": lambda dim, classes: losses.SubClusterAdaCos(dim, classes, 3),
    "SubClusterAdaCos, code": lambda dim, classes: losses.SubClusterAdaCos(dim, classes, 3, "code"),
    "AdaProj": lambda dim, classes: losses.AdaProj(dim, classes, 3, trainable=True),
    "AdaProj, code": lambda dim, classes: losses.AdaProj(dim, classes, 3, "code", trainable=True),
    "Compactness": partial(losses.Compactness, trainable=True),
    "CompactnessSoftmax": partial(losses.CompactnessSoftmax, trainable=True),
    "ArcMix": losses.ArcMix,
    "NoisyArcMix": losses.NoisyArcMix,
    "MixedMargin": losses.MixedMargin,
}
NAMES = list(MAKE)
SCALED = [name for name in NAMES if name not in ("Softmax", "Compactness", "CompactnessSoftmax")]
UNIT = ("AdaProj", "AdaProj, code")  # their centers start with length 1


def make(name, dim=5, classes=4, seed=0):
    torch.manual_seed(seed)
    return MAKE[name](dim, classes)


def blend(y, dtype=torch.float64):
    return Mix(y, (y + 1) % 4, torch.linspace(0.1, 0.9, len(y), dtype=dtype))


@pytest.mark.parametrize("name", NAMES)
def test_the_interface(name):
    loss = make(name).double()
    x, y = torch.randn(6, 5, dtype=torch.float64), torch.arange(6) % 4
    value = loss(x, y)
    assert value.ndim == 0 and value.dtype == torch.float64
    assert loss.centers.shape in {(4, 5), (4, 3, 5)}
    assert loss.logits(x).shape == loss.probabilities(x).shape == (6, 4)
    torch.testing.assert_close(loss.logits(x).softmax(dim=1), loss.probabilities(x))
    torch.testing.assert_close(loss.probabilities(x).sum(dim=1), torch.ones(6, dtype=torch.float64))
    assert all(type(number) is float and math.isfinite(number) for number in loss.watch().values())
    assert {key: tensor.item() for key, tensor in loss.watched().items()} == loss.watch()
    assert (
        ("scale" in dict(loss.named_buffers()))
        == (name in SCALED)
        == ("scale" in loss.state_dict())
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_clip_of_a_mix_is_a_plain_label(name):
    x, y = torch.randn(7, 5, dtype=torch.float64), torch.arange(7) % 4
    one = torch.ones(7, dtype=torch.float64)
    value = make(name).double()(x, y)
    assert make(name).double()(x, Mix(y, y.flip(0), one)) == value
    if name != "NoisyArcMix":  # its margin stands at the first clip, heard or not
        assert make(name).double()(x, Mix(y.flip(0), y, 0 * one)) == value


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_each_clip_has_a_cost_of_its_own_and_the_loss_is_their_mean(name, mixed):
    """In evaluation a clip costs the same whatever stands beside it."""
    loss, y = make(name).double(), torch.arange(8) % 4
    x = torch.randn(8, 5, dtype=torch.float64)
    label = blend(y) if mixed else y
    value = loss(x, label)
    loss.eval()
    each = loss.each(x, label)
    assert each.shape == (8,)
    torch.testing.assert_close(value, each.mean(), rtol=1e-12, atol=0)  # and so it was in training
    for row in range(8):
        own = Mix(*(part[row : row + 1] for part in label)) if mixed else y[row : row + 1]
        torch.testing.assert_close(loss.each(x[row : row + 1], own)[0], each[row])


@pytest.mark.parametrize("name", ["Softmax", "L2Softmax", "AdaCos", "SubClusterAdaCos"])
def test_without_a_margin_the_cost_of_a_clip_is_the_cross_entropy_of_its_logits(name):
    loss, y = make(name).double().eval(), torch.arange(8) % 4
    x = torch.randn(8, 5, dtype=torch.float64)
    logits = loss.logits(x).detach().numpy()
    for label in (y, blend(y)):
        soft = (label.soft(4) if isinstance(label, Mix) else F.one_hot(label, 4)).double().numpy()
        expected = -(soft * log_softmax(logits, axis=1)).sum(axis=1)
        np.testing.assert_allclose(loss.each(x, label).detach(), expected, rtol=1e-9)


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_gradients_by_finite_differences(name, mixed):
    loss = make(name).double().eval()
    y = torch.arange(6) % 4
    label = blend(y) if mixed else y
    x = torch.randn(6, 5, dtype=torch.float64, requires_grad=True)
    rest = {key: value.detach().clone().requires_grad_() for key, value in loss.named_parameters()}

    def value(x, *parameters):
        return torch.func.functional_call(loss, dict(zip(rest, parameters)), (x, label))

    assert torch.autograd.gradcheck(value, (x, *rest.values()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_finite_at_every_angle(name, dtype):
    """On a center, opposite to it, 1e-7 and 1e-12 of cosine away from either, of no length, very
    short and long.
    """
    loss = make(name).to(dtype)
    with torch.no_grad():
        loss.centers.view(-1, 5)[0] = torch.tensor([3.0, 0, 0, 0, 0])
    off = [math.sqrt(2 * gap) for gap in (1e-7, 1e-12)]
    rows = [[side, lift, 0, 0, 0] for side in (1.0, -1.0) for lift in (0.0, *off)]
    rows += [[0.0] * 5, [1e-10, 0, 0, 0, 0], [1e10, 0, 0, 0, 0]]
    x = torch.tensor(rows, dtype=dtype, requires_grad=True)
    assert F.normalize(x, dim=1)[0, 0] == 1.0 and F.normalize(x, dim=1)[3, 0] == -1.0
    for own in range(4):
        y = torch.full((len(rows),), own)
        for label in (y, blend(y, dtype)):
            x.grad = loss.centers.grad = None
            value = loss(x, label)
            value.backward()
            assert (
                value.isfinite() and x.grad.isfinite().all() and loss.centers.grad.isfinite().all()
            )
            assert all(number.isfinite() for number in loss.watched().values())


@pytest.mark.parametrize("name", NAMES)
def test_single_precision_is_near_to_double(name):
    single, double = make(name, 16, 5, seed=1), make(name, 16, 5, seed=1).double()
    double.load_state_dict(single.state_dict())
    for step in range(4):
        x, y = torch.randn(32, 16), torch.randint(5, (32,))
        lam = torch.rand(32)
        pair = Mix(y, y.flip(0), lam), Mix(y, y.flip(0), lam.double())
        value = single(x, pair[0])
        assert value.dtype == torch.float32
        assert value.item() == pytest.approx(double(x.double(), pair[1]).item(), rel=2e-5), step
        torch.testing.assert_close(
            single.logits(x).double(), double.logits(x.double()), rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mixed", [False, True])
def test_forward_and_backward_never_wait_for_a_value(name, mixed):
    """On the meta device nothing has a value: whatever reads one, or makes a tensor elsewhere,
    stops here.
    """
    loss = make(name).to("meta")
    x = torch.empty(10, 5, device="meta", requires_grad=True)
    y = torch.empty(10, dtype=torch.long, device="meta")
    loss(x, Mix(y, y, torch.empty(10, device="meta")) if mixed else y).backward()
    assert x.grad.is_meta and loss.centers.grad.is_meta
    assert loss.eval()(x, y).is_meta and loss.logits(x).is_meta and loss.probabilities(x).is_meta
    with pytest.raises(RuntimeError, match="meta"):
        loss.watch()


@pytest.mark.parametrize("name", SCALED)
def test_the_scale_is_exact_in_double_travels_with_the_state_and_rests_in_evaluation(name):
    loss = make(name).double()
    assert loss.scale.dtype == torch.float64 and loss.scale.item() == loss.start
    x, y = torch.randn(8, 5, dtype=torch.float64), torch.arange(8) % 4
    loss(x, y)
    moved = loss.scale.item()
    assert (moved != loss.start) == ("Ada" in name)
    other = make(name, seed=5).double()
    other.load_state_dict(loss.state_dict())
    torch.testing.assert_close(other.probabilities(x), loss.probabilities(x), rtol=0, atol=0)
    before = loss.eval().watch()
    loss(-x, y)
    assert loss.watch() == before


@pytest.mark.parametrize("name", NAMES)
def test_what_is_learned_and_how_it_starts(name):
    loss = make(name, 128, 41)
    count, size = loss.centers.shape[:-1].numel(), loss.centers.numel()
    more = {"CompactnessSoftmax": size}.get(name, 41 if "oftmax" in name else 0)
    assert sum(parameter.numel() for parameter in loss.parameters()) == size + more
    if name in UNIT:
        return torch.testing.assert_close(loss.centers.norm(dim=2), torch.ones(41, 3))
    bound = math.sqrt(6 / (count + 128))
    assert 0.98 * bound < loss.centers.abs().max() <= bound
    assert loss.centers.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.03)


@pytest.mark.parametrize("name", NAMES)
def test_training_separates_what_can_be_separated(name):
    """Free embeddings of four classes: after a few steps each clip's own class is its likeliest."""
    loss = make(name, 8, 4)
    x, y = torch.randn(16, 8, requires_grad=True), torch.arange(16) % 4
    optimizer = torch.optim.Adam([x, *loss.parameters()], lr=0.05)
    for _ in range(60):
        optimizer.zero_grad()
        loss(x, y).backward()
        optimizer.step()
    assert (loss.probabilities(x).argmax(dim=1) == y).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_single_class_is_refused(name):
    with pytest.raises(ValueError, match="2 classes or more"):
        make(name, 4, 1)
    assert f"classes={4}" in repr(make(name))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", NAMES)
def test_half_precision_is_finite_and_near_to_single(name, dtype):
    """Where an embedding has no length, too."""
    x, y = torch.randn(8, 5), torch.arange(8) % 4
    x[3] = 0
    wanted, loss = make(name)(x, y).item(), make(name).to(dtype)
    half = x.to(dtype).requires_grad_()
    value = loss(half, y)
    value.backward()
    assert value.item() == pytest.approx(wanted, rel=0.05, abs=0.05) and half.grad.isfinite().all()
    assert all(p.grad is None or p.grad.isfinite().all() for p in loss.parameters())


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan"), float("inf")])
@pytest.mark.parametrize("name", NAMES)
def test_a_share_outside_0_to_1_is_refused(name, share):
    loss, y, lam = make(name), torch.arange(8) % 4, torch.full((8,), 0.5)
    lam[5] = share
    before = {key: tensor.clone() for key, tensor in loss.state_dict().items()}
    with pytest.raises(ValueError, match=f"lam holds {share:g}: give the share of the first clip"):
        loss(torch.randn(8, 5), Mix(y, y.flip(0), lam))
    assert all(torch.equal(tensor, before[key]) for key, tensor in loss.state_dict().items())
