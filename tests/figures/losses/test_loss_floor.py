"""The floor under the loss: no softmax falls below it, a simplex reaches it, and the picture keeps
its dots.
"""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.figures import loss_floor, smallest_loss


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    classes=st.integers(2, 9),
    alpha=st.floats(0.01, 10.0),
    near=st.floats(0.0, 1.0),
)
def test_no_softmax_falls_below(seed, classes, alpha, near):
    """Random centers with biases, and embeddings anywhere from random to the best place."""
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(classes, 6)), rng.normal(size=classes)
    y = np.arange(3 * classes) % classes
    x = near * (W - W.mean(axis=0))[y] + (1 - near) * rng.normal(size=(len(y), 6))
    x = alpha * x / np.linalg.norm(x, axis=1, keepdims=True)
    loss = torch.nn.functional.cross_entropy(
        torch.from_numpy(x @ W.T + b), torch.from_numpy(y)
    ).item()
    assert loss >= smallest_loss(alpha * math.sqrt((W**2).sum() / classes), classes) - 1e-12


@pytest.mark.parametrize("classes", [2, 3, 4, 7])
def test_a_simplex_reaches_it(classes):
    W = np.eye(classes) - 1 / classes
    W /= np.linalg.norm(W, axis=1, keepdims=True)
    for alpha in (0.1, 1.0, 5.0):
        z = alpha * W @ W.T
        loss = np.log(np.exp(z).sum(axis=1)) - np.diag(z)
        np.testing.assert_allclose(loss, smallest_loss(alpha, classes), rtol=1e-10)


def test_its_limits():
    assert smallest_loss(0.0, 6) == pytest.approx(math.log(6))
    assert smallest_loss(1000.0, 6) == 0.0
    for wrong, words in (
        ((1.0, 1), "classes is 1: give a whole number, 2 or more"),
        ((-1.0, 4), "length holds -1: give no length below 0"),
        (([0.5, float("nan")], 4), "length is nan at 1"),
    ):
        with pytest.raises(ValueError, match=words):
            smallest_loss(*wrong)


def test_the_picture_holds_runs_and_floor():
    runs = {"free": {0.25: [0.5, 1.2], 16: [3.0, 0.4]}, "unit": {1.0: [1.0, 0.9]}}
    figure = loss_floor(runs, classes=4)
    ax = figure.axes[0]
    assert ax.get_xscale() == ax.get_yscale() == "log" and "n = 3 runs, 4 classes" in ax.get_title()
    drawn = [line.get_xydata().tolist() for line in ax.lines]
    assert drawn == [[[0.5, 1.2], [3.0, 0.4]], [[1.0, 0.9]]]
    edge = ax.collections[0].get_paths()[0].vertices
    inside = edge[(edge[:, 1] > 1e-5) & (edge[:, 0] > 0.3)]
    np.testing.assert_allclose(inside[:, 1], smallest_loss(inside[:, 0], 4), rtol=1e-6)
    assert "free, n = 2" in figure.alt and "impossible" in figure.alt and len(figure.png()) < 60_000


def test_each_run_has_its_alpha_beside_it():
    ax = loss_floor({"free": {0.25: [0.5, 1.2], 16: [3.0, 1e-9]}, "unit": {4: [4, 0.1]}}, 4).axes[0]
    words = {text.get_text(): tuple(text.xy) for text in ax.texts}
    assert words == {"alpha 0.25": (0.5, 1.2), "alpha 16": (3.0, 1e-4), "alpha 4": (4, 0.1)}


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="there is no run"):
        loss_floor({}, 4)
    for row in ([1.0, 0.0], [1.0, 2.0, 3.0]):
        with pytest.raises(ValueError, match="unit holds .* give positive pairs"):
            loss_floor({"unit": {1: row}}, 4)
    with pytest.raises(ValueError, match="unit holds"):
        loss_floor({"unit": {}}, 4)
