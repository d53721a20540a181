"""Intervals: how often they hold the truth, and both methods beside each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from asdkit import metrics

TRUTH = norm.cdf(1 / np.sqrt(2))  # of scores one deviation apart


@settings(deadline=None, derandomize=True, max_examples=30)
@given(data=st.data())
def test_areas_of_counted_clips_are_those_of_repeated_clips(partial_area, data):
    sizes = data.draw(st.tuples(st.integers(1, 25), st.integers(1, 25)))
    label = np.repeat([0, 1], sizes)
    score = np.array(
        data.draw(st.lists(st.integers(-5, 5), min_size=len(label), max_size=len(label))),
        dtype=float,
    )
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    counts = rng.integers(0, 4, size=(5, len(label)))
    counts[:, [0, -1]] += 1
    p = data.draw(st.sampled_from([0.05, 0.1, 0.37, 1.0]))
    for area, count in zip(metrics.areas(label, score, counts, p), counts):
        repeated = np.repeat(label, count), np.repeat(score, count)
        assert area == pytest.approx(partial_area(*repeated, p), abs=1e-12)


@pytest.mark.parametrize("method", ["bootstrap", "delong", "hanley"])
def test_an_interval_covers_the_truth_as_often_as_it_says(method):
    """Scores of 30 normal and 30 anomalous clips, one deviation apart, drawn again and again."""
    rng = np.random.default_rng(0)
    label = np.repeat([0, 1], 30)
    inside = {0.95: 0, 0.6: 0}
    for seed in range(150):
        score = rng.normal(size=60) + label
        for level in inside:
            low, high = metrics.interval(
                label, score, level=level, samples=100, seed=seed, method=method
            )
            inside[level] += low <= TRUTH <= high
    assert 0.87 <= inside[0.95] / 150 <= 0.99
    assert 0.45 <= inside[0.6] / 150 <= 0.75


def test_both_methods_agree_where_there_are_many_clips():
    rng = np.random.default_rng(1)
    label = np.repeat([0, 1], [400, 300])
    score = rng.normal(size=700) + label
    bootstrap = np.array(metrics.interval(label, score, samples=2000))
    delong = np.array(metrics.interval(label, score, method="delong"))
    assert np.abs(bootstrap - delong).max() < 0.1 * (delong[1] - delong[0])


def test_delong_is_the_normal_quantile_around_the_auc():
    rng = np.random.default_rng(2)
    label = np.repeat([0, 1], 20)
    score = rng.normal(size=40) + label
    (auc,), variance = metrics.covariance(label, [score])
    low, high = metrics.interval(label, score, level=0.9, method="delong")
    reach = 1.6448536269514722 * np.sqrt(variance[0, 0])
    assert (low, high) == pytest.approx((auc - reach, auc + reach))
    assert metrics.interval([0, 0, 1, 1], [1, 3, 2, 4], method="delong")[1] == 1.0  # cut


def test_hanley_and_mcneil_know_the_spread_where_scores_are_exponential():
    """The AUC of many samples varies as their formula says: theirs at 0.65 beside 2 / 3."""
    rng, label = np.random.default_rng(0), np.repeat([0, 1], [20, 10])
    drawn = rng.exponential(np.where(label, 2.0, 1.0), size=(4000, 30))
    spread = np.std([metrics.auc(label, score) for score in drawn])
    label = np.repeat([0, 0, 0, 1], [6, 7, 7, 10])
    score = np.repeat([0.0, 0.0, 2.0, 1.0], [6, 7, 7, 10])
    assert metrics.auc(label, score) == pytest.approx(0.65)
    low, high = metrics.interval(label, score, level=0.6826894921370859, method="hanley")
    assert (high - low) / 2 == pytest.approx(spread, rel=0.05)  # one deviation to each side


def test_both_kinds_are_in_every_draw_of_an_interval():
    assert metrics.interval([0, 0, 0, 1], [0.1, 0.2, 0.3, 0.9]) == (1.0, 1.0)
    low, high = metrics.interval([0, 0, 0, 1], [0.1, 0.2, 0.9, 0.5])
    assert 0.0 <= low < high <= 1.0


def test_an_interval_is_repeatable_and_narrows_with_more_clips():
    rng = np.random.default_rng(0)
    widths = []
    for count in (10, 160):
        label = np.repeat([0, 1], count)
        score = rng.normal(size=2 * count) + label
        low, high = metrics.interval(label, score, samples=200)
        assert (low, high) == metrics.interval(label, score, samples=200)
        widths.append(high - low)
    assert 2 < widths[0] / widths[1] < 8


def test_what_has_no_interval():
    label, score = [0, 0, 1, 1], [1, 3, 2, 4]
    with pytest.raises(ValueError, match="is 'jackknife': choose one of bootstrap, delong, hanley"):
        metrics.interval(label, score, method="jackknife")
    for method in ("delong", "hanley"):
        with pytest.raises(ValueError, match="take method='bootstrap' for the pAUC up to 0.1"):
            metrics.interval(label, score, p=0.1, method=method)
    with pytest.raises(
        ValueError, match="3 normal clips and 1 anomalies: a variance needs two of each"
    ):
        metrics.interval([0, 0, 0, 1], score, method="delong")
    for p in (0, -1, 10):
        with pytest.raises(ValueError, match="p is a false alarm rate above 0 and up to 1"):
            metrics.interval(label, score, p)
    for level in (0, 1, 95):
        with pytest.raises(ValueError, match="level is a share between 0 and 1"):
            metrics.interval(label, score, level=level)
