"""Overlapping segments of a picture, one by one."""

import pytest
import torch

from asdkit.features import LogMel, Segments


def test_ten_segments_of_a_clip_of_10_s():
    x = LogMel()(torch.randn(2, 160000))
    rows = Segments()(x)
    assert rows.shape == (2, 10, 128, 256) and Segments().rows
    for number, start in enumerate((0, 6, 13, 19, 25, 32, 38, 44, 51, 57)):
        assert torch.equal(rows[:, number], x[:, :, start : start + 256])


def test_every_frame_is_in_a_segment_and_the_last_ends_the_clip():
    for count, frames, length in ((10, 256, 313), (3, 7, 20), (2, 10, 20), (4, 5, 8)):
        x = torch.arange(float(length)).expand(1, 2, length)
        rows = Segments(frames, count)(x)
        assert rows.shape == (1, count, 2, frames) and rows[0, -1, 0, -1] == length - 1
        assert sorted(set(rows.flatten().tolist())) == list(range(length))
        starts = rows[0, :, 0, 0].diff()
        assert (starts.max() - starts.min()) <= 1  # evenly, as far as frames are whole


def test_the_ends_of_what_can_be_cut():
    x = torch.randn(2, 4, 9)
    assert torch.equal(Segments(9, 3)(x), x[:, None].expand(-1, 3, -1, -1))
    assert torch.equal(Segments(5, 1)(x), x[:, None, :, :5])


def test_segments_keep_the_type_and_the_slope():
    x = torch.randn(1, 2, 9, dtype=torch.float64, requires_grad=True)
    rows = Segments(4, 3)(x)  # starts 0, 2 and 5
    assert rows.dtype == torch.float64 and repr(Segments(4, 3)) == "Segments(frames=4, count=3)"
    rows.sum().backward()
    assert x.grad[0, 0].tolist() == [1, 1, 2, 2, 1, 2, 1, 1, 1]


def test_a_clip_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="a clip of 157 frames holds no segment of 256: take lon"):
        Segments()(torch.zeros(2, 128, 157))
    for shape in ((128, 313), (2, 10, 128, 313)):
        with pytest.raises(ValueError, match=r"^Segments takes pictures \(N, B, T\), not \("):
            Segments()(torch.zeros(shape))
