"""What tells one training from another. That a run is saved and resumed bit for bit is tested with the loop."""

from functools import partial

import pytest
import torch

from asdkit import run, train
from asdkit.encoders import Toy
from asdkit.losses import SubClusterAdaCos
from asdkit.mixup import mix


def settings(**changes):
    encoder, loss = Toy(4, bands=8), SubClusterAdaCos(4, 2, 2)
    chosen = {
        "encoder": encoder, "loss": loss, "optimizer": train.adam(encoder, loss), "inputs": torch.zeros(6, 8, 25),
        "y": torch.tensor([0, 1] * 3), "mixing": mix, "seed": 0, "batch_size": 64,
    }  # fmt: skip
    return run.settings(**chosen | changes)


def one_value(clip, place):
    inputs = torch.zeros(6, 8, 25)
    inputs.flatten(1)[clip, place] = 1e-6
    return inputs


@pytest.mark.parametrize(
    "change, differing",
    [
        ({}, []),
        ({"encoder": Toy(4, bands=8)}, []),  # other weights of the same network
        ({"encoder": Toy(4, bands=9)}, ["encoder"]),
        ({"loss": SubClusterAdaCos(4, 2, 2, variant="code")}, ["loss"]),
        ({"optimizer": train.adam(Toy(4, bands=8), SubClusterAdaCos(4, 2, 2), lr=0.1)}, ["optimizer"]),
        ({"optimizer": train.adam(Toy(4, bands=8), SubClusterAdaCos(4, 2, 2, trainable=False))}, ["optimizer"]),
        ({"inputs": one_value(5, 0)}, ["data"]),
        ({"inputs": one_value(5, 97)}, ["data"]),
        ({"y": torch.tensor([1, 0] * 3)}, ["data"]),
        ({"mixing": None}, ["mixing"]),
        ({"mixing": partial(mix, how="beta")}, ["mixing"]),
        ({"seed": 1}, ["seed"]),
        ({"batch_size": 32}, ["batch_size"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_each_setting_tells_what_differs(change, differing):
    first, other = settings(), settings(**change)
    assert [name for name in first if first[name] != other[name]] == differing


def test_partial_mixings_differ_by_their_arguments():
    beta, uniform = [settings(mixing=partial(mix, how=how))["mixing"] for how in ("beta", "uniform")]
    assert beta != uniform and beta == settings(mixing=partial(mix, how="beta"))["mixing"]
