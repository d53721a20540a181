"""ROC curves against scikit-learn's points and areas."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from asdkit.figures import roc_figure

RNG = np.random.default_rng(0)
LABEL = np.repeat([0, 1], [60, 40])
SCORES = {
    "good": RNG.normal(size=100) + 2 * LABEL,
    "poor": np.round(RNG.normal(size=100) + 0.3 * LABEL),
}


def test_each_score_has_its_curve_and_its_areas():
    figure = roc_figure(LABEL, SCORES, p=0.2)
    whole, strip = figure.axes
    assert "n = 60 normal, 40 anomalies" in whole.get_title() and "p = 0.2" in strip.get_title()
    assert whole.get_xlim() == (0, 1) and strip.get_xlim() == (0, 0.2)
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    for line, word, (name, score) in zip(whole.lines, words, SCORES.items()):
        assert np.allclose(
            line.get_xydata().T, roc_curve(LABEL, score, drop_intermediate=False)[:2]
        )
        areas = roc_auc_score(LABEL, score), roc_auc_score(LABEL, score, max_fpr=0.2)
        assert word == f"{name}: AUC {areas[0]:.3f}, pAUC {areas[1]:.3f}"
    assert len({line.get_linestyle() for line in whole.lines[:2]}) == 2
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


def test_what_has_no_curve():
    with pytest.raises(ValueError, match="there are 0 scores"):
        roc_figure(LABEL, {})
    with pytest.raises(ValueError, match="there are 7 scores: draw 1 to 6"):
        roc_figure(LABEL, {str(number): SCORES["good"] for number in range(7)})
    with pytest.raises(ValueError, match="100 labels for 3 scores"):
        roc_figure(LABEL, {"short": [1, 2, 3]})
