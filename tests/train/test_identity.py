"""What tells one training from another. That a run goes on bit for bit is tested with the loop."""

from functools import partial

import pytest
import torch

from asdkit import train
from asdkit.encoders import Toy
from asdkit.losses import ArcFace, SubClusterAdaCos
from asdkit.mixup import mix
from asdkit.train import identity


def settings(epochs=10, **changes):
    encoder, loss = Toy(4, bands=8), SubClusterAdaCos(4, 2, 2)
    chosen = {
        "encoder": encoder, "loss": loss, "optimizer": train.adam(encoder, loss), "seed": 0,
        "inputs": torch.zeros(6, 8, 25), "y": torch.tensor([0, 1] * 3),
        "plan": {"mixing": mix, "batches": train.shuffled, "batch_size": 64, "schedule": None},
    }  # fmt: skip
    plan = chosen["plan"] | {
        name: changes.pop(name) for name in list(changes) if name in chosen["plan"]
    }
    return identity.settings(**chosen | changes | {"plan": plan}, epochs=epochs)


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
        ({"encoder": Toy(4, bands=8).double()}, ["encoder"]),
        ({"loss": SubClusterAdaCos(4, 2, 2, variant="code")}, ["loss"]),
        ({"loss": ArcFace(4, 2, sub_centers=2, margin=0.5)}, ["loss"]),
        (
            {"optimizer": train.adam(Toy(4, bands=8), SubClusterAdaCos(4, 2, 2), lr=0.1)},
            ["optimizer"],
        ),
        (
            {"optimizer": train.adam(Toy(4, bands=8), SubClusterAdaCos(4, 2, 2, trainable=False))},
            ["optimizer"],
        ),
        ({"inputs": one_value(5, 0)}, ["data"]),
        ({"inputs": one_value(5, 97)}, ["data"]),
        ({"y": torch.tensor([1, 0] * 3)}, ["data"]),
        ({"mixing": None}, ["mixing"]),
        ({"mixing": partial(mix, how="beta")}, ["mixing"]),
        ({"seed": 1}, ["seed"]),
        ({"batch_size": 32}, ["batch_size"]),
        ({"inputs": (torch.zeros(6, 8, 25), torch.zeros(6, 5))}, ["data"]),
        ({"optimizer": train.adamw(Toy(4, bands=8), SubClusterAdaCos(4, 2, 2))}, ["optimizer"]),
        ({"batches": train.balanced}, ["batches"]),
        ({"batches": partial(train.balanced, steps=5)}, ["batches"]),
        ({"schedule": train.cosine}, ["schedule"]),
        ({"schedule": partial(train.halved, times=2)}, ["schedule"]),
        ({"precision": "bf16"}, ["precision"]),
        ({"epochs": 20}, []),  # without a schedule a run may be made longer
    ],
    ids=lambda value: " ".join(value),
)
def test_each_setting_tells_what_differs(change, differing):
    first, other = settings(), settings(**change)
    assert [name for name in first if first[name] != other[name]] == differing


def test_partial_mixings_differ_by_their_arguments():
    beta, uniform = [
        settings(mixing=partial(mix, how=how))["mixing"] for how in ("beta", "uniform")
    ]
    assert beta != uniform and beta == settings(mixing=partial(mix, how="beta"))["mixing"]


def test_two_schedules_and_two_margins_differ():
    """Of one schedule the number of epochs counts, of one loss its numbers."""
    cases = ((2, 10), (3, 10), (2, 20), (2, 10))
    halved = [
        settings(schedule=partial(train.halved, times=times), epochs=epochs)
        for times, epochs in cases
    ]
    assert len({one["schedule"] for one in halved}) == 3 and halved[0] == halved[3]
    margins = [settings(loss=ArcFace(4, 2, margin=margin))["loss"] for margin in (0.3, 0.7, 0.3)]
    assert margins[0] != margins[1] and margins[0] == margins[2]


def test_what_else_a_run_depends_on_is_told_by_name():
    first = settings(identity={"task": "sections", "front": [{"part": "LogMel"}]})
    other = settings(identity={"task": "types", "front": [{"part": "LogMel"}]})
    assert [name for name in first if first[name] != other[name]] == ["task"]


def test_how_torch_prints_a_module_does_not_count():
    class Renamed(Toy):
        __qualname__ = "Toy"

        def __repr__(self):
            return "another text"

    assert (
        identity.structure(Renamed(4, bands=8)).split()[1]
        == identity.structure(Toy(4, bands=8)).split()[1]
    )
