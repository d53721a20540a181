"""What points, bars and images show, in words, against places that are known."""

import numpy as np

from asdkit import figures
from asdkit.figures.words import seen

RNG = np.random.default_rng(0)


def panels(count=1, **choices):
    figure = figures.Picture()
    return figure, figure.subplots(1, count, squeeze=False, **choices)[0]


def test_colors_that_lie_apart_are_told_from_colors_that_mix():
    figure, (apart, mixed) = panels(2)
    for number, name in enumerate(("fan", "pump")):
        xy = RNG.normal(size=(200, 2))
        apart.scatter(*(xy + 20 * number).T, label=name)
        mixed.scatter(*xy.T, label=name)
        apart.plot(*(xy + 20 * number).T, "o", markerfacecolor="none", color="gray", label="ring")
    assert seen(apart, [])["neighbors"][1] == [("", "100% next to their own color (chance 50%)")]
    share = int(seen(mixed, [])["neighbors"][1][0][1].split("%")[0])
    assert 40 <= share <= 60
    (name, words), _ = seen(apart, [])["places"][1]
    left, right = np.percentile(np.asarray(apart.collections[0].get_offsets())[:, 0], [10, 90])
    assert name == "fan" and words.startswith("mostly ")
    told = words.split()
    assert abs(float(told[1]) - left) < 0.2 and abs(float(told[3]) - right) < 0.2


def test_one_collection_of_many_colors_is_parted_by_its_legend():
    figure, (ax,) = panels()
    xy, color = RNG.normal(size=(60, 2)), np.repeat(["#0072B2", "#D55E00"], 30)
    ax.scatter(*xy.T, c=color)
    for name, own in (("below", "#0072B2"), ("at least", "#D55E00")):
        ax.scatter([], [], facecolor=own, label=name)
    ax.legend()
    assert [name for name, _ in seen(ax, figure._all_legends)["places"][1]] == ["below", "at least"]
    ax.collections[0].set_facecolor(np.linspace([0, 0.45, 0.7], [0.84, 0.37, 0], 60))
    assert not seen(ax, figure._all_legends)["places"][1]  # shades of a number are no groups


def test_few_points_are_told_each():
    figure, (ax,) = panels()
    ax.plot([3, 1], [2, 5], "*", label="center")
    ax.plot(4, 0.5, "o")
    assert seen(ax, [])["points"][1] == [
        ("center", "at (3, 2), (1, 5)"), ("", "a point at (4, 0.5)"),
    ]  # fmt: skip


def test_a_mark_keeps_its_own_name_though_a_legend_has_one_that_looks_alike():
    figure, (plane, areas) = panels(2)
    plane.plot(0, 0, "k*", label="c_p")
    figure.legend()
    areas.plot(0.5, 0.7, "k*", label="chosen alpha")
    areas.plot(0.2, 0.4, "k*")
    told = seen(areas, figure.legends)["points"][1]
    assert [name for name, _ in told] == ["chosen alpha", "c_p"]


def test_values_beside_names_are_told_with_the_names_that_a_shared_axis_shows():
    figure, (left, right) = panels(2, sharey=True)
    names = ["fan", "pump", "slider", "toycar", "valve"]
    for ax, values in ((left, [0.9, 0.5, 0.7, 0.6, 0.8]), (right, [0.1, 0.2, 0.3, 0.4, 0.6])):
        ax.plot(values, np.arange(5) + 0.2, "o", label="tuned")
    left.set_yticks(range(5), names)
    assert seen(left, [])["values"][1] == [("tuned", "0.5 at pump to 0.9 at fan")]
    assert seen(right, [])["values"][1] == [("tuned", "0.1 at fan to 0.6 at valve")]
    figure, (ax,) = panels()
    ax.barh(["fan", "valve"], [0.5, 0.75])
    assert seen(ax, [])["values"][1] == [("", "0.5 at fan, 0.75 at valve")]


def test_an_image_is_told_by_where_it_is_largest():
    figure, axes = panels(2)
    values = np.zeros((4, 5))
    values[3, 1] = 1
    for ax, origin in zip(axes, ("upper", "lower")):
        image = ax.imshow(values, origin=origin, extent=(0, 10, 0, 8))
        assert not seen(ax, [])["peaks"][1]
        figure.colorbar(image)
    assert [seen(ax, [])["peaks"][1][0][1] for ax in axes] == ["largest at 3, 1", "largest at 3, 7"]
    axes[0].imshow(np.zeros((4, 5, 3)))
    assert len(seen(axes[0], [])["peaks"][1]) == 1
    figure, (ax,) = panels()
    figure.colorbar(ax.imshow(np.ones((4, 5))))
    assert not seen(ax, [])["peaks"][1]  # nowhere, where all is alike


def test_rows_of_one_letter_are_names_and_ends_of_intervals_are_not_told():
    figure, (ax,) = panels()
    ax.plot([1, 4, 2, 3, 5], range(5), "o", label="lead")
    ax.plot([0, 3, 1, 2, 4], range(5), "|")
    ax.set_yticks(range(5), [f"J = {2**row}" for row in range(5)])
    assert seen(ax, [])["values"][1] == [("lead", "1 at J = 1 to 5 at J = 16")]


def test_an_image_that_looks_blank_has_no_place_where_it_is_largest():
    figure, (blank, bright) = panels(2)
    x = np.zeros((4, 5))
    x[1, 3] = 1e-3
    for ax, high in ((blank, 1.0), (bright, 1e-3)):
        figure.colorbar(ax.imshow(x, vmin=0.0, vmax=high, origin="lower"), ax=ax)
    assert not seen(blank, [])["peaks"][1]
    assert seen(bright, [])["peaks"][1] == [("", "largest at 3, 1")]
