"""Mistakes that show when the functions get other inputs."""

import numpy as np
import pytest

from asdkit.checks.retries import forgotten_axis, norm, other_inputs, without_effect
from asdkit.checks.trial import Trial

RNG = np.random.default_rng(0)
ROWS = [(RNG.normal(size=(n, 3)) + 1, s) for n, s in ((4, 0.3), (1, 1.2), (6, 0.8))]


def scores(x, s):
    return np.sin(s) * x[:, 0] / np.linalg.norm(x, axis=1) + s**3 + 0.1


def tried(learner):
    return Trial(learner, scores, ROWS, 1e-6)


@pytest.mark.parametrize(("changed", "hint"), [
    (lambda s: -s, "the sign of s is flipped"), (np.radians, "s is in radians already"),
    (np.degrees, "sine and cosine take radians"), (lambda s: s + 1, "off by one: s + 1"),
    (lambda s: 1 / s, "1 / s stands where s"), (lambda s: s / 2, "half of s"),
    (lambda s: 1.0, "s counts as 1 here"),
])  # fmt: skip
def test_a_changed_input_is_named(changed, hint):
    assert hint in other_inputs(tried(lambda x, s: scores(x, changed(s))))


def test_a_forgotten_axis_shows_where_an_entry_stands_alone():
    def forgetful(x, s):
        return np.sin(s) * x[:, 0] / np.linalg.norm(x) + s**3 + 0.1

    assert forgotten_axis(tried(forgetful)).startswith("alone, each entry along axis 0 of x gets")
    assert "must not" in forgotten_axis(tried(lambda x, s: forgetful(x, s) * s))
    assert forgotten_axis(tried(lambda x, s: scores(x, s) ** 2)) is None


def test_a_dependence_on_the_norm_and_none_on_an_input_are_told():
    def rescale(x, s):
        return 2 * x, s

    assert "L2-normalize" in norm(tried(lambda x, s: x[:, 0]), rescale)
    assert norm(tried(scores), rescale) is None
    assert "does not depend on s" in without_effect(tried(lambda x, s: x[:, 0]))
    assert without_effect(tried(lambda x, s: s * x[:, 0])) is None
