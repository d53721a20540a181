"""AUC by counting pairs, pAUC by its own trapezoids, and both against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from asdkit import metrics


@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_areas_with_many_ties(pairs, partial_area, data):
    sizes = data.draw(st.tuples(st.integers(1, 25), st.integers(1, 25)))
    label = np.repeat([0, 1], sizes)
    score = np.array(
        data.draw(st.lists(st.integers(-5, 5), min_size=len(label), max_size=len(label))),
        dtype=float,
    )
    p = data.draw(st.sampled_from([0.05, 0.1, 0.37, 0.9]))
    assert metrics.auc(label, score) == pytest.approx(pairs(label, score), abs=1e-12)
    assert metrics.pauc(label, score, p) == pytest.approx(partial_area(label, score, p), abs=1e-12)
    for share in (p, 1.0):
        known = roc_auc_score(label, score, max_fpr=share)
        assert metrics.pauc(label, score, share) == pytest.approx(known, abs=1e-12)
    assert metrics.auc(label, -score) == pytest.approx(1 - metrics.auc(label, score), abs=1e-12)
    assert metrics.auc(label, np.exp(score)) == metrics.auc(label, score)
    assert metrics.pauc(label, score, 1.0) == pytest.approx(metrics.auc(label, score), abs=1e-12)


def test_by_hand():
    assert metrics.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
    assert metrics.auc([0, 1, 1], [1.0, 1.0, 2.0]) == 0.75
    assert metrics.pauc([0, 1], [0.0, 1.0]) == 1.0 and metrics.auc([0, 1], [1.0, 0.0]) == 0.0
    assert metrics.pauc([0, 1], [1.0, 1.0]) == 0.5
    assert isinstance(metrics.auc([0, 1], [0.0, 1.0]), float)
    assert metrics.auc(pd.array([0, 1], dtype="Int64"), [0.0, 1.0]) == 1.0


@pytest.mark.parametrize(
    "metric", [metrics.auc, metrics.pauc, metrics.interval, metrics.placements]
)
def test_what_has_no_area(metric):
    for label in ([0, 0], [1, 1], [0, 2], [0, -1], [0, 0.5]):
        with pytest.raises(ValueError, match=r"normal \(0\) and anomalous \(1\) clips"):
            metric(label, [0.1, 0.2])
    with pytest.raises(ValueError, match="score is (nan|inf|-inf) at 1"):
        metric([0, 1], [0.1, np.nan])
    for label in ([0, 1, np.nan], [0, 1, None], pd.array([0, 1, pd.NA], dtype="Int64")):
        with pytest.raises(ValueError, match="label is nan at 2"):
            metric(label, [0.1, 0.2, 0.3])
    for label in ([0, 1, 1], [], [[0, 1]]):
        with pytest.raises(ValueError, match="has the shape"):
            metric(label, [0.1, 0.2])


@pytest.mark.parametrize("p", [0.0, -0.1, 1.1, 10, float("nan")])
def test_p_is_a_share(p):
    with pytest.raises(ValueError, match="p is (a false alarm rate above 0|nan: give a number)"):
        metrics.pauc([0, 1], [0.1, 0.2], p)
