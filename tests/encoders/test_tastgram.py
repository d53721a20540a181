"""TASTgram and STgram against the counts and sizes of their paper, and the attention by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from asdkit.encoders import STgram, TASTgram, temporal_attention
from asdkit.losses import NoisyArcMix

UNUSED = 128 * 41 + 41  # a layer that the author's code never calls


def count(*parts):
    return sum(p.numel() for part in parts for p in part.parameters())


def clips(count=2, frames=313):
    return torch.randn(count, 512 * (frames - 1) + 256), 8 * torch.randn(count, 128, frames) - 40


def test_parameters_of_the_paper():
    centers = NoisyArcMix(128, 41)
    assert count(TASTgram().tgram) == 1024 * 128 + 3 * (2 * 313 + 3 * 128 * 128) == 280406
    assert count(TASTgram().face) + UNUSED == 876201
    assert count(TASTgram(), centers) + UNUSED == 1161855
    assert count(STgram(), centers) + UNUSED == 1161279 == 1161855 - 9 * 64  # one picture less


def test_sizes_of_the_paper():
    net, seen = TASTgram(), {}
    parts = {"tgram": net.tgram} | {f"face {i}": part for i, part in enumerate(net.face)}
    hooks = [
        part.register_forward_hook(lambda _, __, out, name=name: seen.update({name: out.shape[1:]}))
        for name, part in parts.items()
    ]
    assert net(clips()).shape == (2, 128)
    for hook in hooks:
        hook.remove()
    expected = [(64, 64, 157)] * 2 + [(128, 32, 79)] * 2 + [(128, 16, 40)] * 2
    expected += [(128, 8, 20)] * 2 + [(512, 8, 20), (512, 1, 1), (128, 1, 1), (128,)]
    assert seen["tgram"] == (128, 313)
    assert [tuple(seen[f"face {i}"]) for i in range(len(net.face))] == expected


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 10**6), bands=st.integers(1, 9), frames=st.integers(1, 9))
def test_the_attention_is_the_printed_formula(seed, bands, frames):
    torch.manual_seed(seed)
    x = 3 * torch.randn(2, bands, frames, dtype=torch.float64)
    by_hand = [[expit(max(column) + np.mean(column)) for column in clip.T] for clip in x.numpy()]
    np.testing.assert_allclose(temporal_attention(x), by_hand, rtol=1e-12)


def test_the_third_picture_is_the_log_mel_under_its_attention_alone():
    """In dB far below 0 nothing is heeded: the third picture is empty, and its weights idle."""
    torch.manual_seed(0)
    net, (waves, log_mel) = TASTgram().eval(), clips()
    quiet = log_mel.clamp(-90, -80)
    before = net((waves, quiet))
    with torch.no_grad():
        net.face[0][0].weight[:, 2] += 1.0
    torch.testing.assert_close(net((waves, quiet)), before)
    assert not torch.allclose(net((waves, log_mel + 40)), net((waves, log_mel + 41)))


def test_a_silent_clip_has_finite_slopes():
    net = TASTgram()
    silent = torch.zeros(2, 160000), torch.full((2, 128, 313), -156.5356)
    net(silent).square().sum().backward()
    assert all(part.grad.isfinite().all() for part in net.parameters())


@pytest.mark.parametrize("make", [STgram, TASTgram])
def test_a_network_for_another_length(make):
    waves, log_mel = clips(frames=188)
    assert make(dim=16, seconds=6.0)((waves, log_mel)).shape == (2, 16)


@pytest.mark.parametrize("make", [STgram, TASTgram])
def test_what_is_no_clip_for_it_is_refused(make):
    net = make()
    with pytest.raises(ValueError, match="made for 128 bands and 313 frames, not .*563.*seconds"):
        net(clips(frames=563))
    with pytest.raises(ValueError, match="takes a tuple of waves and log-mels"):
        net(torch.randn(2, 128, 313))
