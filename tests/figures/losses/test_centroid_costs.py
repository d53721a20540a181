"""What a clip costs between two centroids, against [DDC] eq. 2 and 3 written out, and minima by a
solver.
"""

import numpy as np
import pytest
import scipy

from asdkit import figures
from asdkit.figures.losses.centroid_costs import KINDS, SHOWN, cost_at
from asdkit.figures.style import GRAY, LOOKS
from asdkit.losses import ANOMALY, NORMAL, OUTLIER

ONE, TWO = KINDS
ROLES = (NORMAL, OUTLIER, ANOMALY)


def by_hand(t, role, kind, gap, eta, eps):
    """Eq. 2 and 3 of a clip at t, c_p at 0 and c_n at the gap."""
    near, far = t**2, (t - gap) ** 2
    weight = 1.0 if role == OUTLIER else eta
    if kind == ONE:
        return weight * (near if role == NORMAL else 1 / (near + eps))
    return weight * (near + 1 / (far + eps) if role == NORMAL else 1 / (near + eps) + far)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ROLES)
def test_it_is_the_formula(kind, role):
    rng = np.random.default_rng(0)
    for gap, eta, eps in ((2.0, 2.0, 1e-6), (0.7, 3.0, 0.0), (5.0, 0.5, 0.1)):
        place = rng.uniform(-6, 9, 50)
        expected = [by_hand(t, role, kind, gap, eta, eps) for t in place]
        np.testing.assert_allclose(cost_at(place, role, kind, gap, eta, eps), expected, rtol=1e-12)


@pytest.mark.parametrize("gap", [0.05, 0.7, 2.0, 6.0])
def test_the_dots_are_the_cheapest_places(gap):
    _, ax, _ = figures.centroid_costs(gap=gap).axes
    dots = {line.get_color(): line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"}
    colors = (LOOKS["normal"].color, GRAY, LOOKS["anomaly"].color)
    for role, color in zip(ROLES, colors):
        ends = (-3, gap - 1e-3) if role == NORMAL else (1e-3, gap + 3)
        least = scipy.optimize.minimize_scalar(
            by_hand, bounds=ends, args=(role, TWO, gap, 2.0, 1e-6), method="bounded",
            options={"xatol": 1e-9},
        )  # fmt: skip
        at, cost = dots[color]
        assert at == pytest.approx(least.x, abs=0.01) and cost == pytest.approx(least.fun, rel=1e-3)


def test_with_one_center_only_normal_clips_have_a_cheapest_place():
    ax = figures.centroid_costs().axes[0]
    assert [line.get_color() for line in ax.lines if line.get_marker() == "o"] == [
        LOOKS["normal"].color
    ]
    assert ax.get_title().endswith("cheapest: normal 0.00, others ever farther")


def test_eps_ends_the_pole_and_nothing_else_does():
    pole = figures.centroid_costs(eps=1e-4).axes[2]
    without, within = (line.get_ydata() for line in pole.lines)
    far = pole.lines[0].get_xdata()
    np.testing.assert_allclose(without, far**-2.0)
    np.testing.assert_allclose(within[0], 1e4, rtol=1e-3)
    assert within.max() < 1e4 < without.max()
    alone = figures.centroid_costs(eps=0.0).axes[2].get_legend_handles_labels()[1]
    assert alone == ["without eps"]


def test_the_picture():
    figure = figures.centroid_costs()
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in figure.axes)
    assert [ax.get_yscale() for ax in figure.axes] == ["log"] * 3
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim() == SHOWN
    assert "n = 1" in figure.alt and "eta = 2" in figure.alt
    assert len(figure.png()) < 60_000


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"gap": 0.0}, "gap is 0.0: give a positive number"), ({"eta": -1.0}, "eta is -1.0"),
     ({"eps": -1e-6}, "eps is -1e-06"), ({"gap": np.nan}, "gap is nan")],
)  # fmt: skip
def test_what_it_refuses(wrong, words):
    with pytest.raises(ValueError, match=words):
        figures.centroid_costs(**wrong)
