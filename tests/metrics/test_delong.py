"""DeLong against every pair in loops, against the spread of drawn AUCs, and under a true null."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, norm

from asdkit import metrics


def direct(label, scores):
    """The covariance by the formula, over all m times n pairs of each system, in float64."""
    gaps = [score[label == 1][:, None] - score[label == 0][None, :] for score in scores]
    wins = [(gap > 0) + 0.5 * (gap == 0) for gap in gaps]
    aucs = np.array([win.mean() for win in wins])
    m, n = wins[0].shape
    cov = np.empty((len(wins), len(wins)))
    for r, (one, a) in enumerate(zip(wins, aucs)):
        for s, (other, b) in enumerate(zip(wins, aucs)):
            over_anomalies = np.sum((one.mean(axis=1) - a) * (other.mean(axis=1) - b)) / (m - 1)
            over_normals = np.sum((one.mean(axis=0) - a) * (other.mean(axis=0) - b)) / (n - 1)
            cov[r, s] = over_anomalies / m + over_normals / n
    return aucs, cov


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(2, 15), st.integers(2, 15), st.integers(0, 10_000))
def test_ranks_give_what_all_pairs_give(normal, anomaly, seed):
    rng = np.random.default_rng(seed)
    label = rng.permutation(np.repeat([0, 1], [normal, anomaly]))
    scores = (
        rng.integers(0, 6, size=(3, len(label))) + 1.5 * label
    )  # ties within and between the classes
    aucs, cov = metrics.covariance(label, scores)
    right_aucs, right_cov = direct(label, scores)
    np.testing.assert_allclose(aucs, right_aucs, atol=1e-12)
    np.testing.assert_allclose(cov, right_cov, atol=1e-12)
    for score, area in zip(scores, aucs):
        beaten, beating = metrics.placements(label, score)
        assert beaten.mean() == pytest.approx(area) and beating.mean() == pytest.approx(area)


def test_the_variance_is_the_spread_of_aucs_drawn_anew():
    rng = np.random.default_rng(0)
    label = np.repeat([0, 1], [60, 40])
    draws = [rng.normal(size=100) + label for _ in range(1500)]
    spread = np.var([metrics.auc(label, score) for score in draws])
    told = np.mean([metrics.covariance(label, [score])[1][0, 0] for score in draws[:300]])
    assert told == pytest.approx(spread, rel=0.12)  # 1,500 draws know a variance to 3.7 %


def test_p_values_of_equals_are_uniform():
    """Two systems that are equally good and agree in part, compared again and again."""
    rng = np.random.default_rng(0)
    label = np.repeat([0, 1], 50)
    values = []
    for _ in range(500):
        shared = rng.normal(size=100) + 1.2 * label
        values.append(
            metrics.compare(
                label, shared + rng.normal(size=100), shared + rng.normal(size=100)
            ).p_value
        )
    assert kstest(values, "uniform").pvalue > 0.01
    assert 0.02 <= np.mean(np.array(values) < 0.05) <= 0.09


def test_a_comparison_is_its_formula_and_finds_a_difference():
    rng = np.random.default_rng(3)
    label = np.repeat([0, 1], 80)
    hard = rng.normal(size=160)
    good, poor = hard + 2 * label, hard + 0.5 * label + 0.3 * rng.normal(size=160)
    aucs, cov = direct(label, [good, poor])
    deviation = np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    result = metrics.compare(label, good, poor)
    gap = aucs[0] - aucs[1]
    assert result == pytest.approx(
        (
            gap,
            gap - 1.959963984540054 * deviation,
            gap + 1.959963984540054 * deviation,
            2 * norm.cdf(-gap / deviation),
        )
    )
    assert result.p_value < 1e-6 and result.low > 0
    other = metrics.compare(label, poor, good)
    assert (other.difference, other.p_value) == pytest.approx((-result.difference, result.p_value))


def test_pairing_makes_the_interval_narrower():
    rng = np.random.default_rng(4)
    label = np.repeat([0, 1], 100)
    hard = rng.normal(size=200) + label
    one, other = (hard + 0.2 * rng.normal(size=200) for _ in range(2))
    result = metrics.compare(label, one, other)
    apart = (
        2
        * 1.96
        * np.sqrt(sum(metrics.covariance(label, [score])[1][0, 0] for score in (one, other)))
    )
    assert result.high - result.low < 0.5 * apart


def test_same_scores_do_not_differ():
    rng = np.random.default_rng(5)
    label = np.repeat([0, 1], 30)
    score = rng.normal(size=60) + label
    assert metrics.compare(label, score, score) == (0.0, 0.0, 0.0, 1.0)
    assert metrics.compare(label, score, np.exp(score)).p_value == 1.0  # the same order
    assert metrics.compare([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1]) == (1.0, 1.0, 1.0, 0.0)


def test_what_cannot_be_compared():
    with pytest.raises(ValueError, match="a variance needs two of each"):
        metrics.compare([0, 0, 1], [1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match=r"score has the shape \(3,\): give 4"):
        metrics.compare([0, 0, 1, 1], [1, 2, 3, 4], [1, 2, 3])
    with pytest.raises(ValueError, match="level is a share between 0 and 1, not 95"):
        metrics.compare([0, 0, 1, 1], [1, 2, 3, 4], [1, 2, 3, 4], level=95)
    with pytest.raises(ValueError, match="score is (nan|inf) at 2"):
        metrics.compare([0, 0, 1, 1], [1, 2, 3, 4], [1, 2, np.nan, 3])
