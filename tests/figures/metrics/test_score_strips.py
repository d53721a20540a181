"""Scores of each id: every clip is drawn once, and both AUCs are those of a count."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from asdkit.figures import score_strips

RNG = np.random.default_rng(0)
LABEL = np.tile([0, 1], 30)
GROUP = np.repeat(["fan/00", "fan/02", "fan/04"], 20)
SCORE = RNG.normal(size=60) + LABEL + 5.0 * (GROUP == "fan/02")


def test_every_clip_stands_in_the_line_of_its_id():
    figure = score_strips(LABEL, SCORE, GROUP)
    ax = figure.axes[0]
    for kind, line in enumerate(ax.lines):
        values, places = line.get_xydata().T
        assert np.array_equal(values, SCORE[kind == LABEL])
        assert np.array_equal(np.round(places), np.repeat([0, 1, 2], 10))
        assert ((places - np.round(places) > 0) == bool(kind)).all()
    rows = [name == GROUP for name in np.unique(GROUP)]
    areas = [roc_auc_score(LABEL[own], SCORE[own]) for own in rows]
    assert [tick.get_text().split("AUC ")[1] for tick in ax.get_yticklabels()] == [
        f"{area:.3f}" for area in areas
    ]
    both = f"averaged AUC {np.mean(areas):.3f}, pooled AUC {roc_auc_score(LABEL, SCORE):.3f}"
    assert both in ax.get_title() and "machine (n = 3)" in ax.get_title()
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


def test_a_clip_far_out_stands_at_the_edge():
    score = np.where(np.arange(60) == 7, 1e6, SCORE)
    ax = score_strips(LABEL, score, GROUP).axes[0]
    assert ax.lines[1].get_xdata().max() == np.quantile(score, 0.9)
    assert "6 clips beyond" in ax.texts[0].get_text()


def test_what_has_no_lines():
    with pytest.raises(ValueError, match="give 60, one for each clip"):
        score_strips(LABEL, SCORE, ["fan/00", "fan/02"])
    with pytest.raises(ValueError, match="fan/02 has clips of one label only"):
        score_strips(np.where(GROUP == "fan/02", 0, LABEL), SCORE, GROUP)
