"""The threshold to move: what a hand does in the browser, driven from here."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from asdkit import views

RNG = np.random.default_rng(0)
LABEL = np.repeat([0, 1], [40, 20])
SCORE = np.concatenate([RNG.normal(0, 1, 40), RNG.normal(2, 1, 20)])


@pytest.fixture
def view():
    return views.ThresholdView(LABEL, SCORE)


def test_it_starts_between_the_groups(view):
    assert SCORE[LABEL == 0].mean() < view.state["threshold"] < SCORE[LABEL == 1].mean()
    assert views.ThresholdView(LABEL, SCORE, threshold=0.5).state["threshold"] == 0.5


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(1.25) is view
    assert view.state == views.threshold_state(LABEL, SCORE, 1.25)
    assert view.image.value != picture and view.text.value != text
    alarms = np.sum(SCORE[LABEL == 0] >= 1.25), np.sum(SCORE[LABEL == 1] >= 1.25)
    assert f"threshold 1.25: false alarms {alarms[0]} of 40" in view.text.value
    assert f"hits {alarms[1]} of 20" in view.text.value
    assert f"false alarms {alarms[0]} of 40" in view.figure().axes[0].get_title()


def test_the_slider_reaches_both_extremes(view):
    view.set(view.thresholds[0])
    assert (view.state["correct_rejections"], view.state["misses"]) == (0, 0)
    view.set(view.thresholds[-1])
    assert (view.state["false_alarms"], view.state["hits"]) == (0, 0)


@pytest.mark.parametrize("threshold", [-100.0, 100.0, float("nan")])
def test_a_threshold_outside_the_slider_is_refused(view, threshold):
    with pytest.raises(ValueError, match="the slider goes from"):
        view.set(threshold)


def test_a_cell_shows_the_widget_and_a_page_its_counts(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "false alarms" in repr(view)


def test_a_step_passes_few_clips_however_far_out_some_scores_lie():
    score = np.where(np.arange(60) == 50, 1e6, SCORE)
    view = views.ThresholdView(LABEL, score, threshold=1.0)
    alarms = [np.sum(score >= threshold) for threshold in view.thresholds]
    assert alarms[0] == 60 and alarms[-1] == 0 and 1.0 in view.thresholds
    assert np.abs(np.diff(alarms)).max() <= 1  # an even axis would pass all but one at once


def test_equal_scores_still_have_a_slider():
    view = views.ThresholdView([0, 1], [1.0, 1.0])
    assert view.thresholds[0] < 1.0 < view.thresholds[-1]


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="all 3 labels are 0"):
        views.ThresholdView([0, 0, 0], [1.0, 2.0, 3.0])


def test_with_p_a_second_slider_moves_the_pauc():
    view = views.ThresholdView(LABEL, SCORE, threshold=1.0, p=0.1)
    assert view.p in view.box.children and len(view.box.children) == 5  # names are the last
    first, picture = view.state, view.image.value
    assert first == views.threshold_state(LABEL, SCORE, 1.0, p=0.1)
    assert first["pauc"] == pytest.approx(roc_auc_score(LABEL, SCORE, max_fpr=0.1))
    wide = view.set(p=1.0).state
    assert (
        wide["pauc"] == pytest.approx(roc_auc_score(LABEL, SCORE)) and view.image.value != picture
    )
    assert {name: wide[name] for name in ("threshold", "hits")} == {
        name: first[name] for name in ("threshold", "hits")
    }
    assert (
        "pAUC up to p = 1:" in view.text.value
        and f"pAUC {wide['pauc']:.3f}" in view.figure().axes[1].get_title()
    )
    moved = view.set(0.25, p=0.5).state
    assert (moved["threshold"], moved["p"]) == (0.25, 0.5)


def test_without_p_there_is_no_second_slider(view):
    assert "p" not in view.controls and "pAUC" not in view.text.value and "p" not in view.state
    with pytest.raises(ValueError, match="this view has no slider for p: make it with"):
        view.set(p=0.5)


@pytest.mark.parametrize("p", [0.0, 0.001, 1.1, 10, float("nan")])
def test_a_p_that_is_no_share_moves_nothing(p):
    view = views.ThresholdView(LABEL, SCORE, threshold=1.0, p=0.1)
    for act in (lambda: view.set(0.5, p=p), lambda: views.ThresholdView(LABEL, SCORE, p=p)):
        with pytest.raises(ValueError, match="p cannot be .*: give one of 0.01, 0.02, ..., 1.0"):
            act()
    assert (view.state["threshold"], view.state["p"]) == (1.0, 0.1)


def test_every_percent_can_be_set_and_is_exact():
    view = views.ThresholdView([0, 1], [0.0, 1.0], p=0.5)
    for percent in (1, 7, 29, 57, 58, 100):
        assert view.set(p=percent / 100).state["p"] == percent / 100
