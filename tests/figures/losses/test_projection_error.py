"""The error of Lemma 2: the prediction against centers drawn at random, and a line a J/D."""

import math

import numpy as np
import pytest

from asdkit import figures


@pytest.mark.parametrize(("dim", "dims"), [(64, 2), (64, 16), (64, 64), (256, 32)])
def test_the_prediction_is_near_what_random_centers_do(dim, dims):
    rng = np.random.default_rng(dim + dims)
    found = []
    for _ in range(400 if dims < 20 else 40):
        centers = rng.normal(size=(dims, dim))
        centers /= np.linalg.norm(centers, axis=1, keepdims=True)
        x = rng.normal(size=(100, dims)) @ np.linalg.svd(centers, full_matrices=False)[2]
        projected = x @ centers.T @ centers
        lengths = np.linalg.norm(x, axis=1) * np.linalg.norm(projected, axis=1)
        found.append(1 - np.mean((x * projected).sum(axis=1) / lengths))
    error = 5 * np.std(found) / math.sqrt(len(found))
    assert abs(np.mean(found) - figures.predicted_error(dim, dims)) < error + 0.03 * np.mean(found)


def test_the_limits_of_the_prediction():
    assert figures.predicted_error(128, 1) == 0  # one center is an orthonormal one
    wide = figures.predicted_error(10**9, np.array([1, 2, 32]))
    assert wide.shape == (3,) and wide.max() < 1e-7  # a fixed J: Lemma 2 holds in the end
    assert figures.predicted_error(10**9, 10**9) == pytest.approx(1 - math.sqrt(0.5))


def test_a_line_of_means_for_each_share():
    dims, shares = np.array([16, 64]), np.array([1 / 64, 1 / 4])
    error = np.array([[[np.nan] * 3, [0.1, 0.2, 0.3]], [[-1e-16, 0, 6e-8], [0.2, 0.2, 0.5]]])
    with pytest.raises(ValueError, match="J/D = 1/64 holds no error above 0: leave it out"):
        figures.projection_error(dims, shares, error)
    error[1, 0] = 0.01
    figure = figures.projection_error(dims, shares, error)
    ax = figure.axes[0]
    drawn = [line.get_xydata() for line in ax.lines if line.get_linestyle() == "-"]
    np.testing.assert_allclose(drawn[0], [[16, 0.2], [64, 0.3]])
    np.testing.assert_allclose(drawn[1], [[64, 0.01]])
    dotted = [line.get_xydata() for line in ax.lines if line.get_linestyle() == ":"]
    np.testing.assert_allclose(dotted[0][:, 1], figures.predicted_error(dims, dims / 4))
    words = {text.get_text(): text.xy for text in ax.texts}
    assert list(words) == ["J/D = 1/4", "J/D = 1/64"] and words["J/D = 1/4"] == (64, 0.3)
    assert ax.get_xscale() == ax.get_yscale() == "log" and "n = 3 draws" in ax.get_title()
    assert len({line.get_marker() for line in ax.lines}) == 3 and len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("dims", "shares", "shape", "words"),
    [
        ([16, 32], [0.5], (2, 2, 4), "give .sizes, shares, draws."),
        ([16], [0.5], (1, 1), "give .sizes, shares, draws."),
        ([16], [0.5], (1, 1, 0), "give .sizes, shares, draws."),
        ([16], [-0.5], (1, 1, 4), "give positive ones"),
        ([16], np.linspace(0.1, 0.9, 9), (1, 9, 4), "at most 8 shares"),
        ([], [0.5], (0, 1, 4), "dims holds no values"),
    ],
)
def test_what_cannot_be_drawn(dims, shares, shape, words):
    with pytest.raises(ValueError, match=words):
        figures.projection_error(dims, shares, np.full(shape, 0.1))
