"""Vectors of neighboring frames, one by one."""

import numpy as np
import pytest
import torch

from asdkit.features import FramedLogMel, LogMel, framed, unframed


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


def test_framed_goes_behind_a_log_mel():
    waves = torch.randn(2, 16000)
    assert torch.equal(framed(LogMel()(waves), 3), FramedLogMel(neighbors=3)(waves))


@pytest.mark.parametrize(("neighbors", "frames"), [(1, 4), (3, 3), (5, 6), (5, 313)])
def test_the_frames_of_vectors_are_those_that_were_framed(neighbors, frames):
    x = torch.randn(2, 7, frames, dtype=torch.float64)
    torch.testing.assert_close(unframed(framed(x, neighbors), 7), x, rtol=0, atol=1e-14)


def test_each_frame_is_the_mean_of_the_vectors_that_hold_it():
    rows = np.random.default_rng(0).normal(size=(2, 6, 5 * 3))
    held = [[[] for _ in range(10)] for _ in range(2)]
    for clip in range(2):
        for row in range(6):
            for place in range(5):
                held[clip][row + place].append(rows[clip, row, 3 * place : 3 * place + 3])
    assert [len(pieces) for pieces in held[0]] == [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]
    expected = [[np.mean(pieces, axis=0) for pieces in clip] for clip in held]  # (2, 10, 3)
    found = unframed(torch.from_numpy(rows), bands=3)
    np.testing.assert_allclose(found, np.transpose(expected, (0, 2, 1)), atol=1e-14)


def test_the_mean_picture_is_never_farther_than_the_vectors():
    x = torch.randn(1, 4, 50, dtype=torch.float64)
    rows = framed(x)
    rebuilt = rows + torch.randn(rows.shape, dtype=torch.float64)
    inner = slice(4, -4)  # where five vectors hold each frame
    error = (unframed(rebuilt, 4) - x)[..., inner].square().mean()
    assert error < (rebuilt - rows).square().mean() / 2


@pytest.mark.parametrize("shape", [(6, 640), (1, 6, 130), (1, 0, 640), (1, 6, 0)])
def test_what_holds_no_whole_frames_is_refused(shape):
    with pytest.raises(ValueError, match=r"unframed takes vectors \(N, R, k \* 128\)"):
        unframed(torch.zeros(shape))


def test_what_is_no_picture_is_not_framed():
    with pytest.raises(ValueError, match=r"framed takes pictures \(N, B, T\), not \(128, 313\)"):
        framed(torch.zeros(128, 313))
