"""A mean over clusters: its interval is that of the bootstrap, and grows with what is shared."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from asdkit import metrics


def test_of_clusters_of_one_it_is_the_plain_bootstrap():
    values = np.random.default_rng(0).normal(size=40)
    mean, low, high = metrics.clustered_mean(values, np.arange(40), samples=20_000)
    wanted = bootstrap((values,), np.mean, method="percentile", n_resamples=20_000, rng=1)
    assert mean == values.mean()
    np.testing.assert_allclose([low, high], wanted.confidence_interval, atol=0.01)


def test_copies_of_a_number_in_its_cluster_are_no_further_evidence():
    values, names = np.random.default_rng(0).normal(size=20), np.arange(20)
    one = metrics.clustered_mean(values, names)
    np.testing.assert_allclose(metrics.clustered_mean(np.repeat(values, 5), names.repeat(5)), one)
    apart = metrics.clustered_mean(np.repeat(values, 5), np.arange(100))
    assert apart[2] - apart[1] < 0.7 * (one[2] - one[1])


@pytest.mark.parametrize(
    "values, cluster, told",
    [([1.0, 2.0], ["a"], "do not go together"), ([1.0, np.nan], ["a", "b"], "values is nan at 1"),
     ([1.0, 2.0], ["a", "a"], "one cluster")],
)  # fmt: skip
def test_what_has_no_interval_is_refused(values, cluster, told):
    with pytest.raises(ValueError, match=told):
        metrics.clustered_mean(values, cluster)
