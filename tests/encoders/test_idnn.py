"""The middle frame alone is rebuilt, and is not seen."""

import pytest
import torch

from asdkit.encoders import Idnn
from asdkit.features import FramedLogMel, LogMel


def test_parameters_by_rule():
    """Those of the auto-encoder, of 512 numbers in and 128 out."""
    sizes = [512, 1024, 512, 256, 128, 16, 128, 256, 512, 1024, 128]
    pairs = list(zip(sizes, sizes[1:]))
    expected = sum(a * b + b for a, b in pairs) + sum(2 * b for b in sizes[1:-1])
    assert sum(p.numel() for p in Idnn().parameters()) == expected == 2047408


def test_sizes():
    net, x = Idnn().eval(), torch.randn(3, 640)
    assert net(x).shape == net.rebuild(x).shape == (3, 128)
    widths = [layer[0].out_features for layer in [*net.down, *net.up[:-1]]]
    assert widths == [1024, 512, 256, 128, 16, 128, 256, 512, 1024]
    assert (net.down[0][0].in_features, net.up[-1].out_features) == (512, 128)
    assert Idnn(192, span=3)(torch.randn(4, 192)).shape == (4, 64)


def test_the_middle_is_not_seen():
    """The slope of the residual is the identity in the middle frame, and something around it."""
    torch.manual_seed(0)
    net = Idnn(20, 5, (16,), 8).double().eval()
    x = torch.randn(20, dtype=torch.float64)
    slope = torch.autograd.functional.jacobian(lambda row: net(row[None])[0], x)  # (4, 20)
    assert torch.equal(slope[:, 8:12], torch.eye(4, dtype=torch.float64))
    assert slope[:, :8].abs().sum() > 0 and slope[:, 12:].abs().sum() > 0


def test_the_middle_is_the_third_of_five_frames():
    """Against the log-mel itself: vector t stands for frame t + 2."""
    waves, net = torch.randn(1, 16000), Idnn().eval()
    frames, vectors = LogMel()(waves)[0], FramedLogMel()(waves)[0]
    with torch.no_grad():
        residual = net(vectors) + net.rebuild(vectors)
    torch.testing.assert_close(residual, frames.T[2:-2], rtol=1e-4, atol=1e-3)


def test_a_frame_that_its_neighbors_tell_is_learned():
    """Frames on a line of time are interpolated; a middle that leaves it is not."""
    torch.manual_seed(0)
    net, time = Idnn(12, 3, (32,), 8), torch.arange(-1.0, 2.0)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

    def lines(count):
        place, slope = torch.randn(2, count, 1, 4)
        return (place + slope * time[:, None]).flatten(1)  # (N, 3, 4) -> (N, 12)

    for _ in range(400):
        optimizer.zero_grad()
        net(lines(64)).square().mean().backward()
        optimizer.step()
    known = lines(200)
    broken = known.clone()
    broken[:, 4:8] += 3.0
    with torch.no_grad():
        left, right = (net.eval()(x).square().mean() for x in (known, broken))
    assert left < 0.3 and right > 10 * left


def test_float64_and_gradient():
    torch.manual_seed(0)
    net = Idnn(20, 5, (16,), 8).double()
    net(torch.randn(16, 20, dtype=torch.float64)).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("span", [1, 2, 4, -3])
def test_a_span_without_a_middle_and_neighbors(span):
    words = f"^span is {span}: give an? (odd|whole) number.*, 3 or more$"
    with pytest.raises(ValueError, match=words):
        Idnn(640, span)


def test_vectors_of_another_number_of_frames():
    with pytest.raises(ValueError, match="vectors of 640 numbers are no 3 frames: set span to th"):
        Idnn(640, 3)
    for shape in ((640,), (2, 639), (2, 309, 640)):
        with pytest.raises(ValueError, match=r"^Idnn was made for vectors \(N, 640\), not \("):
            Idnn()(torch.zeros(shape))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"bottleneck": 0}, "bottleneck is 0"),
        ({"bottleneck": -1}, "bottleneck is -1"),
        ({"bottleneck": 2.5}, "bottleneck is 2.5"),
        ({"widths": (8, 0)}, "widths is 0"),
        ({"bands": 0}, "bands is 0"),
    ],
)
def test_a_layer_without_numbers_is_refused(choices, words):
    with pytest.raises(ValueError, match=f"^{words}: give a whole number, 1 or more$"):
        Idnn(**choices)
