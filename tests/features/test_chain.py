"""A chain is its steps, says them, and moves with its modules."""

import torch

from asdkit.features import Chain, LogMel, Standardize, normalize_level, temporal_mean


def test_it_is_its_steps_in_order():
    waves = 3.0 * torch.randn(3, 16000)
    x = LogMel()(normalize_level(waves))
    standardize = Standardize().fit(x)
    chain = Chain(normalize_level, LogMel(), standardize, temporal_mean)
    assert torch.equal(chain(waves), temporal_mean(standardize(x)))
    assert set(chain.state_dict()) == {"parts.1.mean", "parts.1.deviation"}


def test_it_says_what_it_does():
    said = repr(Chain(normalize_level, LogMel(mels=64), temporal_mean))
    assert said == (
        "normalize_level > LogMel(sr=16000, window=1024, hop=512, mels=64, frames=313) > "
        "temporal_mean"
    )
