"""A network for each machine: which clips have which role, and whose network judges a clip."""

import numpy as np
import pytest
import torch

from asdkit import backends, encoders, losses, sound
from asdkit.experiment import Experiment
from asdkit.machines import Machine, Machines
from asdkit.train import repeat


@pytest.fixture(scope="module")
def experiment():
    some = sound.toy("smoke").query("machine in ('fan', 'valve') and section != '02'")
    return Experiment(*sound.split(some), seeds=2, epochs=1, device="cpu")


@pytest.mark.parametrize(
    ("outliers", "others"),
    [
        ("ids", ["valve/01"]),
        ("types", ["fan/00", "fan/01"]),
        ("all", ["fan/00", "fan/01", "valve/01"]),
    ],
)
def test_own_clips_come_first_and_then_the_others(experiment, outliers, others):
    machine = Machine(experiment, "valve/00", outliers)
    own, some = (experiment.inputs[np.isin(experiment.group, g)] for g in (["valve/00"], others))
    assert torch.equal(machine.inputs, torch.cat([own, some]))
    assert machine.y.tolist() == [losses.NORMAL] * len(own) + [losses.OUTLIER] * len(some)
    assert set(sound.groups(machine.train)) == {"valve/00"} == set(sound.groups(machine.test))
    asked = experiment.group_test == "valve/00"
    assert torch.equal(machine.inputs_test, experiment.inputs_test[asked])


def test_other_inputs_may_play_the_anomaly_and_true_ones_come_last(experiment):
    noise, broken = torch.randn(5, 128, 2), torch.randn(2, 128, 2)
    machine = Machine(experiment, "fan/00", noise, broken)
    count = len(machine.train)
    assert torch.equal(machine.inputs[count:], torch.cat([noise, broken]))
    assert machine.y.tolist() == [1] * count + [0] * 5 + [-1] * 2


def test_it_trains_as_repeat_does(experiment):
    machine = Machine(experiment, "fan/01")
    (run,) = machine.fit(losses.BinaryDDCSAD, dim=4, seeds=[3])
    parts = lambda: encoders.Toy(4), lambda: losses.BinaryDDCSAD(4)
    (other,) = repeat(*parts, machine.inputs, machine.y, seeds=[3], epochs=1, device="cpu")
    for weights, wanted in zip(run.encoder.parameters(), other.encoder.parameters(), strict=True):
        torch.testing.assert_close(weights, wanted, rtol=0, atol=0)


@pytest.mark.parametrize("scale", ["test", "train"])
def test_it_is_judged_by_probability_and_distance(experiment, scale):
    machine = Machine(experiment, "fan/01")
    (run,) = machine.fit(losses.BinaryDDCSAD, dim=4, seeds=[3])

    def told(inputs):
        return run.loss.evidence(run.embed(inputs)).detach().double().numpy().T

    p, d = told(machine.inputs_test)
    _, of = (p, d) if scale == "test" else told(machine.inputs[: len(machine.train)])
    wanted = 0.3 * (1 - p) + 0.7 * (d - of.min()) / (of.max() - of.min())
    (judged,) = machine.judge([run], backends.RoleFusion(alpha=0.3, scale=scale))
    np.testing.assert_allclose(judged, wanted)


def test_each_clip_is_judged_by_the_networks_of_its_machine(experiment):
    machines = Machines(experiment, "types")
    assert list(machines) == ["fan/00", "fan/01", "valve/00", "valve/01"]
    runs, fusion = machines.fit(losses.DDCSAD, dim=4), backends.RoleFusion(alpha=0.0)
    judged = machines.judge(runs, fusion)
    assert judged.shape == (2, len(experiment.test))
    for group, machine in machines.items():
        rows = (sound.groups(experiment.test) == group).to_numpy()
        np.testing.assert_array_equal(judged[:, rows], machine.judge(runs[group], fusion))


def test_what_cannot_be_asked_is_named(experiment):
    with pytest.raises(ValueError, match="no training clip is of 'fan/07': take one of fan/00"):
        Machine(experiment, "fan/07")
    with pytest.raises(ValueError, match="outliers are all, ids, types, or inputs, not 'noise'"):
        Machine(experiment, "fan/00", "noise")
    fans = Experiment(*sound.split(sound.toy("smoke").query("machine == 'fan'")))
    with pytest.raises(ValueError, match="no training clip is of other types: add clips"):
        Machine(fans, "fan/00", "types")
