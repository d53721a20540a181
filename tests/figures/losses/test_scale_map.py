"""The map of the scale: factors of one step, and what is refused."""

import numpy as np
import pytest

from asdkit.figures import scale_map

SCALE = np.geomspace(1, 100, 9)


def test_factors_are_drawn_and_the_end_is_named():
    figure = scale_map(SCALE, {"up": SCALE * 1.2 + 1, "down": 0.8 * SCALE + 1})
    ax = figure.axes[0]
    up, down, rest = ax.lines
    assert up.get_ydata() == pytest.approx(1.2 + 1 / SCALE) and down.get_ydata() == pytest.approx(
        0.8 + 1 / SCALE
    )
    assert (
        set(rest.get_ydata()) == {1}
        and "up, ends at 1.21" in figure.alt
        and "down, ends at 0.81" in figure.alt
    )
    assert ax.get_xscale() == ax.get_yscale() == "log" and "(n = 9 scales)" in ax.get_title()
    assert "1.2" in [tick.get_text() for tick in ax.get_yticklabels()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((SCALE, {}), "there is no batch to draw"),
        ((SCALE - 1, {"a": SCALE}), "scale reaches 0: give positive ones"),
        ((SCALE, {"a": SCALE[1:]}), "a has 8 values for 9 scales"),
        ((SCALE, {"a": SCALE * np.nan}), "a is nan"),
    ],
)
def test_what_cannot_be_drawn_is_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        scale_map(*arguments)
