"""Looks differ with color and without, and a picture keeps the layout of an earlier one."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from asdkit import figures


def test_looks_differ_in_color_and_without_color():
    looks = figures.LOOKS.values()
    for field in ("color", "marker"):
        assert len({getattr(look, field) for look in looks}) == len(figures.LOOKS)
    assert figures.LOOKS["normal"].hatch != figures.LOOKS["anomaly"].hatch
    assert figures.LOOKS["source"].line != figures.LOOKS["target"].line
    assert all(max(to_rgb(look.color)) < 0.95 for look in looks)


def curves(highest, lines=1, panels=2):
    """Two panels and a legend; the labels of the first one are as wide as ``highest``."""
    figure = figures.Picture()
    for ax in np.ravel(figure.subplots(1, panels)):
        ax.plot([0, highest], label="curve")
        ax.set(ylabel="level in dB", title="n = 2" + "\nanother line" * (lines - 1))
    figure.legend(loc="outside lower right")
    figure.suptitle("two curves")
    return figure


def places(figure):
    return [ax.get_position().bounds for ax in figure.axes]


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def test_a_picture_drawn_like_itself_is_the_same():
    first, again = curves(5), curves(5)
    assert (pixels(first.png()) == pixels(again.png(like=first))).all()
    assert places(first) == places(again) and again.room is first.room


def test_a_picture_keeps_the_layout_while_its_labels_fit():
    first, second, third = curves(50000), curves(5), curves(7)
    first.png(), second.png(like=first), third.png(like=second)
    assert places(third) == places(second) == places(first) != places(alone(curves(7)))
    assert third.room is first.room


def alone(figure):
    figure.png()
    return figure


@pytest.mark.parametrize("change", [{"highest": 50000}, {"lines": 2}, {"panels": 3}])
def test_what_has_outgrown_its_room_or_is_built_otherwise_is_laid_out_anew(change):
    other, expected = (curves(**{"highest": 5} | change) for _ in range(2))
    png = other.png(like=alone(curves(5)))
    assert (pixels(png) == pixels(expected.png())).all()
    np.testing.assert_allclose(places(other), places(expected), atol=1e-6)
    assert len(other.room) == len(other.axes) == change.get("panels", 2)
