"""Means over sections and their intervals: against scikit-learn, against DeLong's variance, and on
equal scores.
"""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from asdkit import metrics

SECTIONS = {"fan": ["00", "02"], "valve": ["00", "04", "06"]}


@pytest.mark.parametrize("ties", [False, True])
def test_the_mean_is_that_of_the_sections(table, part, ties):
    clips, score = table(SECTIONS, ties=ties)
    whole, partial = [], []
    for machine, section in ((m, s) for m in SECTIONS for s in SECTIONS[m]):
        own = part(clips, score, machine=machine, section=section)
        whole.append(roc_auc_score(*own))
        partial.append(roc_auc_score(*own, max_fpr=0.1))
    assert metrics.mean_area(clips, score).mean == pytest.approx(np.mean(whole))
    found = metrics.mean_area(clips, score, p=0.1)
    assert found.mean == pytest.approx(np.mean(partial)) and found.low < found.mean < found.high


def test_the_width_is_that_of_delong(table, part):
    clips, score = table({"fan": ["00", "02", "04"]}, seed=1)
    variance = sum(
        metrics.covariance(own[0], [own[1]])[1][0, 0]
        for own in (part(clips, score, section=section) for section in ("00", "02", "04"))
    )
    found = metrics.mean_area(clips, score, samples=4000)
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(variance) / 3, rel=0.12)


def test_a_difference_is_paired(table):
    clips, score = table(SECTIONS)
    noise = np.random.default_rng(0).normal(size=len(score))
    near, far = score + 0.05 * noise, np.random.default_rng(1).normal(size=len(score))
    assert metrics.mean_area(clips, score, against=2 * score + 1) == (0.0, 0.0, 0.0)
    lead = metrics.mean_area(clips, score, against=far)
    assert lead.mean == pytest.approx(
        metrics.mean_area(clips, score).mean - metrics.mean_area(clips, far).mean
    )
    close = metrics.mean_area(clips, score, against=near)
    assert close.high - close.low < 0.5 * (lead.high - lead.low)
    back = metrics.mean_area(clips, near, against=score)
    assert back == pytest.approx((-close.mean, -close.high, -close.low))


def test_order_and_index_of_the_table_do_not_count(table):
    clips, score = table(SECTIONS)
    again = metrics.mean_area(clips.reset_index(drop=True), score)
    assert metrics.mean_area(clips, score) == again == metrics.mean_area(clips, score, seed=0)
    assert metrics.mean_area(clips, score, seed=1)[1:] != again[1:]
    narrow = metrics.mean_area(clips, score, level=0.5)
    assert narrow.low > again.low and narrow.high < again.high


def test_what_has_no_mean(table):
    clips, score = table(SECTIONS)
    with pytest.raises(ValueError, match=r"score has the shape \(3,\): give "):
        metrics.mean_area(clips, score[:3])
    with pytest.raises(ValueError, match=r"score has the shape \(3,\): give "):
        metrics.mean_area(clips, score, against=score[:3])
    with pytest.raises(ValueError, match="p is a false alarm rate above 0 and up to 1, not 1.5"):
        metrics.mean_area(clips, score, p=1.5)
    with pytest.raises(ValueError, match="level is a share"):
        metrics.mean_area(clips, score, level=95)
    healthy = clips["label"].where((clips["machine"] != "valve") | (clips["section"] != "04"), 0)
    with pytest.raises(ValueError, match="valve section 04: an AUC needs normal"):
        metrics.mean_area(clips.assign(label=healthy), score)


def test_the_mean_auc_of_one_seed_and_of_several(table):
    clips, score = table(SECTIONS)
    assert metrics.mean_auc(clips, score) == pytest.approx(metrics.mean_area(clips, score).mean)
    several = np.stack([score, -score])
    assert metrics.mean_auc(clips, several).tolist() == [
        metrics.mean_auc(clips, score), pytest.approx(1 - metrics.mean_auc(clips, score))
    ]  # fmt: skip
