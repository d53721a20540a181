"""The picture of ranks: shares that sum to 1, the order of rows, and what is written beside it."""

import numpy as np
import pandas as pd
import pytest

from asdkit import figures
from asdkit.figures.metrics.rank_shares import shares

RANKS = pd.DataFrame({"a": [2, 2, 3, 1.5], "b": [1, 1, 1, 1.5], "c": [3, 3, 2, 3]})


def test_shares_count_the_draws_and_split_what_is_shared():
    found = shares(RANKS)
    np.testing.assert_allclose(found, np.array([[0.5, 2.5, 1], [3.5, 0.5, 0], [0, 1, 3]]) / 4)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_rows_stand_by_mean_rank_and_fields_tell_their_share():
    figure = figures.rank_shares({"one seed": RANKS, "all": RANKS})
    first, second = figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == ["b", "a", "c"]
    assert first.get_title() == "one seed\n(n = 4 draws)" and second.get_title().startswith("all")
    (mesh,) = first.collections
    np.testing.assert_allclose(np.asarray(mesh.get_array()), shares(RANKS[["b", "a", "c"]]))
    told = {
        (x, round(y)): text.get_text() for text in first.texts for x, y in [text.get_position()]
    }
    assert told[1, 0] == "88" and told[2, 1] == "62" and (3, 0) not in told
    np.testing.assert_allclose(first.lines[0].get_xdata(), RANKS[["b", "a", "c"]].mean())


def test_published_ranks_stand_beside():
    figure = figures.rank_shares({"one": RANKS}, {"c": 1}, source="[AP]")
    beside = [text.get_text() for text in figure.axes[0].texts if text.get_position()[0] > 1.02]
    assert beside[-2:] == ["[AP]", "1"]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="0 tables"):
        figures.rank_shares({})
    with pytest.raises(ValueError, match="2 tables of 2"):
        figures.rank_shares({"a": RANKS, "b": RANKS[["a", "b"]]})
    with pytest.raises(ValueError, match="'d' is published"):
        figures.rank_shares({"a": RANKS}, {"d": 1})
