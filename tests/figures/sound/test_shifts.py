"""Distances between clips: every pair is drawn, in its machine's panel and its change's row."""

import numpy as np
import pandas as pd
import pytest

from asdkit.figures import LOOKS, shifts

TABLE = pd.DataFrame(
    [
        (machine, change, kind, 0.5 + place + 3 * row)
        for place, machine in enumerate(["fan", "pump", "valve", "slider", "gearbox"])
        for row, (change, kind) in enumerate(
            [("another take", "normal"), ("another id", "normal"), ("leak", "anomaly")]
        )
    ],
    columns=["machine", "change", "kind", "distance"],
)


def test_each_pair_is_drawn_once_in_its_row():
    figure = shifts(TABLE)
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title() for ax in shown] == [
        f"{name}, n = 3" for name in TABLE["machine"].unique()
    ]
    limit, normal, anomaly = shown[1].lines
    assert normal.get_xydata().tolist() == [
        [1.5, 0],
        [4.5, -1],
    ] and anomaly.get_xydata().tolist() == [[7.5, -2]]
    assert limit.get_xdata()[0] == 4.5
    assert [label.get_text() for label in shown[0].get_yticklabels()] == [
        "another take",
        "another id",
        "leak",
    ]


def test_normal_and_faulty_have_the_looks_of_the_kit():
    _, normal, anomaly = shifts(TABLE).axes[0].lines
    for line, look in ((normal, LOOKS["normal"]), (anomaly, LOOKS["anomaly"])):
        assert (line.get_color(), line.get_marker()) == (look.color, look.marker)


def test_a_note_stands_beside_its_row_on_the_side_with_room():
    near, far = pd.DataFrame(TABLE[:2].assign(note=["near", ""])), TABLE[2:3].assign(note="far")
    left, right = shifts(pd.concat([near, far])).axes[0].texts
    assert {left.get_text(): left.xy, right.get_text(): right.xy} == {
        "near": (0.5, 0),
        "far": (6.5, -2),
    }
    assert {text.get_text(): text.get_horizontalalignment() for text in (left, right)} == {
        "near": "left",
        "far": "right",
    }


def test_one_machine_alone_can_be_drawn():
    assert len(shifts(TABLE[TABLE["machine"] == "fan"]).axes) == 1


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (TABLE.drop(columns="kind"), "lacks {'kind'}"),
        (TABLE.assign(kind=np.nan), "normal or anomaly, not"),
    ],
)
def test_what_cannot_be_drawn_is_refused(table, sentence):
    with pytest.raises(ValueError, match=sentence):
        shifts(table)
