"""Rays: embeddings at their true lengths, rays to the centers, and the median length in words."""

import numpy as np
import pytest

from asdkit.figures import rays

RNG = np.random.default_rng(0)
NAMES = ["fan", "pump", "valve"]
Y = np.repeat([0, 1, 2], 10)
CENTERS = np.array([[2.0, 0.0], [0.0, 0.5], [-1.0, -1.0]])
X = CENTERS[Y] * RNG.uniform(1, 30, (30, 1))
ANOMALY = RNG.normal(size=(7, 2))


def test_points_stand_where_they_are():
    figure = rays(
        {"softmax": (X, Y, CENTERS, ANOMALY), "fixed": (X / 9, Y, CENTERS, ANOMALY)}, NAMES
    )
    for ax, scale in zip(figure.axes, (1, 9)):
        drawn = {line.get_label(): line.get_xydata() for line in ax.lines}
        for number, name in enumerate(NAMES):
            np.testing.assert_allclose(drawn[name], X[number == Y] / scale)
        np.testing.assert_allclose(drawn["anomaly"], ANOMALY)
        median = np.median(np.linalg.norm(X / scale, axis=1))
        np.testing.assert_allclose(np.linalg.norm(drawn["median length"], axis=1), median)
        assert f"median length {median:.1f}" in ax.get_title() and ax.get_aspect() == 1.0
    assert "n = 30 normal, 7 anomalies" in figure.alt and len(figure.png()) < 60_000


def test_each_ray_points_to_its_center():
    ax = rays({"softmax": (X, Y, CENTERS, ANOMALY)}, NAMES).axes[0]
    tips = np.array([line.get_xydata()[1] for line in ax.lines if len(line.get_xydata()) == 2])
    unit = CENTERS / np.linalg.norm(CENTERS, axis=1, keepdims=True)
    np.testing.assert_allclose(tips / np.linalg.norm(tips, axis=1, keepdims=True), unit)
    assert np.linalg.norm(tips, axis=1).min() > np.linalg.norm(X, axis=1).max()


def test_what_cannot_be_drawn():
    for panels, names in (
        ({}, NAMES),
        ({"a": (X, Y, CENTERS, ANOMALY)}, ["one"]),
        ({"a": ()}, list("abcdef")),
    ):
        with pytest.raises(ValueError, match="draw a panel or more, of 2 to 5"):
            rays(panels, names)
    for x in (X[:, :1], X[:, 0], np.full((4, 2), np.nan)):
        with pytest.raises(
            ValueError, match="softmax holds embeddings .*: give finite ones of two numbers"
        ):
            rays({"softmax": (x, Y, CENTERS, ANOMALY)}, NAMES)
