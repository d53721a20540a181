"""Paired comparisons: against Student's test, against the paired mean area, and on equal scores."""

import numpy as np
import pytest
import scipy

from asdkit import metrics

SECTIONS = {"fan": ["00", "02"], "valve": ["00", "04", "06"]}


@pytest.fixture
def seeds(table):
    """Clips, and four seeds of a good and of a better system that share much of their noise."""
    clips, score = table(SECTIONS)
    noise = np.random.default_rng(0).normal(size=(2, 4, len(score)))
    good = score + 0.3 * noise[0]
    return clips, {"good": good, "better": good + 0.5 * clips["label"].to_numpy() + 0.1 * noise[1]}


def test_the_interval_over_seeds_is_that_of_a_paired_t_test(seeds):
    clips, scores = seeds
    row = metrics.paired(clips, scores, "good").loc["better"]
    ours, theirs = (metrics.mean_auc(clips, scores[name]) for name in ("better", "good"))
    expected = scipy.stats.ttest_rel(ours, theirs).confidence_interval(0.95)
    assert (row["seeds_low"], row["seeds_high"]) == pytest.approx(tuple(expected))
    assert row["lead"] == pytest.approx((ours - theirs).mean()) and row["ahead"] == "4 of 4"
    assert row["auc"] == pytest.approx(ours.mean())


def test_the_interval_over_clips_of_one_seed_is_the_paired_one(seeds):
    clips, scores = seeds
    one = {name: score[0] for name, score in scores.items()}
    row = metrics.paired(clips, one, "good").loc["better"]
    area = metrics.mean_area(clips, one["better"], against=one["good"])
    assert (row["lead"], row["clips_low"], row["clips_high"]) == pytest.approx(tuple(area))
    assert np.isnan(row["seeds_low"]) and row["shows"] == pytest.approx((area[2] - area[1]) / 2)


def test_what_could_be_shown_is_half_the_wider_interval(seeds):
    table = metrics.paired(*seeds, "good")
    row = table.loc["better"]
    halves = [(row[f"{kind}_high"] - row[f"{kind}_low"]) / 2 for kind in ("seeds", "clips")]
    assert row["shows"] == pytest.approx(max(halves))
    assert table.loc["good", "lead"] == 0 and np.isnan(table.loc["good", "shows"])


def test_a_control_without_seeds_meets_every_seed(seeds):
    clips, scores = seeds
    control = scores["good"][0]
    row = metrics.paired(clips, scores | {"control": control}, "good").loc["control"]
    leads = metrics.mean_auc(clips, control) - metrics.mean_auc(clips, scores["good"])
    assert row["lead"] == pytest.approx(leads.mean()) and row["ahead"].endswith("of 4")


def test_equal_scores_lead_by_nothing(seeds):
    clips, scores = seeds
    row = metrics.paired(clips, {"a": scores["good"], "b": 2 * scores["good"]}, "a").loc["b"]
    assert row[["lead", "seeds_low", "clips_low", "clips_high", "shows"]].tolist() == [0.0] * 5
    assert row["ahead"] == "0 of 4"


def test_what_cannot_be_compared(seeds):
    clips, scores = seeds
    with pytest.raises(ValueError, match="against is 'best': give one of 'good', 'better'"):
        metrics.paired(clips, scores, "best")
    with pytest.raises(ValueError, match="seeds differ .good 4, better 3.: pairs need equal"):
        metrics.paired(clips, scores | {"better": scores["better"][:3]}, "good")


def test_a_verdict_takes_both_intervals_and_leaves_out_what_is_not_there(seeds):
    clips, scores = seeds
    scores = scores | {"much": scores["good"] + 3.0 * clips["label"].to_numpy()}
    pairs = [("much", "good"), ("good", "much"), ("good", "good 2"), ("again", "good")]
    again = {"again": scores["good"] + 1e-9}
    found = metrics.verdicts(clips, scores | again, pairs)
    assert found.index.tolist() == [("much", "good"), ("good", "much"), ("again", "good")]
    row = metrics.paired(clips, scores, "good").loc["much"]
    assert found.iloc[0]["low"] == min(row["seeds_low"], row["clips_low"]) > 0
    assert found.iloc[0]["shows"] == row["shows"]
    assert found.iloc[0]["told"] == f"{100 * row['lead']:+.1f} shown"
    assert found["told"].str.split(" ", n=1).str[1].tolist() == [
        "shown", "reverse shown", "not shown"
    ]  # fmt: skip
