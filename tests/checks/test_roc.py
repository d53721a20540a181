"""Curves and areas of the checks, beside those of scikit-learn, with ties and without."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from asdkit.checks import roc


@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_curves_and_areas_are_those_of_scikit_learn(decimals):
    rng = np.random.default_rng(decimals)
    for size in (4, 9, 36, 80):
        label = rng.permutation(np.arange(size) % 3 % 2)
        score = np.round(rng.normal(size=size) + label, decimals)
        mine, theirs = (
            [*zip(*rates)] for rates in (roc.corners(label, score), roc_curve(label, score)[:2])
        )
        assert mine in (theirs, theirs[:1] + theirs[2:])  # which keeps a second on a straight line
        assert roc.area(label, score) == pytest.approx(roc_auc_score(label, score))
        for p in (0.05, 0.1, 0.7):
            assert roc.partial(label, score, p) == pytest.approx(
                roc_auc_score(label, score, max_fpr=p)
            )
