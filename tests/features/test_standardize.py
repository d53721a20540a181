"""Standardization against plain numpy."""

import numpy as np
import pytest
import torch

from asdkit.features import Standardize, StandardizeWaves


def test_standardize_is_numpys():
    torch.manual_seed(0)
    x = 20 * torch.randn(150, 6, 31) * torch.rand(6, 1) - 60
    standardize = Standardize(6).fit(x)
    wide = x.double().numpy().transpose(1, 0, 2).reshape(6, -1)
    np.testing.assert_allclose(standardize.mean[:, 0], wide.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(standardize.deviation[:, 0], wide.std(axis=1), rtol=1e-5)
    expected = (x.double().numpy() - wide.mean(axis=1)[:, None]) / wide.std(axis=1)[:, None]
    np.testing.assert_allclose(standardize(x), expected, atol=1e-4)
    assert {"mean", "deviation"} == set(standardize.state_dict())
    assert torch.equal(Standardize(6)(x), x)


@pytest.mark.parametrize("frames", [7, 313])
@pytest.mark.parametrize("value", [-100.0, -37.3, 0.1, -12.34567, 1e-3])
def test_a_constant_band_is_divided_by_one(value, frames):
    x = torch.randn(70, 3, frames)
    x[:, 1] = value
    standardize = Standardize(3).fit(x)
    assert standardize.deviation[1].item() == 1.0
    assert standardize(x)[:, 1].abs().max() < 1e-4 and standardize(x).isfinite().all()


def test_float64_stays_float64():
    x = torch.randn(3, 2, 9, dtype=torch.float64)
    standardize = Standardize(2).double().fit(x)
    wide = x.numpy().transpose(1, 0, 2).reshape(2, -1)
    expected = (x.numpy() - wide.mean(axis=1)[:, None]) / wide.std(axis=1)[:, None]
    np.testing.assert_allclose(standardize(x), expected, atol=1e-12)


MACHINES = ["valve", "fan", "fan", "valve", "fan", "valve", "fan"] * 20


def test_a_standardization_a_machine_is_that_of_its_clips_alone():
    """Machines of different levels, in any order, of which a test clip knows its own."""
    torch.manual_seed(0)
    machine = np.array(MACHINES)
    x = torch.randn(140, 6, 31) * torch.rand(6, 1) - 60
    x[machine == "fan"] *= 3
    standardize = Standardize(6, by="machine", machines=["fan", "valve"]).fit(x, MACHINES)
    assert standardize.mean.shape == standardize.deviation.shape == (2, 6, 1)
    seen = standardize(x, MACHINES)
    for name in ("fan", "valve"):
        own = np.flatnonzero(machine == name)
        torch.testing.assert_close(seen[own], Standardize(6).fit(x[own])(x[own]))
    new = torch.randn(3, 6, 9)
    alone = [standardize(clip[None], [name]) for clip, name in zip(new, ["valve", "fan", "valve"])]
    assert torch.equal(standardize(new, ["valve", "fan", "valve"]), torch.cat(alone))
    again = Standardize(6, by="machine", machines=["fan", "valve"])
    again.load_state_dict(standardize.state_dict())
    assert torch.equal(again(new, ["fan"] * 3), standardize(new, ["fan"] * 3))


def test_machines_do_not_matter_where_all_are_standardized_together():
    x = torch.randn(140, 6, 31)
    together = Standardize(6, machines=["fan", "valve"]).fit(x, MACHINES)
    assert torch.equal(together(x, MACHINES), Standardize(6).fit(x)(x))
    assert together.mean.shape == (6, 1)


def test_what_cannot_be_standardized():
    with pytest.raises(
        ValueError, match="^by is 'clip': standardize over 'all' clips, or those of"
    ):
        Standardize(6, by="clip")
    known = Standardize(6, by="machine", machines=["fan", "valve"])
    with pytest.raises(ValueError, match="no clip of 'pump' was standardized .* knows fan, valve"):
        known(torch.zeros(2, 6, 9), ["fan", "pump"])
    with pytest.raises(ValueError, match="takes pictures .N, B, T.: put it before what makes tup"):
        Standardize(bands=None)
    for shape in ((2, 5, 9), (2, 6), (2, 3, 6, 9)):
        with pytest.raises(ValueError, match=r"takes pictures \(N, 6, T\), not \(2, "):
            Standardize(6)(torch.zeros(shape))


def test_waves_are_standardized_as_numpy_does_it():
    torch.manual_seed(0)
    waves = 0.2 * torch.randn(150, 900) * torch.rand(150, 1) + 0.05
    standardize = StandardizeWaves().fit(waves)
    wide = waves.double().numpy()
    expected = (wide - wide.mean()) / wide.std()
    np.testing.assert_allclose(standardize(waves), expected, atol=1e-5)
    assert {"whole.mean", "whole.deviation"} == set(standardize.state_dict())
    fresh = torch.randn(3, 900)
    np.testing.assert_allclose(standardize(fresh), (fresh - wide.mean()) / wide.std(), rtol=1e-4)
    loud = standardize(waves).square().mean(dim=1)
    assert loud.max() > 2 * loud.min()  # differences between clips stay


def test_waves_of_a_machine_are_standardized_by_its_clips_alone():
    torch.manual_seed(0)
    machine, waves = np.array(MACHINES), torch.randn(140, 400)
    waves[machine == "fan"] *= 5
    standardize = StandardizeWaves("machine", ["fan", "valve"]).fit(waves, MACHINES)
    assert standardize.machines == ["fan", "valve"]
    seen = standardize(waves, MACHINES)
    for name in ("fan", "valve"):
        own = np.flatnonzero(machine == name)
        torch.testing.assert_close(seen[own].mean(), torch.tensor(0.0), rtol=0, atol=1e-5)
        torch.testing.assert_close(seen[own].std(), torch.tensor(1.0), rtol=1e-4, atol=0)
    together = StandardizeWaves(machines=["fan", "valve"]).fit(waves, MACHINES)
    assert torch.equal(together(waves, MACHINES), StandardizeWaves().fit(waves)(waves))
    with pytest.raises(ValueError, match="no clip of 'pump' was standardized .* knows fan, valve"):
        standardize(waves[:1], ["pump"])


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_silent_waves_stay_finite(value):
    waves = torch.full((3, 50), value)
    seen = StandardizeWaves().fit(waves)(waves)
    assert seen.isfinite().all() and seen.abs().max() < 1e-6


def test_waves_in_float64_and_what_are_no_waves():
    waves = torch.randn(3, 50, dtype=torch.float64)
    seen = StandardizeWaves().double().fit(waves)(waves)
    assert abs(seen.mean()) < 1e-12 and abs(seen.square().mean() - 1) < 1e-12
    for shape in ((50,), (3, 2, 50)):
        with pytest.raises(
            ValueError, match=r"^StandardizeWaves takes waveforms \(N, T\) of .*, not \("
        ):
            StandardizeWaves()(torch.zeros(shape))
    with pytest.raises(ValueError, match="^by is 'clip': standardize over 'all' clips, or those"):
        StandardizeWaves("clip")


def test_restore_undoes_it():
    x = 20 * torch.randn(8, 4, 31, dtype=torch.float64) - 60
    x[:, 2] = -100.0  # a band that does not vary
    standardize = Standardize(4).double().fit(x)
    torch.testing.assert_close(standardize.restore(standardize(x)), x, rtol=0, atol=1e-12)
    noise = torch.randn(1, 4, 9, dtype=torch.float64)
    wide = x.numpy().transpose(1, 0, 2).reshape(4, -1)
    scale = np.where(wide.std(axis=1) > 1e-9, wide.std(axis=1), 1.0)[:, None]
    expected = noise.numpy() * scale + wide.mean(axis=1)[:, None]
    np.testing.assert_allclose(standardize.restore(noise), expected, atol=1e-12)


def test_restore_knows_its_machine():
    machine = ["fan", "valve", "fan", "valve"]
    x = torch.randn(4, 3, 9)
    standardize = Standardize(3, by="machine", machines=["fan", "valve"]).fit(x, machine)
    torch.testing.assert_close(standardize.restore(standardize(x, machine), machine), x)
    with pytest.raises(ValueError, match="no clip of 'pump' was standardized"):
        standardize.restore(x, ["pump"] * 4)
    with pytest.raises(ValueError, match=r"takes pictures \(N, 3, T\)"):
        Standardize(3).restore(x[0])
