"""The ROC curve of a few clips and the areas under it, as the exercises define them."""

import numpy as np


def corners(label, score):
    """Return false alarm and hit rates from (0, 0) to (1, 1), without those on a straight line."""
    alarm = np.unique(score)[::-1, None] <= score
    counts = np.array([[0, *alarm[:, label == kind].sum(axis=1)] for kind in (0, 1)])
    bends = np.diff(counts, 2).any(axis=0)
    return counts[:, np.r_[True, bends, True]] / counts[:, -1:]


def area(label, score, tie=0.5):
    """Return the share of pairs in which the anomaly's score is larger."""
    gaps = score[label == 1][:, None] - score[label == 0]
    return np.mean((gaps > 0) + tie * (gaps == 0))


def below(x, y, p):
    """Return the area under the polygon of corners up to exactly p."""
    return np.trapezoid(np.r_[y[x < p], _height(x, y, p)], np.r_[x[x < p], p])


def scaled(area, p):
    """Map the area of chance to 0.5, and that of the best curve to 1."""
    return 0.5 * (1 + (area - p * p / 2) / (p - p * p / 2))


def partial(label, score, p=0.1):
    """Return the scaled area of clips up to p."""
    return scaled(below(*corners(label, score), p), p)


def _height(x, y, p):
    after = int(np.argmax(x >= p))
    share = (p - x[after - 1]) / (x[after] - x[after - 1])
    return y[after - 1] + share * (y[after] - y[after - 1])
