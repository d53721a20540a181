"""The state and the static picture of the explorer, against plain loops and scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics
from matplotlib.colors import to_rgb

from asdkit import figures

RNG = np.random.default_rng(0)
SCORE = RNG.normal(size=60)
LABEL = RNG.integers(-1, 2, size=60)
GROUPS = RNG.integers(3, size=60)


def test_the_most_frequent_words_have_looks_and_the_rest_is_gray():
    words = np.repeat([f"class {number}" for number in range(14)], range(20, 6, -1))
    groups, legend, colors = figures.explorer_groups(words)
    names = [group["name"] for group in legend]
    assert names == sorted(f"class {number}" for number in range(12)) + ["all others"]
    assert [names[group] for group in groups[:-15]] == words[:-15].tolist()
    assert set(groups[-15:]) == {12}
    assert len({(group["color"], group["hollow"]) for group in legend}) == 13
    for group, color in zip(groups, colors):
        np.testing.assert_allclose(color / 255, to_rgb(legend[group]["color"]), atol=1 / 255)


def test_a_single_word_that_is_left_keeps_its_name_and_numbers_are_in_order():
    words = [*"aabbccddeeffgghhiijjkkll", "m"]
    assert [group["name"] for group in figures.explorer_groups(words)[1]] == list("abcdefghijklm")
    _, legend, _ = figures.explorer_groups([10, 9, "not told", 100, 9])
    assert [group["name"] for group in legend] == ["9", "10", "100", "not told"]


def test_angles_are_colored_by_size_and_grouped_by_quarters():
    angle = RNG.uniform(0.2, 1.4, size=60)
    groups, legend, colors = figures.angle_groups(angle)
    quarter = np.digitize(angle, np.quantile(angle, [0.25, 0.5, 0.75]))
    assert groups.tolist() == quarter.tolist() and len(legend) == 4
    assert legend[0]["name"].startswith(f"{np.degrees(angle.min()):.1f} to ")
    luminance = colors @ [0.299, 0.587, 0.114]
    assert np.corrcoef(luminance, angle)[0, 1] > 0.95 and luminance.max() < 200
    assert figures.angle_groups([1.0] * 3)[0].tolist() == [0, 0, 0]


def test_meanings_look_as_in_the_whole_kit():
    _, legend, _ = figures.explorer_groups(["anomaly", "normal", "normal"])
    look = [(group["name"], group["color"], group["shape"]) for group in legend]
    for name, color, shape in look:
        assert (color, shape) == figures.LOOKS[name][:2]
    assert [name for name, _, _ in look] == ["normal", "anomaly"]
    _, legend, _ = figures.explorer_groups(["target", "source"])
    assert all(group["color"] == figures.LOOKS[group["name"]].color for group in legend)


def test_scores_fade_to_gray_at_the_threshold():
    groups, legend, colors = figures.score_groups([-2.0, 0.5, 0.5, 3.0], 0.5)
    assert groups.tolist() == [0, 1, 1, 1]
    assert [group["name"] for group in legend] == ["score below 0.5", "score at least 0.5"]
    assert colors[1].tolist() == [140, 140, 140]
    np.testing.assert_allclose(colors[0] / 255, to_rgb(figures.LOOKS["normal"].color), atol=0.01)
    np.testing.assert_allclose(colors[3] / 255, to_rgb(figures.LOOKS["anomaly"].color), atol=0.01)
    assert figures.score_groups([1.0, 1.0], 1.0)[2].tolist() == [[140] * 3] * 2


def test_the_table_is_that_of_a_plain_loop():
    selected = RNG.choice(60, size=35, replace=False)
    state = figures.explorer_state(GROUPS, ["a", "b", "c"], LABEL, SCORE, selected)
    assert (state["clips"], state["selected"]) == (60, 35)
    for number, row in state["table"].iterrows():
        own = [at for at in selected if number == 3 or GROUPS[at] == number]
        known = [at for at in own if LABEL[at] >= 0]
        assert row["clips"] == (60 if number == 3 else (number == GROUPS).sum())
        assert row["selected"] == len(own)
        assert row["normal"] == sum(LABEL[at] == 0 for at in own)
        assert row["mean_score"] == pytest.approx(SCORE[own].mean())
        assert row["auc"] == pytest.approx(
            sklearn.metrics.roc_auc_score(LABEL[known], SCORE[known])
        )


def test_without_score_or_selection_nothing_is_said():
    for state in (
        figures.explorer_state(GROUPS, ["a", "b", "c"], LABEL, None, [1, 2]),
        figures.explorer_state(GROUPS, ["a", "b", "c"], LABEL, SCORE),
    ):
        assert state["table"][["mean_score", "auc"]].isna().all(axis=None)


def test_the_picture_hides_fades_and_rings_what_the_explorer_does():
    xy = RNG.normal(size=(60, 2))
    groups, legend, colors = figures.explorer_groups(["x", "y$z"] * 30)
    figure = figures.explorer_figure(
        xy, groups, legend, colors, selected=[0, 2, 4], picked=6, lines=[8], hidden=[1],
        title="n = 60 clips",
    )  # fmt: skip
    drawn = np.concatenate([points.get_offsets() for points in figure.axes[0].collections])
    faces = np.concatenate([points.get_facecolors() for points in figure.axes[0].collections])
    assert len(drawn) == 30 and {tuple(place) for place in drawn} == set(map(tuple, xy[::2]))
    shown = [points for points in figure.axes[0].collections if len(points.get_offsets())]
    alpha = dict(zip(map(tuple, shown[0].get_offsets()), shown[0].get_facecolors()[:, 3]))
    assert [alpha[tuple(xy[row])] for row in (0, 2, 6)] == pytest.approx([0.9, 0.9, 0.2])
    assert len(faces) >= 30 and "x (3 of 30)" in figure.alt and "z (0 of" not in figure.alt
    np.testing.assert_allclose(figure.axes[0].lines[0].get_xydata(), xy[[6, 8]])
    assert len(figure.png()) > 1000
    figure = figures.explorer_figure(xy, groups, legend, colors, hidden=[1], ringed=[2, 3])
    np.testing.assert_allclose(figure.axes[0].lines[0].get_xydata(), xy[[2]])
    assert "neighbors lost" in figure.alt
