"""Curves over the levels of parameters: what a marker, a bar and a dot stand at."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures

NAMES = {"mean": "mean Gaussian", "learned": "Toy, angle"}
COLUMNS = ["parameter", "level", "detector", "seed", "auc", "low", "high"]


@pytest.fixture
def table():
    rows = [
        (parameter, level, name, seed, auc + seed / 10, auc - 0.1, auc + 0.2)
        for parameter, levels in (("snr", (-6, 0, 6)), ("clips", (12, 400)))
        for level in levels
        for name, seeds, auc in (("mean Gaussian", 1, 0.7), ("Toy, angle", 2, 0.6 + level / 1000))
        for seed in range(seeds)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(lead=table["auc"] - 0.7, lead_low=-0.2, lead_high=0.1)


def test_a_curve_joins_the_means_of_the_seeds_at_equal_steps(table):
    first, second = figures.parameter_curves(table, NAMES).axes
    assert first.get_xlabel() == "training clips an id" and "dB" in second.get_xlabel()
    reference, mean, learned, *dots = second.get_lines()
    assert reference.get_ydata()[0] == 0.5
    np.testing.assert_allclose(mean.get_ydata(), 0.7)
    np.testing.assert_allclose(learned.get_ydata(), [0.644, 0.65, 0.656])
    np.testing.assert_allclose(np.diff(learned.get_xdata()), 1)
    assert [text.get_text() for text in second.get_xticklabels()] == ["-6", "0", "6"]
    bars = np.array([bar[:, 1] for bar in second.collections[1].get_segments()])
    np.testing.assert_allclose(bars, [[0.494, 0.794], [0.5, 0.8], [0.506, 0.806]])
    seeds = np.concatenate([dot.get_ydata() for dot in dots])
    wanted = table.loc[table["parameter"] == "snr", "auc"]
    np.testing.assert_allclose(sorted(seeds), sorted(wanted))


def test_a_lead_has_its_own_columns_and_zero_to_be_compared_with(table):
    figure = figures.parameter_curves(table[table["parameter"] == "snr"], NAMES, value="lead")
    (ax,) = figure.axes
    reference, _, learned, *_ = ax.get_lines()
    assert reference.get_ydata()[0] == 0 and "mean Gaussian" in ax.get_ylabel()
    np.testing.assert_allclose(learned.get_ydata(), [-0.056, -0.05, -0.044])
    assert "learned, n = 2 seeds" in figure.alt and "mean, n" not in figure.alt


def test_the_means_of_the_levels_as_a_table(table):
    means = figures.level_means(table).set_index(["parameter", "detector", "level"])
    assert len(means) == 10
    row = means.loc["clips", "Toy, angle", 400]
    np.testing.assert_allclose(row.to_numpy(float), [1.05, 0.9, 1.2, 2])


def test_what_cannot_be_drawn_is_refused(table):
    with pytest.raises(ValueError, match="'area': give one of 'auc', 'lead'"):
        figures.parameter_curves(table, NAMES, value="area")
    with pytest.raises(ValueError, match="0 names"):
        figures.parameter_curves(table, {})
    with pytest.raises(ValueError, match="no detector 'ResNet, angle': it has Toy, angle, mean"):
        figures.parameter_curves(table, {"deep": "ResNet, angle"})
