"""Widths of intervals beside the law of the square root."""

import numpy as np
import pytest

from asdkit.figures import interval_widths

COUNTS = np.array([10, 40, 160])
WIDTHS = np.array([[0.36, 0.4, 0.41], [0.19, 0.2, 0.22], [0.09, 0.1, 0.12]])


def test_dots_are_medians_and_the_line_goes_through_the_last():
    figure = interval_widths(COUNTS, {"DeLong": WIDTHS, "bootstrap": 1.1 * WIDTHS})
    ax = figure.axes[0]
    assert ax.get_xscale() == ax.get_yscale() == "log" and "n = 3 draws a dot" in ax.get_title()
    # halved by four times the clips
    assert ax.lines[0].get_ydata() == pytest.approx([0.4, 0.2, 0.1])
    first, second = ax.containers
    assert np.allclose(first.lines[0].get_xydata().T, [COUNTS, [0.4, 0.2, 0.1]])
    assert second.lines[0].get_ydata() == pytest.approx([0.44, 0.22, 0.11])
    bars = first.lines[2][0].get_segments()
    assert bars[0][:, 1] == pytest.approx([0.36, 0.41])
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


def test_a_draw_of_no_width_leaves_the_picture():
    ax = interval_widths(COUNTS, {"DeLong": np.where(WIDTHS == 0.36, 0.0, WIDTHS)}).axes[0]
    assert ax.get_ylim() == pytest.approx((0.8 * 0.09, 1.25 * 0.41))


def test_what_has_no_width():
    for widths in (WIDTHS[:2], WIDTHS[:, 0], -WIDTHS):
        with pytest.raises(
            ValueError, match="DeLong holds widths .*: give none below 0, a row for each of 3"
        ):
            interval_widths(COUNTS, {"DeLong": widths})
    with pytest.raises(ValueError, match="half of the widths of DeLong are 0"):
        interval_widths(COUNTS, {"DeLong": 0 * WIDTHS})
    for counts, widths in (([0, 1, 2], {"DeLong": WIDTHS}), (COUNTS, {})):
        with pytest.raises(ValueError, match="counts and widths are positive numbers"):
            interval_widths(counts, widths)
