"""What cannot be measured is refused in a sentence, by all that take clips and scores."""

import numpy as np
import pytest

from asdkit import metrics

TAKERS = {
    "report": metrics.report,
    "official": lambda clips, score: metrics.official(clips, score, 2022),
    "averaged": metrics.averaged,
    "pooled": metrics.pooled,
    "mauc": metrics.mauc,
    "adaproj_rule": metrics.adaproj_rule,
    "side_by_side": metrics.side_by_side,
    "decisions": lambda clips, score: metrics.decisions(clips, score, 0.0),
}


@pytest.mark.parametrize("name", TAKERS)
def test_what_cannot_be_measured(name, table):
    taker = TAKERS[name]
    clips, score = table({"fan": ["00"]})
    third, third_path = clips.index != clips.index[3], clips["path"].iloc[3]
    for wrong in (score[:3], score[:, None], [*score, 0.0]):
        with pytest.raises(
            ValueError, match=r"score has the shape \(.*\): give 24, one for each clip"
        ):
            taker(clips, wrong)
    for missing in (
        clips["label"].astype("Int64").where(third),
        clips["label"].astype(float).where(third),
    ):
        with pytest.raises(ValueError, match=f"{clips['path'].iloc[3]} has no label"):
            taker(clips.assign(label=missing), score)
    for value in (np.nan, np.inf):
        with pytest.raises(ValueError, match=f"score is {value} at {third_path}: give"):
            taker(clips, np.where(third, score, value))
    with pytest.raises(ValueError, match="a label is 0 .* or 1"):
        taker(clips.assign(label=clips["label"].where(third, -1)), score)
    with pytest.raises(ValueError, match="the table holds no clips"):
        taker(clips.iloc[:0], [])
    with pytest.raises(ValueError, match="lacks machine, domain"):
        taker(clips.drop(columns=["machine", "domain"]), score)


@pytest.mark.parametrize("name", TAKERS)
def test_a_table_is_left_as_it_was(name, table):
    clips, score = table({"fan": ["00"]})
    before = clips.copy(), score.copy()
    TAKERS[name](clips, score)
    assert clips.equals(before[0]) and np.array_equal(score, before[1])
