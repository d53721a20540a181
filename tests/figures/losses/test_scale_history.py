"""The history of a scale: a line a loss, and where it ends."""

import numpy as np
import pytest

from asdkit import figures


def test_a_scale_history_has_a_line_a_loss():
    histories = {"AdaCos": np.linspace(20, 8, 50), "fixed": np.full(40, 30.0)}
    ax = figures.scale_history(histories).axes[0]
    assert [len(line.get_xdata()) for line in ax.lines] == [50, 40]
    assert (
        ax.get_yscale() == "linear" and ax.get_ylim()[0] == 0 and "n = 50 steps" in ax.get_title()
    )
    assert "ends at 8" in ax.get_legend().get_texts()[0].get_text()
    assert figures.scale_history(histories, log=True).axes[0].get_yscale() == "log"
    with pytest.raises(ValueError, match="log=False"):
        figures.scale_history({"zero": [1.0, 0.0]}, log=True)
    with pytest.raises(ValueError, match="no history"):
        figures.scale_history({})
