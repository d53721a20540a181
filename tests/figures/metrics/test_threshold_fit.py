"""The picture of a threshold from training scores: both limits stand where metrics puts them."""

import numpy as np
import pytest
from scipy.stats import gamma

from asdkit import metrics
from asdkit.figures import threshold_fit

SCORE = np.random.default_rng(0).gamma(3.0, size=200)


def test_both_limits_and_the_fitted_density_are_drawn():
    figure = threshold_fit(SCORE, rate=0.2)
    ax = figure.axes[0]
    assert "n = 200" in ax.get_title() and "rate 20 %" in ax.get_title()
    curve, *limits = ax.lines
    grid, density = curve.get_xydata().T
    assert density == pytest.approx(gamma.pdf(grid, *gamma.fit(SCORE)))
    for line, method in zip(limits, ("percentile", "gamma")):
        wanted = metrics.threshold(SCORE, 0.2, method)
        assert line.get_xdata()[0] == wanted
        assert (
            f"{method} {wanted:.4g}: {np.mean(wanted <= SCORE):.0%}".replace("%", " %")
            in line.get_label()
        )
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


def test_what_cannot_be_fitted():
    with pytest.raises(ValueError, match="all 3 training scores are equal"):
        threshold_fit([1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="rate is a share"):
        threshold_fit(SCORE, rate=10)
    with pytest.raises(ValueError, match="score holds no values"):
        threshold_fit([])
