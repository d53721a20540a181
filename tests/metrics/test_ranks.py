"""Ranks over drawn seeds and clips: against areas that are ranked by hand, and where the answer is
known.
"""

import numpy as np
import pandas as pd
import pytest

from asdkit import metrics
from asdkit.metrics.means import mean_draws

SECTIONS = {"fan": ["00", "02"], "valve": ["00"]}


@pytest.fixture
def contest(table):
    """Clips, and five seeds of three systems: two alike in all but chance, and a better one."""
    clips, score = table(SECTIONS)
    noise = np.random.default_rng(0).normal(size=(3, 5, len(score)))
    better = score + 3.0 * clips["label"].to_numpy() + 0.1 * noise[2]
    return clips, {"a": score + noise[0], "b": score + noise[1], "better": better}


def test_one_seed_is_ranked_as_its_areas_are(contest):
    clips, scores = contest
    first = {name: score[0] for name, score in scores.items()}
    found = metrics.rank_draws(clips, first, samples=50)
    areas = pd.DataFrame({name: mean_draws(clips, some, 50)[1:] for name, some in first.items()})
    pd.testing.assert_frame_equal(found, areas.rank(axis=1, ascending=False))
    assert found["a"].nunique() > 1  # so that the clips decide something


def test_the_mean_of_all_trials_is_ranked_over_one_choice_of_seeds(contest):
    """With seeds that are all alike it does not matter which of them are taken."""
    clips, scores = contest
    alike = {name: np.repeat(score[:1], 4, axis=0) for name, score in scores.items()}
    one = metrics.rank_draws(clips, alike, samples=40)
    pd.testing.assert_frame_equal(one, metrics.rank_draws(clips, alike, trials=4, samples=40))


def test_a_better_system_is_first_and_equal_ones_change_places(contest):
    ranks = metrics.rank_draws(*contest, samples=300)
    assert (ranks["better"] == 1).all()
    assert ranks.sum(axis=1).eq(6).all()
    assert 0.1 < (ranks["a"] == 2).mean() < 0.9


def test_more_trials_make_a_rank_surer(contest):
    clips, scores = contest
    lift = 0.25 * clips["label"].to_numpy()
    near = {"a": scores["a"], "b": scores["a"][::-1] + lift}
    shares = [(metrics.rank_draws(clips, near, trials, 300)["b"] == 1).mean() for trials in (1, 20)]
    assert 0.5 < shares[0] < shares[1]


def test_equal_areas_share_a_rank_and_no_seed_meets_every_seed(contest):
    clips, scores = contest
    same = {"a": scores["a"], "twice": 2 * scores["a"], "better": scores["better"][0]}
    assert metrics.rank_draws(clips, same, samples=20).to_numpy().tolist() == [[2.5, 2.5, 1]] * 20


@pytest.mark.parametrize(
    "some, trials, words",
    [(["a"], 1, "one system alone has no rank"), (["a", "b"], 0, "trials is 0"),
     (["a", "short"], 1, "numbers of seeds differ")],
)  # fmt: skip
def test_what_has_no_rank_is_refused(contest, some, trials, words):
    clips, scores = contest
    scores = scores | {"short": scores["b"][:2]}
    with pytest.raises(ValueError, match=words):
        metrics.rank_draws(clips, {name: scores[name] for name in some}, trials)
