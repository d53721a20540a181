"""Which clips make a batch."""

from collections import Counter

import pytest
import torch

from asdkit import train
from asdkit.losses import ANOMALY, NORMAL, OUTLIER
from asdkit.train.batches import take


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    "count, size, sizes", [(50, 20, [16, 17, 17]), (64, 64, [64]), (65, 64, [32, 33]), (3, 5, [3])]
)
def test_every_clip_once_in_batches_of_nearly_equal_size(count, size, sizes):
    batches = train.shuffled(torch.zeros(count), batch_size=size, generator=chance())
    assert sorted(map(len, batches)) == sizes
    assert sorted(torch.cat(batches).tolist()) == list(range(count))
    again, other = [torch.cat(train.shuffled(torch.zeros(50), 20, chance(seed))) for seed in (1, 2)]
    assert not torch.equal(again, other)
    assert torch.equal(again, torch.cat(train.shuffled(torch.zeros(50), 20, chance(1))))


def roles(normal, outlier, anomaly=0):
    y = torch.tensor([NORMAL] * normal + [OUTLIER] * outlier + [ANOMALY] * anomaly)
    return y[torch.randperm(len(y), generator=chance(9))]


def test_so_many_of_each_role_in_every_batch():
    """[DDC] IV: 32 normal clips, 31 outliers and 1 true anomaly, whatever their share is."""
    y = roles(40, 500, 3)
    batches = train.balanced(y, normal=32, outlier=31, anomaly=1, steps=25, generator=chance())
    assert len(batches) == 25
    for rows in batches:
        assert Counter(y[rows].tolist()) == {NORMAL: 32, OUTLIER: 31, ANOMALY: 1}
    drawn = Counter(torch.cat(batches).tolist())
    for role, total in ((NORMAL, 32 * 25), (OUTLIER, 31 * 25), (ANOMALY, 25)):
        times = [drawn[row] for row in torch.nonzero(y == role)[:, 0].tolist()]
        assert (
            sum(times) == total and max(times) - min(times) <= 1
        )  # all were seen before one came again
    again = train.balanced(y, normal=32, outlier=31, anomaly=1, steps=25, generator=chance())
    assert all(map(torch.equal, batches, again))
    other = train.balanced(y, normal=32, outlier=31, anomaly=1, steps=25, generator=chance(1))
    assert not all(map(torch.equal, batches, other))


@pytest.mark.parametrize(
    ("y", "counts", "words"),
    [
        (
            roles(4, 9),
            {"anomaly": 1},
            "takes 1 of the role anomaly, and 0 clips have it: set anomaly so that",
        ),
        (
            roles(4, 9, 2),
            {},
            "takes 0 of the role anomaly, and 2 clips have it: set anomaly so that",
        ),
        (roles(4, 0), {}, "takes 32 of the role outlier, and 0 clips have it"),
        (roles(4, 3), {"normal": 0}, "takes 0 of the role normal, and 4 clips have it"),
        (roles(4, 3), {"normal": -1}, "normal is -1: give a whole number, 0 or more"),
        (roles(4, 3), {"steps": 0}, "steps is 0: give a whole number, 1 or more"),
    ],
)
def test_a_role_without_clips_and_clips_without_a_role(y, counts, words):
    with pytest.raises(ValueError, match=words):
        train.balanced(y, **counts)


def test_rows_are_taken_of_a_tensor_and_of_each_of_a_tuple():
    x, rows = torch.arange(12).view(6, 2), torch.tensor([4, 0])
    assert take(x, rows).tolist() == [[8, 9], [0, 1]]
    one, other = take((x, -x), rows)
    assert torch.equal(one, x[rows]) and torch.equal(other, -x[rows])
