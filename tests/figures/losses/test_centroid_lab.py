"""The state of the two-centroid laboratory against eq. 5 written out, and its three pictures."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from asdkit import figures

RNG = np.random.default_rng(0)
ROLE, LABEL = np.repeat([1, 0, -1], [10, 15, 1]), np.repeat([0, 1], [8, 7])


def arrays(dim):
    x, x_test = RNG.normal(size=(26, dim)), RNG.normal(size=(15, dim))
    return x, ROLE, x_test, RNG.uniform(size=15), RNG.normal(size=(2, dim)), LABEL


@pytest.mark.parametrize("dim", [2, 3, 64])
@pytest.mark.parametrize("alpha", [0.0, 0.37, 1.0])
def test_the_score_is_that_of_equation_5(dim, alpha):
    x, role, x_test, p, centers, label = arrays(dim)
    state = figures.centroid_state(x, role, x_test, p, centers, label, alpha)
    d = np.array([sum((a - b) ** 2 for a, b in zip(row, centers[0])) for row in x_test])
    expected = alpha * (1 - p) + (1 - alpha) * (d - d.min()) / (d.max() - d.min())
    np.testing.assert_allclose(state["score"], expected, rtol=1e-10, atol=1e-12)
    assert state["auc"] == pytest.approx(roc_auc_score(label, expected))
    assert state["aucs"][round(100 * alpha)] == pytest.approx(state["auc"])
    assert state["dim"] == dim and state["points"]["outlier"].shape == (15, 2)


def test_single_precision_from_a_network_does_as_well():
    x, role, x_test, p, centers, label = arrays(4)
    doubles = figures.centroid_state(x, role, x_test, p, centers, label)
    x, x_test, p, centers = (
        torch.tensor(rows, dtype=torch.float32, requires_grad=True)
        for rows in (x, x_test, p, centers)
    )
    floats = figures.centroid_state(x, role, x_test, p, centers, label)
    np.testing.assert_allclose(floats["score"], doubles["score"], atol=1e-5)


def test_the_picture_has_all_three():
    state = figures.centroid_state(*arrays(2), alpha=0.25)
    figure = figures.centroid_figure(state, title="outliers: all")
    plane, scores, areas = figure.axes
    assert "n = 10 normal, 15 outliers, 1 anomalies" in plane.get_title()
    assert scores.get_title().startswith(f"alpha = 0.25: AUC {state['auc']:.3f}")
    assert f"probability alone {state['aucs'][-1]:.3f}" in areas.get_title()
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in figure.axes)
    assert "outliers: all" in figure.alt and len(figure.png()) < 60_000


def test_the_plane_stands_still_while_alpha_moves():
    numbers = arrays(3)
    limits = [
        figures.centroid_figure(figures.centroid_state(*numbers, alpha=alpha)).axes[0].get_xlim()
        for alpha in (0.0, 1.0)
    ]
    assert limits[0] == limits[1]


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [(3, np.full(15, 1.5), "takes a probability"), (5, LABEL[1:], "label is .14,. for 15"),
     (4, np.ones((1, 2)), "centers are"), (5, np.zeros(15), "an AUC needs")],
)  # fmt: skip
def test_what_it_refuses(place, value, words):
    numbers = list(arrays(2))
    numbers[place] = value
    with pytest.raises(ValueError, match=words):
        figures.centroid_state(*numbers)
