"""The loss laboratory's numbers against the losses themselves, finite differences, and borders
found by search.
"""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit import figures, losses
from asdkit.figures.losses.loss_lab import KINDS, border

settings.register_profile("lab", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("lab")
NUMBERS = {
    "kind": st.sampled_from(KINDS), "angle": st.floats(0.01, 3.13), "scale": st.floats(0.5, 40.0),
    "margin": st.floats(0.0, 1.5), "apart": st.floats(0.2, math.pi),
}  # fmt: skip


def module(kind, scale, margin, apart):
    """The kit's own loss with two centers on the circle."""
    margin = 0.0 if kind == "softmax" else margin
    make = losses.ArcFace if kind == "ArcFace" else losses.CosFace
    loss = make(2, 2, scale=scale, margin=margin).double().requires_grad_(False)
    loss.centers.copy_(
        torch.tensor([[1.0, 0.0], [math.cos(apart), math.sin(apart)]], dtype=torch.float64)
    )
    return loss


def point(angle):
    return torch.tensor([[math.cos(angle), math.sin(angle)]], dtype=torch.float64)


@given(**NUMBERS)
def test_it_is_the_loss_of_the_kit(kind, angle, scale, margin, apart):
    state = figures.loss_state(kind, angle, scale, margin, apart)
    loss = module(kind, scale, margin, apart)
    own = torch.tensor([0])
    assert state["loss"] == pytest.approx(loss(point(angle), own).item(), rel=1e-6, abs=1e-9)
    assert state["test_probability"] == pytest.approx(
        loss.probabilities(point(angle))[0, 0].item(), rel=1e-6
    )
    assert state["probability"] == pytest.approx(
        1 / (1 + math.exp(state["other_logit"] - state["own_logit"]))
    )


@given(**NUMBERS)
def test_the_gradient_is_the_slope_along_the_circle(kind, angle, scale, margin, apart):
    if kind == "ArcFace" and abs(angle - (math.pi - margin)) < 1e-3:
        return  # the guard jumps there
    step = 1e-6
    low, high = (
        figures.loss_state(kind, angle + side, scale, margin, apart)["loss"]
        for side in (-step, step)
    )
    slope = figures.loss_state(kind, angle, scale, margin, apart)["gradient"]
    assert slope == pytest.approx((high - low) / (2 * step), rel=1e-3, abs=1e-4 * scale)


@given(kind=NUMBERS["kind"], margin=NUMBERS["margin"], apart=st.floats(0.2, 3.0))
def test_inside_the_border_training_is_right_and_outside_it_is_not(kind, margin, apart):
    edge = border(kind, margin, apart)
    if math.isnan(edge):
        state = figures.loss_state(kind, 0.0, 10.0, margin, apart)
        assert state["probability"] < 0.5 and math.isnan(state["border"])
        return
    inside, outside = max(edge - 1e-4, 0.0), min(edge + 1e-4, apart)
    assert figures.loss_state(kind, inside, 10.0, margin, apart)["probability"] >= 0.5 - 1e-9
    assert figures.loss_state(kind, outside, 10.0, margin, apart)["probability"] < 0.5


def test_an_arcface_of_margin_apart_leaves_the_center_alone():
    assert border("ArcFace", 1.0, 1.0) == 0.0 and math.isnan(border("ArcFace", 1.01, 1.0))
    assert border("CosFace", 0.0, 1.2) == border("softmax", 0.7, 1.2) == 0.6


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"kind": "SphereFace"}, "kind is one of softmax, CosFace, ArcFace"),
        ({"angle": 4.0}, "angle is 4.0: give radians"),
        ({"apart": -0.1}, "apart is -0.1"),
        ({"scale": 0.0}, "scale is 0.0: give a positive number"),
        ({"margin": -1.0}, "margin is -1.0"), ({"margin": math.nan}, "margin is nan"),
    ],
)  # fmt: skip
def test_what_it_refuses(numbers, words):
    with pytest.raises(ValueError, match=words):
        figures.loss_state(**({"kind": "ArcFace", "angle": 0.5} | numbers))


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_shows_the_clip_where_the_state_has_it(kind):
    figure = figures.loss_figure(kind, 0.6, scale=10.0, margin=0.3, apart=1.2)
    state = figures.loss_state(kind, 0.6, scale=10.0, margin=0.3, apart=1.2)
    circle, loss, gradient = figure.axes
    for ax, key in ((loss, "loss"), (gradient, "gradient")):
        (x,), (y,) = ax.lines[-1].get_data()
        assert x == pytest.approx(math.degrees(0.6)) and y == pytest.approx(state[key])
        np.testing.assert_allclose(np.interp(x, *ax.lines[1].get_data()), y, rtol=0.02, atol=0.02)
    arc = circle.lines[1].get_xydata()
    reached = np.degrees(np.nanmax(np.arctan2(arc[:, 1], arc[:, 0])))
    assert reached == pytest.approx(math.degrees(state["border"]), abs=0.5)
    assert f"{kind} s = 10" in figure.alt and "n = 1" in figure.alt and len(figure.png()) < 60_000


def test_the_loss_axis_shows_the_border_and_holds_the_clip():
    near, far = (figures.loss_figure("ArcFace", angle).axes[1] for angle in (0.5, 2.0))
    assert near.get_ylim() == (0, 4.0)  # not the 40 that a lost clip costs
    state = figures.loss_state("ArcFace", 2.0)
    assert far.get_ylim()[1] == pytest.approx(1.15 * state["loss"]) and state["loss"] > 20
    assert near.lines[2].get_ydata()[0] == pytest.approx(math.log(2))
