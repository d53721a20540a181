"""Block by block is all at once, and a wrong count is told."""

import pytest
import torch

from asdkit.features import Chain, LogMel, Spectrum, extract, temporal_max

WAVES = torch.randn(10, 4000, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("count", [None, 10])
@pytest.mark.parametrize("feature", [Spectrum(), Chain(LogMel(), temporal_max), LogMel()])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_blocks_do_not_matter(count, feature, dtype):
    waves = WAVES.to(dtype)
    x = extract(
        (waves[start : start + 3] for start in range(0, 10, 3)), feature, count, device="cpu"
    )
    assert x.dtype == dtype
    torch.testing.assert_close(x, feature(waves), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(9, "hold more than count = 9 clips"), (11, "hold 10 clips, not count = 11: check")],
)
def test_a_wrong_count_is_told(count, sentence):
    with pytest.raises(ValueError, match=sentence):
        extract(WAVES.split(4), Spectrum(), count)


@pytest.mark.parametrize("count", [None, 3])
def test_no_clips_are_told(count):
    with pytest.raises(ValueError, match="the blocks hold 0 clips: check the table"):
        extract([], Spectrum(), count)


def test_no_graph_is_kept():
    weight = torch.nn.Parameter(torch.ones(1))
    assert not extract(WAVES.split(4), lambda waves: waves * weight).requires_grad
