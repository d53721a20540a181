"""Alpha on the circle: probabilities against loops, the bound where angles are right ones, and the
picture.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit.figures import LOOKS, alpha_figure, alpha_state


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    alpha=st.floats(0.01, 40.0), angle=st.floats(-180.0, 180.0), classes=st.sampled_from([3, 4, 5])
)
def test_the_state_is_the_softmax_over_cosines(alpha, angle, classes):
    state = alpha_state(alpha, angle, classes)
    weight = [
        math.exp(alpha * math.cos(math.radians(angle) - 2 * math.pi * k / classes))
        for k in range(classes)
    ]
    own = weight[0] / sum(weight)
    assert state["probabilities"] == pytest.approx([w / sum(weight) for w in weight], rel=1e-9)
    assert state["loss"] == pytest.approx(-math.log(own), rel=1e-9, abs=1e-12)
    assert state["best"] >= state["probabilities"][0] - 1e-12
    assert -math.log(state["best"]) >= state["floor"] - 1e-9
    assert state["enough"] == (alpha >= math.log(9 * (classes - 2))) and state["reached"] == (
        state["best"] >= 0.9
    )


def test_three_classes_on_a_circle_are_a_simplex():
    state = alpha_state(2.5, classes=3)
    assert -math.log(state["best"]) == pytest.approx(state["floor"])
    assert (
        -math.log(alpha_state(2.5, classes=4)["best"]) > 1.05 * alpha_state(2.5, classes=4)["floor"]
    )


def test_the_bound_falls_short_by_the_opposite_class():
    at = alpha_state(math.log(18), classes=4)
    assert at["best"] == pytest.approx(18 / (18 + 2 + 1 / 18)) and not at["reached"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"alpha": 0.0}, "alpha is 0.0: give a positive length"),
        ({"alpha": -1.0}, "alpha is -1.0: give a positive length"),
        ({"alpha": float("nan")}, "alpha is nan: give a number"),
        ({"alpha": 1, "classes": 6}, "6 classes: draw 3 to 5"),
    ],
)
def test_what_has_no_circle(wrong, words):
    with pytest.raises(ValueError, match=words):
        alpha_state(**wrong)


def test_the_picture_shows_the_state():
    state = alpha_state(3.0, 45.0, 4)
    figure = alpha_figure(state)
    left, right = figure.axes
    assert [bar.get_height() for bar in right.patches] == pytest.approx(
        list(state["probabilities"])
    )
    assert (
        "alpha 3.00, 45° off class 0" in left.get_title()
        and "at or above the bound 2.89" in left.get_title()
    )
    assert (
        "p = 0.9 reached" in figure.alt
        and "own class 0.49" in figure.alt
        and "n = 4 classes" in figure.alt
    )
    assert "below the bound" in alpha_figure(alpha_state(1.0)).axes[0].get_title()
    assert len(figure.png()) < 60_000


def test_the_legend_names_the_arrow_and_the_stars():
    figure = alpha_figure(alpha_state(3.0, 45.0, 4))
    (legend,) = figure.legends
    words = [text.get_text() for text in legend.get_texts()]
    assert words[:2] == ["center of a class", "clip of class 0"] and words[2] == "p = 0.9"
    stars = [line for line in figure.axes[0].lines if line.get_marker() == LOOKS["center"].marker]
    assert len(stars) == 4 + 1  # and the one of the legend
    assert legend.legend_handles[0].get_marker() == LOOKS["center"].marker
