"""Where a threshold comes from: training scores, the fitted gamma density, and both limits."""

import numpy as np
from scipy.stats import gamma

from ...metrics import gamma_fit, threshold
from ..style import LOOKS, SERIES, Picture, finite, plain

BINS = 24


def threshold_fit(score, rate=0.1, title="Scores of normal training clips"):
    """Draw training scores, the gamma density fitted to them, and the thresholds that follow.

    Shapes: score (N,) of normal clips.
    Raises: ValueError as ``metrics.threshold`` does.
    Choices: the legend tells which share of these clips lies at or above each threshold: the rate
        is a promise about new clips, kept on these ones only in part.
    Example:
        >>> figures.threshold_fit([0.5, 0.8, 1.0, 1.1, 1.3, 1.4, 1.9, 2.6]).alt
        'Scores of normal training clips ... percentile 2.6: 12 % at or above; gamma ...'
    Notebook: 03_scores_and_metrics
    """
    score = finite(score, "score")
    figure = Picture()
    ax = figure.subplots()
    look = LOOKS["normal"]
    ax.hist(
        score, BINS, density=True, color=look.color, alpha=0.35, label=f"normal, n = {len(score)}"
    )
    grid = np.linspace(score.min() - 0.05 * np.ptp(score), score.max() + 0.25 * np.ptp(score), 400)
    ax.plot(
        grid, gamma.pdf(grid, *gamma_fit(score)), color="black", linewidth=1.4,
        label="gamma density, fitted",
    )  # fmt: skip
    for place, method in enumerate(("percentile", "gamma")):
        limit = threshold(score, rate, method)
        words = f"{method} {limit:.4g}: {np.mean(score >= limit):.0%} at or above".replace(
            "%", " %"
        )
        ax.axvline(
            limit, color=SERIES[2 + place].color, linestyle=SERIES[2 + place].line, linewidth=2,
            label=words,
        )  # fmt: skip
    ax.set(xlim=(grid[0], grid[-1]), xlabel="anomaly score", ylabel="density")
    ax.set_ylim(0, 1.25 * np.histogram(score, BINS, density=True)[0].max())
    ax.set_title(f"{title} (n = {len(score)}), rate {rate:.0%}".replace("%", " %"))
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return figure
