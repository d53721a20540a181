"""Vectors of neighboring frames, one by one."""

import pytest
import torch

from asdkit.features import FramedLogMel, LogMel


def test_each_vector_is_five_frames_in_a_row():
    waves = torch.randn(2, 160000)
    x, vectors = LogMel()(waves), FramedLogMel()(waves)
    assert vectors.shape == (2, 309, 640)
    for t in (0, 7, 308):
        torch.testing.assert_close(
            vectors[:, t], torch.cat([x[:, :, t + k] for k in range(5)], dim=1), rtol=0, atol=0
        )


def test_other_settings_pass_through():
    assert FramedLogMel(neighbors=3, mels=64)(torch.randn(1, 16000).double()).shape == (1, 30, 192)


def test_too_few_frames_are_refused():
    with pytest.raises(
        ValueError, match="a clip of 4 frames holds no 5 neighbors: take longer clips"
    ):
        FramedLogMel()(torch.randn(1, 2000))
