"""Energy inside the own subspace: densities on 0 to 1, medians, and what chance has there."""

import numpy as np
import pytest

from asdkit import figures

RNG = np.random.default_rng(0)
NORMAL, ANOMALY = RNG.beta(9, 2, 300), RNG.beta(5, 5, 80)


def test_histograms_medians_and_chance():
    figure = figures.subspace_energy(NORMAL, ANOMALY, dim=256, subspace_dim=32)
    ax = figure.axes[0]
    assert ax.get_xlim() == (0, 1) and "n = 300 normal, 80 anomalies" in ax.get_title()
    at = [line.get_xdata()[0] for line in ax.lines]
    assert at == pytest.approx([np.median(NORMAL), np.median(ANOMALY), 0.125])
    for patch in ax.patches:
        height, edges, _ = patch.get_data()
        assert np.sum(height * np.diff(edges)) == pytest.approx(1)
    assert "32/256 = 0.125 on average" in figure.alt
    assert f"median, normal {np.median(NORMAL):.2f}" in figure.alt
    assert len({line.get_linestyle() for line in ax.lines}) == 3 and len(figure.png()) < 60_000


def test_an_untrained_network_has_its_median():
    figure = figures.subspace_energy(NORMAL, ANOMALY, 256, 32, untrained=[0.1, 0.2, 0.6])
    at = [line.get_xdata()[0] for line in figure.axes[0].lines]
    assert at == pytest.approx([np.median(NORMAL), np.median(ANOMALY), 0.2, 0.125])
    assert "median, untrained 0.20" in figure.alt
    with pytest.raises(ValueError, match="untrained holds no values"):
        figures.subspace_energy(NORMAL, ANOMALY, 256, 32, untrained=[])


def test_rounding_beyond_the_ends_is_drawn_at_the_ends():
    ax = figures.subspace_energy([1 + 1e-7, -1e-8], [0.5], 4, 4).axes[0]
    assert ax.patches[0].get_data().values[[0, -1]].tolist() == pytest.approx([25, 25])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([], [0.5], 8, 2), "normal holds no values"),
        (([0.5], [np.nan], 8, 2), "anomalous is nan"),
        (([0.5], [1.2], 8, 2), "anomalous holds 1.2 to 1.2: give shares from 0 to 1"),
        (([0.5], [0.5], 8, 0), "subspace_dim is 0: give 1 to 8"),
        (([0.5], [0.5], 8, 9), "subspace_dim is 9: give 1 to 8"),
    ],
)
def test_what_cannot_be_drawn(arguments, words):
    with pytest.raises(ValueError, match=words):
        figures.subspace_energy(*arguments)
