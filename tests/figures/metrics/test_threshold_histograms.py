"""Thresholds of groups: every score is counted, and the titles tell what the new clips show."""

import numpy as np
import pytest

from asdkit.figures import threshold_histograms

NORMAL = {f"fan/{number:02d}": np.arange(10.0) + number for number in range(14)}
LIMITS = {name: score[8] for name, score in NORMAL.items()}


def test_every_score_is_drawn_and_every_alarm_counted():
    new = {"fan/01": np.array([0.0, 9.0, 9.0, 20.0])}
    figure = threshold_histograms(NORMAL, LIMITS, rate=0.2, fresh=new)
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title().split(":")[0] for ax in shown] == list(NORMAL)[:12]
    assert shown[1].get_title() == "fan/01: 3 of 4 new alarm (75 %)"
    assert shown[0].get_title() == "fan/00: no new normal clips"
    assert figure.get_suptitle() == "Thresholds at a rate of 20 %, first 12 of 14 groups"
    for ax, name in zip(shown, NORMAL):
        assert ax.patches[0].get_data().values.sum() == 10
        assert list(ax.lines[0].get_xdata()) == [LIMITS[name]] * 2
    assert len(figure.legends[0].get_texts()) == 3


@pytest.mark.parametrize("score", [0.0, 1e9, -3e-9])
def test_scores_that_are_equal_or_nearly_so_are_drawn(score):
    nearly = score * (1 + 1e-15 * np.arange(5))
    figure = threshold_histograms({"fan/00": nearly}, {"fan/00": nearly[2]})
    assert figure.axes[0].patches[0].get_data().values.sum() == 5


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="normal is empty: give the scores"):
        threshold_histograms({}, {})
    with pytest.raises(ValueError, match="fan/00 has no threshold: give one of each group"):
        threshold_histograms(NORMAL, {})
    with pytest.raises(ValueError, match="rate is a share between 0 and 1, not 2"):
        threshold_histograms(NORMAL, LIMITS, rate=2)
