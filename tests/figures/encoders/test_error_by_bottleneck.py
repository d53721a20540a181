"""Errors and AUC against the bottleneck: means, bands from seed to seed, and PCA beside them."""

import numpy as np
import pytest

from asdkit import figures

RNG = np.random.default_rng(0)
SIZES = [2, 4, 8, 16, 32, 64, 640]
NORMAL = RNG.uniform(5, 9, (3, 7))
ANOMALY = NORMAL + RNG.uniform(0, 4, (3, 7))
AUC = RNG.uniform(0.6, 0.9, (3, 7))
PCA = np.stack([NORMAL[0], ANOMALY[0], AUC[0]])
PCA[:, -1] = [0.0, 0.0, np.nan]


def test_lines_are_means_and_bands_the_seeds():
    figure = figures.error_by_bottleneck(SIZES, NORMAL, ANOMALY, AUC)
    above, below = figure.axes
    for ax, place, values in ((above, 0, NORMAL), (above, 1, ANOMALY), (below, 0, AUC)):
        size, mean = ax.lines[place].get_data()
        np.testing.assert_array_equal(size, SIZES)
        np.testing.assert_allclose(mean, values.mean(axis=0))
        edge = ax.collections[place].get_paths()[0].vertices
        for column, x in enumerate(SIZES):
            there = edge[edge[:, 0] == x, 1]
            assert there.min() == values[:, column].min()
            assert there.max() == values[:, column].max()
    assert figure.axes[0].get_title().endswith("(n = 3 seeds)")


def test_axes_have_units_and_sizes():
    figure = figures.error_by_bottleneck(SIZES, NORMAL, ANOMALY, AUC, unit="variances of a band")
    above, below = figure.axes
    assert above.get_ylabel() == "squared error\nin variances of a band"
    assert below.get_ylabel() == "AUC" and above.get_ylim()[0] == 0
    told = "size of the bottleneck (log axis); lines only join the sizes tried"
    assert below.get_xlabel() == told
    assert [tick.get_text() for tick in below.get_xticklabels()] == [str(size) for size in SIZES]
    assert below.lines[-1].get_ydata()[0] == 0.5
    assert figure.png()[:4] == b"\x89PNG"


def test_pca_stands_beside_with_its_gap():
    above, below = figures.error_by_bottleneck(SIZES, NORMAL, ANOMALY, AUC, PCA).axes
    drawn = {line.get_label(): line for ax in (above, below) for line in ax.lines}
    for name, values in zip(("normal clips", "anomalies", "AUC"), PCA):
        line = drawn[f"{name}, PCA"]
        np.testing.assert_array_equal(line.get_ydata(), values)
        assert line.get_color() == drawn[name].get_color()
        assert line.get_linestyle() == ":" != drawn[name].get_linestyle()


def test_an_auc_below_the_axis_widens_it():
    low = AUC.copy()
    low[0, 0] = 0.1
    assert figures.error_by_bottleneck(SIZES, NORMAL, ANOMALY, low).axes[1].get_ylim()[0] < 0.1
    assert figures.error_by_bottleneck(SIZES, NORMAL, ANOMALY, AUC).axes[1].get_ylim()[0] == 0.4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sizes": SIZES[::-1]}, "give growing ones above 0"),
        ({"sizes": [0, *SIZES[1:]]}, "give growing ones above 0"),
        ({"normal": NORMAL[:, 1:]}, r"give \(seeds, 7\)"),
        ({"normal": NORMAL[:2]}, r"give \(seeds, 7\)"),
        ({"auc": AUC * np.nan}, "is nan at"),
        ({"anomaly": -ANOMALY}, "a squared error lies below 0"),
        ({"auc": 100 * AUC}, "lies outside 0 to 1"),
        ({"pca": PCA[:2]}, r"pca is \(2, 7\): give \(3, 7\)"),
    ],
)
def test_what_it_refuses(change, words):
    data = {"sizes": SIZES, "normal": NORMAL, "anomaly": ANOMALY, "auc": AUC, "pca": PCA}
    with pytest.raises(ValueError, match=words):
        figures.error_by_bottleneck(**data | change)
