"""A factor or a term is named by the lengths and numbers of the inputs."""

import numpy as np
import pytest

from asdkit.checks import examine

RNG = np.random.default_rng(0)
ROWS = [(RNG.normal(size=(n, 4)), s) for n, s in ((3, 2.5), (8, 0.3), (5, 7.0))]


def spread(x, s):
    return x.std(axis=0)


def log_mean(x, s):
    return np.log(np.exp(x).mean(axis=0))


def scaled(x, s):
    return s * x.mean(axis=1)


@pytest.mark.parametrize(("reference", "wrong", "hint"), [
    (spread, lambda x, s: x.std(axis=0, ddof=1), 
     "variance is 1 less than the length of axis 0 of x, and"),
    (log_mean, lambda x, s: np.log(np.exp(x).sum(axis=0)),
     "the logarithm of the length of axis 0 of x is too many: a sum stands for a mean"),
    (scaled, lambda x, s: x.mean(axis=1), "divided by s: that factor is missing"),
    (scaled, lambda x, s: s**2 * x.mean(axis=1), "s times the right one: that factor is too many"),
    (scaled, lambda x, s: s * x.mean(axis=1) + s, "the right one plus s."),
    (scaled, lambda x, s: s * x.sum(axis=1), "divide by the length of axis 1 of x"),
    (scaled, lambda x, s: 1.7 * s * x.mean(axis=1), "1.7 times the right one"),
    (scaled, lambda x, s: -2 * s * x.mean(axis=1), "the sign is flipped, and more"),
    (scaled, lambda x, s: 3 * s * x.mean(axis=1) - 1, "3 times the right one, minus 1."),
    (scaled, lambda x, s: np.degrees(s * x.mean(axis=1)), "these are degrees"),
    (scaled, lambda x, s: np.pi - s * x.mean(axis=1), "pi minus the right value"),
])  # fmt: skip
def test_factor_and_term_are_named(reference, wrong, hint):
    assert examine("99.1", reference, reference, ROWS)
    assert hint in examine("99.1", wrong, reference, ROWS).message


def test_a_factor_that_differs_within_a_probe_is_none():
    message = examine("99.1", lambda x, s: scaled(x, s) * x[:, 0], scaled, ROWS).message
    assert "factor" not in message and "a value is" in message
