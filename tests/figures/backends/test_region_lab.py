"""Decision regions: caps, arcs and ellipses whose size a formula gives, and the picture of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from scipy.stats import multivariate_normal
from sklearn.metrics import roc_auc_score

from asdkit import backends
from asdkit.figures import LOOKS, region_state, regions

RNG = np.random.default_rng(0)


def around(center, spread, count, seed=0):
    center = np.asarray(center, dtype=float)
    return center + spread * np.random.default_rng(seed).normal(size=(count, len(center)))


def sets(center, spread=0.2):
    return (
        around(center, spread, 80),
        around(center, spread, 40, seed=1),
        around(-np.asarray(center), 0.4, 10, seed=2),
    )


def state_of(backend, center, **chosen):
    train, normal, anomaly = sets(center)
    return region_state(backend.fit(train), train, normal, anomaly, **chosen)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(angle=st.floats(-np.pi, np.pi), rate=st.floats(0.05, 0.5))
def test_the_mean_accepts_an_arc(angle, rate):
    """1 - cos below the threshold: an arc of twice that angle, across the seam too."""
    state = state_of(backends.CosineToMean(), [np.cos(angle), np.sin(angle)], rate=rate)
    assert state["accepted"] == pytest.approx(
        np.arccos(1 - state["threshold"]) / np.pi, abs=1.1 / 1440
    )


@settings(deadline=None, derandomize=True, max_examples=15)
@given(longitude=st.floats(-np.pi, np.pi), latitude=st.floats(-np.pi / 2, np.pi / 2))
def test_the_mean_accepts_a_cap(longitude, latitude):
    """A cap of height 1 - cos holds half that share of the sphere, wherever it lies, pole and seam
    included.
    """
    flat = np.cos(latitude)
    center = [flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)]
    state = state_of(backends.CosineToMean(), center, rate=0.05)
    assert state["accepted"] == pytest.approx(state["threshold"] / 2, rel=0.05, abs=1e-3)


def test_a_gaussian_accepts_an_ellipse():
    x = around([5.0, -3.0], 1.0, 400) @ [[1.0, 0.5], [0.0, 0.4]]
    state = region_state(backends.Gaussian(normalize=False).fit(x[::2]), x[::2], x[1::2], x[:5] + 9)
    covariance = np.cov(x[::2].T, bias=True) + 1e-3 * np.eye(2)
    radius = 2 * (
        state["threshold"] + multivariate_normal(np.zeros(2), covariance).logpdf(np.zeros(2))
    )
    window = np.ptp(state["x"]) * np.ptp(state["y"])
    area = np.pi * radius * np.sqrt(np.linalg.det(covariance))
    assert state["space"] == "plane" and state["accepted"] == pytest.approx(area / window, rel=0.02)


@pytest.mark.parametrize(
    "backend", [backends.CosineTopK(), backends.LocalOutlierFactor(), backends.GaussianMixture(3)]
)
@pytest.mark.parametrize("center", [[0.0, 1.0], [0.6, 0.0, 0.8]])
def test_each_point_of_the_grid_is_scored_itself(backend, center):
    state = state_of(backend, center)
    for _ in range(20):
        if state["space"] == "circle":
            column = RNG.integers(len(state["x"]))
            point, score = np.exp(1j * np.radians(state["x"][column])), state["score"][column]
            place = [point.real, point.imag]
        else:
            row, column = (RNG.integers(len(state[axis])) for axis in "yx")
            theta, phi, score = (
                np.radians(90 - state["y"][row]),
                np.radians(state["x"][column]),
                state["score"][row, column],
            )
            place = [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)]
        assert score == pytest.approx(backend.score([place])[0], rel=1e-6, abs=1e-9)


def test_clips_are_counted_and_placed():
    train, normal, anomaly = sets([1.0, 1.0, 0.0])
    backend = backends.Gaussian().fit(train)
    state = region_state(backend, train, normal, anomaly, rate=0.25)
    scores = backend.score(normal), backend.score(anomaly)
    assert (
        state["false_alarms"] == sum(scores[0] >= state["threshold"])
        and 5 <= state["false_alarms"] <= 10
    )
    assert state["hits"] == sum(scores[1] >= state["threshold"])
    assert state["auc"] == pytest.approx(roc_auc_score([0] * 40 + [1] * 10, np.concatenate(scores)))
    longitude, latitude, shown = state["points"]["anomaly"]
    length = np.linalg.norm(anomaly, axis=1)
    np.testing.assert_allclose(np.sin(np.radians(latitude)) * length, anomaly[:, 2], atol=1e-12)
    np.testing.assert_allclose(
        np.tan(np.radians(longitude)), anomaly[:, 1] / anomaly[:, 0], rtol=1e-9
    )
    np.testing.assert_array_equal(shown, scores[1])


def test_where_the_mean_fails_and_a_full_covariance_does_not():
    """[SCA] Fig. 1: normal clips scatter along one direction; anomalies lie nearer to the mean,
    beside it.
    """

    def streak(count, seed, aside):
        rng = np.random.default_rng(seed)
        return np.column_stack(
            [np.ones(count), 0.5 * rng.normal(size=count), aside + 0.03 * rng.normal(size=count)]
        )

    train, normal, anomaly = (
        streak(300, 0, 0.0),
        streak(150, 1, 0.0),
        streak(60, 2, 0.25) * [1.0, 0.1, 1.0],
    )
    mean, round_, full = (
        region_state(backend.fit(train), train, normal, anomaly)
        for backend in (
            backends.CosineToMean(),
            backends.Gaussian("spherical"),
            backends.Gaussian("full"),
        )
    )
    assert mean["auc"] < 0.6 and round_["auc"] < 0.6 and full["auc"] > 0.99
    assert mean["hits"] == 0 and full["hits"] == 60
    assert full["accepted"] < mean["accepted"] / 3


def test_a_group_is_shown_beside_the_others():
    train, normal, anomaly = sets([1.0, 0.0])
    other = around([0.0, 1.0], 0.1, 30)
    plda = backends.PLDA().fit(np.concatenate([train, other]), ["fan/00"] * 80 + ["pump/00"] * 30)
    state = region_state(plda, train, normal, anomaly, group="fan/00", others=other)
    assert state["score"][720] == pytest.approx(plda.score([[1.0, 0.0]], ["fan/00"])[0])
    assert len(state["points"]["others"][0]) == 30 and state["points"]["others"][2] is None
    assert "other groups, n = 30" in regions({"PLDA": state}).alt
    with pytest.raises(ValueError, match="fitted to the group 'all'"):
        region_state(plda, train, normal, anomaly)


def panels(center, **chosen):
    made = {
        "mean": backends.CosineToMean(),
        "nearest": backends.NearestNeighbor(),
        "full": backends.Gaussian(),
    }
    return {name: state_of(backend, center, **chosen) for name, backend in made.items()}


@pytest.mark.parametrize(
    "center, space", [([1.0, 0.5], None), ([1.0, 0.5, 0.3], None), ([3.0, 2.0], "plane")]
)
def test_the_picture_says_what_it_shows(center, space):
    states = panels(center, space=space)
    figure = regions(states)
    for ax, (name, state) in zip(figure.axes, states.items()):
        assert (
            ax.get_xlabel()
            and ax.get_ylabel()
            and ax.get_title().startswith(f"{name}, AUC {state['auc']:.2f}")
        )
        assert (
            f"n = 40 normal, 10 anomalies\nfalse alarms {state['false_alarms']}, hits"
            in ax.get_title()
        )
        assert f"accepts {state['accepted']:.0%}" in ax.get_title()
        drawn = {line.get_label(): line for line in ax.lines}
        for kind, label in {"normal": "normal, n = 40", "anomaly": "anomaly, n = 10"}.items():
            assert (
                drawn[label].get_color() == LOOKS[kind].color
                and drawn[label].get_marker() == LOOKS[kind].marker
            )
    assert "training, n = 80" in figure.alt
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


@pytest.mark.parametrize(
    "center, space", [([1.0, 0.5], None), ([1.0, 0.5, 0.3], None), ([3.0, 2.0], "plane")]
)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_title_and_no_tick_is_cut_off(center, space, count):
    figure = regions(dict(list(panels(center, space=space).items())[:count]))
    figure.draw_without_rendering()  # but lays it out
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1


def test_on_the_circle_the_threshold_is_a_line_and_no_clip_is_cut_off():
    state = state_of(backends.Gaussian(), [1.0, 0.5])
    (ax,) = regions({"full": state}).axes
    curve, limit = ax.lines[:2]
    np.testing.assert_array_equal(curve.get_xydata(), np.column_stack([state["x"], state["score"]]))
    assert set(limit.get_ydata()) == {state["threshold"]}
    low, high = ax.get_ylim()
    assert low < state["score"].min() and state["points"]["anomaly"][2].max() < high
    inside = ax.collections[0].get_paths()[0].vertices[:, 0]
    accepted = state["x"][state["score"] < state["threshold"]]
    assert (inside.min(), inside.max()) == pytest.approx((accepted.min(), accepted.max()))


def test_on_the_sphere_the_black_line_runs_where_the_score_is_the_threshold():
    state = state_of(backends.CosineToMean(), [1.0, 0.5, 0.3])
    (ax,) = regions({"mean": state}).axes
    (line,) = [one for one in ax.collections if to_rgba("black") in map(tuple, one.get_edgecolor())]
    longitude, latitude = np.concatenate([path.vertices for path in line.get_paths()]).T
    flat = np.cos(latitude)
    places = np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])
    scores = backends.CosineToMean().fit(sets([1.0, 0.5, 0.3])[0]).score(places)
    np.testing.assert_allclose(scores, state["threshold"], atol=2e-3)


def test_nothing_accepted_can_be_drawn():
    """Clips that the nearest neighbor was fitted to score 0: the threshold is 0, and nothing lies
    below it.
    """
    for center in ([1.0, 0.5], [1.0, 0.5, 0.3]):
        train, _, anomaly = sets(center)
        state = region_state(backends.NearestNeighbor().fit(train), train, train[:1], anomaly)
        assert state["accepted"] == 0 and state["hits"] == 10
        assert regions({"nearest": state}).png()


def test_what_has_no_region():
    train, normal, anomaly = sets([1.0, 0.5])
    fitted = backends.Gaussian().fit(train)
    four = np.ones((5, 4))
    cases = [
        (
            (fitted, four, four, four),
            {},
            "embeddings of 4 numbers have no region on a circle, sphere or plane",
        ),
        ((fitted, train, normal, four), {}, "embeddings of 2 and 4 numbers"),
        (
            (fitted, train, normal, anomaly),
            {"space": "sphere"},
            "embeddings of 2 numbers have no region on sphere",
        ),
        ((fitted, train, normal, anomaly), {"space": "torus"}, "no region on torus"),
        ((fitted, train, normal, anomaly[:0]), {}, "anomaly has the shape"),
        ((fitted, train, normal[0], anomaly), {}, "normal has the shape"),
        ((fitted, train, normal, anomaly), {"rate": 0.0}, "between 0 and 1, not 0.0"),
        ((fitted, train, normal, anomaly * np.nan), {}, "anomaly is nan"),
    ]
    for arrays, chosen, words in cases:
        with pytest.raises(ValueError, match=words):
            region_state(*arrays, **chosen)
    with pytest.raises(ValueError, match="normalize=False the plane only"):
        region_state(
            backends.Gaussian(normalize=False).fit(train), train, normal, anomaly, space="circle"
        )
    flat, round_ = (
        state_of(backends.Gaussian(), [1.0, 0.5]),
        state_of(backends.Gaussian(), [1.0, 0.5, 0.3]),
    )
    with pytest.raises(
        ValueError, match="states of circle, sphere: draw one or more, all of one space"
    ):
        regions({"circle": flat, "sphere": round_})
    with pytest.raises(ValueError, match="states of no space"):
        regions({})
