"""The two branches against the counts and sizes of their paper, and against the kit's features."""

import pytest
import torch

from asdkit.encoders import TwoBranch
from asdkit.features import Spectrogram


def count(*parts):
    return sum(p.numel() for part in parts for p in part.parameters())


def sizes(net, parts, waves):
    seen = {}
    hooks = [
        part.register_forward_hook(lambda _, __, out, name=name: seen.update({name: out.shape[1:]}))
        for name, part in parts.items()
    ]
    out = net(waves)
    for hook in hooks:
        hook.remove()
    return {name: tuple(size) for name, size in seen.items()} | {"out": tuple(out.shape)}


def test_parameters_of_the_paper():
    """A convolution of k from a to b channels has k a b, a batch norm 2 b parameters."""
    ten, eighteen = TwoBranch(256), TwoBranch(256, seconds=18.0)
    spectrum = 256 * 128 + (64 + 16) * 128 * 128
    spectrum += 1280 * 128 + 3 * 128 * 128 + 4 * 256 + 128 * 128
    picture = 2 * 513 + 49 * 16 + 2 * 16 + 4 * 9 * 16 * 16 + 2 * (16 + 16 + 16)
    for a, b in ((16, 32), (32, 64), (64, 128)):
        picture += 9 * a * b + 3 * 9 * b * b + a * b + 2 * (a + 3 * b)
    picture += 2 * 2048 + 2048 * 128
    assert count(ten.spectrum) == spectrum and count(ten.spectrogram) == picture
    assert count(ten) == spectrum + picture == 2540978
    assert count(eighteen) == 2672050 == count(ten) + 8 * 128 * 128  # 18 steps instead of 10
    assert not any("bias" in name and value.any() for name, value in ten.named_parameters())


def test_sizes_of_the_paper():
    net = TwoBranch(256).eval()
    layers = {f"conv {i}": net.spectrum[i] for i in (1, 3, 5)}
    layers |= {"flat": net.spectrum[7], "stem": net.spectrogram.stem}
    layers |= {f"stage {i}": net.spectrogram.stages[2 * i + 1] for i in range(4)}
    layers |= {"spectrum": net.spectrum, "spectrogram": net.spectrogram}
    assert sizes(net, layers, torch.randn(2, 160000)) == {
        "conv 1": (128, 1250), "conv 3": (128, 40), "conv 5": (128, 10), "flat": (1280,),
        "spectrum": (128,), "stem": (16, 128, 77), "stage 0": (16, 128, 77),
        "stage 1": (32, 64, 39), "stage 2": (64, 32, 20), "stage 3": (128, 16, 10),
        "spectrogram": (128,), "out": (2, 256),
    }  # fmt: skip


@pytest.mark.parametrize("remove_mean", [True, False])
def test_the_picture_is_the_spectrogram_of_the_features(remove_mean):
    waves = torch.randn(2, 160000)
    net = TwoBranch(8, branch="spectrogram", remove_mean=remove_mean)
    expected = Spectrogram(remove_mean=remove_mean)(waves)
    torch.testing.assert_close(net.picture(waves), expected, rtol=1e-4, atol=1e-4)


def test_the_spectrum_hears_what_stands_still_and_the_other_branch_does_not():
    time = torch.arange(160000, dtype=torch.float64) / 16000
    tones = torch.stack([torch.sin(2 * torch.pi * f * time) for f in (1000.0, 1250.0)]).float()
    torch.manual_seed(0)
    still, moving = TwoBranch(8, branch="spectrum"), TwoBranch(8, branch="spectrogram")
    assert (still.eval()(tones)[0] - still(tones)[1]).norm() > 0.1 * still(tones)[0].norm()
    assert moving.picture(tones).abs().max() < 0.05  # |X| of such a tone is 256


@pytest.mark.parametrize("seconds", [6.0, 18.0])
def test_clips_of_6_to_18_seconds(seconds):
    waves = torch.randn(2, round(seconds * 16000))
    for branch in ("both", "spectrum", "spectrogram"):
        out = TwoBranch(16, seconds, branch)(waves)
        assert out.shape == (2, 16)
        out.sum().backward()


def test_the_spectrogram_alone_takes_any_length():
    net = TwoBranch(16, branch="spectrogram").eval()
    assert [net(torch.randn(1, n)).shape for n in (96000, 288000)] == [(1, 16)] * 2


@pytest.mark.parametrize("seconds", [9.0, 18.0])
def test_another_length_is_refused_in_seconds(seconds):
    net = TwoBranch(16)
    with pytest.raises(ValueError, match=r"made for waves \(N, 160000\), 10 s at 16 kHz"):
        net(torch.randn(2, round(seconds * 16000)))


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"branch": "left"}, "branch is 'left': choose one of both, spectrum, spectrogram"),
        ({"dim": 255}, "it must be even"),
        ({"seconds": 0.5}, "seconds is 0.5: give a number from 1 to 3600"),
    ],
)
def test_settings_that_make_no_network(choices, sentence):
    with pytest.raises(ValueError, match=sentence):
        TwoBranch(**choices)


def test_half_precision_is_refused_by_name():
    with pytest.raises(
        ValueError, match="TwoBranch takes waves in float32 or float64, not torch.f"
    ):
        TwoBranch(8).half()(torch.zeros(2, 160000, dtype=torch.float16))
