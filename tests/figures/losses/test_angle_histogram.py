"""Angles to the own center: degrees, medians, densities, and an axis of two lengths."""

import numpy as np
import pytest

from asdkit import figures


def test_angles_are_drawn_in_degrees_with_their_gap():
    figure = figures.angle_histogram(np.radians([10, 20, 30]), np.radians([40, 50, 70, 80]))
    ax = figure.axes[0]
    assert ax.get_xlim() == (0, 90) and "degrees" in ax.get_xlabel()
    assert figure.legends[0].get_title().get_text() == "gap of the medians\n+40.0°"
    assert "n = 3 normal, 4 anomalies" in ax.get_title()
    assert [line.get_xdata()[0] for line in ax.lines] == pytest.approx([20, 60])
    for patch in ax.patches:  # both histograms are densities: each has area 1
        height, edges, _ = patch.get_data()
        assert np.sum(height * np.diff(edges)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("largest", "limit", "end"), [(80, 90, 90), (80, 180, 180), (120, 90, 180)]
)
def test_the_axis_of_angles_has_two_lengths_only(largest, limit, end):
    figure = figures.angle_histogram(np.radians([30, 40]), np.radians([50, largest]), limit=limit)
    assert figure.axes[0].get_xlim() == (0, end)


def test_degrees_are_no_angles():
    with pytest.raises(ValueError, match="pass radians"):
        figures.angle_histogram([20.0], [40.0])
    with pytest.raises(ValueError, match="90 or 180"):
        figures.angle_histogram([0.2], [0.4], limit=100)
