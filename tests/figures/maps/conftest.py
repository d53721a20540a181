"""A small map of twelve groups, by PCA."""

import numpy as np
import pytest

from asdkit import projection


@pytest.fixture(scope="session")
def made():
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(12, 8)), 5, axis=0) + 0.6 * rng.normal(size=(60, 8))
    return projection.pca_map(x)


@pytest.fixture(scope="session")
def noise():
    return projection.pca_map(np.random.default_rng(1).normal(size=(60, 8)))


@pytest.fixture(scope="session")
def group():
    return np.array(["fan"] * 24 + ["pump"] * 16 + ["valve"] * 20)


@pytest.fixture(scope="session")
def label():
    return np.arange(60) % 3 == 0
