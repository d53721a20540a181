"""[DDC] eq. 5 against loops and scikit-learn, and its picture."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from asdkit import backends, figures
from asdkit.figures.backends.role_scores import score_state
from asdkit.figures.style import LOOKS

RNG = np.random.default_rng(0)
LABEL = np.repeat([0, 1], [14, 9])
EVIDENCE = np.column_stack([RNG.uniform(size=23), RNG.exponential(size=23) + 0.5 * LABEL])
KNOWN = np.column_stack([RNG.uniform(size=30), RNG.exponential(size=30) / 2])


def by_hand(evidence, alpha, known=None):
    """Eq. 5 a clip at a time."""
    distances = [d for _, d in (evidence if known is None else known)]
    low, high = min(distances), max(distances)
    return [alpha * (1 - p) + (1 - alpha) * (d - low) / (high - low) for p, d in evidence]


@pytest.mark.parametrize("alpha", [0.0, 0.35, 1.0])
@pytest.mark.parametrize("known", [None, KNOWN])
def test_the_score_is_equation_5(alpha, known):
    state = score_state(EVIDENCE, LABEL, alpha, known)
    expected = by_hand(EVIDENCE, alpha, known)
    np.testing.assert_allclose(state["score"], expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(state["scaled"], by_hand(EVIDENCE, 0.0, known), atol=1e-14)
    assert state["auc"] == pytest.approx(roc_auc_score(LABEL, expected), abs=1e-12)


def test_it_is_what_the_backend_scores():
    state = score_state(EVIDENCE, LABEL, 0.4, KNOWN)
    judge = backends.RoleFusion(0.4, scale="train").fit(KNOWN)
    np.testing.assert_allclose(state["score"], judge.score(EVIDENCE), rtol=1e-12)
    assert state["scaled"].max() > 1.0  # beyond all that training has seen


@pytest.mark.parametrize("known", [None, KNOWN])
def test_the_curve_is_the_auc_at_each_alpha(known):
    state = score_state(EVIDENCE, LABEL, 0.5, known)
    alphas, areas = state["alphas"], state["aucs"]
    assert len(alphas) == 101 and alphas[[0, 50, -1]].tolist() == [0.0, 0.5, 1.0]
    expected = [roc_auc_score(LABEL, by_hand(EVIDENCE, alpha, known)) for alpha in alphas]
    np.testing.assert_allclose(areas, expected, atol=1e-12)


def test_ties_count_one_half():
    evidence = [[0.5, 1.0], [0.5, 2.0], [0.5, 2.0], [0.5, 3.0]]
    areas = score_state(evidence, [0, 0, 1, 1], 0.5)["aucs"]
    assert areas[-1] == 0.5 and areas[0] == 0.875


def test_tensors_with_a_gradient_do_as_well():
    evidence = torch.tensor(EVIDENCE, requires_grad=True)
    state = score_state(evidence, torch.tensor(LABEL), 0.5)
    np.testing.assert_array_equal(state["aucs"], score_state(EVIDENCE, LABEL, 0.5)["aucs"])


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_the_lines_hold_equal_scores(alpha):
    ax = figures.role_scores(EVIDENCE, LABEL, alpha).axes[0]
    (lines,) = ax.collections
    assert 4 <= len(lines.levels) <= 9
    for level, line in zip(lines.levels, lines.get_paths()):
        blamed, scaled = line.vertices.T
        np.testing.assert_allclose(alpha * blamed + (1 - alpha) * scaled, level, atol=1e-9)


@pytest.mark.parametrize(("low", "factor"), [(0.01, 2.0), (0.6, 1.2)])
def test_from_line_to_line_the_score_grows_by_the_factor_that_the_axis_names(low, factor):
    evidence = np.column_stack([1 - np.linspace(low, 0.8, 23), EVIDENCE[:, 1]])
    ax = figures.role_scores(evidence, LABEL, 0.5).axes[0]
    assert ax.get_xlabel().endswith(f"score × {factor:g} a line")
    levels = ax.collections[0].levels
    np.testing.assert_allclose(levels[1:] / levels[:-1], factor)


def test_small_values_lie_apart_and_sure_ones_stay_in_the_picture():
    values = np.array([0.0, 0.01, 0.1, 0.5, 1.0])
    evidence = np.column_stack([1 - values, values])
    ax = figures.role_scores(evidence, label=[0, 0, 1, 1, 1]).axes[0]
    points = np.concatenate([line.get_xydata() for line in ax.lines])
    places = ax.transAxes.inverted().transform(ax.transData.transform(points))
    assert (np.diff(places, axis=0) > 0.05).all() and (places > 0).all() and (places < 1).all()


def test_the_picture_shows_the_numbers():
    figure = figures.role_scores(EVIDENCE, LABEL, alpha=0.3, title="fan 00")
    scores, areas = figure.axes
    state = score_state(EVIDENCE, LABEL, 0.3)
    for line, name, own in zip(scores.lines, ("normal", "anomaly"), (LABEL == 0, LABEL == 1)):
        np.testing.assert_array_equal(line.get_xdata(), 1 - EVIDENCE[own, 0])
        np.testing.assert_array_equal(line.get_ydata(), state["scaled"][own])
        assert (line.get_color(), line.get_marker()) == LOOKS[name][:2]
    assert scores.get_title() == (
        f"alpha = 0.30: AUC {state['auc']:.3f}\nn = 14 normal, 9 anomalies"
    )
    squares, star = areas.lines[-2:]
    assert squares.get_xydata().tolist() == [[0, state["aucs"][0]], [1, state["aucs"][-1]]]
    assert star.get_xydata().tolist() == [[0.3, state["auc"]]]
    assert f"distance alone {state['aucs'][0]:.3f}" in areas.get_title()
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in figure.axes)
    assert "fan 00" in figure.alt and len(figure.png()) < 60_000


def test_far_beyond_training_the_lines_stay_few():
    ax = figures.role_scores(EVIDENCE, LABEL, 0.5, KNOWN * [1.0, 0.01]).axes[0]
    assert ax.get_ylim()[1] > 50 and ax.get_yticks()[-1] in (10.0, 100.0)
    assert 4 <= len(ax.collections[0].levels) <= 9


def test_what_lies_beyond_training_stays_in_the_picture():
    ax = figures.role_scores(EVIDENCE, LABEL, 0.5, KNOWN).axes[0]
    assert ax.get_ylim()[1] > score_state(EVIDENCE, LABEL, 0.5, KNOWN)["scaled"].max() > 1.0


@pytest.mark.parametrize(
    ("evidence", "label", "alpha", "words"),
    [
        (EVIDENCE, LABEL, 1.2, "alpha is 1.2"),
        (EVIDENCE[:, ::-1] + 2, LABEL, 0.5, "RoleFusion takes a probability"),
        (EVIDENCE, 0 * LABEL, 0.5, "an AUC needs normal"), (EVIDENCE[:1], [1], 0.5, "one clip"),
        (EVIDENCE, LABEL[:-1], 0.5, "give 22, one for each clip"),
    ],
)  # fmt: skip
def test_what_it_refuses(evidence, label, alpha, words):
    with pytest.raises(ValueError, match=words):
        figures.role_scores(evidence, label, alpha)
