"""Frames by index, against numpy's padding, and on another device."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.features import (
    Chain,
    FramedLogMel,
    LogMel,
    Spectrogram,
    Spectrum,
    frames,
    normalize_level,
    remove_offset,
    temporal_max,
    temporal_mean,
)  # fmt: skip
from asdkit.systems.recipes import NAM_MEL


@settings(deadline=None, derandomize=True, max_examples=40)
@given(samples=st.integers(9, 60), window=st.integers(1, 9), hop=st.integers(1, 12))
def test_each_frame_is_a_slice(samples, window, hop):
    waves = torch.arange(2.0 * samples).reshape(2, samples)
    ours = frames(waves, window, hop)
    starts = range(0, samples - window + 1, hop)
    assert torch.equal(
        ours, torch.stack([waves[:, start : start + window] for start in starts], dim=1)
    )
    assert ours.data_ptr() == waves.data_ptr()  # a view


@settings(deadline=None, derandomize=True, max_examples=40)
@given(samples=st.integers(9, 60), half=st.integers(1, 8), hop=st.integers(1, 12))
@pytest.mark.parametrize("padding", ["reflect", "constant"])
def test_padding_is_numpys_and_centers(padding, samples, half, hop):
    waves = torch.randn(2, samples)
    ours = frames(waves, 2 * half, hop, padding)
    padded = np.pad(waves.numpy(), ((0, 0), (half, half)), mode=padding)
    assert ours.shape == (2, 1 + samples // hop, 2 * half)
    for t in range(ours.shape[1]):
        np.testing.assert_array_equal(ours[:, t], padded[:, t * hop : t * hop + 2 * half])
    centered = ours[:, : -(-samples // hop), half]
    torch.testing.assert_close(centered, waves[:, ::hop], rtol=0, atol=0)


@pytest.mark.parametrize(
    ("shape", "padding", "sentence"),
    [
        ((8,), None, r"\(N, T\) of 4 samples or more, not \(8,\)"),
        ((1, 3), None, r"4 samples or more, not \(1, 3\)"),
        ((1, 2), "reflect", r"3 samples or more, not \(1, 2\)"),
        ((1, 8), "same", "no padding is called 'same': give None, 'reflect' or 'constant'"),
    ],
)
def test_what_has_no_frames(shape, padding, sentence):
    with pytest.raises(ValueError, match=sentence):
        frames(torch.zeros(shape), 4, 2, padding)


@pytest.mark.parametrize(
    "feature",
    [
        LogMel(), LogMel(**NAM_MEL), Spectrogram(), Spectrum(), FramedLogMel(), normalize_level,
        remove_offset, Chain(normalize_level, LogMel(), temporal_mean),
        Chain(LogMel(), temporal_max),
    ],
    ids=lambda feature: getattr(feature, "__name__", type(feature).__name__),
)  # fmt: skip
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_feature_follows_the_device_of_its_waves(feature, dtype):
    """The device ``meta`` computes shapes only, and refuses, as a GPU does, to mix its tensors with
    the CPU's.
    """
    there = feature(torch.empty(70, 16000, dtype=dtype, device="meta"))
    here = feature(torch.zeros(70, 16000, dtype=dtype))
    assert there.device.type == "meta" and (there.shape, there.dtype) == (here.shape, here.dtype)
