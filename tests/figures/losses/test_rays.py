"""Rays: embeddings at their true lengths, rays to the centers, and the median length in words."""

import numpy as np
import pytest

from asdkit.figures import LOOKS, rays

RNG = np.random.default_rng(0)
NAMES = ["fan", "pump", "valve"]
Y = np.repeat([0, 1, 2], 10)
CENTERS = np.array([[2.0, 0.0], [0.0, 0.5], [-1.0, -1.0]])
X = CENTERS[Y] * RNG.uniform(1, 30, (30, 1))
ANOMALY, OF = RNG.normal(size=(7, 2)), np.array([0, 2, 2, 0, 2, 0, 2])
PANEL = (X, Y, CENTERS, ANOMALY, OF)


def test_points_stand_where_they_are():
    figure = rays({"softmax": PANEL, "fixed": (X / 9, *PANEL[1:])}, NAMES)
    for ax, scale in zip(figure.axes, (1, 9)):
        drawn = {line.get_label(): line.get_xydata() for line in ax.lines}
        for number, name in enumerate(NAMES):
            np.testing.assert_allclose(drawn[name], X[number == Y] / scale)
        median = np.median(np.linalg.norm(X / scale, axis=1))
        np.testing.assert_allclose(np.linalg.norm(drawn["median length"], axis=1), median)
        assert f"median length {median:.1f}" in ax.get_title() and ax.get_aspect() == 1.0
    assert "n = 30 normal, 7 anomalies" in figure.alt and len(figure.png()) < 60_000


def test_each_ray_points_to_its_center():
    ax = rays({"softmax": PANEL}, NAMES).axes[0]
    rows = [line.get_xydata() for line in ax.lines]
    tips = np.array([xy[1] for xy in rows if len(xy) == 2 and not xy[0].any()])
    unit = CENTERS / np.linalg.norm(CENTERS, axis=1, keepdims=True)
    np.testing.assert_allclose(tips / np.linalg.norm(tips, axis=1, keepdims=True), unit)
    assert np.linalg.norm(tips, axis=1).min() > np.linalg.norm(X, axis=1).max()


def test_an_anomaly_has_the_color_of_its_class_and_a_marker_of_its_own():
    figure = rays({"softmax": PANEL}, NAMES)
    colors = {line.get_label(): line.get_color() for line in figure.axes[0].lines}
    drawn = [line for line in figure.axes[0].lines if line.get_marker() == LOOKS["anomaly"].marker]
    for line, number in zip(drawn, (0, 2), strict=True):  # of class 1 there is none
        assert line.get_color() == line.get_markeredgecolor() == colors[NAMES[number]]
        np.testing.assert_allclose(line.get_xydata(), ANOMALY[number == OF])
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == [*NAMES, "anomaly, in the color of its class", "median length"]
    markers = [handle.get_marker() for handle in figure.legends[0].legend_handles]
    assert markers[3] == LOOKS["anomaly"].marker and markers[3] not in markers[:3]


def test_what_cannot_be_drawn():
    for panels, names in (
        ({}, NAMES),
        ({"a": PANEL}, ["one"]),
        ({"a": ()}, list("abcdef")),
    ):
        with pytest.raises(ValueError, match="draw a panel or more, of 2 to 5"):
            rays(panels, names)
    for x, words in (
        (X[:, :1], "softmax holds embeddings .*: give finite ones of two numbers"),
        (X[:, 0], "softmax holds embeddings .*: give finite ones of two numbers"),
        (np.full((4, 2), np.nan), "softmax is nan at"),
    ):
        with pytest.raises(ValueError, match=words):
            rays({"softmax": (x, *PANEL[1:])}, NAMES)
    with pytest.raises(ValueError, match="7 anomalies and .3,. classes of them: give one class"):
        rays({"softmax": (*PANEL[:4], OF[:3])}, NAMES)
