"""Thresholds against the distribution they come from, and decisions against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import confusion_matrix, f1_score, precision_score, recall_score

from asdkit import metrics
from asdkit.metrics.alarms import gamma_fit


@given(
    st.lists(st.integers(-20, 20), min_size=1, max_size=60),
    st.sampled_from([0.01, 0.1, 0.25, 0.5, 0.9]),
)
def test_the_percentile_is_the_smallest_score_that_few_others_exceed(score, rate):
    limit = metrics.threshold(score, rate)
    allowed = rate * (len(score) - 1) + 1e-9
    fits = [one for one in score if sum(other > one for other in score) <= allowed]
    assert limit == min(fits)


@given(score=st.lists(st.integers(0, 9), min_size=2, max_size=30), rate=st.floats(0.01, 0.99))
def test_the_rate_of_clips_left_out_is_that_of_one_threshold_each(score, rate):
    alarms = [
        one >= metrics.threshold(score[:at] + score[at + 1 :], rate) for at, one in enumerate(score)
    ]
    assert metrics.left_out_rate(score, rate) == pytest.approx(np.mean(alarms))
    with pytest.raises(ValueError, match="one clip, which has no others"):
        metrics.left_out_rate(score[:1], rate)


def test_the_gamma_threshold_is_a_quantile_of_the_likeliest_gamma():
    drawn = stats.gamma.rvs(2.5, loc=3.0, scale=1.7, size=4000, random_state=0)
    for rate in (0.1, 0.01):
        truth = stats.gamma.ppf(1 - rate, 2.5, loc=3.0, scale=1.7)
        assert metrics.threshold(drawn, rate, "gamma") == pytest.approx(truth, rel=0.04)
    fitted = gamma_fit(drawn)
    likelihood = stats.gamma.logpdf(drawn, *fitted).sum()
    assert likelihood >= stats.gamma.logpdf(drawn, 2.5, 3.0, 1.7).sum()
    for number in range(3):  # a maximum: no step to any side makes it likelier
        for factor in (0.97, 1.03):
            moved = [
                value * (factor if place == number else 1.0) for place, value in enumerate(fitted)
            ]
            assert stats.gamma.logpdf(drawn, *moved).sum() < likelihood


@pytest.mark.parametrize("method", ["percentile", "gamma"])
def test_a_threshold_keeps_its_rate_on_new_clips_of_the_same_kind(method):
    rng = np.random.default_rng(0)
    rates = [
        np.mean(rng.gamma(3, size=500) >= metrics.threshold(rng.gamma(3, size=300), 0.1, method))
        for _ in "abcde"
    ]
    assert np.mean(rates) == pytest.approx(0.1, abs=0.02)


def test_what_gives_no_threshold():
    for score in ([], [0.1, np.nan], [[0.1, 0.2]], [np.inf]):
        with pytest.raises(ValueError, match=r"^score (is|has the shape) .*: give "):
            metrics.threshold(score)
    for rate in (0, 1, 10, float("nan")):
        with pytest.raises(ValueError, match="rate is a share between 0 and 1"):
            metrics.threshold([0.1, 0.2], rate)
    with pytest.raises(ValueError, match="method is 'max': choose one of percentile, gamma"):
        metrics.threshold([0.1, 0.2], method="max")
    with pytest.raises(ValueError, match="all 3 training scores are equal"):
        metrics.threshold([0.5, 0.5, 0.5], method="gamma")


def test_a_fit_that_does_not_end_is_told(monkeypatch):
    def fails(score):
        raise stats.FitError("no minimum")

    monkeypatch.setattr(stats.gamma, "fit", fails)
    with pytest.raises(
        ValueError, match="no gamma distribution fits these scores .*take method='percentile'"
    ):
        metrics.threshold([0.1, 0.2, 0.4], method="gamma")


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 1000))
def test_decisions_are_those_of_scikit_learn(table, part, seed):
    clips, score = table({"fan": ["00", "01"]}, seed=seed, ties=True)
    result = metrics.decisions(clips, score, {"fan/00": 0.0, "fan/01": 1.0})
    assert result["domain"].tolist() == ["source", "target", "both"] * 2
    for row in result.itertuples():
        wanted = {"section": row.section} | ({} if row.domain == "both" else {"domain": row.domain})
        label, some = part(clips, score, **wanted)
        assert row.threshold == {"00": 0.0, "01": 1.0}[row.section]
        alarm = some >= row.threshold
        (right, false), (missed, hits) = confusion_matrix(label, alarm)
        assert (row.false_alarms, row.hits, row.normal, row.anomaly) == (
            false,
            hits,
            false + right,
            hits + missed,
        )
        if hits + false:
            assert row.precision == pytest.approx(precision_score(label, alarm))
        assert row.recall == pytest.approx(recall_score(label, alarm))
        assert row.f1 == pytest.approx(f1_score(label, alarm))


def test_a_number_a_dict_and_a_series_decide_alike(table):
    clips, score = table({"fan": ["00", "01"]})
    named = {"fan/00": 0.5, "fan/01": 0.5, "pump/00": 9.0}
    one = metrics.decisions(clips, score, 0.5)
    assert one.equals(metrics.decisions(clips, score, named))
    assert one.equals(metrics.decisions(clips, score, pd.Series(named)))


def test_a_share_of_nothing_is_a_gap(table):
    clips, score = table({"fan": ["00"]}, ["source"])
    quiet = metrics.decisions(clips, score, 1e9).iloc[0]
    assert quiet["f1"] == quiet["recall"] == 0 and np.isnan(quiet["precision"])
    normal = (clips["label"] == 0).to_numpy()
    only = metrics.decisions(clips[normal], score[normal], 1e9).iloc[0]
    assert np.isnan([only["recall"], only["precision"], only["f1"]]).all() and only["anomaly"] == 0


def test_a_threshold_that_cannot_decide(table):
    clips, score = table({"fan": ["00"]})
    with pytest.raises(
        ValueError, match="no threshold for fan/00: there are some for fan/01, pump/00"
    ):
        metrics.decisions(clips, score, {"fan/01": 0.0, "pump/00": 1.0})
    with pytest.raises(ValueError, match="the threshold of fan/00 is nan"):
        metrics.decisions(clips, score, float("nan"))
    with pytest.raises(ValueError, match="a threshold is a number, or a dict or Series"):
        metrics.decisions(clips, score, score)
