"""Fixed scales beside the adaptive one: every lead stands at its scale, in points."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures

SCALE, SUREST = np.array([0.5, 2.0, 30.0]), np.array([0.1, 0.5, 1.0])
LEADS = pd.DataFrame(
    {
        "lead": [0.01, 0.0, -0.08], "seeds_low": [0.0, -0.01, -0.09],
        "seeds_high": [0.02, 0.01, -0.07], "clips_low": [-0.01, -0.02, -0.11],
        "clips_high": [0.03, 0.02, -0.05],
    }
)  # fmt: skip


def test_leads_stand_in_points_above_their_scales_and_probabilities_below():
    figure = figures.fixed_scales(SCALE, LEADS, SUREST, rest=2.2)
    above, below = figure.axes
    mean = next(line for line in above.lines if line.get_label() == "lead, mean of seeds")
    np.testing.assert_allclose(mean.get_xydata(), np.stack([SCALE, [1, 0, -8]], axis=1))
    bars = {found.get_label(): found.get_segments() for found in above.collections}
    np.testing.assert_allclose(bars["interval over clips"][2], [[30, -11], [30, -5]])
    np.testing.assert_allclose(bars["interval over seeds"][0], [[0.5, 0], [0.5, 2]])
    np.testing.assert_allclose(below.lines[0].get_xydata(), np.stack([SCALE, SUREST], axis=1))
    assert above.get_xscale() == below.get_xscale() == "log"
    assert [text.get_text() for text in below.get_xticklabels()] == ["0.5", "2", "30"]
    assert "rest of the adaptive scale, 2.20" in figure.alt and "n = 3 scales" in figure.alt
    assert "rest of" not in figures.fixed_scales(SCALE, LEADS, SUREST).alt


def test_one_seed_leaves_a_gap_where_its_interval_would_stand():
    gaps = LEADS.assign(seeds_low=np.nan, seeds_high=np.nan)
    assert len(figures.fixed_scales(SCALE, gaps, SUREST).png()) > 1000


@pytest.mark.parametrize(
    ("scale", "count", "words"),
    [
        (SCALE[:2], 3, "2 scales, 3 leads"),
        ([], 0, "scale holds no values"),
        (SCALE - 1, 3, "reaches -0.5"),
    ],
)
def test_what_it_refuses(scale, count, words):
    surest = SUREST[: len(scale)]
    with pytest.raises(ValueError, match=words):
        figures.fixed_scales(scale, LEADS[:count], surest)
