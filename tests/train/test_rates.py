"""Optimizers written out by hand in numpy, and schedules at their corners."""

import math

import numpy as np
import pytest
import torch

from asdkit import train
from asdkit.encoders import MobileNetV2, ResNet, Toy
from asdkit.losses import ArcFace, SubClusterAdaCos

CPU = torch.device("cpu")


def data(count=50, classes=3):
    chance = torch.Generator().manual_seed(0)
    y = torch.arange(count) % classes
    centers = 2 * torch.randn(classes, 16, 1, generator=chance)
    return centers[y] + torch.randn(count, 16, 12, generator=chance), y


def parts(seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Toy(4, bands=16, width=8), SubClusterAdaCos(4, 3, 2)


def test_one_step_is_adam_on_the_loss_and_the_penalty_of_kernels():
    """Written out: the gradient of loss + 1e-5 sum of squared kernels, and a sign of size lr."""
    inputs, y = data(20)
    encoder, loss = parts()
    by_hand, its_loss = parts()
    with torch.no_grad():
        for kernel in (by_hand.layers[0].weight, encoder.layers[0].weight):
            kernel *= 1e3
    value = its_loss(by_hand(inputs), y)
    kernels = [by_hand.layers[0].weight, by_hand.layers[2].weight]
    (value + 1e-5 * sum(kernel.square().sum() for kernel in kernels)).backward()
    plain, whole = [], []
    for p in (*by_hand.parameters(), *its_loss.parameters()):
        whole.append(p.detach() - 1e-3 * p.grad / (p.grad.abs() + 1e-8))
        plain.append(p.detach().clone())
    train.fit(encoder, loss, inputs, y, epochs=1, batch_size=20, device=CPU)
    for p, before, after in zip((*encoder.parameters(), *loss.parameters()), plain, whole):
        torch.testing.assert_close(p.detach() - before, after - before, rtol=1e-2, atol=2e-5)


def test_the_penalty_reaches_kernels_only():
    """Without any other gradient a plain step moves each kernel by lr 2e-5 W, and nothing else."""
    for encoder in (Toy(4, bands=16, width=8), ResNet(8)):
        loss = SubClusterAdaCos(8, 3, 2)
        groups = train.adam(encoder, loss).param_groups
        plain = torch.optim.SGD([dict(group, lr=1.0) for group in groups])
        names = {id(p): name for part in (encoder, loss) for name, p in part.named_parameters()}
        before = {
            name: p.detach().clone()
            for part in (encoder, loss)
            for name, p in part.named_parameters()
        }
        assert sorted(names[id(p)] for group in groups for p in group["params"]) == sorted(before)
        for p in (*encoder.parameters(), *loss.parameters()):
            p.grad = torch.zeros_like(p)
        plain.step()
        for part in (encoder, loss):
            for name, p in part.named_parameters():
                kernel = p.ndim in (2, 4) and name.endswith("weight")
                expected = before[name] * (1 - 2e-5) if kernel else before[name]
                torch.testing.assert_close(p.detach(), expected, rtol=3e-7, atol=0)
                assert kernel != torch.equal(p.detach(), before[name])


def descend(make, gradients, start):
    """Steps of an optimizer of the kit on one kernel, whose gradients are given."""
    encoder, loss = Toy(4, bands=16, width=8), ArcFace(4, 3)
    kernel = encoder.layers[0].weight
    with torch.no_grad():
        kernel.copy_(start)
    optimizer = make(encoder, loss)
    for gradient in gradients:
        for parameter in (*encoder.parameters(), *loss.parameters()):
            parameter.grad = torch.zeros_like(parameter)
        kernel.grad.copy_(gradient)
        optimizer.step()
    return kernel.detach().double().numpy()


@pytest.mark.parametrize("lr, decay", [(1e-4, 0.01), (0.1, 0.5)])
def test_adamw_decays_the_weights_beside_the_gradient(lr, decay):
    """Loshchilov and Hutter's algorithm 2, in float64."""
    chance = torch.Generator().manual_seed(0)
    start = torch.randn(8, 32, generator=chance)
    gradients = [torch.randn(8, 32, generator=chance) for _ in range(5)]
    weight, first, second = start.double().numpy(), 0.0, 0.0
    for step, gradient in enumerate(gradients, start=1):
        gradient = gradient.double().numpy()
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        away = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weight = weight - lr * away - lr * decay * weight
    ours = descend(lambda *both: train.adamw(*both, lr=lr, decay=decay), gradients, start)
    np.testing.assert_allclose(ours, weight, rtol=1e-5, atol=1e-6)
    assert np.abs(ours - start.double().numpy()).max() > lr / 10


@pytest.mark.parametrize(
    "encoder", [Toy(4, bands=16), ResNet(8), MobileNetV2(8, 32)], ids=["Toy", "ResNet", "Mobile"]
)
@pytest.mark.parametrize("make", [train.adam, train.adamw, train.adam_two_rates])
def test_each_parameter_is_trained_once(make, encoder):
    loss = ArcFace(8, 3)
    ours = [id(p) for group in make(encoder, loss).param_groups for p in group["params"]]
    assert sorted(ours) == sorted(map(id, (*encoder.parameters(), *loss.parameters())))
    fixed = SubClusterAdaCos(8, 3, 2, trainable=False)
    if make is train.adam_two_rates:
        words = "the loss SubClusterAdaCos has nothing to train, so 'head' would have no effect: ch"
        with pytest.raises(ValueError, match=words):
            make(encoder, fixed)
        return
    ours = [id(p) for group in make(encoder, fixed).param_groups for p in group["params"]]
    assert sorted(ours) == sorted(map(id, encoder.parameters()))


def test_two_rates_are_those_of_body_and_head():
    """The first step of Adam is a sign of the size of the rate."""
    encoder, loss = parts()
    optimizer = train.adam_two_rates(encoder, loss, body=1e-4, head=3e-2)
    before = [p.detach().clone() for p in (*encoder.parameters(), *loss.parameters())]
    for parameter in (*encoder.parameters(), *loss.parameters()):
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    for parameter, old in zip(encoder.parameters(), before):
        torch.testing.assert_close(
            old - parameter.detach(), torch.full_like(old, 1e-4), rtol=2e-3, atol=0
        )
    torch.testing.assert_close(
        before[-1] - loss.centers.detach(), torch.full_like(before[-1], 3e-2), rtol=1e-4, atol=0
    )


def test_half_a_cosine():
    """[NAM] 3.2: from 1e-4 down to 1e-5; at a third of the way 3/4 of the fall is left."""
    assert [train.cosine(done) for done in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.55, 0.1])
    assert train.cosine(1 / 3, last=0.0) == pytest.approx(0.75)
    assert train.cosine(1.0, last=0.3) == pytest.approx(0.3)
    shares = np.array([train.cosine(done) for done in np.linspace(0, 1, 101)])
    assert (np.diff(shares) < 0).all()
    np.testing.assert_allclose(
        shares + shares[::-1], 1.1
    )  # it falls as fast before the middle as after it


def test_halved_at_even_distances():
    """[DDC] IV: 4000 iterations, halved every 1000; the last quarter has an eighth."""
    shares = [train.halved(step / 4000) for step in range(4000)]
    assert [shares.count(share) for share in (1.0, 0.5, 0.25, 0.125)] == [1000] * 4
    assert shares == sorted(shares, reverse=True)
    assert (
        train.halved(1.0) == 0.125
        and train.halved(0.5, times=1) == 0.5
        and train.halved(0.9, times=0) == 1.0
    )
    assert all(math.log2(share).is_integer() for share in shares)


@pytest.mark.parametrize(
    ("make", "settings", "words"),
    [
        (train.adam, {"lr": -1.0}, "lr is -1.0: give a number from 0, such as 0.001"),
        (train.adamw, {"decay": float("nan")}, "decay is nan: give a number from 0"),
        (train.adam_two_rates, {"head": float("inf")}, "head is inf: give a number from 0"),
    ],
)
def test_a_rate_that_cannot_be(make, settings, words):
    with pytest.raises(ValueError, match=words):
        make(Toy(2), ArcFace(dim=2, classes=3), **settings)


@pytest.mark.parametrize("last", [-0.1, 2.0, float("nan")])
def test_a_schedule_never_rises(last):
    with pytest.raises(ValueError, match="last is .*: give a number from 0 to 1"):
        train.cosine(0.5, last=last)
