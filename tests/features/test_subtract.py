"""Spectral subtraction, number by number, and what cannot be subtracted."""

import pytest
import torch

from asdkit import features

NEAR, FAR = torch.rand(2, 50, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("share", [0, 0.3, 1.0, 4.0])
def test_each_power_is_the_difference_or_the_floor(share):
    left = features.subtract(NEAR, FAR, share, floor=0.02)
    for near, far, one in zip(NEAR.flatten(), FAR.flatten(), left.flatten()):
        difference = near - share * far
        assert one == (difference if difference > 0.02 * near else 0.02 * near)


def test_known_noise_is_taken_away():
    machine, noise = NEAR + 0.1, FAR
    torch.testing.assert_close(features.subtract(machine + noise, 2 * noise, 0.5), machine)


@pytest.mark.parametrize(
    "near, far, share, words",
    [
        (NEAR, FAR[:3], 0.5, r"near is \(50, 8\) and far is \(3, 8\)"),
        (-NEAR, FAR, 0.5, "near .*powers, 0 or more"),
        (NEAR, FAR.log(), 0.5, "far .*powers, 0 or more"),
        (NEAR, FAR.numpy(), 0.5, "far is"),
        (NEAR, FAR, -0.5, "share is -0.5: give a number from 0"),
    ],
)
def test_what_cannot_be_subtracted(near, far, share, words):
    with pytest.raises(ValueError, match=words):
        features.subtract(near, far, share)
