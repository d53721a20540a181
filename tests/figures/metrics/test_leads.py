"""The picture of paired leads: what a bar spans, and what the text beside it says."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures, metrics


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    label = np.tile([0, 1], 20)
    one = {"machine": "fan", "section": "00", "domain": "source"}
    noise = rng.normal(size=(4, 40))
    scores = {"mean": noise, "full": noise + 0.5 * label, "control": label + noise[0]}
    return metrics.paired(pd.DataFrame(one | {"label": label}), scores, against="mean")


def spans(ax, rows=2):
    """Lower and upper end of the last bars, the intervals over clips first."""
    drawn = [part.get_segments()[-rows:] for part in ax.collections]
    return [np.array([bar[:, 0] for bar in bars]) for bars in drawn]


def test_bars_are_the_two_intervals_in_points(table):
    figure = figures.leads({"toy": table})
    clips, seeds = spans(figure.axes[0])
    wanted = 100 * table.loc[["full", "control"]]
    np.testing.assert_allclose(clips, wanted[["clips_low", "clips_high"]])
    np.testing.assert_allclose(seeds, wanted[["seeds_low", "seeds_high"]])
    assert figure.axes[0].get_xlabel() == "AUC minus that of\nmean, in points"


def test_published_leads_are_text_and_move_no_axis(table):
    plain = figures.leads({"toy": table})
    told = figures.leads({"toy": table}, {"full": 42.0}, source="[SCA]")
    assert told.axes[0].get_xlim() == plain.axes[0].get_xlim()
    assert [text.get_text() for text in told.axes[0].texts] == ["[SCA]", "+42.00"]


def test_panels_share_their_axis(table):
    small = table.assign(lead=table["lead"] / 10)
    first, second = figures.leads({"a": table, "b": small}).axes
    assert first.get_xlim() == second.get_xlim()
    assert first.get_title() == "a\n(n = 4 seeds)" and second.get_title() == "b\n(n = 4 seeds)"


def test_what_cannot_be_drawn_is_refused(table):
    with pytest.raises(ValueError, match="0 tables"):
        figures.leads({})
    with pytest.raises(ValueError, match="2 tables of 2"):
        figures.leads({"a": table, "b": table.iloc[:2]})
    with pytest.raises(ValueError, match="'output' is published"):
        figures.leads({"a": table}, {"output": 1.0})
