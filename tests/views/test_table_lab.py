"""The table under the hand: headers, buttons and words, driven from here as a page does."""

import numpy as np
import pandas as pd
import pytest
import traitlets

from asdkit import views

TABLE = pd.DataFrame({
    "system": [f"system {n}" for n in range(40)],
    "data": ["toy", "shift"] * 20,
    "network": ["Toy"] * 30 + ["ResNet"] * 10,
    "auc": np.linspace(0.6, 0.8, 40), "low": np.linspace(0.55, 0.75, 40),
    "high": np.linspace(0.7, 0.9, 40), "seeds": [5.0] * 39 + [np.nan],
})  # fmt: skip


@pytest.fixture
def view():
    return views.TableView(TABLE, filters=["data", "network"])


def test_it_starts_with_all_rows_the_best_first(view):
    assert len(view.sort.rows) == 40 and view.sort.value == "auc falling"
    assert view.sort.rows[0] == ["system 39", "shift", "ResNet", "0.8", "0.75", "0.9", ""]
    assert view.text.value.startswith("40 of 40 rows, sorted by auc, falling; first system 39")
    assert view.sort.told == view.text.value
    assert view.sort.numeric == [False] * 3 + [True] * 4


def test_a_hand_on_each_control_changes_rows_words_and_picture(view):
    for name, value in (
        ("sort", "system rising"), ("data", "toy"), ("network", "ResNet"), ("words", "tem 32"),
    ):  # fmt: skip
        before = view.image.value, view.sort.told
        getattr(view, name).value = value
        assert (view.image.value != before[0], view.sort.told != before[1]) == (True, True), name
    assert [row[0] for row in view.sort.rows] == ["system 32"]


def test_set_moves_all_at_once(view):
    assert view.set(sort="auc rising", data="shift", words="Toy") is view
    assert view.state["rows"].iloc[0]["system"] == "system 1" and len(view.state["rows"]) == 15
    assert view.set(words="nothing like it").state["rows"].empty
    assert view.text.value == "0 of 40 rows, sorted by auc, rising"


def test_what_cannot_be_chosen_moves_nothing(view):
    before = view.text.value
    for values, words in [
        ({"data": "valve"}, "data cannot be 'valve': give one of all, shift, toy"),
        ({"sort": "pauc falling"}, "sort cannot be 'pauc falling'"),
        ({"seed": 1}, "there is no control 'seed': set one of data, network, words, sort"),
    ]:
        with pytest.raises(ValueError, match=words):
            view.set(**values)
    with pytest.raises(traitlets.TraitError, match="not sorted by 'pauc falling'"):
        view.sort.value = "pauc falling"
    assert view.text.value == before
    with pytest.raises(ValueError, match="no column 'low': take one of system"):
        views.TableView(TABLE.drop(columns="low"))


def test_the_axis_stays(view):
    first = view.figure().axes[0].get_xlim()
    assert view.set(words="1").figure().axes[0].get_xlim() == first
