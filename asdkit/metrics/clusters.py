"""The mean of numbers that belong together in clusters, with an interval over the clusters."""

import numpy as np
import pandas as pd

from .. import given


def clustered_mean(values, cluster, level=0.95, samples=1000, seed=0):
    r"""Mean of some numbers, with a bootstrap interval over the clusters that they belong to.

    $$\bar v = \frac{\sum_g w_g \sum_{i \in g} v_i}{\sum_g w_g |g|}$$

    with $w_g$, how often a cluster g is drawn, 1 for the mean itself.

    Shapes: ``values`` (N,), ``cluster`` (N,) -> (mean, low, high).
    Raises: ValueError for other lengths, values that are not finite, a cluster that is missing, a
        level that is no share, or fewer than two clusters.
    Choices: numbers of one cluster, such as those of one clip with several faults, are no
        independent evidence, so whole clusters are drawn.
    Example:
        >>> mean, low, high = metrics.clustered_mean([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"])
        >>> mean, low, high
        (0.5, 0.0, 1.0)
    Notebook: 14_embedding_explorer
    """
    given.in_order(values, "values", like=cluster)
    values, cluster = given.column(values, "values"), np.array(cluster, dtype=object)
    if values.shape != cluster.shape or pd.isna(cluster).any():
        raise ValueError(
            f"values {values.shape} and clusters {cluster.shape} do not go together, or some "
            "clusters are missing: pass a number and a name for each"
        )
    level, samples = given.share(level, "level"), given.count(samples, "samples")
    rng = np.random.default_rng(given.count(seed, "seed", 0))
    groups = pd.Series(values).groupby(cluster)
    sums, counts = groups.sum().to_numpy(), groups.size().to_numpy()
    if len(sums) < 2:
        raise ValueError("there is one cluster: an interval over clusters takes two or more")
    drawn = rng.integers(len(sums), size=(samples, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)
