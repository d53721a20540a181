"""The scatter without a browser: what a lasso selects, what is sent, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.path import Path as Polygon

from asdkit.views.scatter import MOST, Scatter

RNG = np.random.default_rng(0)
XY = RNG.normal(size=(200, 2))
LEGEND = [{"name": name, "color": "#000000", "shape": "o"} for name in ("low", "high")]
GROUPS = (XY[:, 1] > 0).astype(int)
BENT = np.array([[-1, -1], [1, -1], [1, 1], [0, 0], [-1, 1]])


def sound(point):
    if point == 3:
        raise ValueError("its file is not there")
    return b"ogg" + bytes([point])


@pytest.fixture
def scatter():
    scatter = Scatter(XY, [f"clip {row}" for row in range(200)], sound, lambda: "row,name\n")
    look = {"name": "height", "words": "a map", "sheets": [(GROUPS, LEGEND, np.zeros((200, 3)))]}
    scatter.paint([look], ["o"] * 200)
    return scatter


@pytest.fixture
def sent(scatter, monkeypatch):
    messages = []
    monkeypatch.setattr(
        scatter, "send", lambda content, buffers=None: messages.append((content, buffers or []))
    )
    return messages


def test_places_and_names_travel_as_bytes(scatter):
    places = np.frombuffer(scatter.points, "<f4").reshape(-1, 2)
    np.testing.assert_allclose(places, XY, rtol=1e-6)
    assert json.loads(scatter.names)[7] == "clip 7" and scatter.shapes == b"o" * 200


def test_a_lasso_selects_what_lies_inside_adds_and_removes(scatter):
    inside = set(np.flatnonzero(Polygon(BENT).contains_points(XY)).tolist())
    right = set(np.flatnonzero(XY[:, 0] > 0).tolist())
    half = [[0, -9], [9, -9], [9, 9], [0, 9]]
    assert scatter.lasso(BENT).selected == sorted(inside) and 20 < len(inside) < 180
    assert set(scatter.lasso(half, "add").selected) == inside | right
    assert set(scatter.lasso(half, "remove").selected) == inside - right
    assert set(scatter.lasso(half).selected) == right


def test_what_is_hidden_is_neither_selected_nor_picked(scatter):
    low = int(np.flatnonzero(GROUPS == 0)[0])
    scatter.selected, scatter.picked = list(range(200)), low
    scatter.hide("low")
    assert scatter.selected == np.flatnonzero(GROUPS == 1).tolist() and scatter.picked == -1
    everywhere = [[-9, -9], [9, -9], [9, 9], [-9, 9]]
    assert scatter.lasso(everywhere).selected == np.flatnonzero(GROUPS == 1).tolist()
    scatter.hide()
    assert len(scatter.lasso(everywhere).selected) == 200


def test_each_sound_is_sent_under_its_row_and_a_missing_one_says_why(scatter, sent):
    scatter._asked(scatter, {"kind": "sounds", "points": [5, 3]}, [])
    assert sent == [
        ({"kind": "sound", "point": 5}, [b"ogg\x05"]),
        ({"kind": "sound", "point": 3, "missing": "its file is not there"}, []),
    ]


def test_it_answers_a_page_that_asks_whether_it_is_there(scatter, sent):
    scatter._asked(scatter, {"kind": "ping"}, [])
    scatter._asked(scatter, {"kind": "table"}, [])
    assert sent[0] == ({"kind": "pong"}, [])
    assert sent[1] == ({"kind": "table", "name": "selection.csv"}, [b"row,name\n"])


@pytest.mark.parametrize(
    ("xy", "names", "told"),
    [
        (np.zeros((0, 2)), [], r"a map is \(N, 2\), a row a clip, not \(0, 2\)"),
        (np.zeros((4, 3)), "abcd", r"not \(4, 3\)"),
        ([[0, 1], [np.nan, 1]], "ab", "xy is nan at .1, 0."),
        ([[0, 1], [1, 1]], "abc", "there are 3 names for 2 points"),
        (np.zeros((MOST + 1, 2)), [], "at most 50,000 points, not 50,001"),
    ],
)
def test_what_cannot_be_a_map_is_refused(xy, names, told):
    with pytest.raises(ValueError, match=told):
        Scatter(xy, names, sound, str)


def test_rows_and_names_that_are_not_there_are_refused(scatter):
    for change in ({"selected": [200]}, {"selected": [-1]}, {"picked": 200}):
        with pytest.raises(ValueError, match="from 0 to 199"):
            scatter.set_trait(*change.popitem())
    with pytest.raises(ValueError, match="no group is called 'middle': take of low, high"):
        scatter.hide("middle")
    with pytest.raises(ValueError, match="a lasso cannot be 'xor': give one of new, add, remove"):
        scatter.lasso(BENT, "xor")
    with pytest.raises(ValueError, match="at least three"):
        scatter.lasso(BENT[:2])
    assert scatter.selected == [] and scatter.picked == -1


def test_the_script_is_one_file_that_loads_nothing(scatter):
    script = "scatter.js"
    text = (Path(__file__).parents[2] / "asdkit" / "views" / script).read_text(encoding="utf-8")
    assert text == scatter._esm
    assert "import " not in text and "http" not in text and "innerHTML" not in text
