"""Slopes of a mixed clip: finite differences of the formulas, the arc itself, and the picture."""

import math

import numpy as np
import pytest
import torch

from asdkit import figures, losses, mixup

STEP = 1e-6
ANGLE = np.radians([3.0, 20, 41, 64, 88])
SHARED = "ArcFace, shared out"
MAKERS = {SHARED: losses.ArcFace, "ArcMix": losses.ArcMix, "Noisy-ArcMix": losses.NoisyArcMix}


def costs(theta, lam, margin, scale):
    """[NAM] 1, 3 and 4 of one clip with the angles theta (C,), each written out."""
    first, second = np.eye(len(theta))[:2]
    soft = lam * first + (1 - lam) * second

    def cross_entropy(label, widening):
        z = scale * np.cos(theta + margin * widening)
        return -label @ (z - z.max() - np.log(np.exp(z - z.max()).sum()))

    return {
        SHARED: cross_entropy(soft, soft),
        "ArcMix": lam * cross_entropy(first, first) + (1 - lam) * cross_entropy(second, second),
        "Noisy-ArcMix": cross_entropy(soft, first),
    }


@pytest.mark.parametrize("lam", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize(("margin", "scale", "classes"), [(0.7, 30.0, 41), (0.3, 4.0, 3)])
def test_finite_differences_of_the_formulas(lam, margin, scale, classes):
    slopes = figures.margin_slopes(ANGLE, lam, margin, scale, classes)
    for number, angle in enumerate(ANGLE):
        theta = np.full(classes, np.pi / 2)
        theta[:2] = angle, np.pi / 2 - angle
        for row in (0, 1):
            move = STEP * np.eye(classes)[row]
            above, below = (costs(theta + sign * move, lam, margin, scale) for sign in (1, -1))
            for name, found in slopes.items():
                expected = (above[name] - below[name]) / (2 * STEP)
                assert found[row, number] == pytest.approx(expected, abs=1e-6), (name, row, angle)


@pytest.mark.parametrize("name", MAKERS)
def test_both_slopes_are_the_slope_along_the_arc(name):
    """The centers stand still here and the embedding moves, as it does in training."""
    lam, classes = 0.3, 5
    loss = MAKERS[name](classes, classes, scale=30.0, margin=0.7).double()
    loss.centers.data = torch.eye(classes, dtype=torch.float64)
    label = mixup.Mix(torch.tensor([0]), torch.tensor([1]), torch.tensor([lam]).double())

    def cost(angle):
        x = math.cos(angle) * loss.centers[0] + math.sin(angle) * loss.centers[1]
        return loss(2 * x[None], label).item()

    first, second = figures.margin_slopes(ANGLE, lam, classes=classes)[name]
    along = [(cost(angle + STEP) - cost(angle - STEP)) / (2 * STEP) for angle in ANGLE]
    np.testing.assert_allclose(first - second, along, atol=1e-5)


def test_other_losses_are_asked_by_their_names():
    slopes = figures.margin_slopes(ANGLE, 0.3, losses={"ours": losses.MixedMargin})
    np.testing.assert_allclose(slopes["ours"], figures.margin_slopes(ANGLE, 0.3)[SHARED])
    assert list(slopes) == ["ours"]


def test_without_a_margin_they_are_one():
    slopes = figures.margin_slopes(ANGLE, 0.2, margin=0.0)
    z = 30 * np.stack([np.cos(ANGLE), np.sin(ANGLE), *np.zeros((39, len(ANGLE)))])
    p = np.exp(z) / np.exp(z).sum(axis=0)
    pull = 30 * np.sin(ANGLE) * (0.2 - p[0]), 30 * np.cos(ANGLE) * (0.8 - p[1])
    for found in slopes.values():
        np.testing.assert_allclose(found, pull, atol=1e-9)


def test_where_a_clip_comes_to_rest():
    """Noisy-ArcMix: s cos(theta + m) = s sin(theta) + ln(lam / (1 - lam)), as other classes are
    far; ArcMix has two places for a clip of two halves.
    """
    angle = np.radians(np.arange(0.25, 90, 0.25))
    for lam in (0.1, 0.5, 0.9):
        (theta,) = figures.rests(angle, figures.margin_slopes(angle, lam)["Noisy-ArcMix"])
        left = 30 * (math.cos(theta + 0.7) - math.sin(theta))
        assert left == pytest.approx(math.log(lam / (1 - lam)), abs=0.01)
    slopes = figures.margin_slopes(angle, 0.5)
    assert np.degrees(figures.rests(angle, slopes[SHARED])) == pytest.approx([45])
    low, high = np.degrees(figures.rests(angle, slopes["ArcMix"]))
    assert low + high == pytest.approx(90) and low < 30
    assert not len(figures.rests([0, 1, 2], [[3, 2, 1], [0, 0, 0]]))  # still pulled at the end


@pytest.mark.parametrize(
    ("angle", "lam", "words"),
    [
        ([0.0, 0.5], 0.5, "inside 0 to pi/2"),
        ([0.5, 30.0], 0.5, "inside 0 to pi/2"),
        ([math.nan], 0.5, "angle is nan"),
        ([], 0.5, "inside 0 to pi/2"),
        ([0.5], 1.5, "lam is 1.5: give a number from 0 to 1"),
    ],
)
def test_what_has_no_slopes(angle, lam, words):
    with pytest.raises(ValueError, match=words):
        figures.margin_slopes(angle, lam)


def test_the_picture_holds_every_slope_and_rest():
    angle = np.radians(np.arange(1, 90))
    curves = {lam: figures.margin_slopes(angle, lam) for lam in (0.1, 0.5)}
    figure = figures.margin_gradient(curves, angle)
    panels = np.array(figure.axes).reshape(2, 2)
    for column, (lam, slopes) in zip(panels.T, curves.items()):
        assert column[0].get_title() == f"lambda = {lam:g}"
        for ax, row in zip(column, (0, 1)):
            drawn = [line for line in ax.lines if len(line.get_xdata()) == len(angle)]
            for line, (name, values) in zip(drawn, slopes.items(), strict=True):
                np.testing.assert_allclose(line.get_xdata(), np.degrees(angle))
                np.testing.assert_array_equal(line.get_ydata(), values[row])
                rest = np.degrees(figures.rests(angle, values))
                at = [one.get_xdata() for one in ax.lines if one.get_color() == line.get_color()]
                assert any(len(x) == len(rest) and np.allclose(x, rest) for x in at), name
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}) == 1
    looks = panels[0, 0].get_legend_handles_labels()[0]
    assert len({one.get_color() for one in looks}) == len({one.get_linestyle() for one in looks})
    assert len(looks) == 3
    assert "n = 89 angles" in figure.alt and "Noisy-ArcMix" in figure.alt
    assert "degrees" in figure.alt and len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("curves", "angle", "words"),
    [
        ({}, [0.1, 0.2], "no column to draw"),
        ({0.5: {"a": np.zeros((2, 2))}}, [0.2, 0.1], "angle is to ascend"),
        ({0.5: {"a": np.zeros((2, 3))}}, [0.1, 0.2], r"a holds slopes \(2, 3\) at lambda 0.5"),
        ({0.5: {"a": np.full((2, 2), np.nan)}}, [0.1, 0.2], "give finite ones"),
        (
            {0.1: {"a": np.zeros((2, 2))}, 0.5: {"b": np.zeros((2, 2))}},
            [0.1, 0.2],
            "give the same losses",
        ),
    ],
)
def test_what_cannot_be_drawn(curves, angle, words):
    with pytest.raises(ValueError, match=words):
        figures.margin_gradient(curves, angle)
