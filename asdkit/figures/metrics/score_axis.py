"""Where an axis of anomaly scores ends, so that a few clips far out do not flatten all others."""

import numpy as np

QUANTILE = 0.9


def score_ends(score):
    """Return both ends of an axis of scores, and how many scores lie beyond the upper one.

    Shapes: score (N,), finite -> low, high, a count.
    Choices: the axis is cut at the quantile 0.9 where the tenth above it would take more than a
        third of the axis; else it ends at the largest score. What lies beyond is drawn at the edge.
    """
    low, high = float(np.min(score)), float(np.max(score))
    cut = float(np.quantile(score, QUANTILE))
    if high - cut > (cut - low) / 2.0 > 0.0:
        high = cut
    return low, high, int(np.sum(np.asarray(score) > high))


def beyond(ax, count, height=0.5):
    """Say at the right edge of a picture how many clips lie beyond it."""
    if count:
        words = f"{count} clips beyond →"
        ax.text(0.995, height, words, transform=ax.transAxes, fontsize=8, ha="right", va="center")
