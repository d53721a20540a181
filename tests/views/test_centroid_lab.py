"""Two centroids under the hand: who plays the anomaly, true anomalies one by one, and alpha."""

import numpy as np
import pytest

from asdkit import figures, views

LABEL = np.repeat([0, 1], [9, 6])
KNOWN = {"other ids": (0, 1, 2, 4), "each fan": (0, 2), "noise": (0,)}


def run(seed, k):
    rng = np.random.default_rng(seed)
    role = np.repeat([1, 0, -1], [12, 20, k])
    x = rng.normal(size=(32 + k, 2)) + 3.0 * (role != 1)[:, None]
    x_test = rng.normal(size=(15, 2)) + (1 + k) * LABEL[:, None]
    return x, role, x_test, rng.uniform(size=15), np.array([[0.0, 0.0], [3.0, 3.0]])


TRAINED = {
    (name, k): run(seed, k) for seed, (name, ks) in enumerate(KNOWN.items()) for k in ks
}  # fmt: skip


@pytest.fixture
def view():
    return views.CentroidView(TRAINED, LABEL)


def same(view, outliers, k, alpha):
    expected = figures.centroid_state(*TRAINED[outliers, k], LABEL, alpha)
    assert (view.state["outliers"], view.state["k"]) == (outliers, k)
    for name in ("alpha", "auc", "score", "scaled", "aucs", "centers"):
        np.testing.assert_array_equal(view.state[name], expected[name])


def test_it_starts_as_asked(view):
    same(view, "other ids", 0, 0.5)
    assert view.outliers.options == tuple(KNOWN) and view.k.options == (0, 1, 2, 4)
    other = views.CentroidView(TRAINED, LABEL, alpha=0.1, outliers="each fan", k=2)
    same(other, "each fan", 2, 0.1)


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(outliers="each fan", k=2, alpha=0.25) is view
    same(view, "each fan", 2, 0.25)
    assert view.image.value != picture and view.text.value != text
    assert "outliers: each fan, true anomalies k = 2, alpha = 0.25: AUC" in view.text.value
    assert "20 outliers, 2 anomalies" in view.image.value


def test_a_hand_on_each_control_redraws(view):
    for control, value in (("k", 4), ("alpha", 0.99), ("outliers", "noise")):
        picture = view.image.value
        getattr(view, control).value = value
        assert view.image.value != picture and view.text.value == view._readout(), control
        assert view.state[control] == value


def test_every_network_and_both_ends_of_alpha(view):
    for outliers, k in TRAINED:
        for alpha in (0.0, 1.0):
            state = view.set(outliers=outliers, k=k, alpha=alpha).state
            same(view, outliers, k, alpha)
            assert state["auc"] == pytest.approx(state["aucs"][0 if alpha == 0.0 else -1])


@pytest.mark.parametrize("by", ["hand", "set"])
@pytest.mark.parametrize(("k", "expected"), [(4, 2), (1, 0)])
def test_with_other_outliers_k_falls_to_what_was_trained(view, unpainted, by, k, expected):
    view.set(k=k)
    drawn = []
    view.image.observe(lambda change: drawn.append(change.new), names="value")
    if by == "hand":
        view.outliers.value = "each fan"
    else:
        view.set(outliers="each fan")
    same(view, "each fan", expected, 0.5)
    assert view.k.options == (0, 2) and len(drawn) == 1
    view.set(outliers="other ids")
    assert view.k.options == (0, 1, 2, 4) and view.k.value == expected


def test_k_and_outliers_that_belong_together_move_together(view):
    view.set(outliers="noise")
    same(view.set(outliers="other ids", k=4), "other ids", 4, 0.5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outliers": "noise", "k": 2}, "outliers 'noise' and k = 2: for these outliers k is 0"),
        ({"k": 3}, "outliers 'other ids' and k = 3: for these outliers k is 0, 1, 2, 4"),
        ({"outliers": "pumps"}, "with outliers 'pumps': give one of other ids, each fan, noise"),
        ({"outliers": "noise", "alpha": 1.5}, "alpha cannot be 1.5: give one of 0.0, 0.01"),
        ({"outliers": "each fan", "k": 2, "alpha": -0.1}, "alpha cannot be -0.1"),
    ],
)
def test_what_was_not_trained_is_refused_and_moves_nothing(view, values, words):
    before = view.text.value
    with pytest.raises(ValueError, match=words):
        view.set(**values)
    assert view.text.value == before and view.k.options == (0, 1, 2, 4)
    with pytest.raises(ValueError, match=words):
        views.CentroidView(TRAINED, LABEL, **values)


def test_nothing_trained_and_wrong_arrays_are_refused():
    with pytest.raises(ValueError, match="nothing was trained: pass a dict of"):
        views.CentroidView({}, LABEL)
    with pytest.raises(ValueError, match="label is .14,. for 15 embeddings: give one of each"):
        views.CentroidView(TRAINED, LABEL[:-1])


def test_another_network_needs_no_new_layout(view, monkeypatch):
    assert view.image.value
    layouts, lay = [], figures.Picture.set_layout_engine
    monkeypatch.setattr(
        figures.Picture, "set_layout_engine",
        lambda self, layout=None: layouts.append(layout) or lay(self, layout),
    )  # fmt: skip
    view.set(outliers="each fan", k=2, alpha=0.0).set(outliers="noise", alpha=1.0)
    assert layouts[1::2] == ["none", "none"]  # each picture starts constrained


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].startswith("<CentroidView: outliers: other ids, true anomalies")
