"""AUCs of shuffled labels: how many do as well."""

import pytest

from asdkit import figures


def test_the_null_histogram_counts_shuffles_that_do_as_well():
    figure = figures.null_histogram([0.4, 0.5, 0.6, 0.7], 0.6)
    ax = figure.axes[0]
    assert "n = 4 shuffles, p = 0.6" in ax.get_title()
    assert ax.patches[0].get_data().values.sum() == 4 and ax.get_xlim() == (0, 1)
    assert 0.6 in [line.get_xdata()[0] for line in ax.lines]
    with pytest.raises(ValueError, match="not as percent"):
        figures.null_histogram([0.5], 60)
