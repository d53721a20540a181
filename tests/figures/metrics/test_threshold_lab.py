"""A threshold: its counts against a count by hand, its picture against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from asdkit.figures import threshold_figure, threshold_state

LABEL = np.array([0, 0, 0, 0, 1, 1, 1])
SCORE = np.array([0.1, 0.4, 0.4, 0.9, 0.3, 0.8, 0.9])

numbers = st.integers(-5, 5).map(float)
scored = st.tuples(
    st.lists(numbers, min_size=1, max_size=20), st.lists(numbers, min_size=1, max_size=20)
)


def arrays(groups):
    normal, anomaly = groups
    return np.repeat([0, 1], [len(normal), len(anomaly)]), np.array(normal + anomaly)


def test_counts_by_hand():
    state = threshold_state(LABEL, SCORE, 0.4)  # a score at the threshold alarms
    assert state == {
        "threshold": 0.4, "false_alarm_rate": 0.75, "hit_rate": 2 / 3, "false_alarms": 3, "hits": 2,
        "misses": 1,
        "correct_rejections": 1, "precision": 0.4,
    }  # fmt: skip


def test_without_alarms_precision_is_no_number():
    state = threshold_state(LABEL, SCORE, 1.0)
    assert (state["false_alarms"], state["hits"]) == (0, 0) and np.isnan(state["precision"])


@given(scored, numbers)
def test_every_clip_is_counted_once(groups, threshold):
    state = threshold_state(*arrays(groups), threshold)
    assert state["false_alarms"] + state["correct_rejections"] == len(groups[0])
    assert state["hits"] + state["misses"] == len(groups[1])
    assert state["false_alarm_rate"] == sum(score >= threshold for score in groups[0]) / len(
        groups[0]
    )


@given(scored, numbers, numbers)
def test_a_higher_threshold_never_alarms_more(groups, one, other):
    low, high = (threshold_state(*arrays(groups), threshold) for threshold in sorted((one, other)))
    assert low["false_alarms"] >= high["false_alarms"] and low["hits"] >= high["hits"]


@given(scored)
def test_the_extremes(groups):
    label, score = arrays(groups)
    everything, nothing = (
        threshold_state(label, score, threshold) for threshold in (score.min(), score.max() + 1)
    )
    assert everything["false_alarm_rate"] == everything["hit_rate"] == 1
    assert nothing["false_alarm_rate"] == nothing["hit_rate"] == 0


@given(scored)
def test_the_operating_points_are_those_of_the_roc_curve(groups):
    label, score = arrays(groups)
    false_alarm_rate, hit_rate, thresholds = roc_curve(label, score, drop_intermediate=False)
    states = [threshold_state(label, score, threshold) for threshold in thresholds]
    assert [state["false_alarm_rate"] for state in states] == pytest.approx(list(false_alarm_rate))
    assert [state["hit_rate"] for state in states] == pytest.approx(list(hit_rate))


def test_the_picture_shows_what_it_counts():
    figure = threshold_figure(LABEL, SCORE, 0.4)
    scores, roc = figure.axes
    assert "n = 4 normal, 3 anomalies" in scores.get_title()
    assert "false alarms 3 of 4 (75.0%), hits 2 of 3 (66.7%)" in scores.get_title()
    assert f"AUC {roc_auc_score(LABEL, SCORE):.3f}" in roc.get_title()
    assert f"pAUC {roc_auc_score(LABEL, SCORE, max_fpr=0.1):.3f}" in roc.get_title()
    diagonal, curve, point = roc.lines
    assert np.allclose(curve.get_xydata().T, roc_curve(LABEL, SCORE, drop_intermediate=False)[:2])
    assert point.get_xydata()[0] == pytest.approx([0.75, 2 / 3])
    assert scores.lines[0].get_xdata()[0] == 0.4
    # a face and an outline for each group, and the region of alarms
    assert len(scores.patches) == 5
    assert any("alarm from here on" in text.get_text() for text in scores.texts)


def test_gray_is_the_strip_of_the_pauc_and_yellow_what_alarms():
    figure = threshold_figure(LABEL, SCORE, 0.4, p=0.5)
    scores, roc, counts = figure.axes
    colors = [patch.get_facecolor()[:3] for patch in (*scores.patches, *counts.patches)]
    strip = roc.patches[0].get_facecolor()[:3]
    assert strip[0] == strip[1] == strip[2] and strip not in colors
    alarms = scores.patches[-1].get_facecolor()
    assert [patch.get_facecolor() == alarms for patch in counts.patches] == [True] * 2 + [False] * 2


def test_a_few_scores_far_out_stand_at_the_edge_and_are_counted():
    label, score = np.repeat([0, 1], 50), np.r_[np.arange(98.0), 900.0, 10_000.0]
    figure = threshold_figure(label, score, 5_000.0)
    scores, edge = figure.axes[0], np.quantile(score, 0.9)
    assert scores.get_xlim()[1] < 1.1 * edge
    assert any(f"{sum(score > edge)} clips beyond" in text.get_text() for text in scores.texts)
    heights, edges, _ = scores.patches[2].get_data()  # of the anomalies
    assert heights[-1] * np.diff(edges)[-1] == pytest.approx(
        np.mean(score[label == 1] >= edges[-2])
    )
    assert threshold_state(label, score, 5_000.0)["hits"] == 1


def test_with_p_the_strip_ends_there_and_four_counts_are_shown():
    figure = threshold_figure(LABEL, SCORE, 0.4, p=0.5)
    scores, roc, counts = figure.axes
    assert f"pAUC {roc_auc_score(LABEL, SCORE, max_fpr=0.5):.3f}" in roc.get_title()
    assert roc.patches[0].get_width() == 0.5 and "p = 0.5" in roc.texts[0].get_text()
    assert "precision 40%" in counts.get_title() and "recall 67%" in counts.get_title()
    words = [text.get_text() for text in counts.texts]
    assert dict(zip(words[::2], words[1::2])) == {
        "false\nalarms": "3", "hits": "2", "correct\nrejections": "1", "misses": "1",
    }  # fmt: skip


def test_nothing_but_the_threshold_moves():
    first, second = (threshold_figure(LABEL, SCORE, threshold) for threshold in (0.2, 0.7))
    for one, other in zip(first.axes, second.axes):
        assert one.get_xlim() == other.get_xlim() and one.get_ylim() == other.get_ylim()


def test_equal_scores_can_be_drawn():
    assert threshold_figure([0, 1], [1.0, 1.0], 1.0).png()


@pytest.mark.parametrize(
    ("label", "score", "threshold", "sentence"),
    [
        ([0, 0], [0.1, 0.2], 0.1, "all 2 labels are 0"),
        ([1, 1], [0.1, 0.2], 0.1, "all 2 labels are 1"),
        ([0, 1], [0.1, np.nan], 0.1, "score is nan at 1"),
        ([0, 1], [0.1, 0.2], np.nan, "threshold is nan"),
        ([0, 2], [0.1, 0.2], 0.1, "0 \\(normal\\) or 1 \\(anomaly\\)"),
        ([0, 1, 1], [0.1, 0.2], 0.1, "3 labels for 2 scores"),
        ([], [], 0.1, "no values"),
    ],
)
def test_what_cannot_be_judged_is_refused(label, score, threshold, sentence):
    for function in (threshold_state, threshold_figure):
        with pytest.raises(ValueError, match=sentence):
            function(label, score, threshold)
