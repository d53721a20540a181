"""Tables of scores: what is written is read again, and another file is refused."""

import numpy as np
import pandas as pd
import pytest

from asdkit import score_tables

NOTES = ["asdkit sweep adacos --seeds 2 --out x.csv", "asdkit 0, toy data"]


def test_a_table_is_read_as_it_was_written(tmp_path, scored):
    told = scored(**{"adacos k=1, 2|angle|0": [0.5, -1e-7, 12345.0]})
    score_tables.write(tmp_path / "x.csv", told, NOTES)
    read, notes = score_tables.read(tmp_path / "x.csv")
    assert notes == NOTES
    pd.testing.assert_frame_equal(read, told, check_dtype=False)


def test_scores_keep_five_digits(tmp_path, scored):
    score = np.array([1.23456789, -98765.4321, 1e-9 / 3])
    score_tables.write(tmp_path / "x.csv", scored(**{"adacos|angle|0": score}), NOTES)
    read, _ = score_tables.read(tmp_path / "x.csv")
    np.testing.assert_allclose(read["adacos|angle|0"], score, rtol=5e-5)
    assert "1.2346\n" in (tmp_path / "x.csv").read_text()


@pytest.mark.parametrize("text", ["", "# note\n", "what,else\n1,2\n", "# note\nwhat,else\n1,2\n"])
def test_another_file_is_refused(tmp_path, text):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ValueError, match=r"x\.csv is no table of scores"):
        score_tables.read(tmp_path / "x.csv")
