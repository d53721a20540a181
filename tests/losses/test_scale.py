"""The adaptive scale, brick by brick."""

import math

import pytest
import torch

from asdkit.losses import SubClusterAdaCos, cosine
from asdkit.losses.scale import (
    check_scale,
    exact_start,
    factors,
    initial_scale,
    log_mean_exp_sum,
    nearest_rank_median,
    next_scale,
    path,
)


def test_the_start_by_hand():
    assert initial_scale(41) == pytest.approx(1.4142135623730951 * math.log(40), rel=1e-15)
    assert initial_scale(3) == pytest.approx(0.9802581434685472, rel=1e-12)
    for count in (1, 2):
        with pytest.raises(ValueError, match=f"3 centers or more, not {count}"):
            initial_scale(count)


def test_log_mean_exp_sum_by_hand_and_without_overflow():
    logits = torch.tensor([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]], dtype=torch.float64)
    expected = math.log(sum(math.exp(value) for row in logits.tolist() for value in row) / 3)
    assert log_mean_exp_sum(logits).item() == pytest.approx(expected, rel=1e-14)
    assert log_mean_exp_sum(logits + 5000).item() == pytest.approx(expected + 5000, rel=1e-14)
    assert log_mean_exp_sum(logits - 5000).item() == pytest.approx(expected - 5000, rel=1e-14)


@pytest.mark.parametrize(
    "median, divisor", [(0.0, 1.0), (0.5, math.cos(0.5)), (0.8, 0.5**0.5), (2.0, 0.5**0.5)]
)
def test_the_median_counts_up_to_a_quarter_of_pi(median, divisor):
    value = next_scale(
        torch.tensor(3.0, dtype=torch.float64), torch.tensor(median, dtype=torch.float64)
    )
    assert value.item() == pytest.approx(3.0 / divisor, rel=1e-14)


@pytest.mark.parametrize(
    "count, rank", [(1, 0), (2, 0), (3, 1), (4, 2), (6, 2), (8, 4), (16, 8), (64, 32)]
)
def test_nearest_rank_median(count, rank):
    """Halves round to the even rank: (N - 1) / 2 = 0.5, 1.5, 2.5, 3.5, 7.5, 31.5 become 0, 2, 2, 4,
    8, 32.
    """
    values = torch.arange(float(count))[torch.randperm(count)]
    assert nearest_rank_median(values).item() == rank


def test_the_first_scale_is_kept_exact_and_a_later_one_is_kept():
    start = math.sqrt(2) * math.log(10)
    rounded = torch.tensor(start).double()
    assert rounded.item() != start and exact_start(rounded, start).item() == start
    assert exact_start(torch.tensor(7.5, dtype=torch.float64), start).item() == 7.5


@pytest.mark.parametrize("scale", [0.0, -30.0, math.inf, math.nan])
def test_a_chosen_scale_is_positive(scale):
    check_scale(1e-6)
    with pytest.raises(ValueError, match="alpha is .*: give a positive number"):
        check_scale(scale, "alpha")


def test_factors_are_the_steps_of_a_loss_at_each_scale():
    x, y = torch.randn(12, 4, dtype=torch.float64), torch.arange(12) % 3
    loss = SubClusterAdaCos(4, 3, sub_clusters=2).double()
    cos = cosine(x, loss.centers).detach()
    loss(x, y)
    scales, found = torch.tensor([2.0, 9.0, 500.0], dtype=torch.float64), []
    for scale in scales:
        loss.scale.fill_(scale)
        loss(x, y)
        found.append(loss.scale.item() / scale.item())
    assert factors(cos.flatten(1), loss.median, scales).tolist() == pytest.approx(found, rel=1e-12)


def test_a_path_grows_by_a_logarithm_where_each_clip_is_on_a_center():
    on = torch.eye(8, dtype=torch.float64)  # e^s' = e^s + K - 1
    found = path(on, torch.tensor(0.0, dtype=torch.float64), steps=40)
    start = math.exp(initial_scale(8))
    expected = [math.log(start + 7 * step) for step in range(41)]
    assert found.tolist() == pytest.approx(expected, rel=1e-12)
