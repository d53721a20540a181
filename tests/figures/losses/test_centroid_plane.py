"""The plane of two centroids against projections written out, and its picture."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from asdkit import figures
from asdkit.figures.losses.centroid_plane import POINTS, TALL, plane_state
from asdkit.figures.style import GRAY, LOOKS

RNG = np.random.default_rng(0)
ROLE = np.repeat([1, 0, -1], [12, 20, 2])
LABEL = np.repeat([0, 1], [6, 5])


def drawn(dim, seed=0):
    """Embeddings, test embeddings and centers."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(34, dim)) * rng.uniform(0.2, 3, dim) + 2.0 * (ROLE == 0)[:, None]
    x_test = rng.normal(size=(11, dim))
    return x, x_test, np.stack([x[ROLE == 1].mean(axis=0), x[ROLE == 0].mean(axis=0)])


def test_embeddings_of_two_numbers_are_drawn_as_they_are():
    x, x_test, centers = drawn(2)
    plane = plane_state(x, ROLE, x_test, LABEL, centers)
    expected = {"normal": x[:12], "outlier": x[12:32], "anomaly": x[32:], "test_normal": x_test[:6],
                "test_anomaly": x_test[6:]}  # fmt: skip
    for name, rows in expected.items():
        np.testing.assert_array_equal(plane["points"][name], rows)
    np.testing.assert_array_equal(plane["centers"], centers)
    assert plane["kept"] == pytest.approx(1.0)


@pytest.mark.parametrize("dim", [3, 16, 128])
def test_the_abscissa_runs_from_center_to_center(dim):
    x, x_test, centers = drawn(dim)
    plane = plane_state(x, ROLE, x_test, LABEL, centers)
    apart = np.linalg.norm(centers[1] - centers[0])
    np.testing.assert_allclose(plane["centers"], [[0, 0], [apart, 0]], atol=1e-12)
    for place, row in zip(plane["points"]["test_anomaly"], x_test[6:]):
        near, far = ((row - center) @ (row - center) for center in centers)
        # the difference of both squared distances tells where the foot on the line is
        assert place[0] == pytest.approx((near - far + apart**2) / (2 * apart), abs=1e-9)
        assert (near < far) == (place[0] < apart / 2)


@pytest.mark.parametrize("dim", [3, 16])
def test_the_ordinate_is_the_first_principal_direction_of_the_rest(dim):
    x, x_test, centers = drawn(dim)
    plane = plane_state(x, ROLE, x_test, LABEL, centers)
    along = (centers[1] - centers[0]) / np.linalg.norm(centers[1] - centers[0])
    rest = x - (x @ along)[:, None] * along
    pca = PCA(1).fit(rest)
    assert abs(pca.components_[0] @ along) < 1e-9
    found = np.concatenate([plane["points"][name] for name in ("normal", "outlier", "anomaly")])
    expected = ((x - centers[0]) @ pca.components_.T)[:, 0]
    sign = np.sign(found[:, 1] @ expected)
    np.testing.assert_allclose(found[:, 1], sign * expected, atol=1e-9)
    total = x.var(axis=0).sum()
    kept = ((x @ along).var() + pca.explained_variance_[0] * 33 / 34) / total
    assert plane["kept"] == pytest.approx(kept, rel=1e-9)


def test_the_cost_is_equation_3_of_a_normal_clip():
    x, x_test, centers = drawn(2)
    across, along, cost = plane_state(x, ROLE, x_test, LABEL, centers, eta=3.0, eps=0.1)["cost"]
    for row in RNG.integers(0, len(along), 20):
        for column in RNG.integers(0, len(across), 20):
            z = np.array([across[column], along[row]])
            near, far = ((z - center) @ (z - center) for center in centers)
            assert cost[row, column] == pytest.approx(3.0 * (near + 1 / (far + 0.1)), rel=1e-12)
    assert plane_state(*_more(3))["cost"] is None


def _more(dim):
    x, x_test, centers = drawn(dim)
    return x, ROLE, x_test, LABEL, centers


@pytest.mark.parametrize("dim", [2, 3, 128])
def test_the_line_is_equally_far_from_both(dim):
    figure = figures.centroid_plane(*_more(dim))
    centers = plane_state(*_more(dim))["centers"]
    (line,) = [line for line in figure.axes[0].lines if line.get_label().startswith("equally")]
    first, second = (np.array(point) for point in (line.get_xy1(), line.get_xy2()))
    for share in (-40.0, 0.0, 40.0):
        at = first + share * (second - first)
        near, far = np.linalg.norm(centers - at, axis=1)
        assert near == pytest.approx(far, rel=1e-9)


@pytest.mark.parametrize("dim", [2, 5])
def test_the_picture(dim):
    figure = figures.centroid_plane(*_more(dim), title="fan 00")
    (ax,) = figure.axes
    plane = plane_state(*_more(dim))
    lines = {line.get_label(): line for line in ax.lines}
    for name, (words, color, marker, _) in POINTS.items():
        np.testing.assert_array_equal(lines[words].get_xydata(), plane["points"][name])
        assert (lines[words].get_color(), lines[words].get_marker()) == (color, marker)
        hollow = lines[words].get_markerfacecolor() == "none"
        assert hollow != name.startswith("test")
    assert {POINTS[name][1] for name in ("normal", "test_normal")} == {LOOKS["normal"].color}
    assert POINTS["anomaly"][1] == LOOKS["anomaly"].color and POINTS["outlier"][1] == GRAY
    assert "n = 12 normal, 20 outliers, 2 anomalies; tested: 6 normal, 5 anom" in ax.get_title()
    told = "gray: cost of a normal clip" if dim == 2 else "of the variance lies in this plane"
    assert told in ax.get_title() and f"D = {dim}" in ax.get_title()
    assert ax.get_xlabel().endswith(" z") and ax.get_ylabel().endswith(" z")
    assert len(ax.collections) == (dim == 2) and len(figure.png()) < 60_000


@pytest.mark.parametrize("dim", [2, 5])
def test_a_test_clip_stands_in_the_mark_of_its_domain(dim):
    domain = np.tile(["source", "target"], 6)[:11]
    ax = figures.centroid_plane(*_more(dim), domain=domain).axes[0]
    plane = plane_state(*_more(dim))["points"]
    tested = np.concatenate([plane["test_normal"], plane["test_anomaly"]])
    lines = {line.get_label(): line for line in ax.lines}
    for name in ("source", "target"):
        np.testing.assert_array_equal(lines[name].get_xydata(), tested[domain == name])
        assert (lines[name].get_color(), lines[name].get_marker()) == LOOKS[name][:2]
        assert lines[name].get_markerfacecolor() == "none"


@pytest.mark.parametrize("dim", [2, 7])
def test_a_unit_is_as_long_either_way_and_all_clips_are_inside(dim):
    figure = figures.centroid_plane(*_more(dim))
    figure.png()
    ax, plane = figure.axes[0], plane_state(*_more(dim))
    corners = ax.transData.transform([[0, 0], [1, 0], [0, 1]])
    np.testing.assert_allclose(corners[1, 0] - corners[0, 0], corners[2, 1] - corners[0, 1])
    rows = np.concatenate(list(plane["points"].values()))
    for (low, high), column in zip((ax.get_xlim(), ax.get_ylim()), rows.T):
        assert low < column.min() and column.max() < high
    assert np.ptp(ax.get_ylim()) == pytest.approx(TALL * np.ptp(ax.get_xlim()))


def test_levels_are_powers_of_the_factor_that_the_title_names():
    ax = figures.centroid_plane(*_more(2)).axes[0]
    factor = int(ax.get_title().split("× ")[1].split()[0])
    levels = ax.collections[0].levels
    np.testing.assert_allclose(np.diff(np.log2(levels)), np.log2(factor))
    assert 2 <= len(levels) <= 10


def test_tensors_with_a_gradient_do_as_well():
    x, role, x_test, label, centers = _more(2)
    tensors = [torch.tensor(rows, requires_grad=True) for rows in (x, x_test, centers)]
    plane = plane_state(tensors[0], torch.tensor(role), tensors[1], label, tensors[2])
    np.testing.assert_array_equal(plane["points"]["outlier"], x[12:32])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"centers": np.ones((1, 2))}, r"centers are \(1, 2\): pass \(2, D\)"),
        ({"centers": np.ones((2, 1))}, r"centers are \(2, 1\)"),
        ({"centers": np.ones((2, 2))}, "both centers are one point"),
        ({"x_test": np.ones((3, 4))}, r"x_test is \(3, 4\) and the centers are \(2, 2\)"),
        ({"x": np.full((34, 2), np.nan)}, "x is nan"), ({"x": np.ones((0, 2))}, "x is"),
        ({"role": ROLE[:-1]}, r"role is \(33,\) for 34 embeddings"),
        ({"label": 1}, r"label is \(\)"), ({"domain": ["source"]}, "give 11, one for each clip"),
        ({"domain": ["hall"] * 11}, "the domains are hall: give source or target"),
    ],
)  # fmt: skip
def test_what_it_refuses(change, words):
    names = ("x", "role", "x_test", "label", "centers")
    with pytest.raises(ValueError, match=words):
        figures.centroid_plane(**(dict(zip(names, _more(2))) | change))
