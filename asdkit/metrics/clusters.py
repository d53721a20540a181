"""The mean of numbers that belong together in clusters, with an interval over the clusters."""

import numpy as np
import pandas as pd


def clustered_mean(values, cluster, level=0.95, samples=1000, seed=0):
    r"""Mean of some numbers, with a bootstrap interval over the clusters that they belong to.

    $$\bar v = \frac{\sum_g w_g \sum_{i \in g} v_i}{\sum_g w_g |g|}$$

    with $w_g$, how often a cluster g is drawn, 1 for the mean itself.

    Shapes: ``values`` (N,), ``cluster`` (N,) -> (mean, low, high).
    Raises: ValueError for other lengths, values that are not finite, or fewer than two clusters.
    Choices: numbers of one cluster, such as those of one clip with several faults, are no
        independent evidence, so whole clusters are drawn.
    Example:
        >>> mean, low, high = metrics.clustered_mean([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"])
        >>> mean, low, high
        (0.5, 0.0, 1.0)
    Notebook: 14_embedding_explorer
    """
    values, cluster = np.asarray(values, dtype=float), np.asarray(cluster)
    if values.shape != cluster.shape or values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError(
            f"values {values.shape} and clusters {cluster.shape} do not go together, or some "
            "values are not finite: pass a number and a name for each"
        )
    groups = pd.Series(values).groupby(cluster)
    sums, counts = groups.sum().to_numpy(), groups.size().to_numpy()
    if len(sums) < 2:
        raise ValueError("there is one cluster: an interval over clusters takes two or more")
    drawn = np.random.default_rng(seed).integers(len(sums), size=(samples, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)
