"""A choice on labels against the same by hand, split by split, and in its limits."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from asdkit import metrics

RNG = np.random.default_rng(5)
LABEL = np.repeat([0, 1], [8, 6])
NOISE = RNG.normal(size=(40, 14))


def test_one_score_leaves_nothing_to_choose():
    score = NOISE[0] + LABEL
    choice = metrics.choose(LABEL, [score], splits=4000)
    np.testing.assert_allclose([choice.known, choice.new], choice.each[0])
    assert abs(choice.new - roc_auc_score(LABEL, score)) < 0.01  # halves have no bias


def test_the_best_of_noise_looks_good_where_it_was_chosen_and_nowhere_else():
    label = np.repeat([0, 1], 200)
    choice = metrics.choose(label, RNG.normal(size=(30, 400)), splits=300)
    assert choice.known > 0.55 and abs(choice.new - 0.5) < 0.03


def test_a_choice_never_looks_worse_where_it_was_made():
    for seed in range(20):
        choice = metrics.choose(LABEL, NOISE[:7], splits=3, seed=seed)
        assert choice.known >= max(choice.new, choice.each.max() - 1e-12)


def test_the_halves_share_no_clip_and_leave_none_out():
    """A score that is right on one half alone is chosen there, and wrong on the other."""
    label = np.array([0, 0, 1, 1])
    scores = [[0, 2, 1, 3], [2, 0, 1, 3], [0, 2, 3, 1], [2, 0, 3, 1]]
    wanted = []
    for normal in (0, 1):
        for anomaly in (2, 3):
            halves = [normal, anomaly], [1 - normal, 5 - anomaly]
            auc = np.array(
                [[roc_auc_score(label[h], np.array(s)[h]) for s in scores] for h in halves]
            )
            best = auc[0].argmax()
            wanted.append((auc[0][best], auc[1][best]))
    choice = metrics.choose(label, scores, splits=20_000)
    np.testing.assert_allclose(choice[:2], np.mean(wanted, axis=0), atol=0.02)


def test_what_cannot_be_split_is_refused():
    with pytest.raises(ValueError, match="one clip has the label 1"):
        metrics.choose([0, 0, 1], [[1, 2, 3]])
    with pytest.raises(ValueError, match="NaN"):
        metrics.choose([0, 0, 1, 1], [[1, 2, 3, np.nan]])
