"""No step of any loss or network waits for a number: a GPU would stand still meanwhile."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from asdkit import encoders, losses, mixup, train
from asdkit.features import Segments, framed
from asdkit.train.loop import train_epoch

META = torch.device("meta")
N = 6
SETTINGS = {
    "AdaProj": {"subspace_dim": 2}, "CosFace": {"scale": 30.0, "margin": 0.3},
    "L2Softmax": {"alpha": 16.0},
}  # fmt: skip
LOSSES = [
    name for name in losses.__all__
    if isinstance(made := getattr(losses, name), type) and made is not losses.ClassLoss
]  # fmt: skip
WAVES, VECTORS = (160000,), (640,)
INPUTS = {
    "AutoEncoder": VECTORS, "ConvAutoEncoder": (64, 32), "Idnn": VECTORS, "MobileNetV2": (64, 313),
    "ResNet": (128, 313), "ResNet38": (128, 256), "STgram": (WAVES, (128, 313)),
    "TASTgram": (WAVES, (128, 313)), "Toy": (128, 2), "TwoBranch": WAVES,
    "VariationalAutoEncoder": VECTORS,
}  # fmt: skip
NETWORKS = [name for name in encoders.__all__ if isinstance(getattr(encoders, name), type)]


class NoWaiting(TorchDispatchMode):
    """Refuses copies between devices that the host waits for; on the meta device, which has no
    numbers, whatever reads one stops by itself.
    """

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made, name = function(*args, **(kwargs or {})), function.__name__
        if name.startswith(("_to_copy", "copy_")):
            source = args[1] if name.startswith("copy_") else args[0]
            moved = source.device != made.device
            waits = not (kwargs or {}).get("non_blocking", args[2:3] == (True,))
            assert not (moved and waits and source.ndim), f"a step waits for a copy of {source}"
        return made


@pytest.fixture
def no_tensors_of_numbers(monkeypatch):
    """Numbers of Python that become a tensor on a GPU are copied there, and the host waits."""
    make = torch.tensor

    def tensor(*args, device=None, **kwargs):
        assert device is None or torch.device(device).type == "cpu", "a step waits for a copy"
        return make(*args, **kwargs)

    monkeypatch.setattr(torch, "tensor", tensor)


def plain_adam(*parts):
    weights = [weight for part in parts for weight in part.parameters() if weight.requires_grad]
    return torch.optim.Adam(weights, lr=1e-3, weight_decay=1e-5, foreach=True)


def empty(shape):
    if isinstance(shape[0], tuple):
        return tuple(empty(part) for part in shape)
    return torch.empty(N, *shape, device=META)


def made(name):
    """A loss for embeddings of 8 numbers, on the meta device."""
    kind, choices = getattr(losses, name), SETTINGS.get(name, {})
    if hasattr(kind, "update_centers"):
        loss = kind(8) if name == "BinaryCrossEntropy" else kind(8, updated=False)
    else:
        loss = kind(**choices) if name == "SquaredError" else kind(8, 3, **choices)
    return loss.to(META)


def one_epoch(encoder, loss, inputs, steps=1, **plan):
    """An epoch as ``fit`` takes it; its numbers, which stay on the device."""
    y = torch.tensor([0, 1] * (N // 2))
    plan = {
        "mixing": mixup.mix, "schedule": train.cosine, "batches": train.shuffled, "batch_size": N,
    } | plan  # fmt: skip
    run = train.Run(encoder, loss, plain_adam(encoder, loss), {"seed": 0, "precision": "float32"})
    feed = train.Feed(inputs, y, META)
    with NoWaiting():
        told = train_epoch(run, feed, 0, 1, plan)
    assert run.seen == N and all(
        len(column) == steps and column.is_meta for column in told.values()
    )
    return told


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("mixed", [False, True])
def test_no_loss_waits(name, mixed, no_tensors_of_numbers):
    encoder = encoders.Toy(8, bands=16, width=4).to(META)
    mixing = mixup.mix if mixed else None
    loss = made(name)
    told = one_epoch(encoder, loss, empty((16, 5)), mixing=mixing)
    assert set(told) == {"loss", *(loss.watched() if hasattr(loss, "watched") else ())}


@pytest.mark.parametrize("name", NETWORKS)
def test_no_network_waits(name, no_tensors_of_numbers):
    with META:
        encoder = getattr(encoders, name)()
    one_epoch(encoder, losses.SquaredError(), empty(INPUTS[name]))


def test_no_rows_wait(no_tensors_of_numbers):
    """Nor do clips that are cut into rows on the way, balanced batches, bf16, or streamed clips."""
    clips = torch.empty(2, 16, 9, device=META)
    encoder = encoders.Toy(8, bands=16, width=4).to(META)
    one_epoch(encoder, made("DSAD"), train.Rows(clips, Segments(5, 3).cut, 3))
    vectors = encoders.AutoEncoder(48, widths=(8,), bottleneck=2).to(META)
    one_epoch(vectors, losses.SquaredError(), train.Rows(clips[:, :, :5], framed_of_three, 3))
    one_epoch(
        encoder, made("DDCSAD"), empty((16, 5)),
        steps=2, batches=lambda y, **_: train.balanced(y, normal=1, outlier=2, steps=2),
    )  # fmt: skip


def framed_of_three(x, clip, row):
    return framed.cut(x, clip, row, 3)


class Reads(losses.ArcFace):
    """A loss that reads a number at every step."""

    def forward(self, x, y):
        value = super().forward(x, y)
        self.last = self.reads(value)
        return value


@pytest.mark.parametrize(
    "reads",
    [lambda x: x.item(), lambda x: x.detach().cpu(), bool, lambda x: x[None].nonzero(),
     lambda x: x + torch.ones(2).to(x.device), lambda x: torch.tensor([1.0], device=x.device)],
)  # fmt: skip
def test_a_loss_that_waits_is_found(reads, no_tensors_of_numbers):
    loss = Reads(8, 3).to(META)
    loss.reads = reads
    encoder = encoders.Toy(8, bands=16, width=4).to(META)
    with pytest.raises((RuntimeError, AssertionError), match="meta|waits"):
        one_epoch(encoder, loss, empty((16, 5)))
    loss.reads = lambda x: x.detach()  # the same loss, without reading
    one_epoch(encoder, loss, empty((16, 5)))
