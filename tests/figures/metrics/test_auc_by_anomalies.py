"""The AUC against k: Hanley and McNeil's formula, DeLong's by pairs, and the picture."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from asdkit import figures
from asdkit.figures.style import SERIES

RNG = np.random.default_rng(0)
LABEL = np.tile(np.repeat([0, 1], [12, 9]), 2)
GROUP = np.repeat(["fan/00", "fan/01"], 21)
KS = (0, 1, 2, 4, 64)
DRAWN = {k: RNG.normal(size=(1 if not k else 3, 42)) + LABEL * (0.5 + 0.02 * k) for k in KS}
SCORES = {"BCE": DRAWN, "DSAD": {k: -0.5 * DRAWN[k][0] for k in KS}}


def hanley(area, m, n):
    """Hanley and McNeil 1982, eq. 2: variance of an AUC of m anomalies and n normal clips."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    return (
        area * (1 - area) + (m - 1) * (q1 - area**2) + (n - 1) * (q2 - area**2)
    ) / (m * n)  # fmt: skip


def delong(label, score):
    """Sums over pairs."""
    normal, anomaly = score[label == 0], score[label == 1]
    wins = (anomaly[:, None] > normal) + 0.5 * (anomaly[:, None] == normal)
    by_anomaly, by_normal = wins.mean(axis=1), wins.mean(axis=0)
    return by_anomaly.var(ddof=1) / len(anomaly) + by_normal.var(ddof=1) / len(normal)


@pytest.mark.parametrize("method", ["hanley", "delong"])
@pytest.mark.parametrize("group", [None, GROUP])
def test_means_and_intervals(method, group):
    curve = figures.anomaly_curve(LABEL, DRAWN, group, method)
    assert curve["k"].tolist() == list(KS)
    groups = [np.ones(42, bool)] if group is None else [group == name for name in set(group)]
    for place, k in enumerate(KS):
        areas, variances = [], []
        for score in DRAWN[k]:
            own = [roc_auc_score(LABEL[rows], score[rows]) for rows in groups]
            areas.append(np.mean(own))
            each = [
                hanley(area, (LABEL[rows] == 1).sum(), (LABEL[rows] == 0).sum())
                if method == "hanley" else delong(LABEL[rows], score[rows])
                for area, rows in zip(own, groups)
            ]  # fmt: skip
            variances.append(np.sum(each) / len(groups) ** 2)
        reach = 1.959963984540054 * np.sqrt(np.mean(variances))
        np.testing.assert_allclose(curve["auc"][place], areas, rtol=1e-12)
        np.testing.assert_allclose(curve["mean"][place], np.mean(areas), rtol=1e-12)
        ends = max(np.mean(areas) - reach, 0.0), min(np.mean(areas) + reach, 1.0)
        np.testing.assert_allclose([curve["low"][place], curve["high"][place]], ends, rtol=1e-9)


def test_more_draws_of_the_same_clips_make_no_narrower_interval():
    one = figures.anomaly_curve(LABEL, {0: DRAWN[4][:1]})
    many = figures.anomaly_curve(LABEL, {0: np.repeat(DRAWN[4][:1], 50, axis=0)})
    assert many["high"] - many["low"] == pytest.approx(one["high"] - one["low"], rel=1e-9)


def test_the_picture_shows_the_numbers():
    figure = figures.auc_by_anomalies(LABEL, SCORES, GROUP, beside="BCE")
    (ax,) = figure.axes
    assert ax.get_xscale() == "symlog"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [str(k) for k in KS]
    curves = [line for line in ax.lines if line.get_label() in SCORES]
    for line, look, (name, of_k) in zip(curves, SERIES, SCORES.items()):
        np.testing.assert_allclose(
            line.get_ydata(), figures.anomaly_curve(LABEL, of_k, GROUP)["mean"]
        )
        assert line.get_label() == name and line.get_color() == look.color
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told == ["BCE", "DeLong's, BCE", "DSAD"]
    assert len(ax.collections) == 3  # two of Hanley and McNeil, one of DeLong
    assert "n = 24 normal and 18 anomalous" in ax.get_title() and "Hanley" in ax.get_title()
    assert ax.get_xlabel() and ax.get_ylabel() and len(figure.png()) < 60_000


def test_a_control_is_one_level_line_at_its_mean_auc():
    score = DRAWN[4][0]
    ax = figures.auc_by_anomalies(LABEL, SCORES, GROUP, untrained={"mean Gaussian": score}).axes[0]
    (line,) = [line for line in ax.lines if line.get_label().startswith("mean Gaussian")]
    own = [roc_auc_score(LABEL[rows], score[rows]) for rows in (slice(21), slice(21, 42))]
    np.testing.assert_allclose(line.get_ydata(), np.mean(own))


def test_dots_are_the_draws():
    figure = figures.auc_by_anomalies(LABEL, {"BCE": DRAWN}, GROUP)
    drawn = [line for line in figure.axes[0].lines if line.get_marker() == "."]
    curve = figures.anomaly_curve(LABEL, DRAWN, GROUP)
    assert [len(line.get_ydata()) for line in drawn] == [1, 3, 3, 3, 3]
    for line, areas in zip(drawn, curve["auc"]):
        np.testing.assert_allclose(line.get_ydata(), areas)


def test_losses_stand_side_by_side_and_keep_their_k():
    figure = figures.auc_by_anomalies(LABEL, SCORES, GROUP)
    first, second = (line for line in figure.axes[0].lines if line.get_label() in SCORES)
    to_axis = figure.axes[0].transData
    left, right = (
        to_axis.transform(line.get_xydata())[:, 0] for line in (first, second)
    )  # fmt: skip
    middle = to_axis.transform(np.column_stack([KS, np.ones(5)]))[:, 0]
    np.testing.assert_allclose((left + right) / 2, middle, atol=0.5)
    assert (right - left > 3).all()
    doubling = to_axis.transform([[1, 1], [2, 1], [4, 1], [0, 1]])[:, 0]
    np.testing.assert_allclose(np.diff(doubling)[0], [doubling[0] - doubling[3]], rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: figures.auc_by_anomalies(LABEL, {}), "there are 0 losses"),
        (lambda: figures.auc_by_anomalies(LABEL, SCORES, beside="BCE+DSAD"), "no loss 'BCE.DSAD'"),
        (lambda: figures.anomaly_curve(LABEL, {}), "no dict of k"),
        (lambda: figures.anomaly_curve(LABEL, {-1: DRAWN[0]}), "none below 0"),
        (lambda: figures.anomaly_curve(LABEL, {0: DRAWN[0][:, :9]}), "42 labels, 9 scores and 42"),
        (lambda: figures.anomaly_curve(LABEL, DRAWN, method="bootstrap"), "method is 'bootstrap'"),
        (lambda: figures.anomaly_curve(0 * LABEL, DRAWN), "an AUC needs"),
        (lambda: figures.anomaly_curve(LABEL, {0: np.full(42, np.nan)}), "is nan"),
    ],
)  # fmt: skip
def test_what_it_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
