"""The picture of how far normal clips lie apart: what is drawn, and what is not of three clips."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures


@pytest.fixture
def table():
    rows = [
        ("real", "fan", 3, 1000.0, 1.0, 1.5), ("real", "valve", 25, 1500.0, 0.8, 5.0),
        ("made", "fan", 25, 100.0, 0.7, 6.0), ("made", "fan", 25, 160.0, 0.75, 7.0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["set", "machine", "clips", "trace", "first three", "rank"])


def test_all_traces_are_drawn_and_ranks_of_enough_clips_alone(table):
    trace, share, rank = figures.normal_spread(table).axes
    fan, valve = trace.get_lines()
    np.testing.assert_allclose(fan.get_xdata(), [1000, 100, 160])
    np.testing.assert_allclose(valve.get_xdata(), [1500])
    assert np.round(fan.get_ydata()).tolist() == [0, 1, 1]  # a row a set
    np.testing.assert_allclose(share.get_lines()[0].get_xdata(), [0.7, 0.75])
    np.testing.assert_allclose(rank.get_lines()[0].get_xdata(), [6, 7])
    assert trace.get_xscale() == "log" and "dB²" in trace.get_xlabel()
    assert [text.get_text() for text in trace.get_yticklabels()] == [
        "real (n = 3 to 25)", "made (n = 25)",
    ]  # fmt: skip
    assert "fewer than 10 clips" in trace.figure.get_suptitle()
    whole = figures.normal_spread(table[table["clips"] >= 10])
    assert "fewer" not in whole.get_suptitle()


def test_more_machines_than_looks_are_refused(table):
    many = pd.concat([table.assign(machine=f"{number}") for number in range(7)])
    with pytest.raises(ValueError, match="7 machines: give 6"):
        figures.normal_spread(many)
