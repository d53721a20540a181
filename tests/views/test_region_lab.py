"""The region laboratory: what a hand does in the browser, driven from here."""

import numpy as np
import pytest

from asdkit import backends, views
from asdkit.figures import region_state


def streak(count, seed, aside=0.0, width=0.5):
    rng = np.random.default_rng(seed)
    return np.column_stack(
        [np.ones(count), width * rng.normal(size=count), aside + 0.03 * rng.normal(size=count)]
    )


TRAIN, NORMAL, ANOMALY = streak(120, 0), streak(60, 1), streak(20, 2, aside=0.25, width=0.05)
OTHERS = {"pump/00": -streak(50, 3), "valve/00": streak(50, 4)[:, ::-1]}


@pytest.fixture
def view():
    return views.RegionView(TRAIN, NORMAL, ANOMALY, others=OTHERS)


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(backend="CosineToMean", rate=0.2) is view
    own = backends.CosineToMean().fit(TRAIN)
    expected = region_state(own, TRAIN, NORMAL, ANOMALY, rate=0.2)
    for name in ("threshold", "accepted", "auc", "false_alarms", "hits"):
        assert view.state[name] == pytest.approx(expected[name])
    np.testing.assert_allclose(view.state["score"], expected["score"], atol=1e-12)
    assert view.image.value != picture and view.text.value != text
    assert (
        f"hits {expected['hits']}, accepts {expected['accepted']:.0%} of the sphere"
        in view.text.value
    )
    assert view.figure().axes[0].get_title().startswith("CosineToMean, AUC")


def test_a_full_covariance_finds_what_the_mean_misses(view):
    mean = view.set(backend="CosineToMean").state
    full = view.set(backend="Gaussian", covariance="full").state
    spherical = view.set(covariance="spherical").state
    assert mean["hits"] == spherical["hits"] == 0 and full["hits"] == 20
    assert full["accepted"] < spherical["accepted"]


def test_every_backend_can_be_chosen(view):
    for name in view.backend.options:
        view.set(backend=name)
        assert 0 < view.state["accepted"] < 1 and view.state["false_alarms"] <= 7
        assert repr(view).startswith(f"<RegionView: {name}") and 'alt="' + name in view.image.value
    assert {"PLDA", "Gaussian", "LocalOutlierFactor"} < set(view.backend.options)


@pytest.mark.parametrize(
    "name, made",
    [
        ("CosineTopK", backends.CosineTopK(7)), ("CosineToClusters", backends.CosineToClusters(7)),
        ("LocalOutlierFactor", backends.LocalOutlierFactor(7)),
        ("GaussianMixture", backends.GaussianMixture(7, covariance="diagonal")),
    ],
)  # fmt: skip
def test_the_slider_counts_what_the_backend_counts(view, name, made):
    view.set(backend=name, components=7, covariance="diagonal")
    expected = region_state(made.fit(TRAIN), TRAIN, NORMAL, ANOMALY)
    assert view.state["accepted"] == pytest.approx(expected["accepted"]) and "7)" in view.text.value
    assert not view.components.disabled


def test_controls_that_change_nothing_are_disabled(view):
    assert view.components.disabled and not view.covariance.disabled  # a Gaussian
    view.set(backend="GaussianMixture")
    assert not view.components.disabled and view.components.description == "components"
    view.set(backend="LocalOutlierFactor")
    assert view.covariance.disabled and view.components.description == "neighbors"
    view.set(backend="NearestNeighbor")
    assert view.covariance.disabled and view.components.disabled


def test_a_stricter_threshold_accepts_more(view):
    shares = [view.set(rate=rate).state for rate in (0.01, 0.1, 0.5)]
    assert shares[0]["accepted"] > shares[1]["accepted"] > shares[2]["accepted"]
    assert shares[0]["false_alarms"] <= 1 and shares[2]["false_alarms"] == 30


def test_several_moves_draw_once(view, unpainted, monkeypatch):
    drawn = []
    assert view.image.value
    monkeypatch.setattr(view, "figure", lambda: drawn.append(1) or views.RegionView.figure(view))
    view.set(backend="GaussianMixture", components=2, covariance="diagonal", rate=0.3)
    assert len(drawn) == 1
    view.components.value = 3  # as a hand would
    assert len(drawn) == 2 and "components 3" in view.text.value


def test_on_circle_and_plane_without_others():
    flat = TRAIN[:, :2], NORMAL[:, :2], -ANOMALY[:, :2]
    circle = views.RegionView(*flat)
    assert circle.state["space"] == "circle" and "PLDA" not in circle.backend.options
    plane = views.RegionView(*flat, backend="NearestNeighbor", space="plane")
    own = backends.NearestNeighbor(normalize=False).fit(flat[0])
    assert plane.state["threshold"] == region_state(own, *flat)["threshold"]
    assert (
        "of the plane" in repr(plane)
        and plane.set(backend="CosineToMean").state["space"] == "plane"
    )


def test_what_cannot_be_chosen_moves_nothing(view):
    before = view.text.value
    cases = [
        ({"backend": "Fusion"}, "backend cannot be 'Fusion': give one of CosineToMean"),
        ({"rate": 0.1, "covariance": "tied"}, "covariance cannot be 'tied'"),
        ({"components": 0}, "components cannot be 0: give one of 1, 2, ..., 32"),
        ({"backend": "PLDA", "rate": 0.9}, "rate cannot be 0.9: give one of 0.01, 0.02, ..., 0.5"),
        ({"k": 3}, "there is no control 'k': set one of backend, covariance, components, rate"),
    ]
    for values, words in cases:
        with pytest.raises(ValueError, match=words):
            view.set(**values)
    assert view.text.value == before
    with pytest.raises(ValueError, match="embeddings of 4 numbers"):
        views.RegionView(np.ones((9, 4)), np.ones((9, 4)), np.ones((9, 4)))
    with pytest.raises(
        ValueError, match="train are the group 'own': give the other group another name"
    ):
        views.RegionView(TRAIN, NORMAL, ANOMALY, others={"own": NORMAL})


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "accepts" in repr(view)
